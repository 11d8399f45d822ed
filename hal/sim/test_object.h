// The test object of the daily image-quality check, as the simulated scanner sees it: imaging/analyse/README.md has the
// table by which it is built, the demo (tests/e2e) fails where they differ. Pure; reentrant.
#pragma once

#include <vector>

#include "hal/sim/scenario.h"

namespace torugart::hal::sim {

inline constexpr double kTestObjectLength = 3600;  // mm along the travel

// In truck coordinates: x from the object's leading edge, y from the ground, z from the lane's middle plane, in which
// it hangs, half a metre over the ground.
std::vector<Solid> test_object_solids();

}  // namespace torugart::hal::sim
