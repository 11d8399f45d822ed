// How a transmission T = (I - dark) / (air - dark) is kept in 16 bits, in every raster of a corrected scan:
//
//   code           meaning
//   0              no signal: the detector read no more than its dark level behind the cargo; T is only known to be tiny
//   1 .. 65533     T = code / 60000; 60000 is the open beam, a little above it is noise of the open beam
//   65534          over range: the detector stood at its upper end, T is unknown
//   65535          missing: no line came here (lost, torn, or past the image's edge)
//
// So the mask travels with the samples and costs no memory. Columns and rows that were filled are listed in
// ScanStatistics.
#pragma once

#include <cmath>
#include <cstdint>

namespace torugart::imaging {

inline constexpr std::uint16_t kOpenBeam = 60000;
inline constexpr std::uint16_t kNoSignal = 0;
inline constexpr std::uint16_t kMaxMeasured = 65533;
inline constexpr std::uint16_t kOverRange = 65534;
inline constexpr std::uint16_t kMissing = 65535;

enum class PixelState : std::uint8_t { measured, no_signal, over_range, missing };

[[nodiscard]] constexpr PixelState state_of(std::uint16_t code) {
  if (code == kMissing) return PixelState::missing;
  if (code == kOverRange) return PixelState::over_range;
  if (code == kNoSignal) return PixelState::no_signal;
  return PixelState::measured;
}
// Meant for measured codes; the reserved ones give T = 0 (no signal) and values above 1.09.
[[nodiscard]] constexpr float transmission_of(std::uint16_t code) {
  return static_cast<float>(code) / static_cast<float>(kOpenBeam);
}
// Rounds to the nearest code and stays within the measured codes 1 .. 65533.
[[nodiscard]] inline std::uint16_t code_of(float transmission) {
  const float code = std::nearbyint(transmission * static_cast<float>(kOpenBeam));
  if (!(code >= 1.0F)) return 1;
  return code >= static_cast<float>(kMaxMeasured) ? kMaxMeasured : static_cast<std::uint16_t>(code);
}
// Attenuation, natural logarithm; alpha = 0 in the open beam.
[[nodiscard]] inline float attenuation_of(std::uint16_t code) {
  return -std::log(static_cast<float>(code == 0 ? 1 : code) / static_cast<float>(kOpenBeam));
}

}  // namespace torugart::imaging
