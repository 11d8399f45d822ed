// Internal to imaging/analyse: connected regions of a mask.
#pragma once

#include <cstdint>
#include <vector>

#include "imaging/core/geometry.h"
#include "imaging/core/raster.h"

namespace torugart::imaging::detail {

struct Region {
  Rect box;
  std::int64_t pixels = 0;
  double sum = 0;  // of `values` over its pixels
};

// Regions of non-zero mask pixels that touch at a side, of at least `fewest` pixels, largest first. The mask is used
// up.
[[nodiscard]] std::vector<Region> connected_regions(Raster<std::uint8_t>& mask, const Raster<float>& values,
                                                    std::int64_t fewest);

}  // namespace torugart::imaging::detail
