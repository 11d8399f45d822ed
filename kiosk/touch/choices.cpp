#include <algorithm>
#include <string>

#include "kiosk/touch/ui_state.h"
#include "kiosk/touch/widgets.h"

namespace torugart::touch {

std::optional<int> rail(Ui& ui, const Rect& r, std::span<const RailItem> items, int selected) {
  bar(ui, r);
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  std::optional<int> chosen;
  Rect rest = r.inset(ui.u(6), ui.u(12));
  int index = 0;
  for (const RailItem& item : items) {
    const Rect place = rest.cut_top(ui.u(96), ui.gap());
    const bool on = index == selected;
    const std::string waiting = item.count > 0 ? std::to_string(item.count) : std::string();
    const Interaction hit =
        ui.interact({item.id, place, Role::tab, Behaviour::tap, true, item.words, on ? "selected" : waiting});
    if (hit.tapped) chosen = index;
    if (on || hit.down) paint.fill(place, hit.down ? t.pressed : t.raised, ui.u(10));
    if (on) paint.fill({r.x, place.y + ui.u(14), ui.u(5), place.h - ui.u(28)}, t.accent, ui.u(2));
    const Color ink = on ? t.text : t.text_dim;
    Rect inside = place.inset(ui.u(2), ui.u(12));
    const Rect word = inside.cut_bottom(paint.line_height(Face::small));
    paint.icon({inside.x, inside.y, inside.w, ui.u(36)}, item.icon, on ? t.accent : t.text_dim);
    paint.text(word, item.words, {.face = Face::small, .color = ink, .align = Align::center, .min_scale = 0.7F});
    if (item.count > 0) {
      const float w = std::max(ui.u(28), paint.text_width(waiting, Face::small) + ui.u(14));
      const Rect pill{place.right() - w - ui.u(4), place.y + ui.u(6), w, ui.u(28)};
      const ToneColors& tone = t.tone(item.count_tone);
      paint.fill(pill, tone.fill, pill.h / 2);
      paint.text(pill, waiting, {.face = Face::small, .color = tone.on_fill, .align = Align::center});
    }
    ++index;
  }
  return chosen;
}

std::optional<int> tabs(Ui& ui, std::string_view id, const Rect& r, std::span<const std::string> words,
                        int selected) {
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  std::optional<int> chosen;
  paint.fill({r.x, r.bottom() - ui.u(1), r.w, ui.u(1)}, t.outline);
  const std::vector<Rect> places = r.columns(static_cast<int>(words.size()), ui.gap());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool on = static_cast<int>(i) == selected;
    const std::string one = std::string(id) + "." + std::to_string(i);
    const Interaction hit =
        ui.interact({one, places[i], Role::tab, Behaviour::tap, true, words[i], on ? "selected" : ""});
    if (hit.tapped) chosen = static_cast<int>(i);
    if (hit.down) paint.fill(places[i], t.pressed, ui.u(10));
    if (on) paint.fill({places[i].x, r.bottom() - ui.u(4), places[i].w, ui.u(4)}, t.accent, ui.u(2));
    paint.text(places[i].inset(ui.u(8), ui.u(4)), words[i],
               {.face = Face::strong, .color = on ? t.text : t.text_dim, .align = Align::center, .max_lines = 2});
  }
  return chosen;
}

std::optional<int> segmented(Ui& ui, std::string_view id, const Rect& r, std::span<const std::string> words,
                             int selected, bool enabled) {
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  std::optional<int> chosen;
  const std::vector<Rect> places = r.columns(static_cast<int>(words.size()), ui.gap());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool on = static_cast<int>(i) == selected;
    const Rect& place = places[i];
    const std::string one = std::string(id) + "." + std::to_string(i);
    const Interaction hit =
        ui.interact({one, place, Role::choice, Behaviour::tap, enabled, words[i], on ? "selected" : ""});
    if (hit.tapped) chosen = static_cast<int>(i);
    Color fill = on ? t.accented.fill : t.raised;
    if (!enabled) fill = t.surface;
    paint.fill(place, hit.down ? t.pressed : fill, ui.u(10));
    paint.outline(place, on ? t.accent : mix(t.raised, t.control_edge, 0.45F),
                  on ? ui.u(3) : std::max(1.0F, ui.u(1.5F)), ui.u(10));
    const Color ink = !enabled ? t.text_off : on && !hit.down ? t.accented.on_fill : t.text;
    Rect inside = place.inset(ui.u(12), ui.u(4));
    // the chosen one carries a tick, not only a colour
    const float need = paint.text_width(words[i], Face::strong) + ui.u(34);
    if (on && need <= inside.w) {
      const float left = inside.x + (inside.w - need) / 2;
      paint.shape({left, inside.y, ui.u(22), inside.h}, Shape::tick, ink);
      inside = {left + ui.u(34), inside.y, need - ui.u(33), inside.h};
      paint.text(inside, words[i], {.face = Face::strong, .color = ink});
    } else {
      paint.text(inside, words[i], {.face = Face::strong, .color = ink, .align = Align::center, .max_lines = 2});
    }
  }
  return chosen;
}

bool toggle(Ui& ui, std::string_view id, const Rect& r, std::string_view words, bool on, bool enabled) {
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  const Interaction hit = ui.interact({id, r, Role::toggle, Behaviour::tap, enabled, words, on ? "on" : "off"});
  paint.fill(r, hit.down ? t.pressed : enabled ? t.raised : t.surface, ui.u(10));
  paint.outline(r, mix(t.raised, t.control_edge, 0.45F), std::max(1.0F, ui.u(1.5F)), ui.u(10));
  Rect inside = r.inset(ui.u(16), 0);
  const Rect place = inside.cut_right(ui.u(68), ui.u(16));
  const Rect track = place.centered(ui.u(68), ui.u(38));
  const float radius = track.h / 2;
  paint.fill(track, on && enabled ? t.accent : t.surface, radius);
  paint.outline(track, on && enabled ? t.accent : t.control_edge, ui.u(2), radius);
  const Point knob{on ? track.right() - radius : track.x + radius, track.center().y};
  const Color knob_ink = on && enabled ? t.on_accent : t.control_edge;
  paint.circle(knob, radius - ui.u(6), knob_ink);
  if (on) {
    const float side = ui.u(16);
    paint.shape({knob.x - side / 2, knob.y - side / 2, side, side}, Shape::tick, enabled ? t.accent : t.surface);
  }
  paint.text(inside, words, {.face = Face::body, .color = enabled ? t.text : t.text_off, .max_lines = 2});
  return hit.tapped;
}

}  // namespace torugart::touch
