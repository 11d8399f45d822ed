#include <algorithm>
#include <cmath>
#include <string>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/ui_state.h"
#include "kiosk/touch/widgets.h"

namespace torugart::touch {
namespace {

void knob(Ui& ui, Point center, bool down) {
  const Theme& t = ui.theme();
  ui.paint().circle(center, ui.u(down ? 24 : 20), t.accent);
  ui.paint().circle(center, ui.u(7), t.on_accent);
}

void window_handle(Ui& ui, float x, const Rect& r, bool down) {
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  paint.fill({x - ui.u(2), r.y, ui.u(4), r.h}, t.accent);
  const Rect grip{x - ui.u(down ? 16 : 14), r.center().y - ui.u(24), ui.u(down ? 32 : 28), ui.u(48)};
  paint.fill(grip, t.accent, ui.u(8));
  for (const float dx : {-4.0F, 4.0F})
    paint.fill({x + ui.u(dx) - ui.u(1), grip.y + ui.u(14), ui.u(2), grip.h - ui.u(28)}, t.on_accent);
}

}  // namespace

bool slider(Ui& ui, std::string_view id, const Rect& r, float& value, std::string_view words, std::string_view shown,
            bool enabled) {
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  const std::string percent = std::to_string(static_cast<int>(std::lround(value * 100)));
  const Interaction hit =
      ui.interact({id, r, Role::slider, Behaviour::drag, enabled, words, shown.empty() ? percent : shown});
  Rect rest = r;
  const float line = paint.line_height(Face::small);
  if (!words.empty() && r.h >= line + ui.u(40)) {
    Rect top = rest.cut_top(line);
    if (!shown.empty())
      paint.text(top.cut_right(paint.text_width(shown, Face::small) + 1, ui.u(12)), shown,
                 {.face = Face::small, .color = t.text, .align = Align::right});
    paint.text(top, words, {.face = Face::small, .color = t.text_dim});
  }
  const float edge = ui.u(24);
  const Rect track = Rect{rest.x + edge, rest.center().y - ui.u(4), rest.w - 2 * edge, ui.u(8)};
  const float before = value;
  if (hit.down && track.w > 0) value = std::clamp((hit.finger.x - track.x) / track.w, 0.0F, 1.0F);
  const Point at{track.x + value * track.w, track.center().y};
  paint.fill(track, t.outline, ui.u(4));
  paint.fill({track.x, track.y, at.x - track.x, track.h}, enabled ? t.accent : t.control_edge, ui.u(4));
  if (enabled)
    knob(ui, at, hit.down);
  else
    paint.circle(at, ui.u(18), t.control_edge);
  return value != before;
}

bool tone_window(Ui& ui, std::string_view id, const Rect& r, std::span<const float> histogram, float& low,
                 float& high) {
  constexpr float least_width = 0.01F;
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  const std::string shown = std::to_string(static_cast<int>(std::lround(low * 100))) + "-" +
                            std::to_string(static_cast<int>(std::lround(high * 100)));
  const Interaction hit = ui.interact({id, r, Role::range, Behaviour::drag, true, tr("Tone"), shown});
  paint.fill(r, t.picture, ui.u(8));
  paint.outline(r, t.outline, 1, ui.u(8));
  // room at both sides, so that a handle at the end is not cut off and can still be gripped
  const Rect inside{r.x + ui.u(20), r.y + ui.u(4), r.w - ui.u(40), r.h - ui.u(8)};
  const auto x_of = [&](float v) { return inside.x + v * inside.w; };
  const float old_low = low, old_high = high;
  if (hit.pressed) {
    const float to_low = std::abs(hit.finger.x - x_of(low)), to_high = std::abs(hit.finger.x - x_of(high));
    const float reach = ui.u(36);
    int part = hit.finger.x > x_of(low) && hit.finger.x < x_of(high) ? 1 : (to_low < to_high ? 0 : 2);
    if (std::min(to_low, to_high) <= reach) part = to_low < to_high ? 0 : 2;
    ui.state().grabbed[std::string(id)] = {part, hit.finger.x - x_of(part == 2 ? high : low)};
  }
  const auto grabbed = ui.state().grabbed.find(std::string(id));
  const int part = grabbed == ui.state().grabbed.end() ? -1 : grabbed->second.first;
  if (hit.down && part >= 0 && inside.w > 0) {
    const float v = (hit.finger.x - grabbed->second.second - inside.x) / inside.w;
    const float width = high - low;
    if (part == 0) low = std::clamp(v, 0.0F, high - least_width);
    if (part == 2) high = std::clamp(v, low + least_width, 1.0F);
    if (part == 1) low = std::clamp(v, 0.0F, 1 - width), high = low + width;
  }
  if (!histogram.empty()) {
    const float step = inside.w / static_cast<float>(histogram.size());
    for (std::size_t i = 0; i < histogram.size(); ++i) {
      const float height = std::clamp(histogram[i], 0.0F, 1.0F) * inside.h;
      const float x = inside.x + static_cast<float>(i) * step;
      const float middle = (static_cast<float>(i) + 0.5F) / static_cast<float>(histogram.size());
      const bool in = middle >= low && middle <= high;
      paint.fill({x, inside.bottom() - height, std::max(1.0F, step), height},
                 in ? Color::hex(0xB9C6D2) : Color::hex(0x4A5763));
    }
  }
  paint.fill({x_of(low), inside.y, x_of(high) - x_of(low), inside.h}, t.accent.with_alpha(0.16F));
  // the line the window draws: black left of it, white right of it
  paint.line({x_of(low), inside.bottom()}, {x_of(high), inside.y}, Color::hex(0xE6ECF1, 200), ui.u(2));
  window_handle(ui, x_of(low), inside, hit.down && part == 0);
  window_handle(ui, x_of(high), inside, hit.down && part == 2);
  return low != old_low || high != old_high;
}

bool pin_pad(Ui& ui, std::string_view id, const Rect& r, std::string& digits, const PinPadOptions& o) {
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  const std::string base(id);
  Rect rest = r;
  const Rect message = rest.cut_top(ui.u(60), ui.gap());
  const Rect dots = rest.cut_top(ui.u(64), ui.u(16));
  if (!o.message.empty()) {
    ui.note(base + ".message", message, Role::text, o.message);
    Rect words = message;
    if (const Shape s = shape_of(o.message_tone); s != Shape::none)
      paint.shape(words.cut_left(ui.u(24), ui.u(12)), s, t.tone(o.message_tone).ink);
    paint.text(words, o.message,
               {.color = o.message_tone == Tone::neutral ? t.text_dim : t.tone(o.message_tone).ink,
                .align = o.message_tone == Tone::neutral ? Align::center : Align::left,
                .max_lines = 2});
  }
  // never the digits themselves in the registry: it is written to reports
  ui.note(base + ".digits", dots, Role::value, "PIN", std::to_string(digits.size()));
  paint.fill(dots, t.background, ui.u(10));
  paint.outline(dots, t.control_edge, std::max(1.0F, ui.u(1.5F)), ui.u(10));
  if (o.masked) {
    const float step = std::min(ui.u(36), dots.w / static_cast<float>(o.max_digits + 1));
    const int places = std::max(static_cast<int>(digits.size()), o.min_digits);
    for (int i = 0; i < places; ++i) {
      const Point at{dots.center().x + step * (static_cast<float>(i) - static_cast<float>(places - 1) / 2),
                     dots.center().y};
      if (i < static_cast<int>(digits.size()))
        paint.circle(at, ui.u(10), t.text);
      else
        paint.ring(at, ui.u(8), t.control_edge, ui.u(2));
    }
  } else {
    paint.text(dots, digits, {.face = Face::title, .align = Align::center});
  }
  const auto lines = rest.rows(4, ui.gap());
  static constexpr const char* keys[4][3] = {{"1", "2", "3"}, {"4", "5", "6"}, {"7", "8", "9"}, {"back", "0", "ok"}};
  bool confirmed = false;
  for (std::size_t y = 0; y < 4; ++y) {
    const auto places = lines[y].columns(3, ui.gap());
    for (std::size_t x = 0; x < 3; ++x) {
      const std::string key = keys[y][x];
      const std::string key_id = base + "." + key;
      if (key == "back") {
        if (button(ui, key_id, places[x], {}, {.icon = Icon::backspace, .enabled = o.enabled && !digits.empty()}))
          digits.pop_back();
      } else if (key == "ok") {
        const bool enough = static_cast<int>(digits.size()) >= o.min_digits;
        const std::string_view word = o.confirm.empty() ? std::string_view(tr("Sign in")) : o.confirm;
        confirmed = button(ui, key_id, places[x], word, {.look = Look::strong, .enabled = o.enabled && enough});
      } else if (button(ui, key_id, places[x], key, {.enabled = o.enabled, .face = Face::figure}) &&
                 static_cast<int>(digits.size()) < o.max_digits) {
        digits += key;
      }
    }
  }
  return confirmed;
}

}  // namespace torugart::touch
