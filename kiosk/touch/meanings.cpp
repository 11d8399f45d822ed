#include <algorithm>
#include <cmath>
#include <string>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/ui_state.h"
#include "kiosk/touch/widgets.h"

namespace torugart::touch {

float badge(Ui& ui, std::string_view id, const Rect& r, Tone tone, std::string_view word) {
  Painter& paint = ui.paint();
  const ToneColors& c = ui.theme().tone(tone);
  const Shape shape = shape_of(tone);
  const float side = ui.u(20), edge = ui.u(14), gap = ui.u(10);
  const float before = shape == Shape::none ? 0 : side + gap;
  const float need = std::ceil(paint.text_width(word, Face::strong)) + before + 2 * edge + 1;
  if (r.w <= 0) return need;
  ui.note(id, r, Role::badge, word);
  paint.fill(r, c.fill, ui.u(8));
  Rect inside = r.inset(edge, 0);
  if (need < r.w) inside = inside.centered(need - 2 * edge, inside.h);
  if (shape != Shape::none) paint.shape(inside.cut_left(side, gap), shape, c.on_fill);
  paint.text(inside, word, {.face = Face::strong, .color = c.on_fill});
  return need;
}

void status(Ui& ui, std::string_view id, const Rect& r, Tone tone, std::string_view word, Face face) {
  ui.note(id, r, Role::value, word);
  Painter& paint = ui.paint();
  const Color ink = ui.theme().tone(tone).ink;
  Rect inside = r;
  const float side = face == Face::small ? ui.u(16) : ui.u(20);
  if (shape_of(tone) != Shape::none) paint.shape(inside.cut_left(side, ui.u(10)), shape_of(tone), ink);
  paint.text(inside, word, {.face = face, .color = ink, .max_lines = 2});
}

Rect banner(Ui& ui, std::string_view id, const Rect& r, Tone tone, std::string_view title, std::string_view detail,
            float buttons_width) {
  ui.note(id, r, Role::banner, title, detail);
  Painter& paint = ui.paint();
  const Theme& t = ui.theme();
  const ToneColors& c = t.tone(tone);
  const float radius = ui.u(10);
  paint.fill(r, c.fill, radius);
  if (tone == Tone::alarm) {
    // the one thing that blinks: it waits for a hand; twice in three seconds, far from what harms (WCAG 2.3.1)
    const double phase = std::fmod(ui.now_s(), 1.5);
    if (phase < 0.75) paint.outline(r, c.on_fill, ui.u(4), radius);
    ui.wake_at(ui.now_s() - phase + (phase < 0.75 ? 0.75 : 1.5));
  }
  Rect inside = r.inset(ui.u(20), ui.u(4));
  Rect buttons;
  if (buttons_width > 0) buttons = inside.cut_right(ui.u(buttons_width), ui.u(20));
  if (const Shape s = shape_of(tone); s != Shape::none)
    paint.shape(inside.cut_left(ui.u(34), ui.u(18)), s, c.on_fill);
  const float title_line = paint.line_height(Face::title), detail_line = paint.line_height(Face::body);
  if (detail.empty()) {
    paint.text(inside, title, {.face = Face::title, .color = c.on_fill, .max_lines = 2, .min_scale = 0.7F});
  } else if (inside.h >= title_line + detail_line) {
    Rect both = inside.centered(inside.w, std::min(inside.h, title_line + 2 * detail_line));
    if (paint.lines_needed(detail, Face::body, inside.w) == 1)
      both = inside.centered(inside.w, title_line + detail_line);
    paint.text(both.cut_top(title_line), title, {.face = Face::title, .color = c.on_fill, .min_scale = 0.7F});
    paint.text(both, detail, {.face = Face::body, .color = c.on_fill, .valign = VAlign::top, .max_lines = 2});
  } else {
    const float w = std::min(paint.text_width(title, Face::strong) + 1, inside.w * 0.5F);
    paint.text(inside.cut_left(w, ui.u(28)), title, {.face = Face::strong, .color = c.on_fill, .max_lines = 2});
    paint.text(inside, detail, {.face = Face::body, .color = c.on_fill, .max_lines = 2});
  }
  return buttons;
}

void progress(Ui& ui, std::string_view id, const Rect& r, float fraction, std::string_view words) {
  const int percent = static_cast<int>(std::lround(std::clamp(fraction, 0.0F, 1.0F) * 100));
  ui.note(id, r, Role::progress, words, fraction < 0 ? std::string("working") : std::to_string(percent));
  Painter& paint = ui.paint();
  const Theme& t = ui.theme();
  Rect rest = r;
  const float bar_height = ui.u(12);
  if (!words.empty() && r.h >= bar_height + paint.line_height(Face::small)) {
    const Rect line = rest.cut_top(r.h - bar_height - ui.u(6), ui.u(6));
    paint.text(line, words, {.face = Face::body, .color = t.text, .max_lines = 2});
  }
  const Rect track{rest.x, rest.bottom() - bar_height, rest.w, bar_height};
  paint.fill(track, t.outline, bar_height / 2);
  if (fraction >= 0) {
    paint.fill({track.x, track.y, std::max(bar_height, track.w * std::min(1.0F, fraction)), bar_height}, t.accent,
               bar_height / 2);
  } else {
    const double phase = std::fmod(ui.now_s() / 1.6, 1.0);
    const auto place = static_cast<float>(0.5 - 0.5 * std::cos(phase * 6.2831853));
    const float w = track.w * 0.22F;
    paint.fill({track.x + place * (track.w - w), track.y, w, bar_height}, t.accent, bar_height / 2);
    ui.animate_until(ui.now_s() + 0.2);
  }
}

void contact(Ui& ui, std::string_view id, const Rect& r, std::string_view name, Contact state) {
  const Tone tone = state == Contact::closed ? Tone::green : state == Contact::open ? Tone::red : Tone::yellow;
  const char* word = state == Contact::closed ? trc("contact", "closed")
                     : state == Contact::open ? trc("contact", "open")
                                              : trc("contact", "not known");
  ui.note(id, r, Role::value, name, word);
  Painter& paint = ui.paint();
  const Theme& t = ui.theme();
  const Color ink = t.tone(tone).ink;
  const float tint = state == Contact::closed ? 0 : t.dark && state == Contact::open ? 0.45F : 0.14F;
  paint.fill(r, mix(t.surface, t.tone(tone).fill, tint), ui.u(8));
  paint.outline(r, state == Contact::closed ? t.outline : ink, state == Contact::closed ? 1 : ui.u(2), ui.u(8));
  Rect inside = r.inset(ui.u(12), ui.u(4));
  // the contact itself, as in a wiring diagram: two terminals and a bridge that lies on both or stands off
  const Rect place = inside.cut_left(ui.u(44), ui.u(12));
  const Point a{place.x + ui.u(6), place.center().y}, b{place.right() - ui.u(6), place.center().y};
  const float thick = ui.u(3);
  if (state == Contact::unknown) {
    paint.shape(place.centered(ui.u(26), ui.u(26)), Shape::triangle, ink);
  } else {
    paint.line(a, state == Contact::closed ? b : Point{b.x - ui.u(4), b.y - ui.u(16)}, ink, thick);
    paint.circle(a, ui.u(5), ink);
    paint.circle(b, ui.u(5), ink);
  }
  const float a_line = paint.line_height(Face::small);
  const bool two = inside.h + 1 >= 2 * a_line;
  if (two) {
    Rect both = inside.centered(inside.w, 2 * a_line);
    paint.text(both.cut_top(a_line), name, {.face = Face::small, .color = t.text});
    paint.text(both, word, {.face = Face::small, .color = state == Contact::closed ? t.text_dim : t.text});
  } else {
    paint.text(inside, name, {.face = Face::small, .color = t.text});
  }
}

}  // namespace torugart::touch
