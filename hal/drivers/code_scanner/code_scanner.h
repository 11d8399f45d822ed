// driver = "code_scanner": hand scanners on a serial line or as a USB keyboard (evdev). README.md has the settings.
#pragma once

#include "hal/registry/registry.h"

namespace torugart::hal::code_scanner {

void register_driver(Registry& registry);

}  // namespace torugart::hal::code_scanner
