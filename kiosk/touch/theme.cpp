#include "kiosk/touch/theme.h"

#include <algorithm>
#include <cmath>

namespace torugart::touch {
namespace {

double linear(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(Color c) {
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

Theme make_dark() {
  Theme t;
  t.name = "dark";
  t.dark = true;
  t.background = Color::hex(0x0C1014);
  t.surface = Color::hex(0x151B21);
  t.raised = Color::hex(0x212A33);
  t.pressed = Color::hex(0x34424F);
  t.outline = Color::hex(0x2B3641);
  t.control_edge = Color::hex(0x6D7B88);
  t.text = Color::hex(0xF2F5F7);
  t.text_dim = Color::hex(0xACB8C3);
  t.text_off = Color::hex(0x94A1AE);
  t.accent = Color::hex(0x74C7DE);
  t.on_accent = Color::hex(0x05161C);
  t.primary = Color::hex(0xE6ECF1);
  t.primary_pressed = Color::hex(0xB4C3CF);
  t.on_primary = Color::hex(0x0F161C);
  t.picture = Color::hex(0x05070A);
  t.scrim = Color::hex(0x04070A, 200);
  t.neutral = {Color::hex(0x2E3944), Color::hex(0xF2F5F7), Color::hex(0xF2F5F7)};
  t.accented = {Color::hex(0x10495B), Color::hex(0xFFFFFF), Color::hex(0x8AD3E8)};
  t.red = {Color::hex(0x8F1D1D), Color::hex(0xFFFFFF), Color::hex(0xFFA199)};
  t.yellow = {Color::hex(0xF7C948), Color::hex(0x1A1400), Color::hex(0xFAD263)};
  t.blue = {Color::hex(0x1D4B92), Color::hex(0xFFFFFF), Color::hex(0x9CC6FF)};
  t.green = {Color::hex(0x125A36), Color::hex(0xFFFFFF), Color::hex(0x73DA9B)};
  t.alarm = {Color::hex(0xA5000F), Color::hex(0xFFFFFF), Color::hex(0xFFA199)};
  return t;
}

Theme make_light() {
  Theme t;
  t.name = "light";
  t.dark = false;
  t.background = Color::hex(0xDFE4E9);
  t.surface = Color::hex(0xF1F4F6);
  t.raised = Color::hex(0xFFFFFF);
  t.pressed = Color::hex(0xCBD6DF);
  t.outline = Color::hex(0xC3CCD4);
  t.control_edge = Color::hex(0x6C7985);
  t.text = Color::hex(0x0E151B);
  t.text_dim = Color::hex(0x3F4B56);
  t.text_off = Color::hex(0x56626D);
  t.accent = Color::hex(0x005A73);
  t.on_accent = Color::hex(0xFFFFFF);
  t.primary = Color::hex(0x13202B);
  t.primary_pressed = Color::hex(0x3A4C5C);
  t.on_primary = Color::hex(0xFFFFFF);
  t.picture = Color::hex(0x05070A);
  t.scrim = Color::hex(0x2A343D, 170);
  t.neutral = {Color::hex(0xD2DAE1), Color::hex(0x0E151B), Color::hex(0x0E151B)};
  t.accented = {Color::hex(0xBFE3EE), Color::hex(0x032B38), Color::hex(0x00485C)};
  t.red = {Color::hex(0x8F1D1D), Color::hex(0xFFFFFF), Color::hex(0x861111)};
  t.yellow = {Color::hex(0xF7C948), Color::hex(0x1A1400), Color::hex(0x553C00)};
  t.blue = {Color::hex(0x1D4B92), Color::hex(0xFFFFFF), Color::hex(0x143C80)};
  t.green = {Color::hex(0x125A36), Color::hex(0xFFFFFF), Color::hex(0x0A4A2A)};
  t.alarm = {Color::hex(0xA5000F), Color::hex(0xFFFFFF), Color::hex(0x861111)};
  return t;
}

}  // namespace

Color mix(Color a, Color b, float t) {
  const auto m = [t](std::uint8_t x, std::uint8_t y) {
    return static_cast<std::uint8_t>(
        std::lround(static_cast<float>(x) + t * (static_cast<float>(y) - static_cast<float>(x))));
  };
  return {m(a.r, b.r), m(a.g, b.g), m(a.b, b.b), m(a.a, b.a)};
}

double contrast_ratio(Color a, Color b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

Shape shape_of(Tone tone) {
  switch (tone) {
    case Tone::red:
      return Shape::square;
    case Tone::yellow:
      return Shape::triangle;
    case Tone::blue:
      return Shape::circle;
    case Tone::green:
      return Shape::tick;
    case Tone::alarm:
      return Shape::exclamation;
    case Tone::accent:
      return Shape::ring;
    case Tone::neutral:
      break;
  }
  return Shape::none;
}

const ToneColors& Theme::tone(Tone t) const {
  switch (t) {
    case Tone::accent:
      return accented;
    case Tone::red:
      return red;
    case Tone::yellow:
      return yellow;
    case Tone::blue:
      return blue;
    case Tone::green:
      return green;
    case Tone::alarm:
      return alarm;
    case Tone::neutral:
      break;
  }
  return neutral;
}

const Theme& dark_theme() {
  static const Theme theme = make_dark();
  return theme;
}

const Theme& light_theme() {
  static const Theme theme = make_light();
  return theme;
}

std::vector<ContrastCheck> contrast_audit(const Theme& t) {
  std::vector<ContrastCheck> out;
  const auto pair = [&](const std::string& what, Color on, Color under, double needed) {
    out.push_back({t.name + ": " + what, contrast_ratio(on, under), needed});
  };
  struct Area {
    const char* name;
    Color color;
  };
  for (const Area& area : {Area{"background", t.background}, Area{"surface", t.surface}, Area{"raised", t.raised}}) {
    const std::string on = std::string(" on ") + area.name;
    pair("text" + on, t.text, area.color, 7);
    pair("dim text" + on, t.text_dim, area.color, 4.5);
    pair("words of what cannot be pressed" + on, t.text_off, area.color, 4.5);
    pair("accent" + on, t.accent, area.color, 4.5);
    for (const auto& [name, tone] :
         {std::pair{"accent", t.accented}, std::pair{"red", t.red}, std::pair{"yellow", t.yellow},
          std::pair{"blue", t.blue}, std::pair{"green", t.green}, std::pair{"alarm", t.alarm}})
      pair(std::string(name) + " figure" + on, tone.ink, area.color, 7);
  }
  pair("text on pressed", t.text, t.pressed, 7);
  pair("dim text on pressed", t.text_dim, t.pressed, 4.5);
  pair("edge of a control on surface", t.control_edge, t.surface, 3);
  pair("edge of a control on background", t.control_edge, t.background, 3);
  pair("word on accent", t.on_accent, t.accent, 4.5);
  pair("next step", t.on_primary, t.primary, 7);
  pair("next step, pressed", t.on_primary, t.primary_pressed, t.dark ? 7 : 4.5);
  for (const auto& [name, tone] : {std::pair{"neutral", t.neutral}, std::pair{"accent", t.accented},
                                   std::pair{"red", t.red}, std::pair{"yellow", t.yellow}, std::pair{"blue", t.blue},
                                   std::pair{"green", t.green}, std::pair{"alarm", t.alarm}})
    pair(std::string(name) + " badge", tone.on_fill, tone.fill, 7);
  return out;
}

float scale_for(float width_px, float height_px) {
  return std::max(0.75F, std::min(width_px / 1920.0F, height_px / 1080.0F));
}

std::vector<FontFace> font_faces(float scale) {
  const auto px = [scale](float design) { return std::round(std::max(design * scale, 16.0F)); };
  return {{400, px(20)}, {400, px(24)}, {500, px(24)}, {500, px(32)}, {500, px(44)}, {500, px(72), true}};
}

}  // namespace torugart::touch
