#include <algorithm>
#include <string>

#include "kiosk/touch/ui_state.h"
#include "kiosk/touch/widgets.h"

namespace torugart::touch {

TextFit label(Ui& ui, std::string_view id, const Rect& r, std::string_view words, const TextStyle& style) {
  if (!id.empty())
    ui.note(id, r, Role::text, words);
  else
    ui.state().owner = -1;
  return ui.paint().text(r, words, style);
}

void label_value(Ui& ui, std::string_view id, const Rect& r, std::string_view name, std::string_view value, Tone tone,
                 Face face) {
  ui.note(id, r, Role::value, name, value);
  Painter& paint = ui.paint();
  const Theme& t = ui.theme();
  const Color ink = t.tone(tone).ink;
  const float line = paint.line_height(Face::small);
  if (r.h >= line + paint.line_height(Face::body)) {
    Rect rest = r;
    paint.text(rest.cut_top(line), name, {.face = Face::small, .color = t.text_dim});
    const Shape shape = shape_of(tone);
    const float height = std::min(rest.h, paint.line_height(face));
    Rect place{rest.x, rest.y, rest.w, height};
    if (shape != Shape::none && tone != Tone::accent) {
      const float side = std::min(ui.u(24), height);
      paint.shape(place.cut_left(side, ui.u(10)).centered(side, side), shape, ink);
    }
    paint.text(place, value, {.face = face, .color = ink, .min_scale = 0.6F});
    return;
  }
  const float w = std::min(paint.text_width(value, Face::strong), r.w * 0.65F);
  Rect rest = r;
  paint.text(rest.cut_right(w + 1, ui.u(12)), value, {.face = Face::strong, .color = ink, .align = Align::right});
  paint.text(rest, name, {.face = Face::body, .color = t.text_dim});
}

void heading(Ui& ui, const Rect& r, std::string_view words, std::string_view remark) {
  ui.state().owner = -1;
  Painter& paint = ui.paint();
  Rect rest = r;
  if (!remark.empty()) {
    const float w = std::min(paint.text_width(remark, Face::small) + 1, r.w * 0.6F);
    paint.text(rest.cut_right(w, ui.u(16)), remark,
               {.face = Face::small, .color = ui.theme().text_dim, .align = Align::right});
  }
  paint.text(rest, words, {.face = Face::strong, .color = ui.theme().text_dim});
}

Rect card(Ui& ui, const Rect& r, std::string_view title, Tone edge) {
  ui.state().owner = -1;
  Painter& paint = ui.paint();
  const Theme& t = ui.theme();
  const float radius = ui.u(14);
  paint.fill(r, t.surface, radius);
  if (edge != Tone::neutral) {
    paint.outline(r, t.tone(edge).ink, ui.u(2), radius);
  } else {
    paint.outline(r, t.outline.with_alpha(0.8F), 1, radius);
  }
  Rect inside = r.inset(ui.u(24), ui.u(20));
  if (!title.empty()) heading(ui, inside.cut_top(paint.line_height(Face::strong), ui.u(12)), title);
  return inside;
}

void bar(Ui& ui, const Rect& r) {
  ui.state().owner = -1;
  ui.paint().fill(r, ui.theme().surface);
}

void divider(Ui& ui, const Rect& r) {
  const float thickness = std::max(1.0F, ui.u(1));
  if (r.w >= r.h)
    ui.paint().fill({r.x, r.center().y, r.w, thickness}, ui.theme().outline);
  else
    ui.paint().fill({r.center().x, r.y, thickness, r.h}, ui.theme().outline);
}

bool row(Ui& ui, std::string_view id, const Rect& r, std::string_view words, const RowOptions& o) {
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  const Interaction hit = ui.interact({id, r, Role::row, o.touchable ? Behaviour::tap : Behaviour::none, o.enabled,
                                       words, o.selected ? std::string_view("selected") : o.right});
  const float radius = ui.u(10);
  if (o.touchable) {
    paint.fill(r, hit.down ? t.pressed : o.selected ? t.accented.fill : o.enabled ? t.raised : t.surface, radius);
    paint.outline(r, o.selected ? t.accent : mix(t.raised, t.control_edge, 0.25F), o.selected ? ui.u(3) : 1, radius);
  }
  const bool on = o.selected && !hit.down && o.touchable;
  const Color ink = !o.enabled ? t.text_off : on ? t.accented.on_fill : t.text;
  const Color dim = on ? t.accented.on_fill : o.enabled ? t.text_dim : t.text_off;
  Rect inside = o.touchable ? r.inset(ui.u(18), ui.u(6)) : r;
  if (o.tone != Tone::neutral)
    paint.shape(inside.cut_left(ui.u(26), ui.u(16)), shape_of(o.tone), on ? ink : t.tone(o.tone).ink);
  if (o.icon != Icon::none) paint.icon(inside.cut_left(ui.u(32), ui.u(16)), o.icon, dim);
  if (o.chevron) paint.icon(inside.cut_right(ui.u(26), ui.u(8)), Icon::forward, dim);
  const auto two_lines = [&](Rect area, std::string_view first, std::string_view second, Align align,
                             Color second_ink) {
    if (second.empty()) {
      paint.text(area, first, {.face = Face::strong, .color = ink, .align = align, .max_lines = 2});
      return;
    }
    const float a = paint.line_height(Face::strong), b = paint.line_height(Face::small);
    Rect both = area.centered(area.w, std::min(area.h, a + b));
    paint.text(both.cut_top(a), first, {.face = Face::strong, .color = ink, .align = align});
    paint.text(both, second, {.face = Face::small, .color = second_ink, .align = align});
  };
  if (!o.right.empty() || !o.right_detail.empty()) {
    const float w =
        std::max(paint.text_width(o.right, Face::strong), paint.text_width(o.right_detail, Face::small)) + 1;
    two_lines(inside.cut_right(std::min(w, inside.w * 0.55F), ui.u(16)), o.right, o.right_detail, Align::right, dim);
  }
  two_lines(inside, words, o.detail, Align::left, dim);
  return hit.tapped;
}

void step_row(Ui& ui, std::string_view id, const Rect& r, const Step& step) {
  static constexpr std::string_view states[] = {"waiting", "current", "done", "blocked", "not needed", "attention"};
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  ui.note(id, r, Role::step, step.words, states[static_cast<std::size_t>(step.state)]);
  if (step.state == StepState::current) paint.fill(r, t.raised, ui.u(10));
  Rect inside = r.inset(ui.u(12), ui.u(2));
  const Rect place = inside.cut_left(ui.u(30), ui.u(14));
  const Point m = place.center();
  const float radius = ui.u(13), thin = ui.u(2);
  Color ink = t.text, dim = t.text_dim;
  switch (step.state) {
    case StepState::done:
      paint.circle(m, radius, t.green.fill);
      paint.shape(place.centered(ui.u(16), ui.u(16)), Shape::tick, t.green.on_fill);
      break;
    case StepState::current:
      paint.ring(m, radius - thin, t.accent, ui.u(3));
      paint.circle(m, ui.u(5), t.accent);
      break;
    case StepState::waiting:
      paint.ring(m, radius - thin, t.control_edge, thin);
      ink = t.text_dim;
      break;
    case StepState::blocked:
      paint.ring(m, radius - thin, t.yellow.ink, ui.u(3));
      paint.icon(place.centered(ui.u(15), ui.u(15)), Icon::wait, t.yellow.ink);
      dim = t.yellow.ink;
      break;
    case StepState::not_needed:
      paint.fill({m.x - ui.u(9), m.y - thin / 2, ui.u(18), thin}, t.text_off);
      ink = dim = t.text_off;
      break;
    case StepState::attention:
      paint.fill(place.centered(ui.u(28), ui.u(28)), t.red.fill, ui.u(6));
      paint.shape(place.centered(ui.u(18), ui.u(18)), Shape::exclamation, t.red.on_fill);
      dim = t.red.ink;
      break;
  }
  if (!step.time.empty()) {
    const float w = paint.text_width(step.time, Face::small) + 1;
    paint.text(inside.cut_right(w, ui.u(12)), step.time,
               {.face = Face::small, .color = t.text_dim, .align = Align::right});
  }
  const Face face = step.state == StepState::current ? Face::strong : Face::body;
  const float a = paint.line_height(face), b = paint.line_height(Face::small);
  if (!step.detail.empty() && inside.h + 1 >= a + b) {
    Rect both = inside.centered(inside.w, a + b);
    paint.text(both.cut_top(a), step.words, {.face = face, .color = ink});
    paint.text(both, step.detail, {.face = Face::small, .color = dim});
  } else if (!step.detail.empty()) {
    const float w = std::min(paint.text_width(step.words, face) + 1, inside.w * 0.6F);
    paint.text(inside.cut_left(w, ui.u(14)), step.words, {.face = face, .color = ink});
    paint.text(inside, step.detail, {.face = Face::small, .color = dim, .align = Align::right});
  } else {
    paint.text(inside, step.words, {.face = face, .color = ink, .max_lines = 2});
  }
}

}  // namespace torugart::touch
