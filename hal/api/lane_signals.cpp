#include "hal/api/lane_signals.h"

namespace torugart::hal {

const char* to_string(LoopPlace place) {
  switch (place) {
    case LoopPlace::arrival:
      return "arrival";
    case LoopPlace::scan_entry:
      return "scan_entry";
    case LoopPlace::scan_exit:
      return "scan_exit";
    case LoopPlace::departure:
      return "departure";
  }
  return "unknown";
}

const char* to_string(LoopState state) {
  switch (state) {
    case LoopState::free:
      return "free";
    case LoopState::occupied:
      return "occupied";
    case LoopState::unknown:
      return "unknown";
  }
  return "unknown";
}

const char* to_string(Barrier barrier) {
  return barrier == Barrier::entry ? "entry" : "exit";
}

const char* to_string(BarrierState state) {
  switch (state) {
    case BarrierState::down:
      return "down";
    case BarrierState::up:
      return "up";
    case BarrierState::moving:
      return "moving";
    case BarrierState::unknown:
      return "unknown";
  }
  return "unknown";
}

const char* to_string(Light light) {
  switch (light) {
    case Light::off:
      return "off";
    case Light::red:
      return "red";
    case Light::amber:
      return "amber";
    case Light::green:
      return "green";
  }
  return "unknown";
}

}  // namespace torugart::hal
