// The drawn frames: where the plate is, and that a torn one is known as such.
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "hal/sim/jpeg_pipeline.h"
#include "hal/sim/lane_view.h"
#include "hal/sim/plate_picture.h"

namespace torugart::hal::sim {
namespace {

SeenTruck standing(std::uint64_t seed) {
  return {0, std::make_shared<const Truck>(make_random_truck(seed, 0)), 0};
}

TEST(CameraPicture, TheSameSeedDrawsTheSamePixels) {
  LaneView a("front", 640, 360, 3), b("front", 640, 360, 3);
  const cv::Mat x = a.render(standing(3), 5).clone(), y = b.render(standing(3), 5);
  EXPECT_EQ(cv::norm(x, y, cv::NORM_INF), 0);
}

TEST(CameraPicture, ATruckIsNotTheEmptyRoad) {
  for (const char* position : {"front", "rear", "side"}) {
    LaneView view(position, 640, 360, 3);
    const cv::Mat empty = view.render({}, 0).clone();
    const cv::Mat truck = view.render(standing(3), 0).clone();
    EXPECT_GT(cv::norm(empty, truck, cv::NORM_L1) / static_cast<double>(empty.total()), 10) << position;
    const cv::Mat again = view.render({}, 0);
    EXPECT_EQ(cv::norm(empty, again, cv::NORM_INF), 0) << position;
  }
}

TEST(CameraPicture, NightRainAndMudAreSeen) {
  for (const char* position : {"front", "rear", "side"}) {
    const auto seen = [&](Weather weather, double dirt, std::uint64_t frame) {
      Truck truck = make_random_truck(3, 0);
      truck.weather = weather;
      truck.dirt = dirt;
      LaneView view(position, 640, 360, 3);
      return view.render({0, std::make_shared<const Truck>(truck), 0}, frame).clone();
    };
    const cv::Mat day = seen(Weather::day, 0, 0);
    EXPECT_LT(cv::mean(seen(Weather::night, 0, 0))[1], 0.8 * cv::mean(day)[1]) << position;
    EXPECT_GT(cv::norm(day, seen(Weather::day, 0.8, 0), cv::NORM_L1) / static_cast<double>(day.total()), 3)
        << position;
    const cv::Mat rain = seen(Weather::rain, 0, 0);
    EXPECT_GT(cv::norm(day, rain, cv::NORM_L1) / static_cast<double>(day.total()), 3) << position;
    EXPECT_GT(cv::norm(rain, seen(Weather::rain, 0, 3), cv::NORM_L1), 0) << "it goes on falling";
  }
}

TEST(CameraPicture, PlatesOfEveryCountryHaveInkAndPaper) {
  for (const char* country : {"KZ", "KG", "UZ", "TJ", "RU", "CN", "AZ", "GE"}) {
    cv::Mat grey;
    cv::cvtColor(plate_picture({"123ABC02", country}), grey, cv::COLOR_BGR2GRAY);
    EXPECT_GT(cv::countNonZero(grey < 80), 4000) << country;
    EXPECT_GT(cv::countNonZero(grey > 140), 60'000) << country;
  }
  (void)plate_picture({"1", "KG"});  // shorter than its layout: drawn as far as it goes
}

TEST(JpegPipeline, AWholeFrameComesThroughAlmostUnchanged) {
  auto pipeline = JpegPipeline::make(320, 240);
  ASSERT_TRUE(pipeline) << pipeline.error().what;
  LaneView view("front", 320, 240, 1);
  const cv::Mat sent = view.render(standing(1), 0).clone();
  const auto out = (*pipeline)->pass(sent.data, 1);
  ASSERT_TRUE(out);
  EXPECT_FALSE(out->damaged);
  ASSERT_EQ(out->bgr->size(), sent.total() * 3);
  const cv::Mat got(240, 320, CV_8UC3, const_cast<std::uint8_t*>(out->bgr->data()));
  EXPECT_LT(cv::norm(sent, got, cv::NORM_L1) / static_cast<double>(sent.total() * 3), 8);
}

TEST(JpegPipeline, ATornFrameIsDamagedAndTheNextOneIsNot) {
  auto pipeline = JpegPipeline::make(320, 240);
  ASSERT_TRUE(pipeline) << pipeline.error().what;
  LaneView view("front", 320, 240, 1);
  const cv::Mat sent = view.render(standing(1), 0).clone();
  const auto torn = (*pipeline)->pass(sent.data, 0.4);
  if (torn) {
    EXPECT_TRUE(torn->damaged);
  }
  const auto whole = (*pipeline)->pass(sent.data, 1);
  ASSERT_TRUE(whole) << whole.error().what;
  EXPECT_FALSE(whole->damaged);
}

}  // namespace
}  // namespace torugart::hal::sim
