// One device of a driver, made as a lane makes it, with what a test asks of it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "hal/registry/registry.h"
#include "tests/conformance/probe.h"

namespace torugart::tests {

template <class Done>
bool wait_until(Done done, std::chrono::milliseconds patience = std::chrono::seconds(15)) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < until) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return done();
}

template <class D>
class WiredDevice {
 public:
  WiredDevice(std::unique_ptr<D> device) : device_(std::move(device)), probe_(*device_) {}

  D& operator*() { return *device_; }
  hal::conformance::Probe<D>& probe() { return probe_; }
  auto messages() const { return probe_.messages(); }
  bool open() { return probe_.open().has_value(); }
  bool ready() {
    return wait_until([this] { return device_->health().state == hal::DeviceState::ready; });
  }
  // "summary | remedy" of a fault that contains `part`, or of the last one that was seen.
  std::string fault(const std::string& part) {
    std::string said;
    wait_until([&] {
      for (const auto& h : probe_.health()) {
        if (h.state == hal::DeviceState::faulted) said = h.summary + " | " + h.remedy;
        if (said.find(part) != std::string::npos) return true;
      }
      return false;
    });
    return said;
  }
  std::string figure(const std::string& name) const {
    for (const auto& [key, value] : device_->health().figures)
      if (key == name) return value;
    return {};
  }

 private:
  std::unique_ptr<D> device_;
  hal::conformance::Probe<D> probe_;
};

}  // namespace torugart::tests
