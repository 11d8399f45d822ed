// Life cycle shared by all simulated devices: open and close, states, health, loss and recovery, one handler at a
// time. Internal to hal/sim.
//
// A driver overrides tick(), which the world's thread calls every 10 ms of lane time while the device is ready or
// busy, and delivers with emit(). Thread-safe.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hal/sim/world_impl.h"

namespace torugart::hal::sim {

template <class Api>
class SimDevice : public Api, protected Stepped {
 public:
  using Message = typename Api::Message;

  SimDevice(DeviceConfig config, const Clock& clock, std::shared_ptr<World> world, std::string model)
      : clock_(clock), world_(std::move(world)), config_(std::move(config)), model_name_(std::move(model)) {
    health_.since = clock_.now();
    health_.summary = "closed";
  }

  DeviceInfo info() const override {
    return {config_.id, config_.kind, config_.driver, model_name_, fmt::format("SIM-{}", config_.id), true};
  }

  Health health() const override {
    const std::lock_guard lock(health_mutex_);
    Health h = health_;
    h.figures = figures();
    return h;
  }

  Result<void> open(typename Api::Handler on_message, HealthHandler on_health) override {
    const std::lock_guard lock(life_mutex_);
    if (slot_ != nullptr) {
      return tl::unexpected(
          Error{ErrorCode::refused, fmt::format("{} is open already", config_.id), config_.id, "close it first"});
    }
    on_message_ = std::move(on_message);
    on_health_ = std::move(on_health);
    opened_us_ = clock_.now().mono_us;
    set_health(DeviceState::opening, "connecting", "");
    first_step_pending_ = true;
    if (auto started = started_up(); !started) {
      set_health(DeviceState::closed, "closed", "");
      return started;
    }
    slot_ = world_->impl().attach(this);
    return {};
  }

  void close() override {
    const std::lock_guard lock(life_mutex_);
    if (slot_ == nullptr) return;
    World::Impl::detach(*slot_);
    shut_down();
    slot_ = nullptr;
    set_health(DeviceState::closed, "closed", "");
    on_message_ = nullptr;
    on_health_ = nullptr;
  }

 protected:
  // Every 10 ms while ready or busy; on the world's thread, without locks.
  virtual void tick() = 0;
  // At every step in any state, before the life cycle is looked at.
  virtual void always() {}
  virtual void was_lost() {}
  virtual Result<void> started_up() { return {}; }  // open(): before the first step
  virtual void shut_down() {}                       // close(): after the last step
  // Held: health_mutex_.
  virtual std::vector<std::pair<std::string, std::string>> figures() const { return {}; }
  // A driver's own reason to be faulted now (a silent camera): summary and remedy.
  virtual std::optional<std::pair<std::string, std::string>> own_fault() { return std::nullopt; }

  LaneModel& model() { return world_->impl().model; }
  std::unique_lock<std::mutex> lock_world() { return std::unique_lock(world_->impl().mutex); }

  void emit(const Message& message) {
    const std::lock_guard lock(deliver_mutex_);
    if (on_message_) on_message_(message);
  }

  DeviceState state() const {
    const std::lock_guard lock(health_mutex_);
    return health_.state;
  }

  void change(DeviceState to, const std::string& summary, const std::string& remedy) {
    set_health(to, summary, remedy);
    const Health h = health();
    const std::lock_guard lock(deliver_mutex_);
    if (on_health_) on_health_(h);
  }

  Error not_ready() const {
    const std::lock_guard lock(health_mutex_);
    if (health_.state == DeviceState::closed)
      return {ErrorCode::not_open, fmt::format("{} is not open", config_.id), config_.id, "open it first"};
    return {ErrorCode::refused, fmt::format("{} is {}", config_.id, health_.summary), config_.id,
            health_.remedy.empty() ? "wait until it is ready" : health_.remedy};
  }

  int setting(const char* key, int otherwise) const {
    const auto found = config_.settings.find(key);
    return found == config_.settings.end() ? otherwise : std::stoi(found->second);
  }

  const Clock& clock_;
  const std::shared_ptr<World> world_;
  const DeviceConfig config_;
  mutable std::mutex health_mutex_;

 private:
  void step() override {
    if (first_step_pending_) {
      first_step_pending_ = false;
      change(DeviceState::opening, "connecting", "");
    }
    always();
    bool lost = false;
    {
      const auto lock = lock_world();
      lost = model().lost(config_.id, config_.kind);
    }
    const auto now = clock_.now().mono_us;
    auto fault = own_fault();
    if (lost) fault = {{"no answer", "check power and cable, then press Test"}};
    const auto s = state();
    if (fault) {
      if (s != DeviceState::faulted) {
        if (lost) was_lost();
        change(DeviceState::faulted, fault->first, fault->second);
      }
      if (!lost) tick();  // a driver that found its own fault goes on looking for life
      return;
    }
    switch (s) {
      case DeviceState::opening:
        if (now - opened_us_ >= 100'000) change(DeviceState::ready, "ready", "");
        break;
      case DeviceState::faulted:
        opened_us_ = now;
        change(DeviceState::recovering, "connecting again", "");
        break;
      case DeviceState::recovering:
        if (now - opened_us_ >= 300'000) change(DeviceState::ready, "ready", "");
        break;
      case DeviceState::ready:
      case DeviceState::busy:
        tick();
        break;
      case DeviceState::closed:
        break;
    }
  }

  void set_health(DeviceState to, const std::string& summary, const std::string& remedy) {
    const std::lock_guard lock(health_mutex_);
    if (health_.state != to) health_.since = clock_.now();
    health_.state = to;
    health_.summary = summary;
    health_.remedy = remedy;
  }

  const std::string model_name_;
  std::mutex life_mutex_;     // open and close
  std::mutex deliver_mutex_;  // one handler at a time
  std::shared_ptr<Slot> slot_;
  typename Api::Handler on_message_;
  HealthHandler on_health_;
  Health health_;
  std::int64_t opened_us_ = 0;
  std::atomic<bool> first_step_pending_{false};
};

}  // namespace torugart::hal::sim
