// The block of 21 registers of an Aspect radiation portal monitor, and its translation into the lines of
// hal/api/portal_monitor.h. Pure; thread-bound.
//
//   0 1 time · 2 inputs · 3 gamma status · 4 5 gamma count · 6 7 gamma background (float) · 8 9 gamma variance (float) ·
//   10 neutron status · 11 12 neutron count · 13 14 neutron background (float) · 15 16 neutron variance (float) ·
//   17 object counter · 18 mark · 19 speed · 20 outputs
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace torugart::hal::drivers::aspect {

inline constexpr std::size_t kRegisters = 21;

// Status bits of either channel.
enum Status : std::uint16_t {
  alarm = 0x1,
  alarm_2 = 0x2,
  low_count = 0x10,
  high_count = 0x20,
  overload = 0x40,
  ready = 0x80
};

struct Channel {
  std::uint16_t status = 0;
  std::uint32_t count = 0;
  double background = 0, variance = 0;
};

struct Block {
  std::uint32_t time = 0;
  std::uint16_t inputs = 0, object = 0, mark = 0, speed = 0, outputs = 0;
  Channel gamma, neutron;
};

// None when a float is not finite or negative: the word order is the other one, or this is no such monitor.
std::optional<Block> block_of(std::span<const std::uint16_t, kRegisters> words, bool high_word_first);

// Lines out of blocks: background every 5 s while free; counts while the occupancy input is set, once per new time
// stamp (neutrons every fifth); alarms as the monitor has them; GX when the vehicle has left. A count of two channels
// has no four detectors: it stands in the first field, the others are zero.
class Translator {
 public:
  explicit Translator(std::uint16_t occupied_bit) : occupied_bit_(occupied_bit) {}
  std::vector<std::string> lines(const Block& block, std::int64_t now_us);

 private:
  void faults(const Block& block, std::vector<std::string>& out);

  const std::uint16_t occupied_bit_;
  std::optional<std::uint32_t> time_;
  bool occupied_ = false;
  int steps_ = 0;
  std::optional<std::int64_t> background_us_;
  std::uint16_t gamma_fault_ = 0, neutron_fault_ = 0;
};

}  // namespace torugart::hal::drivers::aspect
