#include "hal/drivers/gige_detector/line_cutter.h"

#include <gtest/gtest.h>

#include <random>

#include "hal/drivers/gige_detector/truck_watch.h"

namespace torugart::hal::gige_detector {
namespace {

constexpr int kWidth = 100;

// Rows of 16-bit counts: row·1000 + detector.
std::vector<std::uint8_t> block_bytes(int rows) {
  std::vector<std::uint8_t> out;
  for (int r = 0; r < rows; ++r) {
    for (int i = 0; i < kWidth; ++i) {
      const auto v = static_cast<unsigned>(r * 1000 + i);
      out.push_back(static_cast<std::uint8_t>(v));
      out.push_back(static_cast<std::uint8_t>(v >> 8U));
    }
  }
  return out;
}

Block block_of(const std::vector<std::uint8_t>& bytes, int rows, std::uint64_t id, bool complete = true) {
  return {bytes.data(), bytes.size(), kWidth, rows, 2, id, complete};
}

// As if these bytes had not arrived.
void lose(std::vector<std::uint8_t>& bytes, std::size_t from, std::size_t to) {
  std::vector<std::uint8_t> pattern(bytes.size());
  fill_pattern(pattern.data(), pattern.size());
  std::copy(pattern.begin() + static_cast<std::ptrdiff_t>(from), pattern.begin() + static_cast<std::ptrdiff_t>(to),
            bytes.begin() + static_cast<std::ptrdiff_t>(from));
}

TEST(LineCutter, RowsAreLinesAndBlocksFollowEachOther) {
  LineCutter cutter(Energies::single, false);
  const auto bytes = block_bytes(4);
  for (std::uint64_t id = 65'534; id != 3; id = id == 65'535 ? 1 : id + 1) {  // 0 is skipped
    const auto lines = cutter.cut(block_of(bytes, 4, id));
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[3].high[99], 3099);
    EXPECT_TRUE(lines[3].low.empty());
  }
  EXPECT_EQ(cutter.cut(block_of(bytes, 4, 3))[0].index, 16U);
  EXPECT_EQ(cutter.lost_lines(), 0U);
}

TEST(LineCutter, TwoEnergiesInAlternatingRowsOrInHalves) {
  const auto bytes = block_bytes(4);
  LineCutter rows(Energies::rows, false), halves(Energies::halves, true);
  auto lines = rows.cut(block_of(bytes, 4, 1));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].high[0], 2000);
  EXPECT_EQ(lines[1].low[0], 3000);
  lines = halves.cut(block_of(bytes, 4, 1));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].low[0], 1000);
  EXPECT_EQ(lines[1].high[0], 3000);
}

TEST(LineCutter, BlocksThatNeverCameAreAGapInTheIndex) {
  LineCutter cutter(Energies::rows, false);
  const auto bytes = block_bytes(4);
  (void)cutter.cut(block_of(bytes, 4, 7));
  EXPECT_EQ(cutter.cut(block_of(bytes, 4, 10))[0].index, 6U);
  EXPECT_EQ(cutter.lost_lines(), 4U);
  EXPECT_EQ(cutter.cut(block_of(bytes, 4, 900'000))[0].index, 8U) << "another count, not a loss";
  cutter.restart();
  EXPECT_EQ(cutter.cut(block_of(bytes, 4, 5))[0].index, 0U);
}

TEST(LineCutter, WhatDidNotArriveIsTornOrLostAndNeverMadeUp) {
  auto bytes = block_bytes(6);
  lose(bytes, 250, 700);  // row 1 from detector 25, rows 2 and half of 3
  LineCutter cutter(Energies::single, false);
  const auto lines = cutter.cut(block_of(bytes, 6, 1, false));
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].high.size(), 100U);
  EXPECT_EQ(lines[1].index, 1U);
  EXPECT_EQ(lines[1].high.size(), 25U);
  EXPECT_EQ(lines[1].high[24], 1024);
  EXPECT_EQ(lines[2].index, 4U);
  EXPECT_EQ(cutter.lost_lines(), 2U);
  EXPECT_EQ(cutter.torn_lines(), 1U);
  // The same bytes in a block that is complete are counts.
  EXPECT_EQ(cutter.cut(block_of(bytes, 6, 2)).size(), 6U);
}

TEST(LineCutter, AnyBlockIsSurvived) {
  std::mt19937 random(5);
  LineCutter cutters[] = {{Energies::single, false}, {Energies::rows, true}, {Energies::halves, false}};
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> bytes(random() % 600);
    fill_pattern(bytes.data(), bytes.size());
    for (auto& b : bytes) {
      if (random() % 9 == 0) b = static_cast<std::uint8_t>(random());
    }
    const Block block{bytes.data(),
                      bytes.size(),
                      static_cast<int>(random() % 80) - 2,
                      static_cast<int>(random() % 12) - 2,
                      1 + static_cast<int>(random() % 2),
                      random() % 70'000,
                      random() % 3 == 0};
    for (const auto& line : cutters[i % 3].cut(block))
      ASSERT_LE(line.high.size(), 80U);
  }
}

TEST(TruckWatch, DarkThenAirThenObjectUntilTheBeamIsOpenAgain) {
  TruckWatch watch(65535, 5);
  const std::vector<std::uint16_t> dark(64, 900), air(64, 50'000);
  auto truck = air;
  for (int i = 0; i < 3; ++i)
    truck[static_cast<std::size_t>(i)] = 20'000;
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(watch.look(dark), LineKind::dark);
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(watch.look(air), LineKind::air);
  EXPECT_EQ(watch.look(truck), LineKind::object);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(watch.look(air), LineKind::object);
  EXPECT_EQ(watch.look(truck), LineKind::object) << "a gap between cab and trailer";
  EXPECT_FALSE(watch.left());
  for (int i = 0; i < 5; ++i)
    (void)watch.look(air);
  EXPECT_TRUE(watch.left());
  watch.restart();
  EXPECT_EQ(watch.look(dark), LineKind::dark);
}

TEST(TruckWatch, ATornOrEmptyLineChangesNothingByItself) {
  TruckWatch watch(65535, 3);
  (void)watch.look(std::vector<std::uint16_t>(64, 900));
  for (int i = 0; i < 20; ++i)
    (void)watch.look(std::vector<std::uint16_t>(i % 2 == 0 ? 64 : 10, 50'000));
  EXPECT_EQ(watch.look({}), LineKind::air);
  EXPECT_EQ(watch.look(std::vector<std::uint16_t>(5, 49'000)), LineKind::air);
}

}  // namespace
}  // namespace torugart::hal::gige_detector
