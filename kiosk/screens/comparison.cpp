#include "kiosk/screens/comparison.h"

#include <algorithm>
#include <cmath>

#include "imaging/display/compose.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using imaging::ImageRect;
using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::trc;
using touch::Ui;

namespace {
constexpr double kTurn_s = 0.7;  // each picture's time when they take turns
}

void Comparison::close() {
  on_ = shift_ = list_ = false;
  linked_ = true;
  mode_ = CompareMode::below;
  source_.clear();
  offset_ = {};
}

const CompareWith* Comparison::chosen(const std::vector<CompareWith>& all) const {
  for (const auto& one : all)
    if (one.key == source_ && one.image != nullptr) return &one;
  for (const auto& one : all)
    if (source_.empty() && one.image != nullptr) return &one;
  return nullptr;
}

Comparison::Link Comparison::link(const XrayPane& pane) const {
  const auto* own = pane.image();
  const auto* other = other_.image();
  if (own == nullptr || other == nullptr) return {};
  const auto& a = own->statistics;
  const auto& b = other->statistics;
  if (a.geometry_calibrated && b.geometry_calibrated && a.pixel_mm > 0 && b.pixel_mm > 0)
    return {a.pixel_mm / b.pixel_mm, a.pixel_mm / b.pixel_mm};
  const double rows = static_cast<double>(other->rows()) / own->rows();
  // One column a line: two speeds are two lengths of one truck.
  return {static_cast<double>(other->columns()) / own->columns(), rows};
}

ImageRect Comparison::linked_part(const XrayPane& pane, const Link& k) const {
  const auto& own = pane.viewport();
  const auto& to = other_.viewport();
  // The same scale and the same middle: the two places need not be equally high.
  const double w = to.width / (own.scale_x() / k.kx), h = to.height / (own.scale_y() / k.ky);
  const double x = (own.image.x + own.image.w / 2) * k.kx + offset_.x,
               y = (own.image.y + own.image.h / 2) * k.ky + offset_.y;
  return {x - w / 2, y - h / 2, w, h};
}

touch::TextureId Comparison::difference(XrayPane& pane) {
  imaging::RenderOptions plain;  // one tone for both, or the tones would differ and not the loads
  plain.tone = pane.options.tone;
  plain.source = pane.options.source;
  const auto window = pane.window();
  plain.window_lo = pane.options.window_lo.value_or(window.lo);
  plain.window_hi = pane.options.window_hi.value_or(window.hi);
  const auto* before = other_.pixels(plain);
  const auto* now = pane.pixels(plain);
  if (now == nullptr || before == nullptr || !imaging::difference_of(*now, *before, difference_)) return 0;
  return pane.upload(difference_);
}

touch::TextureId Comparison::draw(Desk& desk, XrayPane& pane, Rect& r, const std::string& crossing) {
  if (!on_ || !pane.has_picture()) return 0;
  Ui& ui = desk.ui;
  const auto all = compare_sources(*desk.view, crossing);
  const auto* with = chosen(all);
  if (with == nullptr) {
    other_.show_nothing();
    return 0;
  }
  other_.show_image(with->image->scan, with->image->image, with->image->materials);
  other_.options = pane.options;
  // One grey for one attenuation: the tone that this picture has found for itself holds for both.
  const auto window = pane.window();
  if (!other_.options.window_lo) other_.options.window_lo = window.lo;
  if (!other_.options.window_hi) other_.options.window_hi = window.hi;
  if (!other_.has_materials() && imaging::shows_material(other_.options.palette))
    other_.options.palette = imaging::Palette::grey;
  const Link k = link(pane);
  other_.hold_part(linked_);
  if (mode_ == CompareMode::below) {
    const Rect lower = r.cut_bottom((r.h - ui.gap()) / 2, ui.gap());
    if (!pane.settle(r) || !other_.settle(lower)) return 0;
    if (linked_) other_.show_part(linked_part(pane, k));
    const auto shown = other_.viewport().image;
    other_.draw(ui, "review.compare.picture", lower, true, "");
    const auto moved = other_.viewport().image;
    if (linked_ && moved != shown) {
      const double dx = moved.x - shown.x, dy = moved.y - shown.y;
      if (shift_ && moved.w == shown.w) {
        offset_.x += dx;
        offset_.y += dy;
      } else {  // it leads, this one follows
        auto part = pane.viewport().image;
        const double grow = moved.w / shown.w;
        const double middle_x = (moved.x + moved.w / 2 - offset_.x) / k.kx,
                     middle_y = (moved.y + moved.h / 2 - offset_.y) / k.ky;
        part.w *= grow;
        part.h *= grow;
        pane.show_part({middle_x - part.w / 2, middle_y - part.h / 2, part.w, part.h});
      }
    }
    Rect label = lower.inset(ui.u(12)).cut_top(ui.u(44));
    const float w = touch::badge(ui, "", {0, 0, 0, ui.u(44)}, touch::Tone::neutral, with->words);
    touch::badge(ui, "review.compare.of", label.cut_left(std::min(label.w, w)), touch::Tone::neutral, with->words);
    return 0;
  }
  if (!pane.settle(r) || !other_.settle(r)) return 0;
  other_.hold_part(true);
  other_.show_part(linked_part(pane, k));
  if (mode_ == CompareMode::difference) return difference(pane);
  const double turn = ui.now_s() / kTurn_s;
  ui.wake_at((std::floor(turn) + 1) * kTurn_s);
  if (static_cast<long long>(std::floor(turn)) % 2 == 0) return 0;
  const auto* before = other_.pixels(other_.options);
  return before == nullptr ? 0 : pane.upload(*before);
}

void Comparison::follow(const XrayPane& pane, const touch::Interaction& touch) {
  if (!shifting() || !touch.down || touch.pinch.active) return;
  const Link k = link(pane);
  // The other picture goes with the finger; under the own one it is pulled up against it.
  offset_.x -= touch.drag.x / pane.viewport().scale_x() * k.kx;
  offset_.y -= touch.drag.y / pane.viewport().scale_y() * k.ky;
}

void Comparison::controls(Desk& desk, XrayPane& pane, Rect& above, const std::string& crossing) {
  if (!on_) return;
  Ui& ui = desk.ui;
  const auto all = compare_sources(*desk.view, crossing);
  const auto* with = chosen(all);
  Rect r = above.cut_bottom(ui.u(72), ui.u(12));
  ui.paint().fill(r.inset(-ui.u(4)), ui.theme().surface.with_alpha(0.92F), ui.u(8));
  const std::string base = "review.compare";
  const std::string words = with != nullptr ? with->words
                            : all.empty()   ? tr("Nothing to compare with")
                                            : tr("Choose a picture");
  if (touch::button(ui, base + ".other", r.cut_left(std::min(r.w * 0.3F, ui.u(440)), ui.u(16)), words,
                    {.icon = Icon::list, .enabled = !all.empty(), .selected = list_, .face = Face::body}))
    list_ = !list_;
  const bool there = with != nullptr;
  const float shift_width = ui.u(150);
  const Rect align = r.cut_right(shift_width, ui.gap());
  const Rect shift = r.cut_right(shift_width, ui.gap());
  const Rect linked = r.cut_right(shift_width, ui.gap());
  const std::vector<std::string> modes = {trc("compare", "Below"), trc("compare", "In turn"),
                                          trc("compare", "Difference")};
  if (const auto i = touch::segmented(ui, base + ".mode", r, modes, static_cast<int>(mode_), there))
    mode_ = static_cast<CompareMode>(*i);
  const bool below = mode_ == CompareMode::below;
  if (touch::button(ui, base + ".linked", linked, trc("compare", "Linked"),
                    {.enabled = there && below, .selected = linked_ || !below, .face = Face::body})) {
    linked_ = !linked_;
    if (!linked_) shift_ = false;
  }
  if (touch::button(ui, base + ".shift", shift, trc("compare", "Shift"),
                    {.enabled = there && (linked_ || !below), .selected = shift_, .face = Face::body}))
    shift_ = !shift_;
  if (touch::button(ui, base + ".align", align, trc("compare", "Undo shift"),
                    {.enabled = there && (offset_.x != 0 || offset_.y != 0), .face = Face::body}))
    offset_ = {};
  if (!below && there) {
    const bool other_now =
        mode_ == CompareMode::in_turn && static_cast<long long>(std::floor(ui.now_s() / kTurn_s)) % 2 != 0;
    const std::string what = mode_ == CompareMode::difference
                                 ? std::string(tr("Orange: more than before · blue: less than before"))
                             : other_now ? with->words
                                         : std::string(tr("This scan"));
    Rect line = above.cut_bottom(ui.u(44), ui.u(8));
    const float w = touch::badge(ui, "", {0, 0, 0, ui.u(44)}, touch::Tone::neutral, what);
    touch::badge(ui, base + ".of", line.cut_left(std::min(line.w, w)), touch::Tone::neutral, what);
  }
  if (!list_) return;
  const float each = ui.u(76) + ui.gap();
  const float height = std::min(above.h, each * static_cast<float>(all.size()) + ui.u(24));
  Rect box = above;
  box = box.cut_bottom(height).cut_left(std::min(above.w, ui.u(640)));
  ui.push_layer(box);
  const Rect inside = touch::card(ui, box);
  {
    touch::ScrollArea scroll(ui, base + ".list", inside, each * static_cast<float>(all.size()));
    Rect list = scroll.content();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool now = with != nullptr && with->key == all[i].key;
      if (touch::row(ui, base + ".source." + std::to_string(i), list.cut_top(ui.u(76), ui.gap()), all[i].words,
                     {.detail = all[i].detail, .selected = now})) {
        source_ = all[i].key;
        offset_ = {};
        list_ = false;
        if (all[i].image == nullptr) desk.lane.want_reference(crossing, all[i].library);
      }
    }
  }
  ui.pop_layer();
  (void)pane;
}

}  // namespace torugart::screens
