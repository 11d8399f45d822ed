// A Modbus TCP connection (libmodbus). Thread-bound. Addresses are those of the protocol, from 0: input register 30001
// of a manual is Table::input, address 0.
//
// Every question takes at most `timeout_ms` in all. An error other than `refused` has closed the connection; `refused`
// is the server's own exception, and the next question may be asked.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "hal/api/device.h"

namespace torugart::hal::drivers::modbus {

enum class Table { coil, discrete, input, holding };

// How a register map writes it: "discrete:12".
const char* to_string(Table table);

struct Target {
  std::string host;  // name or address, v4 or v6
  int port = 502;
  int unit = 1;  // 1 … 247; 255 where a gateway wants it
  int timeout_ms = 150;
};

class Connection {
 public:
  static constexpr std::size_t kMostBits = 2000, kMostWords = 125;  // one question

  explicit Connection(Target target);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // unreachable when nobody answers within the timeout. Closes an open one first.
  Result<void> open();
  void close();
  bool is_open() const;

  // One byte per bit, 0 or 1. table: coil or discrete.
  Result<void> read_bits(Table table, std::uint16_t first, std::span<std::uint8_t> out);
  // table: input or holding.
  Result<void> read_words(Table table, std::uint16_t first, std::span<std::uint16_t> out);
  Result<void> write_coil(std::uint16_t address, bool on);
  Result<void> write_holding(std::uint16_t address, std::uint16_t value);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::hal::drivers::modbus
