// Number plates as their countries make them. Reentrant.
#pragma once

#include <opencv2/core/mat.hpp>

#include "hal/sim/scenario.h"

namespace torugart::hal::sim {

inline constexpr double kPlateScale = 2;  // pixels per millimetre
// BGR, 520 × 112 mm at kPlateScale.
cv::Mat plate_picture(const Plate& plate);

}  // namespace torugart::hal::sim
