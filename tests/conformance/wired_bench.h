// A bench in real time: devices on cables to processes of their own. What a test makes happen is undone when its time
// has passed.
#pragma once

#include <chrono>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "tests/conformance/subject.h"

namespace torugart::hal::conformance {

class WiredBench : public Bench {
 public:
  LaneDevices& lane() override { return lane_; }
  const Clock& clock() const override { return clock_; }
  std::int64_t patience_us() const override { return 30'000'000; }
  void pass_us(std::int64_t us) override {
    const auto until = clock_.now().mono_us + us;
    for (auto now = clock_.now().mono_us; now < until; now = clock_.now().mono_us) {
      for (std::size_t i = later_.size(); i-- > 0;) {
        if (later_[i].first > now) continue;
        later_[i].second();
        later_.erase(later_.begin() + static_cast<std::ptrdiff_t>(i));
      }
      std::this_thread::sleep_for(std::chrono::microseconds(std::min<std::int64_t>(until - now, 10'000)));
    }
  }

 protected:
  void after_us(std::int64_t us, std::function<void()> what) {
    later_.emplace_back(clock_.now().mono_us + us, std::move(what));
  }

  SystemClock clock_;
  LaneDevices lane_;

 private:
  std::vector<std::pair<std::int64_t, std::function<void()>>> later_;
};

}  // namespace torugart::hal::conformance
