#include "hal/sim/world.h"

#include <algorithm>
#include <chrono>

#include "hal/sim/world_impl.h"

namespace torugart::hal::sim {

std::shared_ptr<Slot> World::Impl::attach(Stepped* device) {
  auto slot = std::make_shared<Slot>();
  slot->device = device;
  const std::lock_guard lock(slots_mutex);
  std::erase_if(slots, [](const auto& s) { return s.use_count() == 1; });
  slots.push_back(slot);
  return slot;
}

void World::Impl::detach(Slot& slot) {
  const std::lock_guard lock(slot.running);
  slot.device = nullptr;
}

void World::Impl::one_step() {
  if (manual != nullptr) manual->advance_us(kStepUs);
  {
    const std::lock_guard lock(mutex);
    model.step(kStepUs, clock.now());
  }
  std::vector<std::shared_ptr<Slot>> now;
  {
    const std::lock_guard lock(slots_mutex);
    now = slots;
  }
  for (const auto& slot : now) {
    const std::lock_guard lock(slot->running);
    if (slot->device != nullptr) slot->device->step();
  }
}

void World::Impl::run_manual(const std::stop_token& stop) {
  std::unique_lock lock(time_mutex);
  while (time_changed.wait(lock, stop, [this] { return done_steps < wanted_steps; })) {
    lock.unlock();
    one_step();
    lock.lock();
    ++done_steps;
    if (done_steps == wanted_steps) time_changed.notify_all();
  }
}

void World::Impl::run_real(const std::stop_token& stop) {
  std::int64_t due = clock.now().mono_us + kStepUs;
  while (!stop.stop_requested()) {
    const std::int64_t late = clock.now().mono_us - due;
    if (late < 0) {
      std::this_thread::sleep_for(std::chrono::microseconds(std::min<std::int64_t>(-late, kStepUs)));
      continue;
    }
    one_step();
    // A machine that slept or was overloaded: the lane stood still meanwhile, it does not race to catch up.
    due = late > 500'000 ? clock.now().mono_us + kStepUs : due + kStepUs;
  }
}

World::World(Scenario scenario, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(scenario), clock, nullptr)) {}

World::World(Scenario scenario, ManualClock& clock)
    : impl_(std::make_unique<Impl>(std::move(scenario), clock, &clock)) {
  impl_->thread = std::jthread([this](const std::stop_token& stop) { impl_->run_manual(stop); });
}

World::~World() {
  const std::lock_guard lock(impl_->thread_mutex);
  if (impl_->thread.joinable()) {
    impl_->thread.request_stop();
    impl_->thread.join();
  }
}

void World::start() {
  const std::lock_guard lock(impl_->thread_mutex);
  if (impl_->manual != nullptr || impl_->thread.joinable()) return;
  impl_->thread = std::jthread([this](const std::stop_token& stop) { impl_->run_real(stop); });
}

void World::stop() {
  const std::lock_guard lock(impl_->thread_mutex);
  if (impl_->manual != nullptr || !impl_->thread.joinable()) return;
  impl_->thread.request_stop();
  impl_->thread.join();
  impl_->thread = {};
}

void World::advance_us(std::int64_t us) {
  if (impl_->manual == nullptr) return;
  std::unique_lock lock(impl_->time_mutex);
  impl_->left_over_us += us;
  impl_->wanted_steps += impl_->left_over_us / kStepUs;
  impl_->left_over_us %= kStepUs;
  impl_->time_changed.notify_all();
  impl_->time_changed.wait(lock, [this] { return impl_->done_steps >= impl_->wanted_steps; });
}

bool World::advance_until(bool (*done)(const LaneStatus&), std::int64_t limit_us) {
  for (std::int64_t us = 0; us < limit_us; us += 50'000) {
    if (done(status())) return true;
    advance_us(50'000);
  }
  return done(status());
}

const Scenario& World::scenario() const {
  return impl_->scenario;
}

LaneStatus World::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->model.status();
}

std::vector<TruckTruth> World::truth() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->model.truth();
}

std::optional<TruckTruth> World::truth(int truck) const {
  const std::lock_guard lock(impl_->mutex);
  const auto& all = impl_->model.truth();
  if (truck < 0 || static_cast<std::size_t>(truck) >= all.size()) return std::nullopt;
  return all[static_cast<std::size_t>(truck)];
}

bool World::finished() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->model.finished();
}

void World::wave_through() {
  const std::lock_guard lock(impl_->mutex);
  impl_->model.wave_through();
}

void World::hold_arrivals(bool hold) {
  const std::lock_guard lock(impl_->mutex);
  impl_->model.hold_arrivals(hold);
}

void World::inject(const Fault& fault) {
  const std::lock_guard lock(impl_->mutex);
  impl_->model.inject(fault);
}

const char* to_string(TruckStage stage) {
  switch (stage) {
    case TruckStage::none:
      return "none";
    case TruckStage::approaching:
      return "approaching";
    case TruckStage::identification:
      return "identification";
    case TruckStage::to_beam:
      return "to_beam";
    case TruckStage::in_beam:
      return "in_beam";
    case TruckStage::behind_beam:
      return "behind_beam";
    case TruckStage::at_exit:
      return "at_exit";
    case TruckStage::leaving:
      return "leaving";
    case TruckStage::backing_up:
      return "backing_up";
  }
  return "?";
}

std::vector<DeviceConfig> usual_lane() {
  const auto device = [](const char* id, DeviceKind kind) {
    return DeviceConfig{id, kind, "sim", {}, "the usual simulated lane"};
  };
  std::vector<DeviceConfig> out;
  for (const char* position : {"front", "rear", "side"}) {
    out.push_back(device(position, DeviceKind::camera));
    out.back().settings["position"] = position;
  }
  out.push_back(device("xray", DeviceKind::xray_scanner));
  out.push_back(device("safety", DeviceKind::safety_chain));
  out.push_back(device("portal", DeviceKind::portal_monitor));
  out.push_back(device("weighbridge", DeviceKind::weighbridge));
  out.push_back(device("signals", DeviceKind::lane_signals));
  out.push_back(device("codes", DeviceKind::code_reader));
  return out;
}

}  // namespace torugart::hal::sim
