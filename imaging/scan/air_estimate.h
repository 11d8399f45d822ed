// Internal to imaging/scan: dark and air guessed from a picture of raw counts, for scans that come without
// calibration.
//
//   1. Detectors that read nothing at all, one value only, or mostly full scale are dead.
//   2. Columns in which nearly every detector is near its own brightest reading are open beam. With 32 or more of
//   them, each
//      detector's air is its mean there.
//   3. Else the picture is taken as already even from detector to detector, and air is its 99.5th percentile.
//   Dark is zero: nothing in a picture tells it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "imaging/scan/calibration.h"

namespace torugart::imaging::detail {

// Gives column `x` of one energy, one count per detector; empty when the line is missing.
using ColumnSource = std::function<std::span<const std::uint16_t>(Energy energy, int x)>;

struct AirEstimate {
  Calibration calibration;
  std::string how;  // for the screen
};
[[nodiscard]] AirEstimate estimate_air(int detectors, int columns, bool dual, std::uint16_t full_scale,
                                       const ColumnSource& column);

}  // namespace torugart::imaging::detail
