// The simulated lane that all simulated devices look at: one truck after the other comes, stops at the identification
// point, drives through the beam when it is on, waits at the exit barrier and leaves when that goes up.
//
//   auto clock = …; auto world = std::make_shared<sim::World>(scenario, clock);
//   sim::register_drivers(registry, world);          // driver name "sim" for every kind
//   auto lane = registry.make_lane(list, clock);     // the same clock
//   world->start();                                  // real time; or world->advance_us() with a ManualClock
//
// What moves a truck: README.md, "The truck's walk". In short: beam on → through the beam; set_barrier(exit, up)
// after it arrived → away. It goes around the scan when the exit barrier is raised without one. A scan that ended
// early makes it back up to the identification point.
//
// Thread-safe. Device handlers are called on the world's thread (cameras: on one of their own), never on the
// caller's. Outlives its devices through the shared_ptr that they hold; the clock must outlive the world.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hal/api/clock.h"
#include "hal/registry/registry.h"
#include "hal/sim/scenario.h"

namespace torugart::hal::sim {

// Something that the inspection ought to find, in the truck and in the picture.
struct HiddenObject {
  std::string name;
  std::string material;
  Vec3 at_mm;        // truck coordinates, centre
  Vec3 size_mm;      // bounding box
  double along = 0;  // centre / truck length, 0 … 1
  // In raw lines of the latest scan: ScanLine::index and detector index, inclusive; -1 before the scan reached it.
  std::int64_t first_line = -1, last_line = -1;
  int first_detector = -1, last_detector = -1;
};

struct TruckTruth {
  int index = 0;                     // 0 = first truck of the scenario
  std::optional<TimeStamp> arrived;  // arrival loop became occupied; empty = has not come yet
  std::optional<TimeStamp> departed;
  bool scanned = false;  // a scan ran to its end
  int scans = 0;         // scans begun
  std::string direction;
  Plate plate_front;                      // what the front camera sees
  Plate plate_rear;                       // what the rear camera sees
  std::vector<ContainerUnit> containers;  // what the side (and the rear) camera sees
  std::vector<Document> documents;
  std::vector<GoodsItem> goods;
  double declared_kg = 0;
  double gross_kg = 0;
  double length_mm = 0;
  std::vector<HiddenObject> contraband;
  Radiation radiation;
  std::vector<std::string> cargo;  // "24 pallets of cellulose" …, front to rear, for people
};

enum class TruckStage {
  none,
  approaching,
  identification,
  to_beam,
  in_beam,
  behind_beam,
  at_exit,
  leaving,
  backing_up
};

struct LaneStatus {
  int truck = -1;  // index of the truck nearest the exit, -1 = lane empty
  TruckStage stage = TruckStage::none;
  double front_mm = 0;  // its front bumper; 0 = identification point, growing in the direction of travel
  double speed_mm_s = 0;
  int arrived = 0;   // trucks that have come
  int departed = 0;  // trucks that have gone
};

class World {
 public:
  World(Scenario scenario, const Clock& clock);  // real time, see start()
  World(Scenario scenario, ManualClock& clock);  // time moves in advance_us() only
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Real time only: the lane runs on a thread of its own until stop() or the destructor. start() again goes on.
  void start();
  void stop();

  // Manual only: moves the clock and the lane on in steps of 10 ms and returns when every device has delivered what
  // was due, camera frames included. Not from a handler.
  void advance_us(std::int64_t us);
  // Advances until `done(status)` or at most `limit_us`; true when done.
  bool advance_until(bool (*done)(const LaneStatus&), std::int64_t limit_us);

  const Scenario& scenario() const;
  LaneStatus status() const;
  // Every truck of the scenario (and, in an endless one, every truck that has come).
  std::vector<TruckTruth> truth() const;
  std::optional<TruckTruth> truth(int truck) const;
  // Every listed truck has left. Never true for an endless scenario.
  bool finished() const;

  // Somebody waves the truck through by hand: as set_barrier(exit, up), but works with every device dead.
  void wave_through();
  // Holds the next truck back (or lets it come): a demo that is still writing its report.
  void hold_arrivals(bool hold);
  // A fault now, `after_s` counted from now; as scripted ones otherwise.
  void inject(const Fault& fault);

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Adds driver "sim" for every kind of device. Settings that the drivers take (all optional but position):
//   camera         position = front|rear|side, fps = 1…25 (6), width, height (1280 × 720), silent_ms (3000)
//   xray_scanner   warning_ms (5000), detectors (640), line_rate (400), timeout_ms (45000)
//   safety_chain   contacts = "Door 1:door, E-stop cabin:emergency_stop, …" (a usual set)
//   lane_signals   moving_ms (1500)
//   others         none
void register_drivers(Registry& registry, std::shared_ptr<World> world);

// The usual lane: one device of each kind, cameras front, rear and side, all "sim"; ids are "front", "rear", "side",
// "xray", "safety", "portal", "weighbridge", "signals", "codes".
std::vector<DeviceConfig> usual_lane();

const char* to_string(TruckStage stage);

}  // namespace torugart::hal::sim
