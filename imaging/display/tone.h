// Internal to imaging/display: tables from transmission codes to grey and from grey to colour.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "imaging/display/renderer.h"

namespace torugart::imaging::detail {

// Grey in steps of 1/128 of an 8-bit level, so that interpolation and edges lose nothing to rounding.
inline constexpr int kToneOne = 255 * 128;
[[nodiscard]] constexpr std::uint8_t to_level(int tone) {
  return static_cast<std::uint8_t>((tone + 64) >> 7);
}

[[nodiscard]] std::uint16_t tone_of(float transmission, Tone tone, ToneWindow window, float gamma);
// One entry per code. No signal is black, over range white, missing black (it is drawn over).
void fill_tone_table(Tone tone, ToneWindow window, float gamma, std::vector<std::uint16_t>& table);

// Colours of 256 grey levels; inverted here and nowhere else.
[[nodiscard]] std::array<std::uint32_t, 256> grey_palette(Palette palette, bool invert);

// Colour of each material cell as its distance from grey at the middle level (passes.h), stronger the surer it is.
[[nodiscard]] std::array<std::uint16_t, 256> chroma_palette(Palette palette);

[[nodiscard]] constexpr std::uint32_t rgba(unsigned r, unsigned g, unsigned b) {
  return r | g << 8U | b << 16U | 0xFF000000U;
}

}  // namespace torugart::imaging::detail
