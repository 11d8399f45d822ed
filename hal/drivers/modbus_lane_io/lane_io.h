// A lane controller (PLC) on Modbus TCP as three devices: `safety_chain` (read only), `lane_signals` and, with [beam] in
// its register map, `beam_request`. Devices that name the same address and map share one connection.
//
// Settings, the same for all three: host, port (502), map (the register map's file, beside lane.toml);
// longest_beam_s (300) of a beam_request.
#pragma once

#include "hal/registry/registry.h"

namespace torugart::hal::drivers::lane_io {

void register_drivers(Registry& registry);  // "modbus_lane_io"

}  // namespace torugart::hal::drivers::lane_io
