#include "kiosk/touch/scroll.h"

#include <algorithm>

#include "kiosk/touch/ui_state.h"

namespace torugart::touch {

ScrollArea::ScrollArea(Ui& ui, std::string_view id, const Rect& r, float content_height, bool follow_end)
    : ui_(ui), area_(r) {
  Ui::State& s = ui.state();
  const std::string key(id);
  const Interaction hit = ui.interact({id, r, Role::scroll, Behaviour::drag, true, {}, {}});
  s.now.at(static_cast<std::size_t>(s.owner)).drags = false;
  const bool known = s.scroll.contains(key);
  float& offset = s.scroll[key];
  float& length = s.scroll[key + "\nlength"];
  const float end_before = std::max(0.0F, length - r.h);
  const float end = std::max(0.0F, content_height - r.h);
  if (follow_end && (!known || offset >= end_before - 1)) offset = end;
  length = content_height;
  if (s.scrolling && s.active == id) offset -= hit.drag.y;
  if (s.wheel != 0 && r.contains(s.at) && !s.down) offset -= s.wheel * ui.u(96);
  offset = std::clamp(offset, 0.0F, end);

  const float bar = end > 0 ? ui.u(16) : 0;
  content_ = {r.x, r.y - offset, r.w - bar, content_height};
  if (end > 0) {
    Painter& paint = ui.paint();
    const float height = std::max(ui.u(48), r.h * r.h / content_height);
    const Rect track{r.right() - ui.u(6), r.y, ui.u(6), r.h};
    paint.fill(track, ui.theme().outline, ui.u(3));
    paint.fill({track.x, r.y + (r.h - height) * (offset / end), track.w, height}, ui.theme().control_edge, ui.u(3));
  }
  ui.paint().push_clip(r);
  s.owner = -1;
}

ScrollArea::~ScrollArea() {
  ui_.paint().pop_clip();
  ui_.state().owner = -1;
}

void scroll_to(Ui& ui, std::string_view id, float y) {
  ui.state().scroll[std::string(id)] = std::max(0.0F, y);
}

float scroll_offset(Ui& ui, std::string_view id) {
  const auto it = ui.state().scroll.find(std::string(id));
  return it == ui.state().scroll.end() ? 0 : it->second;
}

}  // namespace torugart::touch
