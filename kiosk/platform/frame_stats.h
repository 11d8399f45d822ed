// How long frames take and how many there were: shown by `doctor`, measured by tests/bench, kept in the demo's
// report.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace torugart::platform {

/// The last 512 frames' durations (from the first widget to the buffer swap) and counters since start. Thread-bound.
class FrameStats {
 public:
  void add(double seconds);
  /// Quantile of the last frames, 0 … 1, in milliseconds; 0 before the first frame.
  double quantile_ms(double q) const;
  double p50_ms() const { return quantile_ms(0.50); }
  double p95_ms() const { return quantile_ms(0.95); }
  double longest_ms() const { return longest_s_ * 1e3; }

  std::uint64_t frames = 0;  ///< drawn
  std::uint64_t pixels = 0;  ///< drawn in all: only what changed is
  std::uint64_t sleeps = 0;  ///< times the loop waited for an event because nothing moved
  double slept_s = 0;        ///< in all

 private:
  std::array<float, 512> ring_{};
  std::size_t used_ = 0, next_ = 0;
  double longest_s_ = 0;
};

}  // namespace torugart::platform
