#include "hal/api/weighbridge.h"

namespace torugart::hal {

const char* to_string(WeightStatus status) {
  switch (status) {
    case WeightStatus::stable:
      return "stable";
    case WeightStatus::motion:
      return "motion";
    case WeightStatus::overload:
      return "overload";
    case WeightStatus::underload:
      return "underload";
  }
  return "unknown";
}

}  // namespace torugart::hal
