// Loads as people stow them: pallets of cartons, barrels, sacks, pipes, machines … as solids in cargo coordinates.
// Pure apart from the Random it is given; reentrant.
#pragma once

#include <string>
#include <vector>

#include "hal/sim/random.h"
#include "hal/sim/scenario.h"

namespace torugart::hal::sim {

const std::vector<std::string>& load_patterns();
// Empty for an unknown pattern ("empty" is a known one).
std::vector<Solid> make_load(const LoadOrder& order, Vec3 room_mm, Random& random);

}  // namespace torugart::hal::sim
