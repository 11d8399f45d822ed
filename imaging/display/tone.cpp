#include "imaging/display/tone.h"

#include <algorithm>
#include <cmath>

namespace torugart::imaging {
namespace detail {
namespace {

struct Colour {
  double r, g, b;
};

// Rec. 601 luma of display values: what a person takes for brightness, near enough to order greys.
double luma(const Colour& c) {
  return 0.299 * c.r + 0.587 * c.g + 0.114 * c.b;
}

std::uint32_t pack(const Colour& c) {
  const auto byte = [](double v) { return static_cast<unsigned>(std::clamp(std::lround(v), 0L, 255L)); };
  return rgba(byte(c.r), byte(c.g), byte(c.b));
}

Colour mix(const Colour& a, const Colour& b, double f) {
  return {a.r + (b.r - a.r) * f, a.g + (b.g - a.g) * f, a.b + (b.b - a.b) * f};
}

Colour class_colour(MaterialClass material, Palette palette) {
  const bool safe = palette == Palette::material_safe;
  switch (material) {
    case MaterialClass::organic:
      return safe ? Colour{230, 159, 0} : Colour{240, 130, 20};
    case MaterialClass::light:
      return safe ? Colour{0, 158, 115} : Colour{40, 170, 60};
    case MaterialClass::steel:
      return safe ? Colour{0, 114, 178} : Colour{50, 100, 230};
    case MaterialClass::heavy:
      return safe ? Colour{204, 121, 167} : Colour{140, 40, 190};
    default:
      return {128, 128, 128};
  }
}

// What sets a class's colour off from grey of the same luminance; within +-127, so that at the middle level no channel
// ends.
Colour chroma_of(MaterialClass material, Palette palette) {
  const Colour full = class_colour(material, palette);
  const double own = luma(full);
  const Colour away{full.r - own, full.g - own, full.b - own};
  const double most = std::max({std::abs(away.r), std::abs(away.g), std::abs(away.b), 1.0});
  const double scale = std::min(1.25, 127 / most);
  return {away.r * scale, away.g * scale, away.b * scale};
}

Colour ramp(const Colour* stops, int count, double f) {
  const double at = f * (count - 1);
  const int i = std::min(static_cast<int>(at), count - 2);
  return mix(stops[i], stops[i + 1], at - i);
}

}  // namespace

std::uint16_t tone_of(float transmission, Tone tone, ToneWindow window, float gamma) {
  double level = 0;
  if (tone == Tone::linear) {
    level = (static_cast<double>(transmission) - window.lo) / (static_cast<double>(window.hi) - window.lo);
  } else {
    const double t = std::max(static_cast<double>(transmission), 1e-6);
    level = std::log(t / window.lo) / std::log(static_cast<double>(window.hi) / window.lo);
  }
  level = std::clamp(level, 0.0, 1.0);
  if (gamma != 1.0F) level = std::pow(level, 1.0 / gamma);
  return static_cast<std::uint16_t>(std::lround(level * kToneOne));
}

namespace {

// ln T of every measured code.
const std::vector<float>& logarithms() {
  static const std::vector<float> kTable = [] {
    std::vector<float> table(65536, 0.0F);
    for (std::size_t code = 1; code <= kMaxMeasured; ++code)
      table[code] = std::log(transmission_of(static_cast<std::uint16_t>(code)));
    return table;
  }();
  return kTable;
}

}  // namespace

void fill_tone_table(Tone tone, ToneWindow window, float gamma, std::vector<std::uint16_t>& table) {
  table.resize(65536);
  if (gamma != 1.0F) {
    for (std::size_t code = 1; code <= kMaxMeasured; ++code)
      table[code] = tone_of(transmission_of(static_cast<std::uint16_t>(code)), tone, window, gamma);
  } else {  // a dragged window makes it at every frame: no logarithm a code
    const auto& logs = logarithms();
    const double lo = tone == Tone::log ? std::log(static_cast<double>(window.lo)) : static_cast<double>(window.lo);
    const double hi = tone == Tone::log ? std::log(static_cast<double>(window.hi)) : static_cast<double>(window.hi);
    const double scale = kToneOne / (hi - lo);
    for (std::size_t code = 1; code <= kMaxMeasured; ++code) {
      const double at = tone == Tone::log ? static_cast<double>(logs[code])
                                          : static_cast<double>(transmission_of(static_cast<std::uint16_t>(code)));
      table[code] =
          static_cast<std::uint16_t>(std::clamp((at - lo) * scale + 0.5, 0.0, static_cast<double>(kToneOne)));
    }
  }
  table[kNoSignal] = 0;
  table[kOverRange] = kToneOne;
  table[kMissing] = 0;
}

std::array<std::uint32_t, 256> grey_palette(Palette palette, bool invert) {
  // Stops of equal steps in lightness.
  static constexpr Colour kBlueYellow[] = {{0, 18, 50},     {0, 54, 110},   {70, 88, 115},  {125, 124, 120},
                                           {175, 162, 105}, {225, 203, 75}, {255, 240, 160}};
  static constexpr Colour kHot[] = {{0, 0, 0},      {130, 0, 0},     {230, 60, 0},
                                    {255, 160, 20}, {255, 230, 120}, {255, 255, 255}};
  std::array<std::uint32_t, 256> out{};
  for (int i = 0; i < 256; ++i) {
    const int level = invert ? 255 - i : i;
    Colour c{static_cast<double>(level), static_cast<double>(level), static_cast<double>(level)};
    if (palette == Palette::inverse_safe) c = ramp(kBlueYellow, 7, level / 255.0);
    if (palette == Palette::hot) c = ramp(kHot, 6, level / 255.0);
    out[static_cast<std::size_t>(i)] = pack(c);
  }
  return out;
}

std::array<std::uint16_t, 256> chroma_palette(Palette palette) {
  std::array<std::uint16_t, 256> out{};
  for (std::size_t cell = 0; cell < out.size(); ++cell) {
    const MaterialClass material = MaterialTable::class_of(static_cast<std::uint8_t>(cell));
    if (material < MaterialClass::organic || material > MaterialClass::heavy) continue;
    const Colour away = chroma_of(material, palette);
    const double strength = 0.5 + 0.5 * MaterialTable::sureness_of(static_cast<std::uint8_t>(cell)) / 31.0;
    const auto byte = [strength](double v) {
      return static_cast<unsigned>(static_cast<int>(std::lround(v * strength))) & 0xFFU;
    };
    out[cell] = static_cast<std::uint16_t>(byte(away.r) | byte(away.b) << 8U);
  }
  return out;
}

}  // namespace detail

std::uint8_t grey_level(float transmission, Tone tone, ToneWindow window, float gamma) {
  return detail::to_level(detail::tone_of(transmission, tone, window, gamma));
}

std::uint32_t legend_colour(MaterialClass material, Palette palette) {
  if (!shows_material(palette)) palette = Palette::material;
  if (material == MaterialClass::air) return detail::rgba(240, 240, 240);
  if (material == MaterialClass::saturated) return detail::rgba(0, 0, 0);
  const detail::Colour away = detail::chroma_of(material, palette);
  return detail::pack({128 + away.r, 128 + away.g, 128 + away.b});
}

}  // namespace torugart::imaging
