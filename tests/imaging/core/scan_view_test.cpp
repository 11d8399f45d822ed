#include "imaging/core/scan_view.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

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

// The rule of scan_view.h, sample by sample.
std::uint16_t one_of_four(const std::array<std::uint16_t, 4>& quad) {
  unsigned sum = 0, measured = 0, dark = 0, missing = 0;
  bool over = false;
  for (const auto v : quad) {
    const PixelState state = state_of(v);
    missing += state == PixelState::missing;
    dark += state == PixelState::no_signal;
    over = over || state == PixelState::over_range;
    measured += state == PixelState::measured;
    sum += state == PixelState::measured ? v : 0;
  }
  if (missing >= 2) return kMissing;
  if (over) return kOverRange;
  if (dark >= 2) return kNoSignal;
  const unsigned n = measured + dark;
  return static_cast<std::uint16_t>(std::max(1U, (sum + n / 2) / n));
}

TEST(ScanView, every_level_follows_the_rule_with_masks_and_without) {
  for (const int rows : {1, 7, 64, 130, 201}) {
    Raster16 high = noise(64, rows, 7);
    std::mt19937 random(8);
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < 64; ++x) {
        if (high.at(x, y) > kMaxMeasured || high.at(x, y) == 0) high.at(x, y) = 500;
        // Strips without a mask, and one with many.
        if (y >= 64 && y < 128 && random() % 3 == 0)
          high.at(x, y) = std::array<std::uint16_t, 3>{kNoSignal, kOverRange, kMissing}[random() % 3];
      }
    const ScanView view = make_view(high, {});
    const ColumnBlock& block = *view.blocks[0];
    for (int level = 1; level < ColumnBlock::kLevels; ++level) {
      for (int y = 0; y < block.level_rows(level); ++y) {
        const auto* top = block.row(Energy::high, level - 1, 2 * y);
        const auto* bottom =
            2 * y + 1 < block.level_rows(level - 1) ? block.row(Energy::high, level - 1, 2 * y + 1) : top;
        for (int x = 0; x < ColumnBlock::level_columns(level); ++x)
          ASSERT_EQ(block.row(Energy::high, level, y)[x],
                    one_of_four({top[2 * x], top[2 * x + 1], bottom[2 * x], bottom[2 * x + 1]}))
              << rows << " rows, level " << level << ", " << x << " " << y;
      }
    }
  }
}

TEST(SampleMemory, pieces_do_not_overlap_and_are_used_again) {
  constexpr std::size_t kSamples = 200'000;
  std::vector<SampleMemory> pieces;
  for (int round = 0; round < 3; ++round) {
    for (std::uint16_t i = 0; i < 40; ++i) {
      pieces.emplace_back(kSamples + 1000U * (i % 2U));
      std::fill_n(pieces.back().data(), pieces.back().size(), i);
    }
    for (std::uint16_t i = 0; i < 40; ++i) {
      ASSERT_EQ(pieces[i].data()[0], i);
      ASSERT_EQ(pieces[i].data()[pieces[i].size() - 1], i);
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(pieces[i].data()) % 64, 0U);
    }
    pieces.erase(pieces.begin() + 10, pieces.begin() + 20);  // holes in the middle of slabs
    pieces.clear();
  }
}

TEST(ScanView, a_snapshot_does_not_change) {
  const ScanView view = make_view(noise(64, 5, 4), {});
  const ScanView copy = view;
  EXPECT_EQ(copy.blocks[0].get(), view.blocks[0].get());
  EXPECT_GT(view.bytes(), 64U * 5U * 2U);
  EXPECT_LT(view.bytes(), 64U * 5U * 2U * 2U + 800U);
}

}  // namespace
}  // namespace torugart::imaging
