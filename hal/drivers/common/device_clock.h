// Maps the clock of a device onto the lane's monotonic clock.
//
// A message is never received before it was made, and often soon after: the smallest difference seen between arrival
// and the device's time is the best guess of how the clocks stand. The guess forgets slowly, so that two quartzes that
// drift apart (50 ppm) do not make it wrong. error_us() is how much later the typical message arrived: the stamps are
// late by at most that, plus what even the quickest message needed. Thread-bound.
#pragma once

#include <algorithm>
#include <cstdint>

namespace torugart::hal::drivers {

class DeviceClock {
 public:
  static constexpr std::int64_t kLeapUs = 1'000'000;  // clocks do not differ by that much of a sudden: a restart

  // The lane's time of what the device says happened at device_us and arrived at arrival_us. Never after arrival,
  // never before an earlier answer.
  std::int64_t map(std::int64_t device_us, std::int64_t arrival_us) {
    const std::int64_t difference = arrival_us - device_us;
    if (!known_ || difference > offset_us_ + kLeapUs || difference < offset_us_ - kLeapUs) {
      leaps_ += known_ ? 1 : 0;
      known_ = true;
      offset_us_ = difference;
      error_us_ = 0;
    } else {
      // 100 µs a second is twice what two quartzes drift apart.
      offset_us_ += std::clamp<std::int64_t>((arrival_us - last_arrival_us_) / 10'000, 0, 1000);
      offset_us_ = std::min(offset_us_, difference);
      error_us_ += (difference - offset_us_ - error_us_) / 8;
    }
    last_arrival_us_ = arrival_us;
    last_us_ = std::max(last_us_, std::min(device_us + offset_us_, arrival_us));
    return last_us_;
  }
  std::int64_t error_us() const { return error_us_; }
  int leaps() const { return leaps_; }  // how often the device's clock was set

 private:
  bool known_ = false;
  std::int64_t offset_us_ = 0, error_us_ = 0, last_arrival_us_ = 0, last_us_ = 0;
  int leaps_ = 0;
};

}  // namespace torugart::hal::drivers
