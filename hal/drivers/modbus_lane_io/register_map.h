// The lane controller's register map: which input is which contact, loop or barrier, with its polarity, and which
// output is which. A TOML file; README.md explains it line by line, example-map.toml is one.
//
// Loaded once, immutable afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/api/lane_signals.h"
#include "hal/api/safety_chain.h"
#include "hal/drivers/modbus/connection.h"

namespace torugart::hal::drivers::lane_io {

struct Point {
  modbus::Table table = modbus::Table::discrete;
  std::uint16_t address = 0;
  auto operator<=>(const Point&) const = default;
};

struct Bit {
  Point at;
  bool when = true;  // the value that means yes: closed, occupied, up …
};

// A number in one or two registers: (raw · scale) in the unit that the field's name carries.
struct Number {
  Point at;
  int words = 1;
  bool high_word_first = true;
  double scale = 1;
};

struct ContactInput {
  std::string name;
  ContactKind kind = ContactKind::door;
  Bit closed;
};

struct LoopInput {
  Bit occupied;
  std::optional<Bit> healthy;  // no: the loop reads unknown
};

struct BarrierWires {
  Bit is_up, is_down;                  // neither: moving; both: unknown
  std::uint16_t raise = 0, lower = 0;  // coils, pulsed
};

struct LightWires {
  std::uint16_t red = 0, amber = 0, green = 0;  // coils
};

struct BeamWires {
  std::uint16_t request = 0;               // coil
  std::uint16_t lamp = 0;                  // coil: warning lamp and horn
  std::uint16_t heartbeat = 0;             // holding register, counts up every cycle
  std::optional<std::uint16_t> spare_cab;  // coil: start after the cab
  std::optional<Bit> on;                   // the controller says that beam is on
  std::optional<Number> dose_usv;          // of the scan, at the object
};

struct RegisterMap {
  std::string model = "Lane controller";
  int unit = 1, poll_ms = 20, timeout_ms = 150, pulse_ms = 500;
  std::optional<Point> alive;  // a register that changes while the controller's program runs
  std::vector<ContactInput> contacts;
  std::array<std::optional<LoopInput>, 4> loops;        // by LoopPlace
  std::array<std::optional<BarrierWires>, 2> barriers;  // by Barrier
  std::array<std::optional<LightWires>, 2> lights;      // by Barrier
  std::optional<BeamWires> beam;
  std::optional<Number> dose_rate_usv_h;
  double background_usv_h = 0;  // subtracted from it

  // What has to be read in a cycle, in as few questions as the protocol allows.
  struct Block {
    modbus::Table table = modbus::Table::discrete;
    std::uint16_t first = 0, count = 0;
  };
  std::vector<Block> blocks() const;
  std::vector<std::uint16_t> coils() const;  // every output, ascending
};

// Refuses, with the line and what would be right: what it does not know; a contact that is not a read-only input; an
// address used twice; an emergency stop without a key; a barrier without its loop.
Result<RegisterMap> parse_map(std::string_view text, const std::string& path);
Result<RegisterMap> load_map(const std::string& path);

}  // namespace torugart::hal::drivers::lane_io
