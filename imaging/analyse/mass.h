// Internal to imaging/analyse.
#pragma once

#include <optional>

#include "imaging/analyse/analyse.h"

namespace torugart::imaging::detail {

// Mass of `part` less that of walls of attenuation `walls` (steel) in front of all of it.
[[nodiscard]] std::optional<MassEstimate> mass_over_walls(const ScanImage& image, const MaterialTable& table,
                                                          Rect part, double walls);

}  // namespace torugart::imaging::detail
