#include "imaging/display/options.h"

#include <array>
#include <utility>

namespace torugart::imaging {
namespace {

constexpr std::array<std::pair<Palette, const char*>, 5> kNames = {{
    {Palette::grey, "grey"},
    {Palette::inverse_safe, "blue-yellow"},
    {Palette::hot, "hot"},
    {Palette::material, "material"},
    {Palette::material_safe, "material-safe"},
}};

}  // namespace

bool shows_material(Palette palette) {
  return palette == Palette::material || palette == Palette::material_safe;
}

std::optional<Palette> palette_named(std::string_view name) {
  for (const auto& [palette, text] : kNames) {
    if (name == text) return palette;
  }
  return std::nullopt;
}

const char* name_of(Palette palette) {
  for (const auto& [value, text] : kNames) {
    if (palette == value) return text;
  }
  return "grey";
}

Preset preset(int number, const RenderOptions& current) {
  RenderOptions o;
  o.invert = current.invert;
  o.strip = current.strip;
  o.band = current.band;
  const auto window = [&o](float lo, float hi) {
    o.window_lo = lo;
    o.window_hi = hi;
  };
  switch (number) {
    case 1:
      return {"Automatic", o};
    case 2:
      o.tone = Tone::linear;
      return {"Linear tones", o};
    case 3:
      window(0.25F, 1.02F);
      return {"Thin cargo", o};
    case 4:
      window(0.01F, 0.3F);
      return {"Medium cargo", o};
    case 5:
      window(0.0005F, 0.05F);
      return {"Thick cargo", o};
    case 6:
      o.palette = Palette::material_safe;
      return {"Material", o};
    case 7:
      o.palette = Palette::material_safe;
      window(0.0005F, 0.1F);
      return {"Thick, colour", o};
    case 8:
      o.enhance = Enhance::edge;
      return {"Edges", o};
    case 9:
      o.palette = Palette::inverse_safe;
      return {"Blue to yellow", o};
    default:
      return {"", current};
  }
}

}  // namespace torugart::imaging
