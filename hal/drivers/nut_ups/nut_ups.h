// A UPS behind Network UPS Tools (upsd), which speaks to some hundred makes of supplies.
//
// Settings: host ("127.0.0.1"), port (3493), ups (its name there: upsc -l), shutdown_minutes (5).
#pragma once

#include "hal/registry/registry.h"

namespace torugart::hal::drivers::nut {

void register_drivers(Registry& registry);  // "nut_ups"

}  // namespace torugart::hal::drivers::nut
