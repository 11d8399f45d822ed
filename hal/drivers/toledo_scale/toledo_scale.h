// A weighbridge's indicator in Toledo continuous output, over a serial line or TCP.
//
// Settings: serial, baud (9600), framing (7E1 is the indicators' usual), or host and port (1701); checksum (true);
// unit ("kg"): what the indicator is set to; another unit is a fault, never converted silently.
#pragma once

#include "hal/registry/registry.h"

namespace torugart::hal::drivers::toledo {

void register_drivers(Registry& registry);  // "toledo_scale"

}  // namespace torugart::hal::drivers::toledo
