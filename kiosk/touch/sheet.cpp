#include "kiosk/touch/sheet.h"

#include <algorithm>
#include <string>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/ui_state.h"
#include "kiosk/touch/widgets.h"

namespace torugart::touch {

Sheet::Sheet(Ui& ui, std::string_view id, float width, float height, std::string_view title, bool can_cancel)
    : ui_(ui) {
  ui.push_layer(ui.screen());
  const Rect screen = ui.screen();
  Painter& paint = ui.paint();
  paint.fill(screen, ui.theme().scrim);
  const float edge = ui.u(24);
  const Rect r =
      screen.centered(std::min(ui.u(width), screen.w - 2 * edge), std::min(ui.u(height), screen.h - 2 * edge));
  ui.note(id, r, Role::sheet, title);
  paint.fill(r.inset(-1), ui.theme().control_edge.with_alpha(0.6F), ui.u(17));
  paint.fill(r, ui.theme().surface, ui.u(16));
  Rect inside = r.inset(ui.u(32), ui.u(24));
  Rect head = inside.cut_top(ui.u(64), ui.u(16));
  if (can_cancel) {
    const std::string cancel_id = std::string(id) + ".cancel";
    const float w = std::max(ui.u(160), paint.text_width(tr("Cancel"), Face::strong) + ui.u(96));
    cancelled_ =
        button(ui, cancel_id, head.cut_right(w, ui.u(16)), tr("Cancel"), {.icon = Icon::cross, .look = Look::quiet});
  }
  ui.state().owner = -1;
  paint.text(head, title, {.face = Face::title, .max_lines = 2, .min_scale = 0.7F});
  content_ = inside;
}

Sheet::~Sheet() {
  ui_.pop_layer();
}

}  // namespace torugart::touch
