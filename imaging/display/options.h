// What the inspector chose to see. Plain values; equal options and equal view give equal pixels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "imaging/core/scan_view.h"

namespace torugart::imaging {

enum class Tone : std::uint8_t { linear, log };
enum class Palette : std::uint8_t {
  grey,           // dark cargo on a bright ground, as film looks
  inverse_safe,   // perceptually even blue-to-yellow; readable with every colour vision
  hot,            // black, red, yellow, white
  material,       // dual energy, conventional: orange organic, green light metal, blue steel, violet heavy
  material_safe,  // dual energy in colours that stay apart with red-green and blue-yellow weakness (Okabe and Ito
                  // 2008)
};
enum class Enhance : std::uint8_t {
  none,
  edge,   // 5 x 5 unsharp mask
  local,  // local contrast: thick and thin cargo readable in one picture; greys are no measure of attenuation then
};
// Layer removal: pixels of these classes fade to the open beam, so that what is in front of or behind others of another
// kind can be looked at alone. Mixed pixels stay: nobody can take a layer out of them at the noise of a cargo scanner.
enum class Strip : std::uint8_t { none, organic, metal };
// Which plane gives the brightness.
enum class Source : std::uint8_t { high, low, mean };

// Transmissions that are marked, lo < hi; a thickness of interest stands out in the whole picture.
struct DensityBand {
  float lo = 0, hi = 0;
  friend bool operator==(const DensityBand&, const DensityBand&) = default;
};

struct RenderOptions {
  Tone tone = Tone::log;
  // Limits in transmission, 0 < lo < hi: lo is drawn black, hi white (before inversion). Empty: auto_window() of the
  // visible part.
  std::optional<float> window_lo;
  std::optional<float> window_hi;
  float gamma = 1.0F;  // 0.2 .. 5; above 1 brightens the middle
  Palette palette = Palette::grey;
  Source source = Source::high;
  Enhance enhance = Enhance::none;
  Strip strip = Strip::none;   // needs two energies
  float edge_strength = 1.0F;  // 0 .. 4
  std::optional<DensityBand> band;
  bool invert = false;      // applied once, to the finished grey level, and last; hues stay
  bool show_masks = false;  // hatches pixels without signal and over range; missing is always drawn as such
  friend bool operator==(const RenderOptions&, const RenderOptions&) = default;
};

[[nodiscard]] bool shows_material(Palette palette);

// Names as on the command line: "grey", "material", …
[[nodiscard]] std::optional<Palette> palette_named(std::string_view name);
[[nodiscard]] const char* name_of(Palette palette);

// Presets of the keys 1 to 9; they keep `invert`, `strip` and `band` of `current`. Number outside 1..9: `current`.
struct Preset {
  const char* name;  // English, to be translated
  RenderOptions options;
};
[[nodiscard]] Preset preset(int number, const RenderOptions& current = {});

}  // namespace torugart::imaging
