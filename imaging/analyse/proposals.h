// Internal to imaging/analyse: what stands out in shape or place, not only in density.
#pragma once

#include <vector>

#include "imaging/analyse/analyse.h"
#include "imaging/core/raster.h"

namespace torugart::imaging::detail {

// Stretches of the container's roof and floor that attenuate more than the rest of it. `alpha` and `container` at a
// pyramid level; boxes in image pixels.
void propose_in_structure(const Raster<float>& alpha, const Rect& container, int level, const Rect& bounds,
                          std::vector<Proposal>& out);

// Organic regions of a person's size (sitting, standing or lying) and thickness. `part` and `pixel_mm` at the level.
void propose_persons(const ScanView& view, const MaterialTable& table, int level, const Rect& part, double pixel_mm,
                     std::vector<Proposal>& out);

}  // namespace torugart::imaging::detail
