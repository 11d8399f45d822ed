#include "kiosk/screens/layers_panel.h"

#include <algorithm>
#include <cmath>

#include "kiosk/screens/tone_strip.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using imaging::DensityBand;
using imaging::Strip;
using touch::Face;
using touch::Rect;
using touch::tr;
using touch::trf;
using touch::Ui;

namespace {
// A box of paper, a pallet of it and an engine block, at a cargo scanner's energies: somewhere to start from.
const std::vector<DensityBand> kFirst = {{0.4F, 0.7F}, {0.1F, 0.4F}, {0.01F, 0.1F}};

bool same(const DensityBand& a, const DensityBand& b) {
  return std::abs(a.lo / b.lo - 1) < 0.02F && std::abs(a.hi / b.hi - 1) < 0.02F;
}
}  // namespace

std::string band_words(const DensityBand& band) {
  const auto percent = [](float t) { return t < 0.0995F ? trf("{:.1f}", 100 * t) : trf("{:.0f}", 100 * t); };
  return trf(tr("T {} – {} %"), percent(band.lo), percent(band.hi));
}

void LayersPanel::draw(Desk& desk, XrayPane& pane, Rect r, const std::string& base) {
  Ui& ui = desk.ui;
  if (!loaded_) {
    bands_ = desk.options.bands.empty() ? kFirst : desk.options.bands;
    loaded_ = true;
  }
  auto& options = pane.options;
  ui.paint().fill(r, ui.theme().surface.with_alpha(0.94F), ui.u(8));
  r = r.inset(ui.u(12), ui.u(8));
  Rect top = r.cut_top(ui.u(72), ui.gap());
  const std::vector<std::string> strips = {tr("All layers"), tr("Without organic"), tr("Without metal")};
  const Rect strip = top.cut_left((top.w - ui.u(16)) * 0.6F, ui.u(16));
  if (const auto i =
          touch::segmented(ui, base + ".strip", strip, strips, static_cast<int>(options.strip), pane.has_materials()))
    options.strip = static_cast<Strip>(*i);
  if (touch::toggle(ui, base + ".band", top, tr("Mark a density"), options.band.has_value(), pane.has_picture())) {
    if (options.band)
      options.band.reset();
    else
      options.band = last_;
  }
  Rect range = r.cut_top(ui.u(72), ui.gap());
  const DensityBand shown = options.band.value_or(last_);
  float low = strip_position(shown.lo), high = strip_position(shown.hi);
  const Rect words = range.cut_right(ui.u(230), ui.u(12));
  if (touch::tone_window(ui, base + ".band.window", range, pane.histogram(), low, high)) {
    last_ = {strip_transmission(low), strip_transmission(high)};
    options.band = last_;
  }
  touch::label(ui, base + ".band.words", words, band_words(options.band.value_or(last_)), {.face = Face::strong});
  if (options.band) last_ = *options.band;
  Rect row = r.cut_top(ui.u(72));
  const Rect forget = row.cut_right(ui.u(180), ui.gap());
  const Rect keep = row.cut_right(ui.u(180), ui.u(16));
  const auto places = row.columns(static_cast<int>(kMostBands), ui.gap());
  const auto now = std::find_if(bands_.begin(), bands_.end(),
                                [&](const DensityBand& b) { return options.band && same(b, *options.band); });
  for (std::size_t i = 0; i < bands_.size(); ++i) {
    const bool on = now == bands_.begin() + static_cast<std::ptrdiff_t>(i);
    if (touch::button(ui, base + ".band.kept." + std::to_string(i), places[i], band_words(bands_[i]),
                      {.selected = on, .face = Face::small}))
      options.band = last_ = bands_[i];
  }
  const bool room = bands_.size() < kMostBands;
  const bool may_keep = options.band && now == bands_.end() && room;
  if (touch::button(ui, base + ".band.keep", keep, tr("Keep"), {.enabled = may_keep, .face = Face::body})) {
    bands_.push_back(*options.band);
    if (desk.options.keep_bands) desk.options.keep_bands(bands_);
  }
  if (touch::button(ui, base + ".band.forget", forget, tr("Forget"),
                    {.enabled = now != bands_.end(), .face = Face::body})) {
    bands_.erase(now);
    if (desk.options.keep_bands) desk.options.keep_bands(bands_);
  }
}

}  // namespace torugart::screens
