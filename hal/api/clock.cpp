#include "hal/api/clock.h"

#include <sys/timex.h>

#include <chrono>
#include <cstdlib>

namespace torugart::hal {
namespace {

std::int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t system_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

ClockState kernel_state() {
  timex query{};
  const int status = adjtimex(&query);
  if (status < 0) return ClockState::unknown;
  return status == TIME_ERROR || (query.status & STA_UNSYNC) != 0 ? ClockState::free_running
                                                                  : ClockState::synchronised;
}

}  // namespace

const char* to_string(ClockState state) {
  switch (state) {
    case ClockState::unknown:
      return "unknown";
    case ClockState::synchronised:
      return "synchronised";
    case ClockState::free_running:
      return "free_running";
    case ClockState::jumped:
      return "jumped";
  }
  return "unknown";
}

bool JumpWatch::jumped(std::int64_t mono_us, std::int64_t wall_us) {
  const std::int64_t offset = wall_us - mono_us;
  const bool far = std::llabs(offset - offset_us_) > kJumpUs;
  offset_us_ = offset;
  return far;
}

SystemClock::SystemClock() : watch_(steady_us(), system_us()) {}

TimeStamp SystemClock::now() const {
  TimeStamp stamp{steady_us(), system_us(), kernel_state()};
  const std::lock_guard lock(mutex_);
  if (watch_.jumped(stamp.mono_us, stamp.wall_us)) stamp.clock = ClockState::jumped;
  return stamp;
}

}  // namespace torugart::hal
