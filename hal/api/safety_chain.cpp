#include "hal/api/safety_chain.h"

namespace torugart::hal {

const char* to_string(ContactKind kind) {
  switch (kind) {
    case ContactKind::door:
      return "door";
    case ContactKind::light_barrier:
      return "light_barrier";
    case ContactKind::emergency_stop:
      return "emergency_stop";
    case ContactKind::key:
      return "key";
    case ContactKind::person_detector:
      return "person_detector";
    case ContactKind::beam_permit:
      return "beam_permit";
  }
  return "unknown";
}

const char* to_string(ContactState state) {
  switch (state) {
    case ContactState::closed:
      return "closed";
    case ContactState::open:
      return "open";
    case ContactState::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace torugart::hal
