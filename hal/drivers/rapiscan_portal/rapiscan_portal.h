// A radiation portal monitor that speaks the TSA/Rapiscan line protocol over TCP (or a serial line). README.md has the
// lines and what each does to the device's health.
//
// Settings: host and port (1001), or serial, baud, framing; silent_s (15).
#pragma once

#include "hal/registry/registry.h"

namespace torugart::hal::drivers::rapiscan {

void register_drivers(Registry& registry);  // "rapiscan_portal"

}  // namespace torugart::hal::drivers::rapiscan
