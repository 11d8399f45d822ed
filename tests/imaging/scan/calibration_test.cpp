#include "imaging/scan/calibration.h"

#include <gtest/gtest.h>

#include "tests/imaging/scan/test_scanner.h"

namespace torugart::imaging {
namespace {

using test::TestScanner;

double half(int, int) {
  return 0.5;
}

TEST(Calibration, transmission_is_signal_over_air) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 70, [](int x, int d) { return x < 10 ? 1.0 : 0.01 * (d % 90 + 1); });
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  const ScanImage& image = *result->corrected;
  EXPECT_TRUE(image.statistics.calibrated);
  EXPECT_EQ(image.statistics.calibration, CalibrationVerdict::good) << image.statistics.calibration_reason;
  EXPECT_EQ(image.columns(), 70);
  for (int d = 0; d < 100; ++d) {
    EXPECT_NEAR(transmission_of(image.view.value(Energy::high, 5, d)), 1.0, 2e-4);
    EXPECT_NEAR(transmission_of(image.view.value(Energy::low, 60, d)), 0.01 * (d % 90 + 1), 2e-4) << d;
  }
  ASSERT_TRUE(result->calibration);
  EXPECT_EQ(result->calibration->detectors(), 100);
}

TEST(Calibration, dead_and_noisy_detectors_are_filled_and_counted) {
  TestScanner scanner;
  scanner.noise = 0.01;
  scanner.dead = {20, 21, 60, 99};
  scanner.noisy = {40};
  ScanBuilder builder({});
  scanner.calibrate(builder, 64);
  scanner.scan(builder, 0, 20, [](int, int d) { return 0.2 + 0.006 * d; });
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  const ScanImage& image = *result->corrected;
  EXPECT_EQ(image.statistics.dead_detectors, (std::vector<int>{20, 21, 60, 99}));
  EXPECT_EQ(image.statistics.noisy_detectors, (std::vector<int>{40}));
  for (const int d : {20, 21, 40, 60}) {
    EXPECT_NEAR(transmission_of(image.view.value(Energy::high, 7, d)), 0.2 + 0.006 * d, 0.06) << d;
  }
  // At the edge there is nothing on the other side to fill from.
  EXPECT_EQ(image.view.value(Energy::high, 7, 99), kMissing);
  EXPECT_EQ(image.statistics.calibration, CalibrationVerdict::poor) << "5 of 100 is too many";
}

TEST(Calibration, wide_dead_gap_stays_missing) {
  TestScanner scanner;
  scanner.dead = {50, 51, 52, 53};
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 5, half);
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->corrected->view.value(Energy::high, 2, 51), kMissing);
  EXPECT_NE(result->corrected->view.value(Energy::high, 2, 54), kMissing);
}

double row_deviation(const ScanImage& image, int row) {
  double sum = 0;
  double squares = 0;
  for (int x = 0; x < image.columns(); ++x) {
    const double t = transmission_of(image.view.value(Energy::high, x, row));
    sum += t;
    squares += t * t;
  }
  const double n = image.columns();
  return std::sqrt(std::max(0.0, squares / n - sum / n * sum / n));
}

TEST(Calibration, pulse_variation_is_taken_out_by_the_monitor_or_by_the_air_above) {
  for (const bool monitor : {true, false}) {
    TestScanner scanner;
    scanner.pulse = 0.03;
    scanner.monitor = monitor;
    ScanBuilder builder({});
    scanner.calibrate(builder);
    scanner.scan(builder, 0, 200, [](int, int d) { return d < 30 ? 1.0 : 0.5; });
    const auto result = builder.finish();
    ASSERT_TRUE(result);
    EXPECT_LT(row_deviation(*result->corrected, 70), 0.0005) << monitor;
    EXPECT_NEAR(result->corrected->statistics.pulse_variation_percent, 3.0, 0.6);
  }
}

TEST(Calibration, drift_of_the_gains_is_followed_by_the_open_beam_of_the_scan) {
  for (const bool follow : {true, false}) {
    TestScanner scanner;
    scanner.noise = 0.004;
    ScanConfig config;
    config.follow_drift = follow;
    ScanBuilder builder(config);
    scanner.calibrate(builder, 128);
    // Since then every third detector reads 3 % more; the truck comes after 64 lines of open beam.
    scanner.scan(builder, 0, 264, [](int x, int d) { return (x < 64 ? 1.0 : 0.5) * (d % 3 == 0 ? 1.03 : 1.0); });
    const auto result = builder.finish();
    ASSERT_TRUE(result);
    const auto mean = [&](int row) {
      double sum = 0;
      for (int x = 64; x < 264; ++x)
        sum += transmission_of(result->corrected->view.value(Energy::high, x, row));
      return sum / 200;
    };
    double stripe = 0;
    for (int row = 30; row < 90; row += 3)
      stripe += mean(row) - mean(row + 1);
    stripe /= 20;
    if (follow) {
      EXPECT_NEAR(stripe, 0, 0.001);
      EXPECT_EQ(result->corrected->statistics.open_beam_lines, 64);
    } else {
      EXPECT_NEAR(stripe, 0.015, 0.001);
    }
  }
}

TEST(Calibration, a_detector_that_died_since_is_filled_and_counted) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 120, [](int x, int d) { return d == 40 ? 0.1 : x < 40 ? 1.0 : 0.5; });
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->corrected->statistics.dead_detectors, std::vector<int>{40});
  EXPECT_NEAR(transmission_of(result->corrected->view.value(Energy::high, 100, 40)), 0.5, 0.01);
}

// The simulated test object: its frame's bars were taken for dead detectors and filled out of the picture.
TEST(Calibration, a_bar_along_the_travel_is_no_dead_detector) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 160, [](int x, int d) { return d >= 40 && d < 44 ? 0.2 : x < 128 ? 1.0 : 0.5; });
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->corrected->statistics.dead_detectors.empty());
  for (int d = 40; d < 44; ++d)
    EXPECT_NEAR(transmission_of(result->corrected->view.value(Energy::high, 100, d)), 0.2, 0.01);
}

// zcon_05: detectors gave nothing for single lines, a dotted black line along the truck.
TEST(Calibration, a_detector_that_gives_nothing_for_single_lines_is_filled_and_counted) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 400, [](int x, int d) {
    if (x >= 300 && d >= 20 && d < 80) return 0.0;  // cargo that stops the beam is no dropout
    return d == 40 && x % 14 == 3 ? 0.0 : 0.3;
  });
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  const auto& image = *result->corrected;
  EXPECT_NEAR(transmission_of(image.view.value(Energy::high, 17, 40)), 0.3, 0.01);
  EXPECT_EQ(image.statistics.noisy_detectors, std::vector<int>{40});
  EXPECT_EQ(image.statistics.dropouts, 2 * 22);
  EXPECT_EQ(image.view.value(Energy::high, 350, 50), kNoSignal);
}

TEST(Calibration, a_beam_that_stands_off_is_said) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 80, [](int x, int) { return (x < 40 ? 1.0 : 0.5) * 0.962; });
  // Without a monitor the air above the truck takes an even change out; here the truck reaches over it.
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_LT(result->corrected->statistics.gain_drift_percent, 0.5) << "taken out pulse by pulse";

  TestScanner monitored;
  monitored.monitor = true;
  ScanBuilder second({});
  monitored.calibrate(second);
  monitored.scan(second, 0, 80, [](int x, int) { return (x < 40 ? 1.0 : 0.5) * 0.962; });
  const auto off = second.finish();
  ASSERT_TRUE(off);
  EXPECT_NEAR(off->corrected->statistics.gain_drift_percent, 3.8, 0.3);
  EXPECT_EQ(off->corrected->statistics.calibration, CalibrationVerdict::poor);
  EXPECT_NE(off->corrected->statistics.calibration_reason.find("3.8 %"), std::string::npos);
  EXPECT_NEAR(transmission_of(off->corrected->view.value(Energy::high, 70, 50)), 0.5, 0.005);
}

TEST(Calibration, cargo_in_the_air_rows_is_not_taken_for_a_weak_pulse) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 50, [](int, int d) { return d < 12 ? 0.95 : d < 24 ? 0.82 : 0.5; });
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_NEAR(transmission_of(result->corrected->view.value(Energy::high, 20, 70)), 0.5, 0.001);
}

TEST(Calibration, verdict_says_what_is_wrong) {
  Calibration c;
  EXPECT_EQ(check(c, 0, {}).verdict, CalibrationVerdict::none);
  c.high.air.assign(100, 1000);
  c.dark_lines = 3;
  c.air_lines = 100;
  EXPECT_EQ(check(c, 0, {}).verdict, CalibrationVerdict::poor);
  c.dark_lines = 100;
  EXPECT_EQ(check(c, 0, {}).verdict, CalibrationVerdict::good);
  const auto old = check(c, 9LL * 3600 * 1'000'000, {});
  EXPECT_EQ(old.verdict, CalibrationVerdict::old);
  EXPECT_EQ(old.reason, "measured 9.0 h ago, at most 8.0 h are allowed");
}

TEST(Calibration, of_an_earlier_scan_is_used_when_none_is_measured) {
  TestScanner scanner;
  ScanBuilder first({});
  scanner.calibrate(first);
  scanner.scan(first, 0, 5, half);
  const auto before = first.finish();
  ASSERT_TRUE(before);
  ScanBuilder second({}, before->calibration);
  scanner.scan(second, 0, 5, half);
  const auto result = second.finish();
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->corrected->statistics.calibrated);
  EXPECT_NEAR(transmission_of(result->corrected->view.value(Energy::high, 2, 50)), 0.5, 1e-3);
}

}  // namespace
}  // namespace torugart::imaging
