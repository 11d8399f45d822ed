// Internal to imaging/material: published attenuation coefficients; source in xcom_table.cpp.
#pragma once

#include <array>
#include <cstddef>

namespace torugart::imaging::detail {

inline constexpr std::size_t kXcomEnergies = 21;
inline constexpr std::size_t kXcomElements = 18;
extern const std::array<double, kXcomEnergies> kXcomMev;
extern const std::array<int, kXcomElements> kXcomZ;
extern const std::array<std::array<double, kXcomEnergies>, kXcomElements> kXcomMu;

}  // namespace torugart::imaging::detail
