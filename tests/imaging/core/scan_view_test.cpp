#include "imaging/core/scan_view.h"

#include <gtest/gtest.h>

#include <random>

#include "imaging/core/scan_image.h"

namespace torugart::imaging {
namespace {

Raster16 noise(int w, int h, unsigned seed) {
  Raster16 out(w, h);
  std::mt19937 random(seed);
  for (auto& v : out.samples())
    v = static_cast<std::uint16_t>(random() & 0xFFFFU);
  return out;
}

TEST(ScanView, gives_back_what_was_cut_into_blocks) {
  const Raster16 high = noise(201, 37, 1);
  const Raster16 low = noise(201, 37, 2);
  const ScanView view = make_view(high, low);
  EXPECT_EQ(view.blocks.size(), 4U);
  EXPECT_EQ(view.blocks.back()->columns(), 201 - 3 * 64);
  EXPECT_EQ(to_raster(view, Energy::high), high);
  EXPECT_EQ(to_raster(view, Energy::low), low);
  EXPECT_EQ(view.value(Energy::low, 130, 36), low.at(130, 36));
  EXPECT_EQ(view.value(Energy::low, 201, 0), kMissing);
  EXPECT_EQ(view.value(Energy::low, -1, 0), kMissing);
}

TEST(ScanView, rows_over_the_edge_are_missing) {
  const Raster16 high(100, 4, 1234);
  const ScanView view = make_view(high, {});
  std::vector<std::uint16_t> row(120);
  view.read_row(Energy::high, 0, -10, 1, row);
  EXPECT_EQ(row[9], kMissing);
  EXPECT_EQ(row[10], 1234);
  EXPECT_EQ(row[109], 1234);
  EXPECT_EQ(row[110], kMissing);
  for (const int x : {-500, 100, 128, 5000}) {
    view.read_row(Energy::high, 0, x, 1, row);
    for (const auto v : row)
      ASSERT_EQ(v, kMissing) << x;
  }
  view.read_row(Energy::high, 0, 0, 4, row);
  EXPECT_EQ(row[0], kMissing);
  view.read_row(Energy::low, 0, 0, 1, row);
  EXPECT_EQ(row[0], kMissing);
}

TEST(ScanView, pyramid_keeps_the_mean) {
  Raster16 high(128, 64);
  std::mt19937 random(3);
  double sum = 0;
  for (auto& v : high.samples()) {
    v = static_cast<std::uint16_t>(20000 + random() % 20000);
    sum += v;
  }
  const ScanView view = make_view(high, {});
  double top = 0;
  for (const auto& block : view.blocks)
    top += *block->row(Energy::high, 6, 0);
  EXPECT_NEAR(top / 2, sum / (128.0 * 64.0), 4.0);
}

TEST(ScanView, masks_do_not_vanish_when_reduced) {
  Raster16 high(64, 8, 30000);
  for (int y = 0; y < 8; ++y) {
    high.at(10, y) = kMissing;
    high.at(20, y) = kNoSignal;
  }
  high.at(30, 4) = kOverRange;
  const ScanView view = make_view(high, {});
  EXPECT_EQ(view.blocks[0]->row(Energy::high, 1, 0)[5], kMissing);
  EXPECT_EQ(view.blocks[0]->row(Energy::high, 1, 0)[10], kNoSignal);
  EXPECT_EQ(view.blocks[0]->row(Energy::high, 1, 2)[15], kOverRange);
  EXPECT_EQ(view.blocks[0]->row(Energy::high, 1, 0)[0], 30000);
}

TEST(ScanView, a_snapshot_does_not_change) {
  const ScanView view = make_view(noise(64, 5, 4), {});
  const ScanView copy = view;
  EXPECT_EQ(copy.blocks[0].get(), view.blocks[0].get());
  EXPECT_GT(view.bytes(), 64U * 5U * 2U);
  EXPECT_LT(view.bytes(), 64U * 5U * 2U * 2U + 400U);
}

}  // namespace
}  // namespace torugart::imaging
