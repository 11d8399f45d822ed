// From what a hand scanner sends to codes. Pure; any bytes are survived. Thread-bound.
//
// Serial: a code is text up to CR, LF, ETX or (when the scanner sends none) a pause; STX before it is dropped. An AIM
// identifier in front ("]C1", ISO/IEC 15424) names the symbology. What is not UTF-8 is taken for Latin-1.
// HID: a scanner types on a US keyboard and ends with Enter or Tab (input-event-codes.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace torugart::hal::code_scanner {

inline constexpr std::size_t kLongest = 4096;  // code_reader.h

struct Code {
  std::string symbology, text;
};

// "]C1…" → Code128 and the rest; without an identifier the text as it is. Empty when no text is left.
std::optional<Code> code_of(const std::string& bytes);

class SerialAssembler {
 public:
  std::vector<Code> take(const std::uint8_t* bytes, std::size_t size);
  // The line has been quiet for a while: what is there is a code.
  std::optional<Code> pause();
  std::uint64_t discarded() const { return discarded_; }  // bytes of codes longer than kLongest, control characters

 private:
  std::optional<Code> finish();
  std::string text_;
  bool too_long_ = false;
  std::uint64_t discarded_ = 0;
};

class KeyAssembler {
 public:
  // One input_event of the kernel: type, code, value (1 press, 2 repeat, 0 release).
  std::optional<Code> take(std::uint16_t type, std::uint16_t code, std::int32_t value);
  std::uint64_t unknown_keys() const { return unknown_; }
  void reset() { *this = KeyAssembler(); }

 private:
  std::string text_;
  bool shift_left_ = false, shift_right_ = false;
  std::uint64_t unknown_ = 0;
};

}  // namespace torugart::hal::code_scanner
