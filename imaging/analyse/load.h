// Internal to imaging/analyse: what is in the load space beside its own walls.
#pragma once

#include "imaging/core/geometry.h"
#include "imaging/core/raster.h"

namespace torugart::imaging::detail {

struct LoadFound {
  double walls = 0;    // attenuation of walls, where nothing else is
  double mean = 0;     // attenuation over the walls, mean over the load space
  double remains = 0;  // of the largest thing in it: attenuation over the walls times its area, in m2; 0.08 is about
      // 20 kg of goods, since a gram in a cm2 attenuates about 0.042 at these energies, whatever it is
  Rect at;  // where that is; pixels of `alpha`
};

// `space`: the load space without roof, floor and end walls. `pixel_mm` 0: unknown, then the load space is taken as
// 2.2 m high. Walls are taken per column, since they are corrugated and have posts; the
// roof per row, since the source looks up at it.
[[nodiscard]] LoadFound find_load(const Raster<float>& alpha, const Rect& space, double pixel_mm);

// Logistic in the logarithm of what remains, even at `kSomeLoad`: a guide, not measured on real trucks.
inline constexpr double kSomeLoad = 0.03;
[[nodiscard]] double empty_probability(const LoadFound& load);

}  // namespace torugart::imaging::detail
