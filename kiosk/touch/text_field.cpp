#include "kiosk/touch/text_field.h"

#include <algorithm>
#include <cmath>

#include "kiosk/touch/ui_state.h"
#include "kiosk/touch/utf8.h"

namespace torugart::touch {
namespace {

std::string dots(std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i)
    out += "•";
  return out;
}

bool allowed(const std::string& c, FieldKind kind) {
  if (c.size() == 1 && static_cast<unsigned char>(c[0]) < 0x20) return false;
  if (kind == FieldKind::number)
    return c.size() == 1 && std::string_view("0123456789.-").find(c[0]) != std::string_view::npos;
  return true;
}

/// Takes what the keyboard has collected into the value.
bool take_typed(KeyboardState& keyboard, std::string& value, const FieldOptions& o) {
  if (keyboard.typed.empty()) return false;
  std::vector<std::string> now = characters(value);
  for (const std::string& c : characters(keyboard.typed)) {
    if (c == "\b") {
      if (!now.empty()) now.pop_back();
    } else if (c == "\f") {
      now.clear();
    } else if (allowed(c, o.kind) && static_cast<int>(now.size()) < o.max_characters) {
      now.push_back(o.kind == FieldKind::code ? upper(c) : c);
    }
  }
  keyboard.typed.clear();
  std::string changed;
  for (const std::string& c : now)
    changed += c;
  const bool differs = changed != value;
  value = changed;
  return differs;
}

}  // namespace

void focus_field(Ui& ui, std::string_view id) {
  KeyboardState& keyboard = ui.state().keyboard;
  if (keyboard.field == id) return;
  const bool cyrillic = keyboard.cyrillic;
  keyboard = {};
  keyboard.cyrillic = cyrillic;
  keyboard.field = id;
  // the field may be drawn later in this frame or not before the next one
  keyboard.seen = true;
  ui.animate_until(ui.now_s() + 0.1);
}

FieldResult text_field(Ui& ui, std::string_view id, const Rect& r, std::string& value, const FieldOptions& o) {
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  Ui::State& s = ui.state();
  Rect rest = r;
  const float line = paint.line_height(Face::small);
  const bool named = !o.name.empty() && r.h >= line + ui.min_target();
  if (named)
    paint.text(rest.cut_top(line, r.h - line - ui.min_target() >= ui.u(4) ? ui.u(4) : 0), o.name,
               {.face = Face::small, .color = t.text_dim});

  FieldResult out;
  KeyboardState& keyboard = s.keyboard;
  if (keyboard.field == id) {
    out.changed = take_typed(keyboard, value, o);
    out.done = keyboard.done;
    if (keyboard.done) ui.close_keyboard();
  }
  const std::size_t length = characters(value).size();
  const std::string shown = o.masked ? dots(length) : value;
  const Interaction hit = ui.interact(
      {id, rest, Role::text_field, Behaviour::tap, o.enabled, o.name, o.masked ? std::to_string(length) : value});
  if (hit.tapped) focus_field(ui, id);
  out.focused = keyboard.field == id;
  if (out.focused) {
    keyboard.seen = true;
    keyboard.kind = static_cast<int>(o.kind);
    keyboard.masked = o.masked;
    keyboard.name = o.name.empty() ? o.hint : o.name;
    keyboard.shown = shown;
  }
  const float radius = ui.u(10);
  paint.fill(rest, hit.down ? t.pressed : t.background, radius);
  paint.outline(rest, out.focused ? t.accent : t.control_edge, out.focused ? ui.u(3) : std::max(1.0F, ui.u(1.5F)),
                radius);
  Rect inside = rest.inset(ui.u(18), ui.u(4));
  if (o.icon != Icon::none) paint.icon(inside.cut_left(ui.u(28), ui.u(14)), o.icon, t.text_dim);
  if (shown.empty() && !out.focused)
    paint.text(inside, o.hint, {.color = t.text_dim});
  else
    draw_field_text(ui, inside, shown, Face::strong, out.focused);
  return out;
}

void draw_field_text(Ui& ui, const Rect& r, std::string_view shown, Face face, bool caret) {
  // what is typed is seen: a text longer than the field is moved left, its end stays in sight
  Painter& paint = ui.paint();
  const float w = paint.text_width(shown, face), room = r.w - ui.u(4);
  const float x = w > room ? r.right() - w - ui.u(4) : r.x;
  paint.push_clip(r);
  paint.text({x, r.y, w + ui.u(4), r.h}, shown, {.face = face});
  if (caret)
    paint.fill({x + w + ui.u(2), r.center().y - paint.line_height(face) * 0.45F, std::max(2.0F, ui.u(2)),
                paint.line_height(face) * 0.9F},
               ui.theme().accent);
  paint.pop_clip();
}

}  // namespace torugart::touch
