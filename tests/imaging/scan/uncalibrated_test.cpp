#include <gtest/gtest.h>

#include "tests/imaging/scan/test_scanner.h"

namespace torugart::imaging {
namespace {

using test::TestScanner;

TEST(Uncalibrated, air_at_the_edges_gives_each_detector_its_gain) {
  TestScanner scanner;
  scanner.dark = 0;
  scanner.noise = 0.01;
  scanner.dead = {30};
  ScanBuilder builder({});
  scanner.scan(builder, 0, 400, [](int x, int d) { return x < 60 || x >= 340 || d < 20 ? 1.0 : 0.3; });
  EXPECT_FALSE(builder.statistics().calibrated);
  EXPECT_EQ(builder.snapshot()->columns, 400) << "it can be seen while it grows";
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  const auto& image = *result->corrected;
  EXPECT_FALSE(image.statistics.calibrated);
  EXPECT_EQ(image.statistics.calibration, CalibrationVerdict::none);
  EXPECT_NE(image.statistics.calibration_reason.find("open-beam columns"), std::string::npos)
      << image.statistics.calibration_reason;
  EXPECT_EQ(image.statistics.dead_detectors, (std::vector<int>{30}));
  EXPECT_FALSE(result->calibration) << "an estimate is not a calibration for the next scan";
  for (int d = 25; d < 100; ++d) {
    double mean = 0;
    for (int x = 100; x < 300; ++x)
      mean += transmission_of(image.view.value(Energy::high, x, d)) / 200;
    EXPECT_NEAR(mean, 0.3, 0.006) << d;
  }
  EXPECT_NEAR(image.statistics.air_noise_high, 0.01, 0.002);
}

TEST(Uncalibrated, a_picture_full_of_cargo_is_taken_as_even) {
  TestScanner scanner;
  scanner.dark = 0;
  scanner.noise = 0.01;
  ScanBuilder builder({});
  scanner.scan(builder, 0, 300, [](int x, int d) { return d < 4 && x < 100 ? 1.0 : 0.05 + 0.001 * (x % 50); });
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_NE(result->corrected->statistics.calibration_reason.find("99.5th percentile"), std::string::npos);
  EXPECT_LT(transmission_of(result->corrected->view.value(Energy::high, 150, 50)), 0.15);
}

TEST(Uncalibrated, black_strip_of_a_real_scan_is_missing_not_cargo) {
  RawPictures pictures;
  pictures.high = Raster16(200, 60, 50000);
  for (int y = 53; y < 60; ++y) {
    for (auto& v : pictures.high.row(y))
      v = 0;
  }
  pictures.low = pictures.high;
  const auto image = correct_pictures(pictures);
  ASSERT_TRUE(image);
  EXPECT_EQ((*image)->view.value(Energy::high, 100, 56), kMissing);
  EXPECT_EQ((*image)->statistics.dead_detectors.size(), 7U);
  EXPECT_EQ((*image)->view.value(Energy::high, 100, 20), kOpenBeam);
}

TEST(CorrectPictures, uses_dark_and_air_and_refuses_what_does_not_fit) {
  RawPictures p;
  p.high = Raster16(40, 30, 10500);
  p.dark_high = Raster16(20, 30, 500);
  p.air_high = Raster16(20, 30, 40500);
  const auto image = correct_pictures(p);
  ASSERT_TRUE(image);
  EXPECT_TRUE((*image)->statistics.calibrated);
  EXPECT_NEAR(transmission_of((*image)->view.value(Energy::high, 3, 3)), 0.25, 1e-4);
  p.air_high = Raster16(20, 29, 40500);
  EXPECT_FALSE(correct_pictures(p));
  p.low = Raster16(39, 30, 1);
  const auto wrong = correct_pictures(p);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().where, "low-energy picture");
  EXPECT_FALSE(correct_pictures({}));
}

}  // namespace
}  // namespace torugart::imaging
