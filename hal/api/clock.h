// Time as the lane knows it. Everything that stamps an event gets its time from a Clock that was handed to it, so
// that tests and replays can move time as they need.
//
// Units: microseconds. `mono_us` only grows while the program runs and is what intervals are measured with; `wall_us`
// is microseconds since 1970-01-01T00:00:00Z (POSIX time) and may jump when somebody sets the machine's clock.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

namespace torugart::hal {

// What is known about the wall clock at the moment of a stamp. An auditor reads it years later beside each event.
enum class ClockState {
  unknown,       // nobody said anything about synchronisation
  synchronised,  // the kernel's clock discipline (NTP/PTP) reports a lock
  free_running,  // no lock: the wall time drifts
  jumped,        // wall and monotonic time disagreed by more than half a second since the last stamp
};

struct TimeStamp {
  std::int64_t mono_us = 0;
  std::int64_t wall_us = 0;
  ClockState clock = ClockState::unknown;
};

const char* to_string(ClockState state);

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimeStamp now() const = 0;
};

// Notices that wall and monotonic time have moved apart by more than half a second between two looks: somebody set
// the clock. Thread-bound.
class JumpWatch {
 public:
  static constexpr std::int64_t kJumpUs = 500'000;
  JumpWatch(std::int64_t mono_us, std::int64_t wall_us) : offset_us_(wall_us - mono_us) {}
  bool jumped(std::int64_t mono_us, std::int64_t wall_us);

 private:
  std::int64_t offset_us_;
};

// The machine's clocks (std::chrono) and the kernel's synchronisation state (adjtimex). Thread-safe.
class SystemClock final : public Clock {
 public:
  SystemClock();
  TimeStamp now() const override;

 private:
  mutable std::mutex mutex_;
  mutable JumpWatch watch_;
};

// A clock that a test moves by hand. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t wall_us = 1'700'000'000'000'000) : wall_us_(wall_us) {}

  TimeStamp now() const override { return {mono_us_.load(), wall_us_.load(), state_.load()}; }
  void advance_us(std::int64_t us) {
    mono_us_ += us;
    wall_us_ += us;
  }
  // Somebody set the machine's clock: wall time moves, monotonic time does not.
  void set_wall_us(std::int64_t us) { wall_us_ = us; }
  void set_state(ClockState state) { state_ = state; }

 private:
  std::atomic<std::int64_t> mono_us_{0};
  std::atomic<std::int64_t> wall_us_;
  std::atomic<ClockState> state_{ClockState::synchronised};
};

}  // namespace torugart::hal
