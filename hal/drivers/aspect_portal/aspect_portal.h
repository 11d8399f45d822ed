// An Aspect radiation portal monitor on Modbus TCP. Delivers the lines of hal/api/portal_monitor.h.
//
// Settings: host, port (502), unit (1), table ("input", "holding"), first (0): where the block of 21 registers lies;
// high_word_first (true); occupied_bit (0): the bit of the inputs that is set while a vehicle is in the portal.
#pragma once

#include "hal/registry/registry.h"

namespace torugart::hal::drivers::aspect {

void register_drivers(Registry& registry);  // "aspect_portal"

}  // namespace torugart::hal::drivers::aspect
