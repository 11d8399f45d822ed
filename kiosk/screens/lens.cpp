#include "kiosk/screens/lens.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using imaging::MaterialClass;
using touch::Point;
using touch::Rect;
using touch::tr;
using touch::trf;
using touch::Ui;

namespace {

constexpr float kLeastSide = 240, kMostSide = 900;  // design pixels
constexpr std::array<int, 3> kFactors = {2, 4, 8};
constexpr int kMostPixels = 96;  // a side of what is measured; more says nothing about a place

imaging::Rect measured_part(const XrayPane& pane, imaging::ImagePoint at, const Rect& lens, float factor) {
  const auto side = [&](double pixels) { return std::clamp(static_cast<int>(pixels / 4), 3, kMostPixels); };
  const int w = side(lens.w / pane.viewport().scale_x() / factor),
            h = side(lens.h / pane.viewport().scale_y() / factor);
  const imaging::Rect part{static_cast<int>(std::floor(at.x)) - w / 2, static_cast<int>(std::floor(at.y)) - h / 2, w,
                           h};
  return part.intersect(pane.view()->bounds());
}

}  // namespace

std::string values_in_words(const imaging::RegionStatistics& m, bool with_material) {
  const auto all = m.pixels + m.no_signal + m.over_range + m.missing;
  if (all == 0) return tr("Outside of the picture");
  if (m.pixels == 0) return m.missing > m.no_signal ? tr("No line came here") : tr("Nothing comes through");
  std::string out = trf(tr("T {:.1f} % ± {:.1f}"), 100.0F * m.mean, 100.0F * m.deviation);
  if (m.no_signal > 0) out += trf(tr(" · nothing comes through {} %"), 100 * m.no_signal / all);
  if (!with_material) return out;
  std::int64_t classed = 0;
  for (const auto n : m.material)
    classed += n;
  if (classed == 0) return out;
  std::array<std::pair<std::int64_t, MaterialClass>, imaging::kMaterialClasses> shares;
  for (std::size_t i = 0; i < shares.size(); ++i)
    shares[i] = {m.material[i], static_cast<MaterialClass>(i)};
  std::sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < 2 && shares[i].first * 20 >= classed; ++i)
    out += (i == 0 ? " · " : ", ") + std::string(tr(imaging::to_string(shares[i].second))) + " " +
           std::to_string((100 * shares[i].first + classed / 2) / classed) + " %";
  return out;
}

Rect Lens::place_for(const Ui& ui, const XrayPane& pane, Point finger) const {
  const Rect area = pane.area();
  const float size = std::min(ui.u(side_), std::min(area.w, area.h) * 0.9F);
  // Beside the finger, on the side where there is room, so that the hand does not cover it.
  float x = finger.x - size - ui.u(70);
  if (x < area.x) x = finger.x + ui.u(70);
  return {std::min(x, area.right() - size), std::clamp(finger.y - size / 2, area.y, area.bottom() - size), size,
          size};
}

void Lens::draw(Desk& desk, XrayPane& pane, const touch::Interaction& touch, const std::string& base) {
  Ui& ui = desk.ui;
  if (touch.down && !touch.pinch.active) {
    at_ = pane.to_image(touch.finger);
    const Rect place = place_for(ui, pane, touch.finger);
    corner_ = {place.x, place.y};
  }
  if (!at_) return;
  const Rect area = pane.area();
  const float size = std::min(ui.u(side_), std::min(area.w, area.h) * 0.9F);
  const Rect lens{std::clamp(corner_.x, area.x, area.right() - size),
                  std::clamp(corner_.y, area.y, area.bottom() - size), size, size};
  // What is looked at, where it lies in the picture.
  const auto look = pane.to_screen(*at_);
  const float seen = size / factor_;
  ui.paint().push_clip(area);
  ui.paint().outline({look.x - seen / 2, look.y - seen / 2, seen, seen}, ui.theme().accent, ui.u(2));
  ui.paint().pop_clip();
  pane.draw_lens(ui, lens, *at_, factor_);
  ui.paint().outline(lens, ui.theme().accent, ui.u(3));
  const auto body = ui.interact({.id = base,
                                 .rect = lens,
                                 .role = touch::Role::image,
                                 .behaviour = touch::Behaviour::drag,
                                 .label = tr("Lens")});
  if (body.down && (body.drag.x != 0 || body.drag.y != 0)) {  // what is under the finger stays under it
    at_->x -= body.drag.x / pane.viewport().scale_x() / factor_;
    at_->y -= body.drag.y / pane.viewport().scale_y() / factor_;
  }
  const auto part = measured_part(pane, *at_, lens, factor_);
  const float w = static_cast<float>(part.w * pane.viewport().scale_x()) * factor_,
              h = static_cast<float>(part.h * pane.viewport().scale_y()) * factor_;
  ui.paint().corners(lens.centered(w, h), ui.theme().accent, ui.u(2), ui.u(10));

  const float handle = ui.u(64);
  const Rect grip{lens.right() - handle, lens.bottom() - handle, handle, handle};
  const auto size_touch = ui.interact({.id = base + ".size",
                                       .rect = grip,
                                       .role = touch::Role::button,
                                       .behaviour = touch::Behaviour::drag,
                                       .label = tr("Size of the lens")});
  for (const float from : {14.0F, 28.0F, 42.0F})
    ui.paint().line({grip.right() - ui.u(from), grip.bottom() - ui.u(6)},
                    {grip.right() - ui.u(6), grip.bottom() - ui.u(from)}, ui.theme().accent, ui.u(3));
  if (size_touch.down) {
    const float pulled = std::max(size_touch.finger.x - lens.x, size_touch.finger.y - lens.y) + handle / 3;
    side_ = std::clamp(pulled / ui.u(1), kLeastSide, kMostSide);
    corner_ = {lens.x, lens.y};
  }
  Rect row{lens.x, lens.y + ui.u(8), lens.w, ui.u(64)};
  row = row.inset(ui.u(8), 0);
  for (const int factor : kFactors) {
    const auto id = base + ".factor." + std::to_string(factor);
    if (touch::button(ui, id, row.cut_left(ui.u(68), ui.gap()), std::to_string(factor) + "×",
                      {.selected = factor_ == static_cast<float>(factor), .face = touch::Face::body}))
      factor_ = static_cast<float>(factor);
  }
  values(desk, pane, {lens.x, lens.bottom() + ui.u(4), lens.w, ui.u(76)}, base);
}

void Lens::values(Desk& desk, XrayPane& pane, Rect r, const std::string& base) {
  Ui& ui = desk.ui;
  const Rect area = pane.area();
  const Rect lens{r.x, r.y - r.w, r.w, r.w};
  r.w = std::max(r.w, ui.u(460));
  r.x = std::clamp(r.x, area.x, std::max(area.x, area.right() - r.w));
  if (r.bottom() > area.bottom()) r.y = lens.bottom() - r.h - ui.u(72);  // over the picture's edge: inside the lens
  const auto part = measured_part(pane, *at_, lens, factor_);
  const auto measured = imaging::region_statistics(*pane.view(), part, pane.materials());
  ui.paint().fill(r, ui.theme().surface.with_alpha(0.92F), ui.u(6));
  touch::label(ui, base + ".values", r.inset(ui.u(12), ui.u(4)),
               values_in_words(measured, pane.materials() != nullptr), {.face = touch::Face::small, .max_lines = 2});
}

}  // namespace torugart::screens
