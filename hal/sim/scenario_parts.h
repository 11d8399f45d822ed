// Steps that the scenario reader and the generator share. Internal to hal/sim.
#pragma once

#include "hal/sim/random.h"
#include "hal/sim/scenario.h"

namespace torugart::hal::sim {

void give_numbers(Truck& truck, Random& r);  // plates, containers, documents
void stow(Truck& truck, Random& r);          // adds the solids of truck.loads to truck.cargo
void fit_papers(Truck& truck, Random& r);    // declared weight and goods' weights that fit the cargo

}  // namespace torugart::hal::sim
