// What every driver of a portal monitor has in common once it has lines: they are delivered, the monitor's own alarms are
// counted, and what the lines say about the monitor itself becomes the device's health.
#pragma once

#include <mutex>
#include <optional>

#include "hal/drivers/common/driver_device.h"
#include "hal/drivers/rapiscan_portal/monitor_state.h"

namespace torugart::hal::drivers::rapiscan {

class MonitorDevice : public DriverDevice<PortalMonitor> {
 public:
  using DriverDevice::DriverDevice;

 protected:
  Figures figures() const override {
    const std::lock_guard lock(mutex_);
    Figures out{{"lines", std::to_string(lines_)},
                {"gamma alarms", std::to_string(state_.gamma_alarms())},
                {"neutron alarms", std::to_string(state_.neutron_alarms())},
                {"unknown lines kept", std::to_string(state_.unknown_types())}};
    if (!state_.settings().empty()) out.emplace_back("settings", state_.settings());
    return out;
  }

  // At the beginning of a session.
  void begin_monitor() { shown_.reset(); }

  // A monitor in trouble goes on sending; its lines are delivered, and the device says what is wrong with it.
  void deliver(const PortalLine& line) {
    std::optional<MonitorState::Trouble> trouble;
    {
      const std::lock_guard lock(mutex_);
      ++lines_;
      state_.see(line);
      trouble = state_.trouble();
    }
    emit(line);
    if (trouble == shown_ && (trouble || state() == DeviceState::ready)) return;
    if (trouble) {
      change(DeviceState::faulted, trouble->what, trouble->remedy);
    } else {
      if (shown_) change(DeviceState::recovering, "the portal monitor measures again", "");
      came_alive();
    }
    shown_ = trouble;
  }

 private:
  mutable std::mutex mutex_;  // what figures() reads
  MonitorState state_;
  std::uint64_t lines_ = 0;
  std::optional<MonitorState::Trouble> shown_;
};

}  // namespace torugart::hal::drivers::rapiscan
