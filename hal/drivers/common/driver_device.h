// Life cycle shared by the real drivers: one thread per device, states, health, growing pauses, one handler at a time.
//
// A driver overrides session(): one acquaintance with the machine, from the first contact to its loss. The thread
// calls it again and again:
//
//   open() → opening → session() … came_alive() → ready … session() returns why it ended → faulted
//                         ▲                                                                   │ pause
//                         └────────────────────────── recovering ─────────────────────────────┘
//
// The pause is 0.25 s and doubles up to 10 s; it starts anew once a session has been ready for 10 s, so that a machine
// that hangs up at once is not stormed. session() looks at its stop token at least every 200 ms; close() waits for it.
// Thread-safe outside; what session() calls is bound to the device's thread.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "hal/registry/registry.h"

namespace torugart::hal::drivers {

template <class Api>
class DriverDevice : public Api {
 public:
  using Figures = std::vector<std::pair<std::string, std::string>>;

  static constexpr std::chrono::milliseconds kFirstPause{250}, kLongestPause{10'000};

  DriverDevice(DeviceConfig config, const Clock& clock, std::string model, bool simulated = false)
      : clock_(clock), config_(std::move(config)), model_(std::move(model)), simulated_(simulated) {
    health_.since = clock_.now();
    health_.summary = "closed";
  }
  // The most derived class calls close() in its destructor: session() is its own.

  DeviceInfo info() const override {
    const std::lock_guard lock(health_mutex_);
    return {config_.id, config_.kind, config_.driver, model_, serial_, simulated_};
  }

  Health health() const override {
    Health h;
    {
      const std::lock_guard lock(health_mutex_);
      h = health_;
    }
    h.figures = figures();
    h.figures.emplace_back("reconnects", std::to_string(reconnects_.load()));
    return h;
  }

  Result<void> open(typename Api::Handler on_message, HealthHandler on_health) override {
    const std::lock_guard lock(life_mutex_);
    if (thread_.joinable()) {
      return tl::unexpected(
          Error{ErrorCode::refused, fmt::format("{} is open already", config_.id), config_.id, "close it first"});
    }
    on_message_ = std::move(on_message);
    on_health_ = std::move(on_health);
    set_health(DeviceState::opening, "connecting", "");
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    return {};
  }

  void close() override {
    const std::lock_guard lock(life_mutex_);
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    thread_ = {};
    set_health(DeviceState::closed, "closed", "");
    on_message_ = nullptr;
    on_health_ = nullptr;
  }

 protected:
  // Returns why the acquaintance ended: what happened, and what the person at the lane can do. What it returns after
  // stop was requested is not shown.
  virtual Error session(const std::stop_token& stop) = 0;
  // Thread-safe.
  virtual Figures figures() const { return {}; }

  // The machine's first sign of life since it was opened: ready.
  void came_alive(const std::string& summary = "ready") {
    if (state() == DeviceState::ready) return;
    alive_since_ = std::chrono::steady_clock::now();
    alive_ = true;
    change(DeviceState::ready, summary, "");
  }

  void emit(const typename Api::Message& message) {
    const std::lock_guard lock(deliver_mutex_);
    if (on_message_) on_message_(message);
  }

  void change(DeviceState to, const std::string& summary, const std::string& remedy) {
    set_health(to, summary, remedy);
    const Health h = health();
    const std::lock_guard lock(deliver_mutex_);
    if (on_health_) on_health_(h);
  }

  DeviceState state() const {
    const std::lock_guard lock(health_mutex_);
    return health_.state;
  }

  // What the device says that it is, once it has said it.
  void identify(std::string model, std::string serial) {
    const std::lock_guard lock(health_mutex_);
    model_ = std::move(model);
    serial_ = std::move(serial);
  }

  // For commands that need a ready device.
  Error not_ready() const {
    const std::lock_guard lock(health_mutex_);
    if (health_.state == DeviceState::closed)
      return {ErrorCode::not_open, fmt::format("{} is not open", config_.id), config_.id, "open it first"};
    return {ErrorCode::refused, fmt::format("{}: {}", config_.id, health_.summary), config_.id,
            health_.remedy.empty() ? "wait until it is ready" : health_.remedy};
  }

  // Sleeps; wakes at once when the device is being closed. False then.
  bool pause(const std::stop_token& stop, std::chrono::milliseconds how_long) {
    std::unique_lock lock(pause_mutex_);
    woken_.wait_for(lock, stop, how_long, [] { return false; });
    return !stop.stop_requested();
  }

  const Clock& clock_;
  const DeviceConfig config_;

 private:
  void run(const std::stop_token& stop) {
    change(DeviceState::opening, "connecting", "");
    auto next_pause = kFirstPause;
    while (!stop.stop_requested()) {
      alive_ = false;
      const Error fault = guarded_session(stop);
      if (stop.stop_requested()) return;
      if (alive_ && std::chrono::steady_clock::now() - alive_since_ >= kLongestPause) next_pause = kFirstPause;
      change(DeviceState::faulted, fault.what, fault.remedy);
      if (!pause(stop, next_pause)) return;
      next_pause = std::min(next_pause * 2, kLongestPause);
      ++reconnects_;
      change(DeviceState::recovering, "connecting again", fault.remedy);
    }
  }

  Error guarded_session(const std::stop_token& stop) {
    try {
      return session(stop);
    } catch (const std::exception& e) {
      return {ErrorCode::internal, fmt::format("the driver failed: {}", e.what()), config_.id,
              "send the log to the supplier"};
    }
  }

  void set_health(DeviceState to, const std::string& summary, const std::string& remedy) {
    const std::lock_guard lock(health_mutex_);
    if (health_.state != to) health_.since = clock_.now();
    health_.state = to;
    health_.summary = summary;
    health_.remedy = remedy;
  }

  mutable std::mutex health_mutex_;
  Health health_;
  std::string model_, serial_;
  const bool simulated_;
  std::mutex life_mutex_;     // open and close
  std::mutex deliver_mutex_;  // one handler at a time
  std::mutex pause_mutex_;
  std::condition_variable_any woken_;
  typename Api::Handler on_message_;
  HealthHandler on_health_;
  std::atomic<std::uint64_t> reconnects_{0};
  bool alive_ = false;  // the device's thread
  std::chrono::steady_clock::time_point alive_since_;
  std::jthread thread_;
};

}  // namespace torugart::hal::drivers
