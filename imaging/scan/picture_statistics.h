// Internal to imaging/scan: what the finished picture says about itself.
#pragma once

#include "imaging/core/scan_image.h"

namespace torugart::imaging::detail {

// Fills no_signal_percent, over_range_percent, missing_columns and, where the picture shows enough open beam,
// air_noise_*.
void measure(const ScanView& view, ScanStatistics& statistics);

}  // namespace torugart::imaging::detail
