#include "hal/drivers/modbus_lane_io/register_map.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace torugart::hal::drivers::lane_io {
namespace {

std::string example() {
  std::ifstream in(TORUGART_SOURCE_DIR "/hal/drivers/modbus_lane_io/example-map.toml");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string with(const std::string& from, const std::string& to) {
  auto text = example();
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error(from);
  return text.replace(at, from.size(), to);
}

std::string refused(const std::string& text) {
  const auto map = parse_map(text, "map.toml");
  if (map) return "taken";
  EXPECT_FALSE(map.error().remedy.empty()) << map.error().what;
  EXPECT_EQ(map.error().where.rfind("map.toml:", 0), 0U) << map.error().where;
  return map.error().what;
}

TEST(RegisterMap, TheExampleIsRead) {
  const auto map = parse_map(example(), "map.toml");
  ASSERT_TRUE(map) << map.error().what << " " << map.error().where;
  EXPECT_EQ(map->contacts.size(), 5U);
  EXPECT_FALSE(map->contacts[1].closed.when);
  ASSERT_TRUE(map->dose_rate_usv_h);
  EXPECT_DOUBLE_EQ(map->dose_rate_usv_h->scale, 1e-3) << "nSv/h";
  EXPECT_DOUBLE_EQ(map->background_usv_h, 0.08);
  ASSERT_TRUE(map->beam && map->beam->dose_usv);
  EXPECT_EQ(map->coils().size(), 13U);
}

TEST(RegisterMap, ACycleAsksFewQuestions) {
  const auto blocks = parse_map(example(), "map.toml")->blocks();
  EXPECT_EQ(blocks.size(), 3U);  // coils 0…21, discrete 0…32, input 0…3
  for (const auto& b : blocks)
    EXPECT_LE(b.count, 40);
}

TEST(RegisterMap, AContactIsNeverAnOutput) {
  EXPECT_EQ(refused(with("at = \"discrete:0\"", "at = \"coil:0\"")), "register map: [contact] at = \"coil:0\"");
}

TEST(RegisterMap, APolarityIsNeverAssumed) {
  EXPECT_EQ(refused(with("closed = 1\n", "\n")), "register map: [contact] closed is missing");
}

TEST(RegisterMap, AnEmergencyStopNeedsAKey) {
  EXPECT_EQ(refused(with("kind = \"key\"", "kind = \"door\"")),
            "register map: [file] there is an emergency stop and no key");
}

TEST(RegisterMap, OneAddressHasOneMeaning) {
  EXPECT_EQ(refused(with("at = \"discrete:4\"", "at = \"discrete:3\"")),
            "register map: [contact] at: this input has another meaning already");
  EXPECT_EQ(refused(with("lamp = \"coil:1\"", "lamp = \"coil:0\"")),
            "register map: [beam] lamp: this coil has another meaning already");
}

TEST(RegisterMap, ABarrierNeedsItsLoop) {
  EXPECT_EQ(refused(with("place = \"departure\"\nat = \"discrete:19\"\noccupied = 1",
                         "place = \"arrival\"\nat = \"discrete:19\"\noccupied = 1")),
            "register map: [loop] this loop is there twice");
  auto text = example();
  text.erase(text.find("[[loop]]\nplace = \"departure\""),
             std::string("[[loop]]\nplace = \"departure\"\nat = \"discrete:19\"\noccupied = 1\n").size());
  EXPECT_EQ(refused(text), "register map: [file] the exit barrier has no departure loop");
}

TEST(RegisterMap, WhatItDoesNotKnowIsRefused) {
  EXPECT_EQ(refused(with("unit = 1\n", "unti = 1\n")), "register map: [controller] has no \"unti\"");
  EXPECT_EQ(refused(with("unit = \"nSv/h\"", "unit = \"rem/h\"")), "register map: [dose_rate] unit = \"rem/h\"");
  EXPECT_EQ(refused(with("discrete:16", "discrete:70000")), "register map: [loop] at = \"discrete:70000\"");
  EXPECT_EQ(refused(with("poll_ms = 20", "poll_ms = 400")), "register map: [controller] poll_ms cannot be meant");
  EXPECT_EQ(refused("[beam"), parse_map("[beam", "x").error().what);
}

TEST(RegisterMap, ABeamNeedsAChain) {
  EXPECT_EQ(refused("[beam]\nrequest='coil:0'\nlamp='coil:1'\nheartbeat='holding:0'\n"),
            "register map: [file] there is a beam request and no contact");
}

}  // namespace
}  // namespace torugart::hal::drivers::lane_io
