// A truck from three sides, flat, as paint and sheet metal: the pictures that lane_view.h then puts into perspective.
// Deterministic by the truck and the seed. Reentrant.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

#include "hal/sim/scenario.h"

namespace torugart::hal::sim {

// BGRA; alpha 0 where there is no truck. Scale in pixels per millimetre. The bottom edge is the ground.
inline constexpr double kEndScale = 0.5;  // front and rear: 2800 × 4200 mm, middle of the truck in the middle
inline constexpr double kSideScale =
    0.22;  // side: truck length + 400 mm; the front bumper 200 mm from the right edge

cv::Mat front_picture(const Truck& truck, std::uint64_t seed);
cv::Mat rear_picture(const Truck& truck, std::uint64_t seed);
cv::Mat side_picture(const Truck& truck, std::uint64_t seed);

}  // namespace torugart::hal::sim
