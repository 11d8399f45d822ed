// driver = "gige_detector": an x-ray line detector that speaks GigE Vision, through Aravis. It delivers lines and asks
// nobody for beam: with a beam_request in the lane's list the registry makes one scanner of the two. README.md.
#pragma once

#include "hal/registry/registry.h"

namespace torugart::hal::gige_detector {

void register_driver(Registry& registry);

}  // namespace torugart::hal::gige_detector
