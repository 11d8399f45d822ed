#include "kiosk/touch/image.h"

#include <algorithm>
#include <cmath>

#include "kiosk/touch/ui_state.h"

namespace torugart::touch {
namespace {

Rect whole(const Rect& r) {
  const float x = std::round(r.x), y = std::round(r.y);
  return {x, y, std::round(r.right()) - x, std::round(r.bottom()) - y};
}

}  // namespace

ImageResult image(Ui& ui, std::string_view id, const Rect& area, TextureId texture, float width, float height,
                  const ImageOptions& o) {
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  // whole pixels: a picture shown one to one stays sharp
  const Rect r = whole(area);
  const Behaviour behaviour = o.drag ? Behaviour::drag : o.touchable ? Behaviour::tap : Behaviour::none;
  ImageResult out{r,
                  ui.interact({id, r, Role::image, behaviour, true, o.caption, texture == 0 ? o.missing : "shown"})};
  if (texture != 0 && width > 0 && height > 0) {
    const float aspect = width / height;
    Rect uv{0, 0, 1, 1};
    if (o.fit == Fit::contain) out.placed = r.fitted(aspect);
    if (o.fit == Fit::cover && !r.empty()) {
      const float of_area = r.w / r.h;
      if (of_area > aspect)
        uv = {0, (1 - aspect / of_area) / 2, 1, aspect / of_area};
      else
        uv = {(1 - of_area / aspect) / 2, 0, of_area / aspect, 1};
    }
    out.placed = whole(out.placed);
    // only what the picture leaves free: drawing the same pixels twice is what a software renderer can least afford
    Rect rest = r;
    paint.fill(rest.cut_left(out.placed.x - r.x), t.picture);
    paint.fill(rest.cut_right(r.right() - out.placed.right()), t.picture);
    paint.fill(rest.cut_top(out.placed.y - r.y), t.picture);
    paint.fill(rest.cut_bottom(r.bottom() - out.placed.bottom()), t.picture);
    paint.picture(out.placed, texture, uv);
  } else {
    paint.fill(r, t.picture, ui.u(6));
  }
  if (texture == 0 && !o.missing.empty()) {
    const Rect middle = r.centered(r.w - ui.u(24), std::min(r.h, ui.u(110)));
    Rect words = middle;
    if (r.h >= ui.u(110)) paint.icon(words.cut_top(ui.u(40), ui.u(8)), Icon::camera, Color::hex(0x94A1AE));
    paint.text(words, o.missing,
               {.face = Face::small, .color = Color::hex(0xACB8C3), .align = Align::center, .max_lines = 2});
  }
  if (!o.caption.empty()) {
    Rect rest = r;
    const Rect strip = rest.cut_bottom(std::min(r.h, paint.line_height(Face::small) + ui.u(12)));
    paint.fill(strip, Color::hex(0x05070A, 205));
    paint.text(strip.inset(ui.u(12), 0), o.caption, {.face = Face::small, .color = Color::hex(0xF2F5F7)});
  }
  if (out.touch.down && !o.drag) paint.fill(r, Color::hex(0xFFFFFF, 28), ui.u(6));
  if (o.selected) paint.outline(r, t.accent, ui.u(4), ui.u(6));
  return out;
}

void mark_name(Ui& ui, std::string_view id, const Rect& r, std::string_view name, Tone tone) {
  ui.note(id, r, Role::chip, name);
  if (name.empty()) return;
  Painter& paint = ui.paint();
  const ToneColors& c = dark_theme().tone(tone);
  ui.state().owner = -1;
  const float shape_room = shape_of(tone) == Shape::none ? 0 : ui.u(24);
  const float h = paint.line_height(Face::small) + ui.u(6);
  const float w = paint.text_width(name, Face::small) + shape_room + ui.u(18);
  Rect plate{r.x, r.y - h - ui.u(6), w, h};
  if (plate.y < ui.screen().y + ui.u(4)) plate.y = r.bottom() + ui.u(6);
  plate.x = std::clamp(plate.x, 0.0F, std::max(0.0F, ui.screen().right() - w));
  paint.fill(plate, Color::hex(0x05070A, 225), ui.u(5));
  Rect inside = plate.inset(ui.u(8), 0);
  if (shape_room > 0) paint.shape(inside.cut_left(ui.u(16), ui.u(8)), shape_of(tone), c.ink);
  paint.text(inside, name, {.face = Face::small, .color = c.ink});
}

void mark_box(Ui& ui, std::string_view id, const Rect& r, std::string_view name, Tone tone, bool selected) {
  Painter& paint = ui.paint();
  // pictures are dark in both themes, so are the marks' colours
  const ToneColors& c = dark_theme().tone(tone);
  paint.outline(r.inset(-ui.u(2)), Color::hex(0x05070A, 190), ui.u(selected ? 8 : 6), ui.u(4));
  paint.outline(r, c.ink, ui.u(selected ? 4 : 2), ui.u(3));
  mark_name(ui, id, r, name, tone);
}

}  // namespace torugart::touch
