#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "imaging/display/renderer.h"

namespace torugart::imaging {
namespace {

TEST(Histogram, counts_what_is_visible) {
  Raster16 high(100, 50, code_of(0.1F));
  for (int y = 0; y < 50; ++y) {
    for (int x = 0; x < 20; ++x)
      high.at(x, y) = kOpenBeam;
    high.at(30, y) = kNoSignal;
    high.at(31, y) = kOverRange;
    high.at(32, y) = kMissing;
  }
  const ScanView view = make_view(high, {});
  const Histogram h = histogram(view, {{0, 0, 100, 50}, 100, 50});
  EXPECT_EQ(h.measured, 97U * 50U);
  EXPECT_EQ(h.no_signal, 50U);
  EXPECT_EQ(h.over_range, 50U);
  EXPECT_EQ(h.missing, 50U);
  const Histogram part = histogram(view, {{0, 0, 20, 50}, 200, 500});
  EXPECT_EQ(part.measured, 1000U);
  EXPECT_EQ(histogram(view, {{-50, 0, 20, 50}, 200, 500}).measured, 0U);
}

TEST(AutoWindow, ignores_air_and_padding) {
  Raster16 high(1000, 100, kOpenBeam);
  std::mt19937 random(3);
  std::normal_distribution<float> normal(1.0F, 0.013F);
  for (auto& v : high.samples())
    v = code_of(normal(random));
  for (int y = 0; y < 100; ++y) {
    for (int x = 900; x < 1000; ++x)
      high.at(x, y) = code_of(0.05F + 0.0025F * static_cast<float>(x - 900));
    for (int x = 0; x < 50; ++x)
      high.at(x, y) = kMissing;
  }
  const ScanView view = make_view(high, {});
  for (const Tone tone : {Tone::log, Tone::linear}) {
    const ToneWindow w = auto_window(histogram(view, {{0, 0, 1000, 100}, 500, 50}), tone);
    EXPECT_NEAR(w.hi, 0.3, 0.03);
    EXPECT_LT(w.lo, 0.06);
    EXPECT_GT(w.lo, 0.0);
  }
  const ToneWindow empty = auto_window(histogram(view, {{100, 0, 700, 100}, 500, 50}), Tone::log);
  EXPECT_EQ(empty, (ToneWindow{0.01F, 1.0F}));
}

TEST(RegionStatistics, are_those_of_the_region) {
  Raster16 high(100, 50, code_of(0.8F));
  Raster16 low(100, 50, code_of(0.7F));
  for (int y = 10; y < 20; ++y) {
    for (int x = 10; x < 30; ++x) {
      high.at(x, y) = x < 20 ? code_of(0.2F) : code_of(0.4F);
      low.at(x, y) = code_of(0.25F);
    }
  }
  high.at(10, 10) = kNoSignal;
  const ScanView view = make_view(high, low);
  const auto table = MaterialTable::make();
  const RegionStatistics s = region_statistics(view, {10, 10, 20, 10}, table.get());
  EXPECT_EQ(s.pixels, 199);
  EXPECT_EQ(s.no_signal, 1);
  EXPECT_NEAR(s.mean, 0.3, 0.001);
  EXPECT_NEAR(s.deviation, 0.1, 0.001);
  EXPECT_NEAR(s.minimum, 0.2, 1e-4);
  EXPECT_NEAR(s.maximum, 0.4, 1e-4);
  EXPECT_NEAR(s.mean_low, 0.25, 1e-4);
  EXPECT_NEAR(s.mean_ratio, -std::log(0.25) / ((-std::log(0.2) * 99 - std::log(0.4) * 100) / 199), 1e-3);
  std::int64_t sum = 0;
  for (const auto n : s.material)
    sum += n;
  EXPECT_EQ(sum, 200);
  EXPECT_EQ(region_statistics(view, {200, 0, 10, 10}).pixels, 0);
}

}  // namespace
}  // namespace torugart::imaging
