#include <algorithm>
#include <cmath>
#include <string>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/ui_state.h"
#include "kiosk/touch/widgets.h"

namespace torugart::touch {
namespace {

struct Colors {
  Color fill, edge, words;
};

Colors colors_of(const Theme& t, const ButtonOptions& o, bool down) {
  if (!o.enabled) return {o.look == Look::quiet ? Color{0, 0, 0, 0} : t.surface, t.outline, t.text_off};
  Colors c{t.raised, mix(t.raised, t.control_edge, 0.45F), t.text};
  switch (o.look) {
    case Look::plain:
      break;
    case Look::quiet:
      c = {{0, 0, 0, 0}, mix(t.surface, t.control_edge, 0.45F), t.text};
      break;
    case Look::strong:
      c = {t.primary, t.primary, t.on_primary};
      break;
    case Look::danger:
      c = {t.red.fill, t.red.fill, t.red.on_fill};
      break;
  }
  if (o.selected) c = {t.accented.fill, t.accent, t.accented.on_fill};
  if (down) {
    c.fill = o.look == Look::strong   ? t.primary_pressed
             : o.look == Look::danger ? mix(t.red.fill, Color::hex(0), 0.35F)
                                      : t.pressed;
    if (o.look != Look::strong && o.look != Look::danger) c.words = t.text;
  }
  return c;
}

/// Icon and words as one group in the middle of the rectangle; a reason under them.
void face_of_button(Ui& ui, const Rect& r, std::string_view words, const ButtonOptions& o, Color ink) {
  Painter& paint = ui.paint();
  Rect inside = r.inset(ui.u(14), ui.u(4));
  if (!o.enabled && !o.reason.empty()) {
    const float line = paint.line_height(Face::small);
    Rect why = inside.cut_bottom(std::min(line, inside.h / 2));
    inside.h += ui.u(2);
    paint.text(why.moved(0, -ui.u(2)), o.reason,
               {.face = Face::small, .color = ui.theme().yellow.ink, .align = Align::center});
  }
  if (o.icon == Icon::none) {
    paint.text(inside, words, {.face = o.face, .color = ink, .align = Align::center, .max_lines = 2});
    return;
  }
  const float size = std::min(ui.u(32), inside.h), gap = words.empty() ? 0 : ui.u(12);
  const float room = inside.w - size - gap;
  float w = paint.text_width(words, o.face);
  if (w > room) {
    // wrapped: the group is as wide as the room
    w = room;
  }
  const float left = inside.x + (inside.w - size - gap - w) / 2;
  paint.icon({left, inside.y, size, inside.h}, o.icon, ink);
  paint.text({left + size + gap, inside.y, w + 1, inside.h}, words, {.face = o.face, .color = ink, .max_lines = 2});
}

void surface_of_button(Ui& ui, const Rect& r, const Colors& c, bool selected) {
  const float radius = ui.u(10);
  ui.paint().fill(r, c.fill, radius);
  ui.paint().outline(r, c.edge, selected ? ui.u(3) : std::max(1.0F, ui.u(1.5F)), radius);
}

std::string_view state_word(const ButtonOptions& o) {
  return o.enabled ? (o.selected ? "selected" : "") : o.reason;
}

/// The ring that fills while one holds: track, arc, and a dot or icon in the middle.
void hold_ring(Ui& ui, Point center, float radius, float progress, Icon icon, Color ink, Color track) {
  Painter& paint = ui.paint();
  const float thickness = std::max(3.0F, radius * 0.2F);
  paint.ring(center, radius, track, std::max(1.5F, thickness * 0.5F));
  paint.arc(center, radius, progress, ink, thickness);
  const float side = radius * 1.0F;
  const Rect middle{center.x - side / 2, center.y - side / 2, side, side};
  if (icon != Icon::none)
    paint.icon(middle, icon, ink);
  else
    paint.circle(center, radius * 0.22F, ink);
}

}  // namespace

bool button(Ui& ui, std::string_view id, const Rect& r, std::string_view words, const ButtonOptions& o) {
  const Interaction hit = ui.interact({id, r, Role::button, Behaviour::tap, o.enabled, words, state_word(o)});
  const Colors c = colors_of(ui.theme(), o, hit.down);
  surface_of_button(ui, r, c, o.selected);
  face_of_button(ui, r, words, o, c.words);
  return hit.tapped;
}

bool tool_button(Ui& ui, std::string_view id, const Rect& r, Icon icon, std::string_view words, bool selected,
                 bool enabled) {
  const ButtonOptions o{.enabled = enabled, .selected = selected};
  const Interaction hit = ui.interact({id, r, Role::button, Behaviour::tap, enabled, words, state_word(o)});
  const Colors c = colors_of(ui.theme(), o, hit.down);
  surface_of_button(ui, r, c, selected);
  const float word = ui.paint().line_height(Face::small), side = std::min(ui.u(34), r.h - word - ui.u(8));
  Rect inside = r.inset(ui.u(4), 0).centered(r.w - ui.u(8), side + ui.u(6) + word);
  const Rect under = inside.cut_bottom(word);
  ui.paint().icon({inside.x, inside.y, inside.w, side}, icon, c.words);
  ui.paint().text(under, words, {.face = Face::small, .color = c.words, .align = Align::center});
  return hit.tapped;
}

bool hold_button(Ui& ui, std::string_view id, const Rect& r, std::string_view words, const ButtonOptions& o) {
  const Interaction hit = ui.interact({id, r, Role::hold_button, Behaviour::hold, o.enabled, words, state_word(o)});
  const Colors c = colors_of(ui.theme(), o, hit.down);
  surface_of_button(ui, r, c, o.selected);
  Painter& paint = ui.paint();
  if (hit.hold_progress > 0) {
    const Color over = o.look == Look::strong ? ui.theme().accented.fill : ui.theme().accent;
    paint.fill({r.x, r.y, r.w * hit.hold_progress, r.h}, over.with_alpha(0.22F), ui.u(10));
  }
  Rect inside = r.inset(ui.u(18), ui.u(4));
  const float radius = std::min(ui.u(24), r.h / 2 - ui.u(12));
  const Rect place = inside.cut_left(2 * radius, ui.u(16));
  if (o.enabled)
    hold_ring(ui, place.center(), radius, hit.hold_progress, o.icon, c.words, c.words.with_alpha(0.45F));
  else
    paint.icon(place.centered(ui.u(30), ui.u(30)), Icon::lock, c.words);
  const std::string_view under = o.enabled ? std::string_view(tr("press and hold")) : o.reason;
  const float line = paint.line_height(Face::small);
  if (!under.empty() && r.h >= ui.u(72)) {
    Rect both = inside.centered(inside.w, std::min(inside.h, paint.line_height(o.face) + line));
    const Color dim = o.enabled ? c.words.with_alpha(0.85F) : ui.theme().yellow.ink;
    paint.text(both.cut_bottom(line), under, {.face = Face::small, .color = dim});
    paint.text(both, words, {.face = o.face, .color = c.words});
  } else {
    paint.text(inside, words, {.face = o.face, .color = c.words, .max_lines = 2});
  }
  return hit.tapped;
}

Rect next_step_rect(const Ui& ui, const Rect& content) {
  const float w = std::min(ui.u(480), content.w), h = ui.u(104);
  return {content.right() - w, content.bottom() - h, w, h};
}

bool next_step(Ui& ui, std::string_view id, const Rect& r, const NextStep& step) {
  const bool enabled = step.reason.empty() && !step.busy;
  const Theme& t = ui.theme();
  const std::string_view value = step.busy ? "busy" : step.reason;
  const Interaction hit = ui.interact({id, r, step.hold ? Role::hold_button : Role::button,
                                       step.hold ? Behaviour::hold : Behaviour::tap, enabled, step.words, value});
  Painter& paint = ui.paint();
  const float radius = ui.u(14);
  Color ink = t.on_primary;
  if (enabled) {
    paint.fill(r, hit.down ? t.primary_pressed : t.primary, radius);
    if (hit.hold_progress > 0)
      paint.fill({r.x, r.y, r.w * hit.hold_progress, r.h}, t.on_primary.with_alpha(0.18F), radius);
  } else {
    ink = step.busy ? t.text : t.text_dim;
    paint.fill(r, t.surface, radius);
    paint.outline(r, t.control_edge, ui.u(2), radius);
  }
  Rect inside = r.inset(ui.u(24), ui.u(8));
  const Rect place = inside.cut_right(ui.u(56), ui.u(16));
  if (step.busy) {
    const auto phase = static_cast<float>(std::fmod(ui.now_s() / 1.2, 1.0));
    for (int i = 0; i < 3; ++i) {
      const float bright =
          0.35F + 0.65F * std::max(0.0F, 1 - std::abs(std::fmod(phase * 3 - static_cast<float>(i) + 3, 3.0F) - 1));
      paint.circle({place.center().x + ui.u(18) * static_cast<float>(i - 1), place.center().y}, ui.u(6),
                   t.accent.with_alpha(bright));
    }
    ui.animate_until(ui.now_s() + 0.2);
  } else if (!enabled) {
    paint.icon(place.centered(ui.u(36), ui.u(36)), Icon::lock, t.text_dim);
  } else if (step.hold) {
    hold_ring(ui, place.center(), ui.u(26), hit.hold_progress, Icon::none, ink, ink.with_alpha(0.5F));
  } else {
    paint.icon(place.centered(ui.u(40), ui.u(40)), step.icon, ink);
  }
  std::string_view under = step.reason;
  if (enabled && step.hold) under = tr("press and hold");
  if (step.busy) under = step.reason.empty() ? std::string_view(tr("working on it")) : step.reason;
  if (under.empty()) {
    paint.text(inside, step.words, {.face = Face::title, .color = ink, .max_lines = 2, .min_scale = 0.7F});
    return hit.tapped;
  }
  const float line = paint.line_height(Face::small);
  const float width = inside.w;
  const int lines = std::min(2, paint.lines_needed(under, Face::small, width));
  const float under_height = line * static_cast<float>(lines);
  Rect both = inside.centered(width, std::min(inside.h, under_height + paint.line_height(Face::title)));
  const Color dim = enabled ? mix(ink, t.primary, 0.25F) : step.busy ? t.text_dim : t.yellow.ink;
  paint.text(both.cut_bottom(under_height), under, {.face = Face::small, .color = dim, .max_lines = 2});
  paint.text(both, step.words, {.face = lines > 1 ? Face::strong : Face::title, .color = ink, .min_scale = 0.7F});
  return hit.tapped;
}

}  // namespace torugart::touch
