// The lane as a thing that moves: vehicles, loops, barriers, faults. It knows nothing of devices or threads; World
// steps it and the devices read it under World's mutex. Thread-bound. Deterministic: fixed steps, seeded.
//
// Lane coordinates, mm, along the direction of travel; a vehicle's place is that of its front bumper.
//
//   −26000 appears   −20500…−1000 arrival loop   −20000…0 weighbridge   −19000 portal monitor
//   0 identification point   1500…2500 scan entry loop   3000 beam   3500…4500 scan exit loop
//   30000 exit barrier (stops 1 m before)   31000…34000 departure loop
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "hal/api/lane_signals.h"
#include "hal/sim/scenario.h"
#include "hal/sim/world.h"

namespace torugart::hal::sim {

inline constexpr double kAppears = -26'000, kPortalAt = -19'000, kBeamAt = 3'000, kExitStop = 29'000;
inline constexpr double kBridgeFrom = -20'000, kBridgeTo = 100, kLaneEnd = 36'000;

enum class Beam { off, warning, on };

struct Vehicle {
  int index = 0;  // into truth
  Truck truck;
  double length_mm = 0, gross_kg = 0;
  double front_mm = kAppears, previous_front_mm = kAppears, speed_mm_s = 0;
  TruckStage stage = TruckStage::approaching;
  std::int64_t arrived_us = -1, standing_since_us = -1, beam_us = 0;
  std::int64_t allowed_us = -1;  // when the exit was opened for it
  bool runs_off = false;
  bool complete = false;  // scanned to the end
  double phase1 = 0, phase2 = 0;

  double rear_mm() const { return front_mm - length_mm; }
  bool over(double from, double to) const { return front_mm > from && rear_mm() < to; }
};

class LaneModel {
 public:
  explicit LaneModel(const Scenario& scenario);

  void step(std::int64_t dt_us, const TimeStamp& now);
  std::int64_t now_us() const { return now_us_; }  // since the start

  // Commands.
  void set_barrier(Barrier barrier, bool up);
  void set_light(Barrier at, Light light) { lights_[static_cast<std::size_t>(at)] = light; }
  void wave_through();
  void hold_arrivals(bool hold) { hold_ = hold; }
  void inject(const Fault& fault);

  // The scanner's word. `completed`: the vehicle in question has passed the beam wholly.
  void beam(Beam beam, bool completed);
  // The vehicle that the next scan is about; null when there is none.
  Vehicle* scan_vehicle();
  // Sends a vehicle that is already past the identification point back to it.
  void call_back();

  // What devices see.
  const std::deque<Vehicle>& vehicles() const { return vehicles_; }  // nearest the exit first
  LoopState loop(LoopPlace place) const;
  BarrierState barrier(Barrier barrier) const;
  Light light(Barrier at) const { return lights_[static_cast<std::size_t>(at)]; }
  void set_barrier_time(std::int64_t us) { barrier_us_ = us; }
  double bridge_kg() const;
  bool bridge_moving() const;
  Beam beam_state() const { return beam_; }
  bool active(FaultKind kind, const std::string& target = "") const;
  bool active_exactly(FaultKind kind, const std::string& target) const;  // the target as written, "" = none
  bool chain_open() const;
  bool take_line_fault(FaultKind kind);
  bool lost(const std::string& id, DeviceKind kind) const;

  LaneStatus status() const;
  std::vector<TruckTruth>& truth() { return truth_; }
  const std::vector<TruckTruth>& truth() const { return truth_; }
  bool finished() const;
  const Scenario& scenario() const { return scenario_; }

 private:
  struct ActiveFault {
    Fault fault;
    int truck = -1;
    std::int64_t from_us = -1, to_us = -1;  // -1: its moment has not come
    int left = 0;
  };
  struct BarrierDrive {
    bool up = false;
    std::int64_t since_us = -1'000'000'000;
  };

  const Truck& truck_at(int index);
  void arrivals(const TimeStamp& now);
  void move(Vehicle& v, const Vehicle* ahead, double dt_s);
  void decide(Vehicle& v);
  void begin_faults(FaultFrom from, int truck);

  Scenario scenario_;
  std::vector<TruckTruth> truth_;
  std::deque<Vehicle> vehicles_;
  std::vector<ActiveFault> faults_;
  std::array<BarrierDrive, 2> barriers_;
  std::array<Light, 2> lights_{Light::off, Light::off};
  std::int64_t now_us_ = 0, free_since_us_ = 0, barrier_us_ = 1'500'000;
  int next_ = 0;
  int departed_ = 0;
  bool hold_ = false;
  Beam beam_ = Beam::off;
};

TruckTruth truth_of(const Truck& truck, int index);

}  // namespace torugart::hal::sim
