// The end of a device that its user holds: handlers, state, health. Private to hal/replay.
//
// Everything is thread-safe. send() and report() are called on the player's thread only; close() waits for a handler
// that runs and none is called after it.
#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "hal/api/device.h"

namespace torugart::hal::replay {

class PortBase {
 public:
  explicit PortBase(DeviceInfo info) : info_(std::move(info)) {}
  virtual ~PortBase() = default;

  const DeviceInfo& info() const { return info_; }
  Health health() const {
    const std::lock_guard lock(state_mutex_);
    return health_;
  }
  DeviceState state() const { return health().state; }

  // Player's thread: opening becomes ready, and a change is told.
  void pump(TimeStamp now) {
    if (state() == DeviceState::opening) change(DeviceState::ready, "plays a recording", now);
  }
  void change(DeviceState state, const std::string& summary, TimeStamp now, const std::string& remedy = "") {
    const std::lock_guard calling(call_mutex_);
    Health told;
    {
      const std::lock_guard lock(state_mutex_);
      if (health_.state == DeviceState::closed || (health_.state == state && health_.summary == summary)) return;
      health_.state = state;
      health_.summary = summary;
      health_.remedy = remedy;
      health_.since = now;
      told = health_;
    }
    if (on_health_) on_health_(told);
  }

 protected:
  Result<void> open_with(HealthHandler on_health) {
    const std::lock_guard lock(state_mutex_);
    if (health_.state != DeviceState::closed) {
      return tl::unexpected(Error{ErrorCode::refused, "is open already", info_.id, "close it first"});
    }
    health_.state = DeviceState::opening;
    health_.summary = "opening";
    on_health_ = std::move(on_health);
    return {};
  }

  DeviceInfo info_;
  mutable std::mutex state_mutex_;
  std::mutex call_mutex_;  // held while a handler runs
  Health health_;
  HealthHandler on_health_;
};

template <class Message>
class Port : public PortBase {
 public:
  using PortBase::PortBase;
  using Handler = std::function<void(const Message&)>;

  Result<void> open(Handler handler, HealthHandler on_health) {
    const std::lock_guard calling(call_mutex_);
    auto opened = open_with(std::move(on_health));
    if (opened) handler_ = std::move(handler);
    return opened;
  }
  void close() {
    const std::lock_guard calling(call_mutex_);
    const std::lock_guard lock(state_mutex_);
    handler_ = nullptr;
    on_health_ = nullptr;
    health_ = Health{};
  }
  void send(const Message& message) {
    const std::lock_guard calling(call_mutex_);
    const auto now = state();
    if (handler_ && (now == DeviceState::ready || now == DeviceState::busy)) handler_(message);
  }

 private:
  Handler handler_;
};

}  // namespace torugart::hal::replay
