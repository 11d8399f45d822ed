// Marking and measuring on the picture.
#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/screens/review_screen.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using inspection::MarkKind;
using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::trf;
using touch::Ui;

namespace {

constexpr int kSmallest = 4;  // image pixels: less was a tap

imaging::Rect box_of(imaging::ImagePoint a, imaging::ImagePoint b, const imaging::ScanView& view) {
  const int x0 = static_cast<int>(std::floor(std::min(a.x, b.x))),
            y0 = static_cast<int>(std::floor(std::min(a.y, b.y)));
  const int x1 = static_cast<int>(std::ceil(std::max(a.x, b.x))),
            y1 = static_cast<int>(std::ceil(std::max(a.y, b.y)));
  return imaging::Rect{x0, y0, x1 - x0, y1 - y0}.intersect(view.bounds());
}

constexpr std::array<std::pair<MarkKind, const char*>, 7> kKinds = {
    {{MarkKind::narcotics, "narcotics"},
     {MarkKind::weapons, "weapons"},
     {MarkKind::cigarettes, "cigarettes"},
     {MarkKind::undeclared_goods, "undeclared_goods"},
     {MarkKind::hidden_compartment, "hidden_compartment"},
     {MarkKind::person, "person"},
     {MarkKind::other, "other"}}};
}  // namespace

void ReviewScreen::touch_tool(Desk& desk, const touch::Interaction& touch) {
  if (!pane_.has_picture()) return;
  if (tool_ == Tool::magnify && touch.down) pane_.draw_lens(desk.ui, touch.finger, 3.0F);
  if (tool_ != Tool::mark && tool_ != Tool::measure) return;
  if (touch.pinch.active) {  // two fingers move the picture; what one had begun is called off
    dragging_ = false;
    return;
  }
  if (touch.pressed) {
    dragging_ = true;
    from_ = to_ = pane_.to_image(touch.finger);
    if (tool_ == Tool::mark) pending_.reset();
    if (tool_ == Tool::measure) measured_.reset();
  }
  if (dragging_ && touch.down) to_ = pane_.to_image(touch.finger);
  if (dragging_ && !touch.down) {
    dragging_ = false;
    if (tool_ == Tool::mark) {
      const auto box = box_of(from_, to_, *pane_.view());
      if (box.w >= kSmallest && box.h >= kSmallest) pending_ = box;
    } else if (std::hypot(to_.x - from_.x, to_.y - from_.y) > kSmallest) {
      measured_ = {from_, to_};
    }
  }
}

void draw_named_marks(Desk& desk, const XrayPane& pane, const Rect& area, const inspection::Crossing& crossing,
                      const std::string& scan, const std::string& base, bool own_only) {
  Ui& ui = desk.ui;
  ui.paint().push_clip(area);
  for (std::size_t i = 0; i < crossing.marks.size(); ++i) {
    const auto& mark = crossing.marks[i];
    if (mark.region.scan != scan || (own_only && desk.actor() && mark.actor != desk.actor()->account)) continue;
    const auto& m = mark.region;
    const Rect at = pane.to_screen(imaging::Rect{m.x, m.y, m.w, m.h});
    if (at.intersect(area).empty()) continue;
    touch::mark_box(ui, base + "." + std::to_string(i), at, mark_word(m.kind), touch::Tone::red);
  }
  ui.paint().pop_clip();
}

void ReviewScreen::draw_marks(Desk& desk) {
  Ui& ui = desk.ui;
  if (!pane_.has_picture() || !desk.view->focus) return;
  const auto& c = *desk.view->focus;
  const bool blind = desk.actor() && must_stay_blind(c, *desk.actor());
  if (const auto* scan = c.latest_scan())
    draw_named_marks(desk, pane_, pane_.area(), c, scan->scan, "review.marked", blind);
  if (dragging_ && tool_ == Tool::mark)
    ui.paint().outline(pane_.to_screen(box_of(from_, to_, *pane_.view())), ui.theme().accent, ui.u(3));
  if (pending_)
    touch::mark_box(ui, "review.pending", pane_.to_screen(*pending_), tr("What is it?"), touch::Tone::yellow, true);
}

void ReviewScreen::kinds(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const auto* focus = &*desk.view->focus;
  r = r.cut_left(std::min(r.w, ui.u(1400)));
  ui.paint().fill(r, ui.theme().surface.with_alpha(0.92F), ui.u(8));
  r = r.inset(ui.u(12), ui.u(8));
  Rect line = r.cut_top(ui.u(48), ui.u(8));
  touch::label(ui, "review.mark.help", line,
               pending_ ? tr("Say what it is") : tr("Draw a box around the place, then say what it is"),
               {.face = Face::strong});
  const auto places = r.columns(static_cast<int>(kKinds.size()), ui.gap());
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    const std::string id = std::string("review.mark.kind.") + kKinds[i].second;
    if (!touch::button(ui, id, places[i], mark_word(kKinds[i].first),
                       {.enabled = pending_.has_value(), .face = Face::body}))
      continue;
    const auto* scan = focus->latest_scan();
    if (!scan || !pending_) continue;
    inspection::RegionMarked region{.mark = new_mark_id(*focus),
                                    .scan = scan->scan,
                                    .x = pending_->x,
                                    .y = pending_->y,
                                    .w = pending_->w,
                                    .h = pending_->h,
                                    .kind = kKinds[i].first,
                                    .note = {}};
    if (desk.act(focus, inspection::MarkRegion{region})) pending_.reset();
  }
}

void ReviewScreen::measure_line(Desk& desk) {
  Ui& ui = desk.ui;
  if (tool_ != Tool::measure || !pane_.image()) return;
  const bool drawing = dragging_;
  if (!drawing && !measured_) return;
  const auto a = drawing ? from_ : measured_->first, b = drawing ? to_ : measured_->second;
  const auto& statistics = pane_.image()->statistics;
  if (!statistics.geometry_calibrated || statistics.pixel_mm <= 0) return;
  const double mm = std::hypot(b.x - a.x, b.y - a.y) * statistics.pixel_mm;
  const auto pa = pane_.to_screen(a), pb = pane_.to_screen(b);
  ui.paint().line(pa, pb, ui.theme().picture, ui.u(6));
  ui.paint().line(pa, pb, ui.theme().accent, ui.u(3));
  const std::string words = mm >= 1000 ? trf(tr("{:.2f} m"), mm / 1000) : trf(tr("{:.0f} mm"), mm);
  const float w = ui.paint().text_width(words, Face::strong) + ui.u(32);
  const Rect plate{(pa.x + pb.x - w) / 2, std::min(pa.y, pb.y) - ui.u(56), w, ui.u(44)};
  ui.paint().fill(plate, ui.theme().surface.with_alpha(0.92F), ui.u(6));
  touch::label(ui, "review.measured", plate, words, {.face = Face::strong, .align = touch::Align::center});
}

}  // namespace torugart::screens
