#include "imaging/scan/scan_builder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/imaging/scan/test_scanner.h"

namespace torugart::imaging {
namespace {

using test::TestScanner;

double half(int, int) {
  return 0.5;
}

TEST(ScanBuilder, grows_block_by_block_and_snapshots_stay_as_they_were) {
  TestScanner scanner;
  ScanBuilder builder({});
  EXPECT_TRUE(builder.snapshot()->empty());
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 100, half);
  const auto first = builder.snapshot();
  EXPECT_EQ(first->columns, 100);
  EXPECT_EQ(first->rows, 100);
  EXPECT_EQ(first->blocks.size(), 2U);
  EXPECT_EQ(builder.snapshot(), first) << "nothing came: the same object";
  scanner.scan(builder, 100, 130, [](int, int) { return 0.25; });
  EXPECT_EQ(first->columns, 100);
  EXPECT_EQ(first->value(Energy::high, 100, 5), kMissing);
  const auto second = builder.snapshot();
  EXPECT_EQ(second->columns, 130);
  EXPECT_GT(second->revision, first->revision);
  EXPECT_EQ(second->blocks[0], first->blocks[0]) << "finished blocks are shared";
  EXPECT_NEAR(transmission_of(second->value(Energy::high, 128, 5)), 0.25, 1e-3);
}

TEST(ScanBuilder, missing_lines_leave_marked_columns) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 10, half);
  scanner.scan(builder, 13, 20, half);
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  const auto& s = result->corrected->statistics;
  EXPECT_EQ(s.lines, 17);
  EXPECT_EQ(s.missing_lines, 3);
  EXPECT_EQ(s.missing_columns, (std::vector<std::int64_t>{10, 11, 12}));
  EXPECT_FALSE(s.complete());
  EXPECT_EQ(result->corrected->columns(), 20);
  ASSERT_TRUE(result->raw);
  EXPECT_EQ(result->raw->columns(), 20);
  EXPECT_EQ(result->raw->view.value(Energy::high, 11, 50), kMissing);
}

TEST(ScanBuilder, torn_lines_are_marked_not_guessed) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 10, half);
  RawLine torn = scanner.line(LineKind::object, 10, [](int) { return 0.5; });
  torn.high.resize(40);
  builder.add(torn);
  RawLine long_one = scanner.line(LineKind::object, 11, [](int) { return 0.5; });
  long_one.low.resize(500);
  builder.add(long_one);
  scanner.scan(builder, 12, 15, half);
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  const auto& image = *result->corrected;
  EXPECT_EQ(image.statistics.torn_lines, 2);
  EXPECT_EQ(image.view.value(Energy::high, 10, 5), kMissing);
  EXPECT_EQ(image.view.value(Energy::low, 11, 5), kMissing);
  EXPECT_NEAR(transmission_of(image.view.value(Energy::low, 10, 5)), 0.5, 1e-3) << "the whole half is kept";
}

TEST(ScanBuilder, the_same_line_twice_counts_once) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 10, half);
  scanner.scan(builder, 5, 12, half);
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->corrected->columns(), 12);
  EXPECT_EQ(result->corrected->statistics.duplicate_lines, 5);
}

TEST(ScanBuilder, interlaced_lines_are_paired_by_number) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  for (int x = 0; x < 10; ++x) {
    RawLine high = scanner.line(LineKind::object, x, [](int) { return 0.5; });
    RawLine low = high;
    high.energy = LineEnergy::high;
    high.low.clear();
    low.energy = LineEnergy::low;
    low.high.clear();
    builder.add(high);
    if (x != 6) builder.add(low);
  }
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  const auto& image = *result->corrected;
  EXPECT_EQ(image.columns(), 10);
  EXPECT_EQ(image.statistics.lines, 9);
  EXPECT_EQ(image.statistics.missing_lines, 1);
  EXPECT_EQ(image.view.value(Energy::low, 6, 9), kMissing);
  EXPECT_NE(image.view.value(Energy::high, 6, 9), kMissing);
}

TEST(ScanBuilder, interlaced_energies_are_moved_onto_each_other) {
  // A slope along the truck; the low line is taken half a line later.
  const auto slope = [](double x) { return 0.2 + 0.005 * x; };
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  for (int x = 0; x < 100; ++x) {
    RawLine high = scanner.line(LineKind::object, x, [&](int) { return slope(x); });
    RawLine low = scanner.line(LineKind::object, x, [&](int) { return slope(x + 0.5); });
    high.energy = LineEnergy::high;
    high.low.clear();
    low.energy = LineEnergy::low;
    low.high.clear();
    builder.add(high);
    builder.add(low);
  }
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  const auto& view = result->corrected->view;
  for (int x = 1; x < 100; ++x) {
    ASSERT_NEAR(transmission_of(view.value(Energy::low, x, 9)), transmission_of(view.value(Energy::high, x, 9)), 2e-4)
        << x;
  }
}

TEST(ScanBuilder, no_signal_and_over_range_are_masked_and_counted) {
  TestScanner scanner;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 10, [](int x, int d) { return d < 50 ? 0.5 : x < 5 ? 0.0 : 3.0; });
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  const auto& image = *result->corrected;
  EXPECT_EQ(image.view.value(Energy::high, 2, 70), kNoSignal);
  EXPECT_EQ(image.view.value(Energy::high, 7, 70), kOverRange);
  EXPECT_NEAR(image.statistics.no_signal_percent, 25, 1e-9);
  EXPECT_NEAR(image.statistics.over_range_percent, 25, 1e-9);
}

TEST(ScanBuilder, speed_makes_square_pixels) {
  for (const bool rate_known : {true, false}) {
    TestScanner scanner;  // a line every 2 ms
    ScanConfig config;
    config.detector_pitch_mm = 4;
    config.line_rate_hz = rate_known ? 500 : 0;
    ScanBuilder builder(config);
    scanner.calibrate(builder);
    double x_mm = 0;
    int n = 0;
    // The truck slows down from 1.5 to 0.5 m/s; a post stands from 2,000 to 2,400 mm.
    for (; x_mm < 6000; ++n) {
      const double speed = x_mm < 3000 ? 1500 : 500;
      RawLine line = scanner.line(LineKind::object, n, [&](int) { return x_mm >= 2000 && x_mm < 2400 ? 0.3 : 0.9; });
      line.speed_mm_s = speed;
      builder.add(line);
      x_mm += speed * 0.002;
    }
    const auto result = builder.finish();
    ASSERT_TRUE(result);
    const auto& image = *result->corrected;
    EXPECT_TRUE(image.statistics.geometry_calibrated) << image.statistics.geometry_reason;
    EXPECT_DOUBLE_EQ(image.statistics.pixel_mm, 4);
    EXPECT_NEAR(image.columns(), 1500, 2);
    int post = 0;
    for (int x = 0; x < image.columns(); ++x)
      post += image.view.value(Energy::high, x, 50) < 0.6 * kOpenBeam ? 1 : 0;
    EXPECT_NEAR(post, 100, 1) << rate_known;
    EXPECT_EQ(result->raw->columns(), n);
    EXPECT_FALSE(result->raw->statistics.geometry_calibrated);
  }
}

TEST(ScanBuilder, without_speed_no_millimetre_is_claimed) {
  TestScanner scanner;
  ScanConfig config;
  config.detector_pitch_mm = 4;
  ScanBuilder builder(config);
  scanner.calibrate(builder);
  scanner.scan(builder, 0, 50, half);
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->corrected->statistics.geometry_calibrated);
  EXPECT_DOUBLE_EQ(result->corrected->statistics.pixel_mm, 0);
  EXPECT_NE(result->corrected->statistics.geometry_reason, "");
}

TEST(ScanBuilder, speed_lost_on_the_way_voids_the_geometry) {
  TestScanner scanner;
  ScanConfig config;
  config.detector_pitch_mm = 4;
  config.line_rate_hz = 500;
  ScanBuilder builder(config);
  scanner.calibrate(builder);
  for (int x = 0; x < 100; ++x) {
    RawLine line = scanner.line(LineKind::object, x, [](int) { return 0.5; });
    if (x < 60) line.speed_mm_s = 2000;
    builder.add(line);
  }
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->corrected->statistics.geometry_calibrated);
  EXPECT_EQ(result->corrected->statistics.geometry_reason,
            "40 lines came without a speed; the last one known was used");
}

TEST(ScanBuilder, hostile_numbers_do_not_take_memory) {
  TestScanner scanner;
  ScanConfig config;
  config.max_lines = 200;
  config.detector_pitch_mm = 0.001;
  ScanBuilder builder(config);
  scanner.calibrate(builder);
  for (int i = 0; i < 300; ++i) {
    RawLine line = scanner.line(LineKind::object, i, [](int) { return 0.5; });
    line.index = static_cast<std::int64_t>(i) * 1'000'000'000'000LL;
    line.time_us = line.index;
    line.speed_mm_s = 19999;
    builder.add(line);
  }
  const auto result = builder.finish();
  ASSERT_TRUE(result);
  EXPECT_LE(result->corrected->columns(), 65535);
  const auto& s = result->corrected->statistics;
  EXPECT_GT(s.dropped_lines, 0);
  EXPECT_EQ(s.lines + s.dropped_lines, 300);
  EXPECT_FALSE(result->corrected->statistics.geometry_calibrated);
}

TEST(ScanBuilder, nothing_came) {
  ScanBuilder builder({});
  const auto result = builder.finish();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "no line of the truck came");
}

TEST(ScanBuilder, can_be_read_while_lines_arrive) {
  TestScanner scanner;
  scanner.detectors = 64;
  ScanBuilder builder({});
  scanner.calibrate(builder);
  std::atomic<bool> done{false};
  std::atomic<int> bad{0};
  std::thread reader([&] {
    int last = 0;
    while (!done) {
      const auto view = builder.snapshot();
      if (view->columns < last) ++bad;
      last = view->columns;
      for (int x = 0; x < view->columns; x += 7) {
        if (view->value(Energy::high, x, 33) == kMissing) ++bad;
      }
      (void)builder.statistics();
    }
  });
  scanner.scan(builder, 0, 1500, half);
  done = true;
  reader.join();
  EXPECT_EQ(bad, 0);
  EXPECT_EQ(builder.snapshot()->columns, 1500);
}

}  // namespace
}  // namespace torugart::imaging
