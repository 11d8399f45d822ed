// One scanner out of two devices: a detector that delivers lines and the output on which beam is asked for.
//
// The request goes to both. Lines of the last second of the warning are the dark lines; a line is dark until the
// controller reports beam. The scan ends when the first of the two says so, and the request is withdrawn with it; the
// one "ended" that comes out carries the detector's reason when the detector was first, and the dose that the
// controller metered. Health is that of the one that is worse off.
//
// Thread-safe, as every device.
#pragma once

#include <memory>

#include "hal/api/beam_request.h"

namespace torugart::hal {

std::unique_ptr<XrayScanner> pair_scanner(std::unique_ptr<XrayScanner> detector, std::unique_ptr<BeamRequest> beam);

}  // namespace torugart::hal
