// Photon mass attenuation of the elements that trucks and cargo are made of. Constants; used by physics.cpp.
#pragma once

#include <array>
#include <cstddef>

namespace torugart::hal::sim {

inline constexpr std::size_t kXcomEnergies = 19;
inline constexpr std::size_t kXcomElements = 18;

struct XcomElement {
  int z = 0;
  std::array<double, kXcomEnergies> cm2_per_g{};
};

extern const std::array<double, kXcomEnergies> kXcomMev;  // ascending
extern const std::array<XcomElement, kXcomElements> kXcom;

}  // namespace torugart::hal::sim
