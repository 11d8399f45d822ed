// Arrival, departure, barrier and lights. Signals are commanded on the device worker: a driver that waits for its
// answer must not hold up the beam lease.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "kiosk/lane/core.h"

namespace torugart::lane {

bool Core::works_by_hand() const {
  if (!parts_.devices.signals) return true;
  const auto state = state_of(parts_.devices.signals.get());
  return barrier_refused_ || (state != hal::DeviceState::ready && state != hal::DeviceState::busy);
}

bool Core::has_loops() const {
  const auto it = loops_.find(hal::LoopPlace::arrival);
  return it != loops_.end() && it->second != hal::LoopState::unknown;
}

void Core::on_signal(const hal::SignalMessage& message) {
  if (const auto* loop = std::get_if<hal::LoopChange>(&message)) {
    on_loop(*loop);
    return;
  }
  const auto& barrier = std::get<hal::BarrierChange>(message);
  (barrier.barrier == hal::Barrier::entry ? entry_barrier_ : exit_barrier_) = barrier.state;
  changed();
}

void Core::on_loop(const hal::LoopChange& change) {
  const auto it = loops_.find(change.loop);
  const auto before = it == loops_.end() ? hal::LoopState::unknown : it->second;
  loops_[change.loop] = change.state;
  if (before == change.state) return;
  const auto who = by_device(parts_.devices.signals->info().id);
  const bool occupied = change.state == hal::LoopState::occupied;
  switch (change.loop) {
    case hal::LoopPlace::arrival: {
      if (change.state == hal::LoopState::free) arrival_free_since_mono_us_ = change.at.mono_us;
      if (!occupied) break;
      // After a start or a lost line: the vehicle that is known already stands there.
      if (before == hal::LoopState::unknown && !visits_.empty()) break;
      // The gap between tractor and trailer.
      if (before == hal::LoopState::free && !visits_.empty() && !visits_.back().moved_on &&
          arrival_free_since_mono_us_ != 0 &&
          change.at.mono_us - arrival_free_since_mono_us_ < config_.limits.arrival_gap_us) {
        break;
      }
      arrive(inspection::ArrivedBy::loop, config_.direction, who);
      break;
    }
    case hal::LoopPlace::scan_entry:
      if (occupied && focus() != nullptr) focus()->moved_on = true;
      break;
    case hal::LoopPlace::scan_exit:
      break;
    case hal::LoopPlace::departure:
      if (before == hal::LoopState::occupied && change.state == hal::LoopState::free) depart();
      break;
  }
}

std::string Core::new_crossing_id() {
  const auto seconds = static_cast<std::time_t>(clock_.now().wall_us / 1'000'000);
  return fmt::format("{}-{:%Y%m%dT%H%M%S}-{:04}", config_.lane_id, fmt::gmtime(seconds), next_number_++);
}

void Core::arrive(inspection::ArrivedBy by, inspection::Direction direction, const Who& who, std::uint64_t ticket,
                  std::uint64_t vehicle) {
  const bool follows = !visits_.empty();
  Visit v;
  v.vehicle = vehicle != 0 ? vehicle : next_vehicle_++;
  v.id = new_crossing_id();
  visits_.push_back(std::move(v));
  record(visits_.back().id, {inspection::Arrived{direction, by, follows}}, who, ticket);
  ascribe_occupancy();
  show_lights();
  changed(true);
}

// The vehicle that leaves is the one in focus: nobody overtakes in a lane.
void Core::depart() {
  auto* v = focus();
  if (v == nullptr) return;
  const auto id = v->id;
  record(id, inspection::Departed{!v->fold.released && !v->fold.detained, false},
         by_device(parts_.devices.signals->info().id));
  close_visits();
  lower_exit_barrier();
  changed(true);
}

void Core::let_out(const std::string& crossing, std::uint64_t ticket) {
  timers_.clear("barrier");
  auto* signals = parts_.devices.signals.get();
  const auto answer = [this, crossing, ticket](const hal::Result<void>& light, const hal::Result<void>& up) {
    barrier_refused_ = !up;
    if (ticket != 0 && (!up || !light)) outcome(ticket).detail = !up ? up.error().what : light.error().what;
    changed(true);
  };
  if (signals == nullptr) return;
  device_worker_.post([this, signals, answer] {
    const auto light = signals->set_light(hal::Barrier::exit, hal::Light::green);
    const auto up = signals->set_barrier(hal::Barrier::exit, true);
    inbox_.post([answer, light, up] { answer(light, up); });
  });
}

// Down only when its loop is free; the driver refuses otherwise, and it is tried again.
void Core::lower_exit_barrier() {
  auto* signals = parts_.devices.signals.get();
  if (signals == nullptr || (focus() != nullptr && focus()->fold.released)) return;
  const auto it = loops_.find(hal::LoopPlace::departure);
  const auto again = [this] {
    timers_.set("barrier", clock_.now().mono_us + config_.limits.barrier_retry_us, [this] { lower_exit_barrier(); });
  };
  if (it == loops_.end() || it->second != hal::LoopState::free) {
    again();
    return;
  }
  device_worker_.post([this, signals, again] {
    const auto down = signals->set_barrier(hal::Barrier::exit, false);
    inbox_.post([this, down, again] {
      if (!down && (focus() == nullptr || !focus()->fold.released)) again();
    });
  });
}

// Exit: green only for a released vehicle. Entry: red while a vehicle is in the lane.
void Core::show_lights() {
  auto* signals = parts_.devices.signals.get();
  if (signals == nullptr || state_of(signals) != hal::DeviceState::ready) return;
  const bool out = focus() != nullptr && focus()->fold.released;
  const bool in = visits_.empty();
  device_worker_.post([signals, out, in] {
    // A lamp that cannot be switched shows in the device's health; there is nothing else to do about it here.
    (void)signals->set_light(hal::Barrier::exit, out ? hal::Light::green : hal::Light::red);
    (void)signals->set_light(hal::Barrier::entry, in ? hal::Light::green : hal::Light::red);
  });
}

}  // namespace torugart::lane
