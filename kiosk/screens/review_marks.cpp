// Marking and measuring on the picture.
#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/screens/review_screen.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/text_field.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using inspection::MarkKind;
using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::trc;
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

// Distance of p from the line a b.
double off_line(imaging::ImagePoint p, imaging::ImagePoint a, imaging::ImagePoint b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = std::hypot(dx, dy);
  if (length < 1e-9) return std::hypot(p.x - a.x, p.y - a.y);
  return std::abs(dy * (p.x - a.x) - dx * (p.y - a.y)) / length;
}

// Keeps the corners of a drawn line (Douglas and Peucker 1973).
void corners_of(const std::vector<imaging::ImagePoint>& line, std::size_t first, std::size_t last, double off,
                std::vector<imaging::ImagePoint>& out) {
  std::size_t far = first;
  double most = off;
  for (std::size_t i = first + 1; i < last; ++i)
    if (const double d = off_line(line[i], line[first], line[last]); d > most) most = d, far = i;
  if (far == first) {
    out.push_back(line[last]);
    return;
  }
  corners_of(line, first, far, off, out);
  corners_of(line, far, last, off, out);
}

// What a finger drew around a place, closed, with at most kMostCorners corners on whole pixels.
std::vector<imaging::ImagePoint> outline_of(const std::vector<imaging::ImagePoint>& stroke,
                                            const imaging::Rect& bounds) {
  constexpr std::size_t kMostCorners = 32;
  if (stroke.size() < 3) return {};
  std::vector<imaging::ImagePoint> out;
  for (double off = 1.5; out.empty() || out.size() > kMostCorners; off *= 1.6) {
    out.assign(1, stroke.front());
    corners_of(stroke, 0, stroke.size() - 1, off, out);
  }
  for (auto& p : out)
    p = {std::round(std::clamp(p.x, static_cast<double>(bounds.x), static_cast<double>(bounds.right()))),
         std::round(std::clamp(p.y, static_cast<double>(bounds.y), static_cast<double>(bounds.bottom())))};
  return out.size() < 3 ? std::vector<imaging::ImagePoint>{} : out;
}

void draw_outline(Ui& ui, const XrayPane& pane, const std::vector<imaging::ImagePoint>& outline, touch::Color color,
                  bool closed) {
  std::vector<touch::Point> points;
  for (const auto& p : outline)
    points.push_back(pane.to_screen(p));
  ui.paint().polyline(points, touch::Color::hex(0x05070A, 190), ui.u(7), closed);
  ui.paint().polyline(points, color, ui.u(3), closed);
}

// Two rings and a name: a point has no size.
void draw_point(Ui& ui, touch::Point at, touch::Color color) {
  ui.paint().ring(at, ui.u(18), touch::Color::hex(0x05070A, 190), ui.u(7));
  ui.paint().ring(at, ui.u(18), color, ui.u(3));
  ui.paint().circle(at, ui.u(4), color);
}

bool is_point(const imaging::Rect& box) {
  return box.w == 1 && box.h == 1;
}

// Any mark: its shape, and its name beside it.
void draw_mark(Ui& ui, const XrayPane& pane, const std::string& id, const imaging::Rect& box,
               const std::vector<imaging::ImagePoint>& outline, const std::string& name, touch::Tone tone,
               bool selected) {
  const auto color = touch::dark_theme().tone(tone).ink;
  Rect at = pane.to_screen(box);
  if (is_point(box)) {
    draw_point(ui, at.center(), color);
    at = Rect{at.center().x - ui.u(18), at.center().y - ui.u(18), ui.u(36), ui.u(36)};
    touch::mark_name(ui, id, at, name, tone);
  } else if (!outline.empty()) {
    draw_outline(ui, pane, outline, color, true);
    touch::mark_name(ui, id, at, name, tone);
  } else {
    touch::mark_box(ui, id, at, name, tone, selected);
  }
}
}  // namespace

void ReviewScreen::touch_tool(Desk& desk, const touch::Interaction& touch) {
  if (!pane_.has_picture()) return;
  if (tool_ == Tool::magnify) lens_.draw(desk, pane_, touch, "review.lens");
  if (tool_ != Tool::mark && tool_ != Tool::measure) return;
  if (touch.pinch.active) {  // two fingers move the picture; what one had begun is called off
    dragging_ = false;
    return;
  }
  if (touch.pressed) {
    dragging_ = true;
    from_ = to_ = pane_.to_image(touch.finger);
    stroke_.assign(1, from_);
    if (tool_ == Tool::mark) pending_.reset();
    if (tool_ == Tool::measure) measured_.reset();
  }
  if (dragging_ && touch.down) {
    to_ = pane_.to_image(touch.finger);
    if (std::hypot(to_.x - stroke_.back().x, to_.y - stroke_.back().y) >= 1) stroke_.push_back(to_);
  }
  if (dragging_ && !touch.down) {
    dragging_ = false;
    if (tool_ == Tool::mark)
      finish_stroke();
    else if (std::hypot(to_.x - from_.x, to_.y - from_.y) > kSmallest)
      measured_ = {from_, to_};
  }
}

void ReviewScreen::finish_stroke() {
  const auto bounds = pane_.view()->bounds();
  if (shape_ == MarkShape::point) {
    const imaging::Rect at{static_cast<int>(std::floor(to_.x)), static_cast<int>(std::floor(to_.y)), 1, 1};
    if (!at.intersect(bounds).empty()) pending_ = PendingMark{at};
    return;
  }
  auto box = box_of(from_, to_, *pane_.view());
  if (shape_ == MarkShape::outline) {
    auto outline = outline_of(stroke_, bounds);
    if (outline.empty()) return;
    auto low = outline.front(), high = low;
    for (const auto& p : outline) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    box = box_of(low, high, *pane_.view());
    if (box.w >= kSmallest && box.h >= kSmallest) pending_ = PendingMark{box, std::move(outline)};
    return;
  }
  if (box.w >= kSmallest && box.h >= kSmallest) pending_ = PendingMark{box};
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
    std::vector<imaging::ImagePoint> outline;
    for (std::size_t k = 0; m.outline && k + 1 < m.outline->size(); k += 2)
      outline.push_back({static_cast<double>((*m.outline)[k]), static_cast<double>((*m.outline)[k + 1])});
    const std::string name = m.certainty == inspection::Certainty::medium
                                 ? mark_word(m.kind)
                                 : mark_word(m.kind) + " · " + certainty_word(m.certainty);
    draw_mark(ui, pane, base + "." + std::to_string(i), {m.x, m.y, m.w, m.h}, outline, name, touch::Tone::red, false);
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
  if (dragging_ && tool_ == Tool::mark) {
    if (shape_ == MarkShape::box)
      ui.paint().outline(pane_.to_screen(box_of(from_, to_, *pane_.view())), ui.theme().accent, ui.u(3));
    else if (shape_ == MarkShape::outline)
      draw_outline(ui, pane_, stroke_, ui.theme().accent, false);
    else
      draw_point(ui, pane_.to_screen(to_), ui.theme().accent);
  }
  if (pending_)
    draw_mark(ui, pane_, "review.pending", pending_->box, pending_->outline, tr("What is it?"), touch::Tone::yellow,
              true);
}

void ReviewScreen::kinds(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  r = r.cut_left(std::min(r.w, ui.u(1700)));
  ui.paint().fill(r, ui.theme().surface.with_alpha(0.92F), ui.u(8));
  r = r.inset(ui.u(12), ui.u(10));
  Rect line = r.cut_top(ui.u(72), ui.gap());
  // The shape is chosen before, certainty and note go with what is marked next.
  const std::vector<std::string> shapes = {trc("mark", "Box"), trc("mark", "Outline"), trc("mark", "Point")};
  if (const auto i = touch::segmented(ui, "review.mark.shape", line.cut_left(line.w * 0.3F, ui.u(16)), shapes,
                                      static_cast<int>(shape_))) {
    shape_ = static_cast<MarkShape>(*i);
    pending_.reset();
  }
  using inspection::Certainty;
  constexpr std::array kCertainties = {Certainty::low, Certainty::medium, Certainty::high};
  std::vector<std::string> certainties;
  for (const auto c : kCertainties)
    certainties.push_back(certainty_word(c));
  const auto at = std::find(kCertainties.begin(), kCertainties.end(), certainty_) - kCertainties.begin();
  if (const auto i = touch::segmented(ui, "review.mark.certainty", line.cut_left(line.w * 0.5F, ui.u(16)),
                                      certainties, static_cast<int>(at)))
    certainty_ = kCertainties[static_cast<std::size_t>(*i)];
  touch::text_field(ui, "review.mark.note", line, note_, {.hint = tr("Note"), .max_characters = 120});
  const auto places = r.columns(static_cast<int>(kKinds.size()), ui.gap());
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    const std::string id = std::string("review.mark.kind.") + kKinds[i].second;
    if (touch::button(ui, id, places[i], mark_word(kKinds[i].first),
                      {.enabled = pending_.has_value(), .face = Face::body}))
      mark(desk, kKinds[i].first);
  }
}

void ReviewScreen::mark(Desk& desk, MarkKind kind) {
  const auto* focus = &*desk.view->focus;
  const auto* scan = focus->latest_scan();
  if (!scan || !pending_) return;
  inspection::RegionMarked region{.mark = new_mark_id(*focus),
                                  .scan = scan->scan,
                                  .x = pending_->box.x,
                                  .y = pending_->box.y,
                                  .w = pending_->box.w,
                                  .h = pending_->box.h,
                                  .kind = kind,
                                  .certainty = certainty_,
                                  .note = note_};
  if (!pending_->outline.empty()) {
    auto& corners = region.outline.emplace();
    for (const auto& p : pending_->outline) {
      corners.push_back(static_cast<int>(p.x));
      corners.push_back(static_cast<int>(p.y));
    }
  }
  if (!desk.act(focus, inspection::MarkRegion{region})) return;
  pending_.reset();
  note_.clear();
  certainty_ = inspection::Certainty::medium;
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
