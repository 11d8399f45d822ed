#include "hal/sim/lane_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "hal/sim/random.h"
#include "hal/sim/truck_body.h"

namespace torugart::hal::sim {
namespace {

struct Span {
  double from, to;
};

Span loop_span(LoopPlace place) {
  switch (place) {
    case LoopPlace::arrival:
      return {-20'500, -1'000};
    case LoopPlace::scan_entry:
      return {1'500, 2'500};
    case LoopPlace::scan_exit:
      return {3'500, 4'500};
    case LoopPlace::departure:
      return {31'000, 34'000};
  }
  return {0, 0};
}

constexpr double kLaneSpeed = 2'300, kBackSpeed = 1'500, kAcceleration = 900;

}  // namespace

TruckTruth truth_of(const Truck& truck, int index) {
  TruckTruth t;
  t.index = index;
  t.direction = truck.direction;
  t.plate_front = truck.plate_front;
  t.plate_rear = truck.plate_rear;
  t.containers = truck.containers;
  t.documents = truck.documents;
  t.goods = truck.goods;
  t.declared_kg = truck.declared_kg;
  t.gross_kg = gross_weight_kg(truck);
  t.length_mm = truck_length_mm(truck);
  t.radiation = truck.radiation;
  const Vec3 origin = cargo_room(truck).origin_mm;
  for (const auto& s : truck.cargo) {
    if (!s.contraband) continue;
    HiddenObject h;
    h.name = s.name;
    h.material = s.material;
    h.at_mm = {s.at_mm.x + origin.x, s.at_mm.y + origin.y, s.at_mm.z + origin.z};
    h.size_mm = s.size_mm;
    if (s.shape == SolidShape::sphere) h.size_mm = {s.size_mm.x, s.size_mm.x, s.size_mm.x};
    if (s.shape == SolidShape::cylinder) {
      const double d = s.size_mm.x, l = s.size_mm.y;
      h.size_mm = {s.axis == Axis::x ? l : d, s.axis == Axis::y ? l : d, s.axis == Axis::z ? l : d};
    }
    h.along = h.at_mm.x / t.length_mm;
    t.contraband.push_back(h);
  }
  for (const auto& load : truck.loads)
    t.cargo.push_back(load.material.empty() ? load.pattern : fmt::format("{} of {}", load.pattern, load.material));
  return t;
}

LaneModel::LaneModel(const Scenario& scenario) : scenario_(scenario) {
  for (std::size_t i = 0; i < scenario_.trucks.size(); ++i)
    truth_.push_back(truth_of(scenario_.trucks[i], static_cast<int>(i)));
  barriers_[static_cast<std::size_t>(Barrier::entry)].up = true;
  for (const auto& f : scenario_.faults) {
    const auto from = static_cast<std::int64_t>(f.after_s * 1e6);
    faults_.push_back(
        {f, -1, from, from + std::max<std::int64_t>(20'000, static_cast<std::int64_t>(f.seconds * 1e6)), f.count});
  }
}

const Truck& LaneModel::truck_at(int index) {
  while (static_cast<int>(scenario_.trucks.size()) <= index) {
    const auto at = static_cast<int>(scenario_.trucks.size());
    scenario_.trucks.push_back(make_random_truck(scenario_.seed, at));
    truth_.push_back(truth_of(scenario_.trucks.back(), at));
  }
  return scenario_.trucks[static_cast<std::size_t>(index)];
}

void LaneModel::begin_faults(FaultFrom from, int truck) {
  for (auto& f : faults_) {
    if (f.truck != truck || f.fault.from != from || f.from_us >= 0) continue;
    f.from_us = now_us_ + static_cast<std::int64_t>(f.fault.after_s * 1e6);
    f.to_us = f.from_us + std::max<std::int64_t>(20'000, static_cast<std::int64_t>(f.fault.seconds * 1e6));
  }
}

void LaneModel::inject(const Fault& fault) {
  const auto from = now_us_ + static_cast<std::int64_t>(fault.after_s * 1e6);
  faults_.push_back({fault, -1, from,
                     from + std::max<std::int64_t>(20'000, static_cast<std::int64_t>(fault.seconds * 1e6)),
                     fault.count});
}

void LaneModel::arrivals(const TimeStamp& now) {
  if (!hold_ && (scenario_.endless || next_ < static_cast<int>(scenario_.trucks.size()))) {
    const Truck& truck = truck_at(next_);
    bool comes = false;
    if (truck.close_behind && !vehicles_.empty()) {
      const auto& last = vehicles_.back();
      comes = last.arrived_us >= 0 && last.rear_mm() > kAppears + 3'000;
    } else {
      comes = vehicles_.empty() && now_us_ - free_since_us_ >= static_cast<std::int64_t>(truck.delay_s * 1e6);
    }
    if (comes) {
      Vehicle v;
      v.index = next_++;
      v.truck = truck;
      v.length_mm = truck_length_mm(truck);
      v.gross_kg = gross_weight_kg(truck);
      v.speed_mm_s = kLaneSpeed;
      auto r = Random::of(scenario_.seed, 0x5BEED, static_cast<std::uint64_t>(v.index));
      v.phase1 = r.uniform(0, 2 * std::numbers::pi);
      v.phase2 = r.uniform(0, 2 * std::numbers::pi);
      for (const auto& f : truck.faults)
        faults_.push_back({f, v.index, -1, -1, f.count});
      vehicles_.push_back(std::move(v));
    }
  }
  const Span arrival = loop_span(LoopPlace::arrival);
  for (auto& v : vehicles_) {
    if (v.arrived_us >= 0 || !v.over(arrival.from, arrival.to)) continue;
    v.arrived_us = now_us_;
    truth_[static_cast<std::size_t>(v.index)].arrived = now;
    begin_faults(FaultFrom::arrival, v.index);
  }
  while (!vehicles_.empty() && vehicles_.front().rear_mm() > kLaneEnd) {
    truth_[static_cast<std::size_t>(vehicles_.front().index)].departed = now;
    vehicles_.pop_front();
    ++departed_;
    if (vehicles_.empty()) free_since_us_ = now_us_;
  }
}

// What the driver does next.
void LaneModel::decide(Vehicle& v) {
  const bool first = &v == &vehicles_.front();
  for (const auto& f : faults_)
    if (f.truck == v.index && f.fault.kind == FaultKind::leaves_without_release && f.from_us >= 0 &&
        now_us_ >= f.from_us)
      v.runs_off = true;
  const bool may_leave = v.runs_off || (v.allowed_us >= 0 && barrier(Barrier::exit) == BarrierState::up);
  const bool entry_open = v.runs_off || barrier(Barrier::entry) == BarrierState::up;
  switch (v.stage) {
    case TruckStage::identification:
      if (!first) break;
      if (beam_ == Beam::on && entry_open) {
        v.stage = TruckStage::to_beam;
        v.beam_us = now_us_;
      } else if (beam_ == Beam::off && may_leave && entry_open) {
        v.stage = TruckStage::to_beam;
        v.beam_us = -1;
      }
      break;
    case TruckStage::to_beam:
    case TruckStage::in_beam:
    case TruckStage::behind_beam:
      v.stage = v.front_mm <= kBeamAt    ? TruckStage::to_beam
                : v.rear_mm() <= kBeamAt ? TruckStage::in_beam
                                         : TruckStage::behind_beam;
      if (v.front_mm >= kExitStop - 5) v.stage = TruckStage::at_exit;
      break;
    case TruckStage::at_exit:
      if (may_leave && beam_ == Beam::off) v.stage = TruckStage::leaving;
      break;
    case TruckStage::backing_up:
      if (may_leave && beam_ == Beam::off) {
        v.stage = TruckStage::to_beam;
        v.beam_us = -1;
      }
      break;
    default:
      break;
  }
}

void LaneModel::move(Vehicle& v, const Vehicle* ahead, double dt_s) {
  double target = v.front_mm, top = kLaneSpeed;
  switch (v.stage) {
    case TruckStage::approaching:
      target = 0;
      break;
    case TruckStage::to_beam:
    case TruckStage::in_beam:
    case TruckStage::behind_beam: {
      target = kExitStop;
      if (v.beam_us >= 0 && !v.runs_off && v.stage != TruckStage::behind_beam) {
        const double t = static_cast<double>(now_us_ - v.beam_us) * 1e-6;
        top = v.truck.speed_mm_s *
              (1 + v.truck.speed_variation * (0.6 * std::sin(2 * std::numbers::pi * t / 7.3 + v.phase1) +
                                              0.4 * std::sin(2 * std::numbers::pi * t / 3.1 + v.phase2)));
      }
      break;
    }
    case TruckStage::leaving:
      target = 1e6;
      break;
    case TruckStage::backing_up:
      target = 0;
      break;
    default:
      break;
  }
  if (ahead != nullptr) target = std::min(target, ahead->rear_mm() - 1'500);
  if (v.stage == TruckStage::backing_up) {
    const double left = v.front_mm - target;
    const double want = -std::min(kBackSpeed, std::sqrt(2 * kAcceleration * std::max(0.0, left)));
    v.speed_mm_s = left < 5 ? 0 : std::max(want - 20, v.speed_mm_s - kAcceleration * dt_s);
    v.speed_mm_s = std::max(v.speed_mm_s, -kBackSpeed);
  } else {
    const double left = target - v.front_mm;
    const double want = std::min(top, std::sqrt(2 * kAcceleration * std::max(0.0, left)) + 15);
    v.speed_mm_s = left < 3 ? 0 : std::min(want, std::max(0.0, v.speed_mm_s) + kAcceleration * dt_s);
  }
  v.front_mm += v.speed_mm_s * dt_s;
  if (v.stage == TruckStage::approaching && target == 0 && v.front_mm > -20) v.stage = TruckStage::identification;
  if (v.stage == TruckStage::backing_up && v.front_mm < 20) v.stage = TruckStage::identification;
  if (v.speed_mm_s != 0) {
    v.standing_since_us = -1;
  } else if (v.standing_since_us < 0) {
    v.standing_since_us = now_us_;
  }
}

void LaneModel::step(std::int64_t dt_us, const TimeStamp& now) {
  now_us_ += dt_us;
  arrivals(now);
  const Vehicle* ahead = nullptr;
  for (auto& v : vehicles_) {
    decide(v);
    v.previous_front_mm = v.front_mm;
    move(v, ahead, static_cast<double>(dt_us) * 1e-6);
    ahead = &v;
  }
}

void LaneModel::set_barrier(Barrier which, bool up) {
  auto& drive = barriers_[static_cast<std::size_t>(which)];
  if (drive.up != up) {
    drive.up = up;
    drive.since_us = now_us_;
  }
  if (which == Barrier::exit && up && !vehicles_.empty() && vehicles_.front().arrived_us >= 0)
    vehicles_.front().allowed_us = now_us_;
}

void LaneModel::wave_through() {
  if (!vehicles_.empty()) vehicles_.front().runs_off = true;
}

Vehicle* LaneModel::scan_vehicle() {
  for (auto& v : vehicles_)
    if (v.arrived_us >= 0 && v.stage != TruckStage::leaving) return &v;
  return nullptr;
}

void LaneModel::call_back() {
  Vehicle* v = scan_vehicle();
  if (v == nullptr) return;
  if (v->stage == TruckStage::at_exit || v->stage == TruckStage::behind_beam || v->stage == TruckStage::in_beam ||
      v->stage == TruckStage::to_beam) {
    v->stage = TruckStage::backing_up;
    v->complete = false;
  }
}

void LaneModel::beam(Beam state, bool completed) {
  Vehicle* v = scan_vehicle();
  if (state == Beam::on && beam_ != Beam::on && v != nullptr) {
    auto& truth = truth_[static_cast<std::size_t>(v->index)];
    ++truth.scans;
    begin_faults(FaultFrom::beam_on, v->index);
  }
  if (state == Beam::off && beam_ == Beam::on && v != nullptr) {
    if (completed) {
      v->complete = true;
      truth_[static_cast<std::size_t>(v->index)].scanned = true;
    } else {
      call_back();
    }
  }
  beam_ = state;
}

LoopState LaneModel::loop(LoopPlace place) const {
  const Span s = loop_span(place);
  for (const auto& v : vehicles_)
    if (v.over(s.from, s.to)) return LoopState::occupied;
  return LoopState::free;
}

BarrierState LaneModel::barrier(Barrier which) const {
  const auto& drive = barriers_[static_cast<std::size_t>(which)];
  if (now_us_ - drive.since_us < barrier_us_) return BarrierState::moving;
  return drive.up ? BarrierState::up : BarrierState::down;
}

double LaneModel::bridge_kg() const {
  double kg = 0;
  for (const auto& v : vehicles_) {
    const double on = std::min(v.front_mm, kBridgeTo) - std::max(v.rear_mm(), kBridgeFrom);
    if (on > 0) kg += v.gross_kg * std::min(1.0, on / v.length_mm);
  }
  return kg;
}

bool LaneModel::bridge_moving() const {
  for (const auto& v : vehicles_)
    if (v.over(kBridgeFrom, kBridgeTo) && (v.standing_since_us < 0 || now_us_ - v.standing_since_us < 1'200'000))
      return true;
  return false;
}

bool LaneModel::active(FaultKind kind, const std::string& target) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const ActiveFault& f) {
    return f.fault.kind == kind && f.from_us >= 0 && now_us_ >= f.from_us && now_us_ < f.to_us &&
           (target.empty() || f.fault.target.empty() || f.fault.target == target);
  });
}

bool LaneModel::active_exactly(FaultKind kind, const std::string& target) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const ActiveFault& f) {
    return f.fault.kind == kind && f.from_us >= 0 && now_us_ >= f.from_us && now_us_ < f.to_us &&
           f.fault.target == target;
  });
}

bool LaneModel::chain_open() const {
  return active(FaultKind::interlock_open) || active(FaultKind::person_seen) || active(FaultKind::emergency_stop);
}

bool LaneModel::take_line_fault(FaultKind kind) {
  for (auto& f : faults_) {
    if (f.fault.kind != kind || f.from_us < 0 || now_us_ < f.from_us || f.left <= 0) continue;
    --f.left;
    return true;
  }
  return false;
}

bool LaneModel::lost(const std::string& id, DeviceKind kind) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const ActiveFault& f) {
    return f.fault.kind == FaultKind::device_lost && f.from_us >= 0 && now_us_ >= f.from_us && now_us_ < f.to_us &&
           (f.fault.target == id || f.fault.target == torugart::hal::to_string(kind));
  });
}

LaneStatus LaneModel::status() const {
  LaneStatus s;
  s.departed = departed_;
  s.arrived = departed_;
  for (const auto& v : vehicles_)
    if (v.arrived_us >= 0) ++s.arrived;
  if (vehicles_.empty()) return s;
  const auto& v = vehicles_.front();
  s.truck = v.index;
  s.stage = v.stage;
  s.front_mm = v.front_mm;
  s.speed_mm_s = v.speed_mm_s;
  return s;
}

bool LaneModel::finished() const {
  return !scenario_.endless && vehicles_.empty() && next_ >= static_cast<int>(scenario_.trucks.size());
}

}  // namespace torugart::hal::sim
