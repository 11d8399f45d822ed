// Two drawn pictures in one, for comparing by eye: what differs between now and before stands out in colour over a pale grey of
// both. Orange where now is darker (more is in the beam), blue where it is brighter; the more, the stronger. Both pictures must
// be of one size, drawn with the grey palette, one window and one tone, and without inversion: then a difference is one of
// attenuation and not of display. Background of either stays background. Reentrant.
#pragma once

#include "imaging/core/error.h"
#include "imaging/core/raster.h"

namespace torugart::imaging {

inline constexpr int kSameLevels = 10;  // grey levels that noise makes; less shows no colour

// Fails when the sizes differ.
[[nodiscard]] Result<void> difference_of(const RasterRgba& now, const RasterRgba& before, RasterRgba& out);

}  // namespace torugart::imaging
