// Barriers, lights and induction loops of the lane. Loops are inputs, barriers and lights are outputs whose state is
// read back.
//
// A barrier is never commanded down while its loop is occupied, unknown or stale (older than 500 ms): set_barrier()
// answers refused.
#pragma once

#include <string>
#include <variant>

#include "hal/api/device.h"

namespace torugart::hal {

// Where a loop lies, in the direction of travel.
enum class LoopPlace {
  arrival,     // in front of the entry barrier: a vehicle has come
  scan_entry,  // just before the beam
  scan_exit,   // just behind the beam
  departure,   // behind the exit barrier: the vehicle has left the lane
};
enum class LoopState { free, occupied, unknown };

enum class Barrier { entry, exit };
enum class BarrierState { down, up, moving, unknown };
enum class Light { off, red, amber, green };

struct LoopChange {
  LoopPlace loop = LoopPlace::arrival;
  LoopState state = LoopState::unknown;
  TimeStamp at;
};
struct BarrierChange {
  Barrier barrier = Barrier::entry;
  BarrierState state = BarrierState::unknown;
  TimeStamp at;
};
using SignalMessage = std::variant<LoopChange, BarrierChange>;

class LaneSignals : public DeviceOf<SignalMessage> {
 public:
  virtual Result<void> set_barrier(Barrier barrier, bool up) = 0;
  virtual Result<void> set_light(Barrier at, Light light) = 0;
};

const char* to_string(LoopPlace place);
const char* to_string(LoopState state);
const char* to_string(Barrier barrier);
const char* to_string(BarrierState state);
const char* to_string(Light light);

}  // namespace torugart::hal
