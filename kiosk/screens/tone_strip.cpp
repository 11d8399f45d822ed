#include "kiosk/screens/tone_strip.h"

#include <algorithm>
#include <cmath>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using imaging::Histogram;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::trc;
using touch::Ui;

float strip_position(float transmission) {
  const float log10 = std::log10(std::max(transmission, 1e-6F));
  return std::clamp((log10 - Histogram::kLog10Low) / (Histogram::kLog10High - Histogram::kLog10Low), 0.0F, 1.0F);
}

float strip_transmission(float position) {
  return std::pow(10.0F, Histogram::kLog10Low + position * (Histogram::kLog10High - Histogram::kLog10Low));
}

void ToneStrip::choose(XrayPane& pane, int number) {
  const auto wanted = imaging::preset(number, pane.options);
  if (imaging::shows_material(wanted.options.palette) && !pane.has_materials()) return;  // a colour would be a lie
  pane.options = wanted.options;
  preset_ = number;
}

void ToneStrip::draw(Desk& desk, XrayPane& pane, Rect r, const std::string& base) {
  Ui& ui = desk.ui;
  const Rect enhance = r.cut_right(ui.u(100), ui.gap());
  const Rect invert = r.cut_right(ui.u(100), ui.gap());
  const Rect fitted = r.cut_right(ui.u(100), ui.u(16));
  auto& options = pane.options;
  const auto window = options.window_lo && options.window_hi
                          ? imaging::ToneWindow{*options.window_lo, *options.window_hi}
                          : pane.window();
  float low = strip_position(window.lo), high = strip_position(window.hi);
  if (touch::tone_window(ui, base + ".window", r, pane.histogram(), low, high) && high - low > 0.005F) {
    options.window_lo = strip_transmission(low);
    options.window_hi = strip_transmission(high);
  }
  if (touch::tool_button(ui, base + ".auto", fitted, Icon::tone, trc("tone", "Auto"), !options.window_lo.has_value(),
                         pane.has_picture())) {
    options.window_lo.reset();
    options.window_hi.reset();
  }
  if (touch::tool_button(ui, base + ".invert", invert, Icon::invert, tr("Invert"), options.invert,
                         pane.has_picture()))
    options.invert = !options.invert;
  // One button for three states, each tap the next: nothing, edges, local contrast.
  using imaging::Enhance;
  const bool local = options.enhance == Enhance::local;
  if (touch::tool_button(ui, base + ".enhance", enhance, Icon::enhance, local ? tr("Contrast") : tr("Edges"),
                         options.enhance != Enhance::none, pane.has_picture())) {
    options.enhance = local ? Enhance::none : options.enhance == Enhance::edge ? Enhance::local : Enhance::edge;
  }
}

void ToneStrip::draw_presets(Desk& desk, XrayPane& pane, Rect r, const std::string& base) {
  Ui& ui = desk.ui;
  // A preset is on while nothing of it was changed, however it came about.
  preset_ = 0;
  for (int n = 9; n >= 1; --n)
    if (imaging::preset(n, pane.options).options == pane.options) preset_ = n;
  const auto places = r.cut_left(std::min(r.w, ui.u(1700))).columns(9, ui.gap());
  for (int n = 1; n <= 9; ++n) {
    const Rect& place = places[static_cast<std::size_t>(n - 1)];
    const auto wanted = imaging::preset(n, pane.options);
    const bool can = pane.has_materials() || !imaging::shows_material(wanted.options.palette);
    const std::string words = std::to_string(n) + " " + tr(wanted.name);
    if (touch::button(ui, base + ".preset." + std::to_string(n), place, words,
                      {.enabled = can, .selected = n == preset_, .face = touch::Face::small}))
      choose(pane, n);
  }
}

}  // namespace torugart::screens
