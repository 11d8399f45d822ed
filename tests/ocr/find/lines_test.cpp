#include "ocr/find/lines.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "tests/ocr/support/render.h"

namespace torugart::ocr {
namespace {

cv::Mat grey_of(const cv::Mat& bgr) {
  cv::Mat grey;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

bool found_at(const std::vector<TextRegion>& regions, const cv::Rect& box, std::size_t lines, bool vertical,
              std::size_t within) {
  for (std::size_t i = 0; i < std::min(within, regions.size()); ++i) {
    const auto q = region_quad(regions[i]);
    const cv::Point middle((q[0] + q[2]) / 2);
    if (regions[i].lines.size() == lines && regions[i].lines[0].vertical == vertical && box.contains(middle))
      return true;
  }
  return false;
}

TEST(FindText, OneLinePlateIsAmongTheFirst) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    const auto drawn = test::plate_frame("123ABC02", "", 130 + 12 * static_cast<int>(seed), {seed, 1280, 720, 0.15});
    EXPECT_TRUE(found_at(find_text(grey_of(drawn.frame)), drawn.box, 1, false, 3)) << "seed " << seed;
  }
}

TEST(FindText, TwoLinePlateIsOneRegionOfTwoLines) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    const auto drawn = test::plate_frame("123AB", "C02", 130, {seed});
    EXPECT_TRUE(found_at(find_text(grey_of(drawn.frame)), drawn.box, 2, false, 6)) << "seed " << seed;
  }
}

TEST(FindText, StackedContainerCodeIsVertical) {
  const auto drawn = test::container_frame("MSKU4135329", true, 32, {3});
  EXPECT_TRUE(found_at(find_text(grey_of(drawn.frame)), drawn.box, 1, true, 6));
}

TEST(FindText, EmptyWallHasNoLettering) {
  cv::Mat wall(720, 1280, CV_8UC1, cv::Scalar(128));
  cv::randn(wall, 128, 6);
  EXPECT_LE(find_text(wall).size(), 3U);
  EXPECT_TRUE(find_text(cv::Mat(720, 1280, CV_8UC1, cv::Scalar(90))).empty());
}

TEST(FindText, OddInputsGiveNothing) {
  EXPECT_TRUE(find_text({}).empty());
  EXPECT_TRUE(find_text(cv::Mat(1, 1, CV_8UC1, cv::Scalar(0))).empty());
  EXPECT_TRUE(find_text(cv::Mat(100, 100, CV_8UC3, cv::Scalar(0))).empty());
  EXPECT_TRUE(find_text(cv::Mat(9, 4000, CV_8UC1, cv::Scalar(0))).empty());
}

TEST(FindText, PureNoiseIsBounded) {
  cv::Mat noise(1080, 1920, CV_8UC1);
  cv::theRNG().state = 5;
  cv::randu(noise, 0, 256);
  FindOptions options;
  options.most = 7;
  EXPECT_LE(find_text(noise, options).size(), 7U);
}

TEST(Straighten, DarkOnLightAtTheHeightAsked) {
  const auto drawn = test::container_frame("MSKU4135329", false, 36, {4});
  const cv::Mat grey = grey_of(drawn.frame);
  for (const auto& region : find_text(grey)) {
    for (const auto& line : region.lines) {
      const cv::Mat straight = straighten(grey, line, 32);
      ASSERT_FALSE(straight.empty());
      EXPECT_NEAR(straight.rows, 42, 6);
      EXPECT_EQ(straight.type(), CV_8UC1);
    }
  }
}

TEST(TwoLevels, LetteringHasTwoAndAGradientHasNot) {
  const cv::Mat plate = grey_of(test::plate_picture("123ABC02", "", 200));
  cv::Mat gradient(40, 256, CV_8UC1);
  for (int x = 0; x < 256; ++x)
    gradient.col(x).setTo(x);
  EXPECT_GT(two_level_share(plate), 0.85);
  EXPECT_LT(two_level_share(gradient), 0.8);
  EXPECT_EQ(two_level_share(cv::Mat(5, 5, CV_8UC1, cv::Scalar(7))), 0);
}

}  // namespace
}  // namespace torugart::ocr
