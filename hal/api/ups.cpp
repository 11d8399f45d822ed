#include "hal/api/ups.h"

namespace torugart::hal {

const char* to_string(PowerSource source) {
  switch (source) {
    case PowerSource::mains:
      return "mains";
    case PowerSource::battery:
      return "battery";
    case PowerSource::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace torugart::hal
