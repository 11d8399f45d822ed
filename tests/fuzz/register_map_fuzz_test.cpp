// Mutated register maps: whatever the bytes, the reader answers; what it takes keeps the rules that beam depends on.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "hal/drivers/modbus_lane_io/register_map.h"
#include "tests/fuzz/mutate.h"

namespace torugart::hal::drivers::lane_io {
namespace {

void one_input(const std::string& text) {
  const auto map = parse_map(text, "fuzz");
  if (!map) {
    EXPECT_FALSE(map.error().what.empty());
    return;
  }
  const auto has = [&](ContactKind kind) {
    return std::any_of(map->contacts.begin(), map->contacts.end(), [&](const auto& c) { return c.kind == kind; });
  };
  EXPECT_TRUE(!has(ContactKind::emergency_stop) || has(ContactKind::key));
  EXPECT_TRUE(!map->beam || !map->contacts.empty());
  std::set<std::uint16_t> inputs;
  for (const auto& c : map->contacts) {
    EXPECT_EQ(c.closed.at.table, modbus::Table::discrete);
    EXPECT_TRUE(inputs.insert(c.closed.at.address).second);
  }
  for (const auto& b : map->blocks()) {
    EXPECT_GT(b.count, 0);
    EXPECT_LE(b.first + b.count, 65536);
    const bool bits = b.table == modbus::Table::coil || b.table == modbus::Table::discrete;
    EXPECT_LE(b.count, bits ? 2000 : 125);
  }
}

TEST(FuzzRegisterMap, MutatedMapsNeverBreakIt) {
  std::ifstream in(TORUGART_SOURCE_DIR "/hal/drivers/modbus_lane_io/example-map.toml");
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  ASSERT_TRUE(parse_map(good, "fuzz"));
  std::mt19937 random(17);
  for (int i = 0; i < 3000; ++i)
    one_input(fuzz::mutated(good, random, "[]=\"':,.#\n 0123456789-_abcdefxyz\xff"));
}

}  // namespace
}  // namespace torugart::hal::drivers::lane_io
