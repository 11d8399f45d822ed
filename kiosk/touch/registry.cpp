#include "kiosk/touch/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace torugart::touch {

std::string_view to_string(Role role) {
  static constexpr std::string_view names[] = {
      "text",   "value", "button", "hold button", "tab",   "toggle", "choice", "row",      "key",  "text field",
      "slider", "range", "image",  "scroll",      "sheet", "badge",  "banner", "progress", "chip", "step"};
  return names[static_cast<std::size_t>(role)];
}

std::string_view to_string(FindingKind kind) {
  static constexpr std::string_view names[] = {"small target", "clipped text", "overlap",
                                               "crowded",      "duplicate id", "off screen"};
  return names[static_cast<std::size_t>(kind)];
}

const WidgetRecord* Registry::find(std::string_view id) const {
  const auto it = std::find_if(records_.begin(), records_.end(), [&](const WidgetRecord& r) { return r.id == id; });
  return it == records_.end() ? nullptr : &*it;
}

bool Registry::covered_at(Point p, int layer) const {
  return std::any_of(covers_.begin(), covers_.end(),
                     [&](const Cover& c) { return c.layer > layer && c.area.contains(p); });
}

const WidgetRecord* Registry::hit(Point p) const {
  const WidgetRecord* best = nullptr;
  for (const WidgetRecord& r : records_)
    if (r.touchable && r.visible.contains(p) && (best == nullptr || r.layer >= best->layer) &&
        !covered_at(p, r.layer))
      best = &r;
  return best;
}

WidgetRecord& Registry::add(WidgetRecord record) {
  records_.push_back(std::move(record));
  return records_.back();
}

void Registry::finish() {
  for (WidgetRecord& r : records_)
    r.covered = !r.visible.empty() && covered_at(r.visible.center(), r.layer);
}

std::vector<Finding> audit(const Registry& registry, Rect screen, float min_target_px, float min_gap_px) {
  std::vector<Finding> out;
  // half a pixel of tolerance: rectangles are cut in floats
  constexpr float slack = 0.5F;
  std::unordered_set<std::string_view> seen;
  std::vector<const WidgetRecord*> targets;
  for (const WidgetRecord& r : registry.all()) {
    const std::string name = r.id.empty() ? r.label : r.id;
    if (!r.id.empty() && !seen.insert(r.id).second) out.push_back({FindingKind::duplicate_id, name, ""});
    if (r.clipped_text) out.push_back({FindingKind::clipped_text, name, r.label});
    if (!r.touchable || r.role == Role::scroll || r.role == Role::sheet) continue;
    if (r.small_target)
      out.push_back({FindingKind::small_target, name,
                     fmt::format("{:.0f} x {:.0f} px, at least {:.0f}", r.rect.w, r.rect.h, min_target_px)});
    // cut by more than the screen's edge: it lies in something that scrolls
    const Rect on_screen = r.rect.intersect(screen);
    const bool scrolled = r.visible.w < on_screen.w - slack || r.visible.h < on_screen.h - slack;
    if (!scrolled && (r.rect.x < screen.x - slack || r.rect.y < screen.y - slack ||
                      r.rect.right() > screen.right() + slack || r.rect.bottom() > screen.bottom() + slack))
      out.push_back({FindingKind::off_screen, name, ""});
    if (!r.visible.empty()) targets.push_back(&r);
  }
  for (std::size_t i = 0; i < targets.size(); ++i)
    for (std::size_t k = i + 1; k < targets.size(); ++k) {
      const WidgetRecord &a = *targets[i], &b = *targets[k];
      if (a.layer != b.layer) continue;
      const float dx = std::max(a.visible.x, b.visible.x) - std::min(a.visible.right(), b.visible.right());
      const float dy = std::max(a.visible.y, b.visible.y) - std::min(a.visible.bottom(), b.visible.bottom());
      const float distance = std::max(dx, dy);
      // tools may lie on a picture; the picture hears what they leave
      if (distance < -slack && a.role != Role::image && b.role != Role::image)
        out.push_back({FindingKind::overlap, a.id, "with " + b.id});
      else if (distance >= -slack && distance < min_gap_px - slack && a.role != Role::image && b.role != Role::image)
        out.push_back({FindingKind::crowded, a.id, fmt::format("{:.0f} px from {}", distance, b.id)});
    }
  return out;
}

}  // namespace torugart::touch
