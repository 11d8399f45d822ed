// What the conformance suite runs on. A driver that wants to be judged adds a Subject in a .cpp of its own:
//
//   static const conformance::Register kReplay{{"replay", make_replay_bench, {DeviceKind::camera, …}}};
//
// and is added to SOURCES in CMakeLists.txt. Every test of a kind then runs on every subject that has that kind.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hal/api/clock.h"
#include "hal/registry/registry.h"

namespace torugart::hal::conformance {

// A lane on a table: devices, the clock that stamps their messages, and a way to make something happen in front of
// them.
class Bench {
 public:
  virtual ~Bench() = default;
  virtual LaneDevices& lane() = 0;
  virtual const Clock& clock() const = 0;
  // Lets `us` of lane time pass: a truck comes, passes the beam when it is on, leaves when the exit barrier goes up.
  // Returns when everything that was due then has been delivered. A subject in real time sleeps.
  virtual void pass_us(std::int64_t us) = 0;
  // How much lane time the first truck's walk takes at most; the suite waits no longer for anything.
  virtual std::int64_t patience_us() const { return 60'000'000; }

  // Things that a subject may be able to make happen; false = cannot, and the test is skipped.
  virtual bool tear_lines() { return false; }      // the next scan has torn lines
  virtual bool lose_lines() { return false; }      // the next scan has a gap
  virtual bool tear_frames() { return false; }     // front camera frames arrive damaged from now on
  virtual bool silence_camera() { return false; }  // front camera falls silent for 6 s
  virtual bool open_chain() { return false; }      // a contact of the chain opens for 2 s
  virtual bool lose_device(const std::string& /*id*/) { return false; }  // for 2 s
};

struct Subject {
  std::string name;
  std::function<std::unique_ptr<Bench>()> make;  // a fresh one for every test
  std::set<DeviceKind> kinds;                    // what its lane has
};

std::vector<Subject>& subjects();

struct Register {
  explicit Register(Subject subject) { subjects().push_back(std::move(subject)); }
};

}  // namespace torugart::hal::conformance
