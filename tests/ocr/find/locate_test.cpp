#include "ocr/find/locate.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include <opencv2/imgproc.hpp>

#include "tests/ocr/support/onnx_writer.h"

namespace torugart::ocr {
namespace {

namespace fs = std::filesystem;

constexpr int rows = 96;
constexpr int cols = 160;

// Maps with -8 everywhere; `draw` gets the two planes.
cv::Mat maps() {
  const int shape[] = {1, 2, rows, cols};
  cv::Mat m(4, shape, CV_32F);
  m.setTo(-8);
  return m;
}
cv::Mat plane(cv::Mat& m, int channel) {
  return {rows, cols, CV_32F, m.ptr<float>(0, channel)};
}

cv::Rect box(const Region& r) {
  return cv::boundingRect(std::vector<cv::Point2f>(r.quad.begin(), r.quad.end()));
}

double side(const Region& r, std::size_t from, std::size_t to) {
  return std::hypot(static_cast<double>(r.quad[to].x - r.quad[from].x),
                    static_cast<double>(r.quad[to].y - r.quad[from].y));
}

TEST(DecodeRegions, GrowsTheHeartBackToTheObject) {
  cv::Mat m = maps();
  // A plate of 200 x 40 input pixels at (100, 80): its heart is drawn in by 8 on every side: 184 x 24.
  plane(m, 0)(cv::Rect(27, 22, 46, 6)).setTo(8);
  const auto found = decode_regions(m, 0.4, 2.0);
  ASSERT_EQ(found.size(), 1U);
  const Region& plate = found[0];
  EXPECT_EQ(plate.kind, RegionKind::plate);
  EXPECT_FALSE(plate.vertical);
  EXPECT_GT(plate.score, 0.99);
  EXPECT_NEAR(side(plate, 0, 1), 400, 12);
  EXPECT_NEAR(side(plate, 1, 2), 80, 8);
  EXPECT_NEAR(plate.quad[0].x, 200, 8);
  EXPECT_NEAR(plate.quad[0].y, 160, 8);
  EXPECT_NEAR(plate.quad[2].x, 600, 8);
  EXPECT_NEAR(plate.quad[2].y, 240, 8);
}

TEST(DecodeRegions, QuadsBeginAtTheTopLeftHoweverTheyAreTurned) {
  for (const double degrees : {-40.0, -20.0, -5.0, 0.0, 5.0, 20.0, 40.0}) {
    cv::Mat m = maps();
    cv::Mat turned = plane(m, 0);
    const cv::RotatedRect heart({80, 48}, {60, 10}, static_cast<float>(degrees));
    cv::Point2f corners[4];
    heart.points(corners);
    std::vector<cv::Point> polygon;
    for (const auto& c : corners)
      polygon.emplace_back(cvRound(c.x), cvRound(c.y));
    cv::fillConvexPoly(turned, polygon, cv::Scalar(8));
    const auto found = decode_regions(m, 0.4, 1.0);
    ASSERT_EQ(found.size(), 1U) << degrees;
    const auto& q = found[0].quad;
    const double angle = std::atan2(static_cast<double>(q[1].y - q[0].y), static_cast<double>(q[1].x - q[0].x));
    EXPECT_NEAR(angle * 180 / CV_PI, degrees, 3) << degrees;
    EXPECT_GT(side(found[0], 0, 1), 3 * side(found[0], 1, 2)) << degrees;
  }
}

TEST(DecodeRegions, StandingCodesAreVerticalPlatesNever) {
  cv::Mat m = maps();
  plane(m, 1)(cv::Rect(20, 10, 3, 60)).setTo(8);
  plane(m, 0)(cv::Rect(100, 10, 3, 60)).setTo(8);
  const auto found = decode_regions(m, 0.4, 1.0);
  ASSERT_EQ(found.size(), 2U);
  for (const Region& region : found) {
    EXPECT_EQ(region.vertical, region.kind == RegionKind::code);
    EXPECT_GT(side(region, 1, 2), 3 * side(region, 0, 1));
    EXPECT_LT(region.quad[0].x, region.quad[1].x);
    EXPECT_LT(region.quad[0].y, region.quad[3].y);
  }
}

TEST(DecodeRegions, SpecksAreNothingAndNeighboursStayApart) {
  cv::Mat m = maps();
  plane(m, 0)(cv::Rect(5, 5, 2, 1)).setTo(8);
  plane(m, 0)(cv::Rect(40, 20, 20, 4)).setTo(8);
  plane(m, 0)(cv::Rect(40, 26, 20, 4)).setTo(8);
  EXPECT_EQ(decode_regions(m, 0.4, 1.0).size(), 2U);
  EXPECT_TRUE(decode_regions(maps(), 0.4, 1.0).empty());
}

TEST(DecodeRegions, AtTheRimOfTheMap) {
  cv::Mat m = maps();
  plane(m, 0)(cv::Rect(0, 0, 20, 4)).setTo(8);
  plane(m, 1)(cv::Rect(cols - 20, rows - 4, 20, 4)).setTo(8);
  EXPECT_EQ(decode_regions(m, 0.4, 1.0).size(), 2U);
}

TEST(DecodeRegions, NoiseAndNumbersThatAreNoneAreBounded) {
  cv::Mat m = maps();
  cv::theRNG().state = 3;
  cv::randu(m.reshape(1, 2), -8, 8);
  EXPECT_LE(decode_regions(m, 0.4, 1.0).size(), 128U);
  m.setTo(std::nanf(""));
  EXPECT_TRUE(decode_regions(m, 0.4, 1.0).empty());
}

TEST(BestRegions, TheBestOfEachPlaceAndNoMore) {
  const auto at = [](float x, float y, double score, RegionKind kind = RegionKind::plate) {
    return Region{{cv::Point2f(x, y), {x + 100, y}, {x + 100, y + 25}, {x, y + 25}}, kind, false, score};
  };
  const auto best =
      best_regions({at(0, 0, 0.5), at(10, 2, 0.9), at(300, 0, 0.6), at(0, 0, 0.7, RegionKind::code)}, 12);
  ASSERT_EQ(best.size(), 3U);
  EXPECT_EQ(best[0].score, 0.9);
  EXPECT_EQ(best[1].kind, RegionKind::code);
  EXPECT_EQ(best[2].score, 0.6);
  EXPECT_EQ(best_regions({at(0, 0, 0.5), at(200, 0, 0.4), at(400, 0, 0.3)}, 2).size(), 2U);
}

class LocatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("locate_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    test::write_file(folder_ / "locate.onnx", test::bright_plates_dark_codes());
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(LocatorTest, FindsInFramesOfAnySize) {
  auto locator = Locator::load(folder_ / "locate.onnx");
  ASSERT_TRUE(locator) << locator.error().what;
  for (const cv::Size size : {cv::Size(640, 384), cv::Size(1280, 720), cv::Size(320, 192), cv::Size(1920, 1080),
                              cv::Size(400, 1400), cv::Size(200, 40)}) {
    cv::Mat frame(size, CV_8UC1, cv::Scalar(128));
    const cv::Rect heart(size.width / 4, size.height / 4, size.width / 2, size.height / 4);
    frame(heart).setTo(255);
    const auto found = locator->find(frame);
    ASSERT_EQ(found.size(), 1U) << size;
    const cv::Rect where = box(found[0]);
    EXPECT_LT(std::abs(where.x + where.width / 2 - heart.x - heart.width / 2), 6) << size;
    EXPECT_LT(std::abs(where.y + where.height / 2 - heart.y - heart.height / 2), 6) << size;
    const int shorter = std::min(heart.width, heart.height);
    EXPECT_NEAR(where.width, heart.width + shorter * 2 / 3, 14) << size;
    EXPECT_NEAR(where.height, heart.height + shorter * 2 / 3, 14) << size;
  }
  EXPECT_TRUE(locator->find({}).empty());
  EXPECT_TRUE(locator->find(cv::Mat(100, 100, CV_8UC3, cv::Scalar::all(255))).empty());
  EXPECT_TRUE(locator->find(cv::Mat(1, 1, CV_8UC1, cv::Scalar(255))).empty());
}

TEST_F(LocatorTest, BrokenModelsAreErrorsThatNameTheFile) {
  const std::string good = test::bright_plates_dark_codes();
  const auto refused = [&](const std::string& name, const std::string& bytes) {
    const fs::path path = folder_ / name;
    test::write_file(path, bytes);
    const auto locator = Locator::load(path);
    ASSERT_FALSE(locator) << name;
    EXPECT_EQ(locator.error().where, path.string());
    EXPECT_FALSE(locator.error().what.empty());
    EXPECT_NE(locator.error().what_to_do.find("ocr/training"), std::string::npos);
  };
  refused("empty.onnx", "");
  refused("text.onnx", "this is no model");
  refused("zeros.onnx", std::string(1000, '\0'));
  refused("three.onnx", test::cell_network({{1, 0}, {1, 0}, {1, 0}}, 640, 384));
  refused("nan.onnx", test::cell_network({{std::nanf(""), 0}, {1, 0}}, 640, 384));
  for (std::size_t length = 1; length < good.size(); length += 7)
    refused("torn.onnx", good.substr(0, length));
  EXPECT_FALSE(Locator::load(folder_ / "missing.onnx"));
  EXPECT_FALSE(Locator::load(folder_));
}

// OpenCV 4.6 ends the process on a model with such bytes: nothing damaged may come as far as its importer.
TEST_F(LocatorTest, FlippedBytesAreFoundByTheSum) {
  const std::string good = test::bright_plates_dark_codes();
  test::write_sums(folder_, {"locate.onnx"});
  ASSERT_TRUE(Locator::load(folder_ / "locate.onnx"));
  std::uint32_t random = 7;
  for (int round = 0; round < 200; ++round) {
    std::string bytes = good;
    random = random * 1664525U + 1013904223U;
    char& byte = bytes[(random >> 8U) % bytes.size()];
    byte = static_cast<char>(byte ^ static_cast<char>(1U << (random >> 29U)));
    test::write_file(folder_ / "locate.onnx", bytes);
    const auto locator = Locator::load(folder_ / "locate.onnx");
    ASSERT_FALSE(locator);
    EXPECT_EQ(locator.error().where, (folder_ / "locate.onnx").string());
  }
}

TEST(RealLocator, LoadsAndFindsNothingOnAnEmptyRoad) {
  const fs::path model = fs::path(TORUGART_SOURCE_DIR) / "assets/models/locate.onnx";
  if (!fs::exists(model)) GTEST_SKIP() << "assets/models has no locate.onnx yet";
  auto locator = Locator::load(model);
  ASSERT_TRUE(locator) << locator.error().what;
  EXPECT_TRUE(locator->find(cv::Mat(720, 1280, CV_8UC1, cv::Scalar(120))).empty());
}

}  // namespace
}  // namespace torugart::ocr
