#include "imaging/scan/resampler.h"

#include <gtest/gtest.h>

#include "imaging/core/transmission.h"

namespace torugart::imaging::detail {
namespace {

struct Collector {
  std::vector<std::uint16_t> columns;
  Resampler resampler{1, false, [this](auto high, auto) { columns.push_back(high[0]); }};
  void add(std::uint16_t code, double length) { resampler.add({&code, 1}, {}, length); }
};

TEST(Resampler, one_to_one_changes_nothing) {
  Collector c;
  for (int i = 0; i < 50; ++i)
    c.add(static_cast<std::uint16_t>(1000 + i), 1.0);
  c.resampler.finish();
  ASSERT_EQ(c.columns.size(), 50U);
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(c.columns[static_cast<std::size_t>(i)], 1000 + i);
}

TEST(Resampler, keeps_the_area) {
  Collector c;
  double in = 0;
  for (int i = 0; i < 300; ++i) {
    const auto code = static_cast<std::uint16_t>(10000 + 37 * (i % 100));
    const double length = 0.2 + 0.01 * (i % 90);
    in += code * length;
    c.add(code, length);
  }
  double out = 0;
  for (const auto v : c.columns)
    out += v;
  EXPECT_NEAR(out, in, 14000);  // less than the one column not yet full
  EXPECT_LE(out, in + 300);
}

TEST(Resampler, a_fast_truck_spreads_one_line_over_columns) {
  Collector c;
  c.add(100, 2.5);
  c.add(200, 1.5);
  EXPECT_EQ(c.columns, (std::vector<std::uint16_t>{100, 100, 150, 200}));
}

TEST(Resampler, masks_pass) {
  Collector c;
  c.resampler.add({}, {}, 0.6);
  c.add(500, 0.4);
  c.add(kNoSignal, 0.5);
  c.add(500, 0.5);
  c.add(kOverRange, 0.3);
  c.add(500, 0.7);
  c.resampler.add({}, {}, 0.4);
  c.add(500, 0.6);
  EXPECT_EQ(c.columns, (std::vector<std::uint16_t>{kMissing, kNoSignal, kOverRange, 500}));
}

}  // namespace
}  // namespace torugart::imaging::detail
