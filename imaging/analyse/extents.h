// Internal to imaging/analyse: where the truck and its load space are, on a raster of attenuations.
#pragma once

#include <optional>
#include <vector>

#include "imaging/core/geometry.h"
#include "imaging/core/raster.h"

namespace torugart::imaging::detail {

// Attenuation over which a pixel is not air: six times the noise of the open beam of a real scanner.
inline constexpr float kSomething = 0.08F;

// The smallest box around all columns and rows of which at least one fiftieth is not air.
[[nodiscard]] Rect object_extent(const Raster<float>& alpha);

// The longest stretch of columns whose topmost attenuating pixel lies at one height (a roof), down to the floor: the
// lowest row at which attenuation rises steeply over the whole length, or one just above it. Empty when no stretch is
// a quarter of the object long.
[[nodiscard]] std::optional<Rect> container_extent(const Raster<float>& alpha, const Rect& object);

[[nodiscard]] float percentile(std::vector<float> values, double p);

// The mean of each pixel and its eight neighbours; at the rim the outermost pixels count again.
[[nodiscard]] Raster<float> mean_of_nine(const Raster<float>& from);

}  // namespace torugart::imaging::detail
