#include <algorithm>

#include "kiosk/touch/ui_state.h"

namespace torugart::touch {

void draw_toasts(Ui& ui) {
  Ui::State& s = ui.state();
  std::erase_if(s.toasts, [&](const Toast& t) { return t.until_s <= s.in.now_s; });
  if (s.toasts.empty()) return;
  const int before = s.layer;
  set_layer(s, toast_layer);
  s.owner = -1;
  Painter& paint = ui.paint();
  float bottom = ui.keyboard_open() ? ui.keyboard_rect().y - ui.u(16) : ui.screen().bottom() - ui.u(40);
  for (auto it = s.toasts.rbegin(); it != s.toasts.rend(); ++it) {
    const ToneColors& tone = s.theme.tone(it->tone);
    const bool has_shape = shape_of(it->tone) != Shape::none;
    const float left = ui.u(24) + (has_shape ? ui.u(40) : 0);
    const float w = std::min(paint.text_width(it->text, Face::strong) + left + ui.u(28), ui.screen().w * 0.6F);
    const Rect r{ui.screen().center().x - w / 2, bottom - ui.u(64), w, ui.u(64)};
    paint.fill(r.inset(-1), s.theme.control_edge.with_alpha(0.7F), ui.u(13));
    paint.fill(r, tone.fill, ui.u(12));
    ui.note("toast", r, Role::banner, it->text);
    if (has_shape) paint.shape({r.x + ui.u(24), r.y, ui.u(24), r.h}, shape_of(it->tone), tone.on_fill);
    paint.text({r.x + left, r.y, r.w - left - ui.u(16), r.h}, it->text,
               {.face = Face::strong, .color = tone.on_fill, .max_lines = 2});
    bottom -= ui.u(64) + ui.gap();
    ui.wake_at(it->until_s);
  }
  set_layer(s, before);
}

}  // namespace torugart::touch
