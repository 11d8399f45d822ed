// The Toledo continuous output: STX, SWA, SWB, SWC, six digits of weight, six of tare, CR, and a checksum where the
// indicator is set to send one (two's complement of the sum of the bytes before it, low seven bits). Seven data bits
// matter; an eighth is parity and is masked. Source: Mettler Toledo, "Continuous Output Mode" of the IND series.
// Pure; thread-bound.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hal/api/weighbridge.h"

namespace torugart::hal::drivers::toledo {

enum class Unit { lb, kg, g, t, other };

struct Frame {
  double shown = 0, tare = 0;  // in `unit`, with the decimal point applied
  Unit unit = Unit::kg;
  bool net = false, negative = false, out_of_range = false, motion = false;
  bool not_zeroed = false;  // switched on and never set to zero
};

// What it means for the lane; empty when the unit is none of mass that is known.
std::optional<WeightReading> reading_of(const Frame& frame, TimeStamp at);
const char* to_string(Unit unit);

// Finds frames in bytes, torn, glued and noisy as they come.
class FrameFinder {
 public:
  explicit FrameFinder(bool checksum) : length_(checksum ? 18 : 17) {}

  // Calls each(const Frame&) for every whole, right frame.
  template <class Each>
  void push(std::string_view bytes, Each each) {
    for (const char c : bytes)
      if (take(c)) each(frame_);
  }
  void reset() { have_ = 0; }
  std::uint64_t damaged() const { return damaged_; }  // began as a frame and was none

 private:
  bool take(char c);
  bool parse();
  void resync();

  const std::size_t length_;
  std::array<std::uint8_t, 18> bytes_{};
  std::size_t have_ = 0;
  Frame frame_;
  std::uint64_t damaged_ = 0;
};

}  // namespace torugart::hal::drivers::toledo
