// What a truck is made of: cab, engine, frame, wheels, container walls, as solids in truck coordinates, and where its
// cargo goes. Dimensions are those of a common 4×2 tractor with a three-axle semi-trailer and of ISO 668 containers.
// Pure; reentrant.
#pragma once

#include <string>
#include <vector>

#include "hal/sim/scenario.h"

namespace torugart::hal::sim {

struct BodyBox {  // outside, truck coordinates
  double x0_mm = 0, length_mm = 0;
  double y0_mm = 0, height_mm = 0;
  double width_mm = 0;
};

inline constexpr double kCabLength = 2350;
inline constexpr double kFrontAxle = 1400;
inline constexpr double kDriveAxle = 5000;
inline constexpr double kWheelDiameter = 1010;

// Outer size of a container by its ISO 6346 size code ("22G1": 20 ft, 8 ft 6 in; "45G1": 40 ft, 9 ft 6 in).
BodyBox container_size(const std::string& size_type);

// The containers, or the one body of a curtain or box trailer, front to rear.
std::vector<BodyBox> bodies(const Truck& truck);
std::vector<CargoRoom> cargo_rooms(const Truck& truck);
std::vector<double> trailer_axles(const Truck& truck);

std::vector<Solid> truck_solids(const Truck& truck);  // without cargo
std::vector<Solid> all_solids(const Truck& truck);    // with cargo, everything in truck coordinates

double mass_kg(const Solid& solid);
double tare_kg(const Truck& truck);

}  // namespace torugart::hal::sim
