#include "kiosk/touch/numbers.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string>
#include <vector>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/ui_state.h"
#include "kiosk/touch/utf8.h"

namespace torugart::touch {
namespace {

/// Which end of the plate carries the region in a field of its own.
enum class Region { none, first_two, last_digits };

/// What makes a country's plate recognisable: ground, the strip with the country's letters, the region's field.
struct PlateStyle {
  std::string_view country, letters;
  Color ground, strip, strip_ink;
  bool strip_left;
  Region region;
};

constexpr Color white = Color::hex(0xFAFAF7), black = Color::hex(0x0B0E11);

constexpr std::array styles = {
    PlateStyle{"KZ", "KZ", white, Color::hex(0x007C92), white, true, Region::last_digits},
    PlateStyle{"KG", "KG", white, Color::hex(0xC8102E), white, true, Region::first_two},
    PlateStyle{"UZ", "UZ", white, Color::hex(0x00708A), white, false, Region::first_two},
    PlateStyle{"TJ", "TJ", white, Color::hex(0x0B6B2C), white, true, Region::last_digits},
    PlateStyle{"TM", "TM", white, Color::hex(0x00703C), white, true, Region::none},
    PlateStyle{"MN", "MNG", white, Color::hex(0xB3202A), white, true, Region::none},
    PlateStyle{"AZ", "AZ", white, Color::hex(0x00708F), white, true, Region::none},
    PlateStyle{"GE", "GE", white, Color::hex(0x003DA5), white, true, Region::none},
    PlateStyle{"RU", "RUS", white, Color::hex(0x1F3F8F), white, false, Region::last_digits},
    PlateStyle{"CN", "", Color::hex(0xF2C230), Color{0, 0, 0, 0}, black, true, Region::none},
    PlateStyle{"PK", "PAK", white, Color::hex(0x01411C), white, true, Region::none},
    PlateStyle{"AF", "AFG", white, Color::hex(0x1E1E1E), white, true, Region::none},
};
constexpr PlateStyle any_plate{"", "", white, Color{0, 0, 0, 0}, black, true, Region::none};

const PlateStyle& style_of(std::string_view country) {
  const auto* it =
      std::find_if(styles.begin(), styles.end(), [&](const PlateStyle& s) { return s.country == country; });
  return it == styles.end() ? any_plate : *it;
}

bool is_digit(const std::string& c) {
  return c.size() == 1 && c[0] >= '0' && c[0] <= '9';
}

/// Positions (characters) before which a new group begins.
std::vector<std::size_t> breaks_of_plate(const std::vector<std::string>& text, Region region) {
  std::vector<std::size_t> out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool changes = is_digit(text[i]) != is_digit(text[i - 1]);
    const bool after_region = region == Region::first_two && i == 2 && is_digit(text[0]) && is_digit(text[1]);
    if (changes || after_region) out.push_back(i);
  }
  return out;
}

/// ISO 6346: owner and category, serial, check digit.
std::vector<std::size_t> breaks_of_container(std::size_t length) {
  std::vector<std::size_t> out;
  for (const std::size_t at : {std::size_t{4}, std::size_t{10}})
    if (at < length) out.push_back(at);
  return out;
}

std::string joined(const std::vector<std::string>& text, const std::vector<std::size_t>& breaks) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::find(breaks.begin(), breaks.end(), i) != breaks.end()) out += ' ';
    out += text[i];
  }
  return out;
}

/// Characters set one by one, so that each can be marked; returns where each stands.
struct Setting {
  std::vector<Rect> places;
  float width = 0;
};

Setting set_characters(Ui& ui, const std::vector<std::string>& text, const std::vector<std::size_t>& breaks,
                       Face face, float size, float group_gap) {
  Painter& paint = ui.paint();
  // widths are asked for at the face's own size and scaled
  const float unit = size / ImGui::GetIO().Fonts->Fonts[static_cast<int>(face)]->FontSize;
  Setting out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::find(breaks.begin(), breaks.end(), i) != breaks.end()) out.width += group_gap;
    const float w = paint.text_width(text[i], face) * unit;
    out.places.push_back({out.width, 0, w, size});
    out.width += w + size * 0.03F;
  }
  return out;
}

void draw_characters(Ui& ui, const NumberChip& chip, const std::vector<std::string>& text, const Setting& setting,
                     Point at, float height, Face face, float size, Color ink) {
  Painter& paint = ui.paint();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Rect place{at.x + setting.places[i].x, at.y, setting.places[i].w, height};
    const bool doubtful =
        std::find(chip.doubtful.begin(), chip.doubtful.end(), static_cast<int>(i)) != chip.doubtful.end();
    if (doubtful) {
      // marked by a field and a bar under it: not by colour alone
      const Rect field = place.centered(place.w + size * 0.06F, std::min(height, size * 0.98F));
      paint.fill(field, Color::hex(0xF7C948), size * 0.08F);
      paint.fill({field.x, field.bottom() - size * 0.09F, field.w, size * 0.09F}, Color::hex(0x8F1D1D), size * 0.03F);
    }
    draw_sized_text(ui, place.inset(-1, 0), text[i], face, size, doubtful ? black : ink, Align::center);
  }
}

Face face_for(const std::vector<std::string>& text, float size, float scale) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](const std::string& c) { return c.size() == 1; });
  if (ascii && size > 52 * scale) return Face::display;
  if (size > 30 * scale) return Face::figure;
  return Face::title;
}

void check_mark(Ui& ui, Rect r) {
  const Color ink = ui.theme().yellow.ink;
  ui.paint().shape(r.cut_left(ui.u(22), ui.u(8)), Shape::triangle, ink);
  ui.paint().text(r, trc("reading", "check"), {.face = Face::strong, .color = ink});
}

float check_mark_width(Ui& ui) {
  return ui.u(46) + ui.paint().text_width(trc("reading", "check"), Face::strong);
}

std::string_view state_of(const NumberChip& chip) {
  return chip.sure ? "sure" : "check";
}

}  // namespace

std::string grouped_plate(std::string_view text, std::string_view country) {
  const std::vector<std::string> c = characters(text);
  return joined(c, breaks_of_plate(c, style_of(country).region));
}

std::string grouped_container(std::string_view text) {
  const std::vector<std::string> c = characters(text);
  return joined(c, breaks_of_container(c.size()));
}

bool plate(Ui& ui, std::string_view id, const Rect& r, const NumberChip& chip) {
  Painter& paint = ui.paint();
  const Theme& t = ui.theme();
  const PlateStyle& style = style_of(chip.country);
  const Interaction hit = ui.interact(
      {id, r, Role::chip, chip.touchable ? Behaviour::tap : Behaviour::none, true, chip.text, state_of(chip)});
  const std::vector<std::string> text = characters(chip.text);
  const std::vector<std::size_t> breaks = breaks_of_plate(text, style.region);

  // "check" stands beside the plate, or under it where the plate would become too small to read
  const float word_height = paint.line_height(Face::strong);
  const bool under = !chip.sure && r.w < r.h * 4.2F + check_mark_width(ui) && r.h >= word_height + ui.u(36);
  const Rect area = under ? Rect{r.x, r.y, r.w, r.h - word_height + ui.u(4)} : r;
  const float room = r.w - ui.u(4) - (chip.sure || under ? 0 : check_mark_width(ui) + ui.u(8));
  float h = area.h - ui.u(8);
  Setting setting;
  Face face = Face::figure;
  float size = 0, strip = 0, pad = 0, gap = 0, w = 0;
  // as high as the rectangle allows, less where the plate would be too long
  for (int attempt = 0; attempt < 2; ++attempt) {
    size = h * 0.80F, strip = style.letters.empty() ? 0 : h * 0.42F, pad = h * 0.16F, gap = h * 0.20F;
    face = face_for(text, size, ui.scale());
    setting = set_characters(ui, text, breaks, face, size, gap);
    w = std::max(setting.width + 2 * pad + strip, h * 2.6F);
    if (w <= room) break;
    h *= room / w;
  }
  const Rect body{r.x + ui.u(4), area.center().y - h / 2, std::min(w, room), h};
  const float radius = h * 0.10F;
  // the black edge is what the ground leaves free of a black field: no light rim outside of it
  const float edge = std::max(2.0F, std::round(h * 0.03F));
  paint.fill(body, black, radius);
  const Rect ground = body.inset(edge);
  paint.fill(ground, hit.down ? mix(style.ground, black, 0.18F) : style.ground, radius - edge / 2);
  Rect inside = body;
  if (!style.letters.empty()) {
    const Rect band = style.strip_left ? inside.cut_left(strip) : inside.cut_right(strip);
    paint.push_clip(band);
    paint.fill(ground, style.strip, radius - edge / 2);
    paint.pop_clip();
    draw_sized_text(ui, {band.x + 2, band.bottom() - h * 0.44F, band.w - 4, h * 0.40F}, style.letters, Face::strong,
                    std::min(h * 0.30F, 24 * ui.scale()), style.strip_ink, Align::center);
    const Point dot{band.center().x, band.y + h * 0.30F};
    paint.ring(dot, h * 0.10F, style.strip_ink, std::max(1.5F, h * 0.03F));
  }
  const Point at{inside.x + (inside.w - setting.width) / 2, body.y};
  draw_characters(ui, chip, text, setting, at, h, face, size, black);
  if (!breaks.empty() && style.region != Region::none) {
    const std::size_t first = style.region == Region::first_two ? breaks.front() : breaks.back();
    const bool digits = style.region == Region::first_two ? is_digit(text.front()) : is_digit(text.back());
    const float x = at.x + setting.places[first].x - gap / 2 - size * 0.015F;
    if (digits)
      paint.fill({x - std::max(1.0F, h * 0.012F), body.y + h * 0.08F, std::max(1.5F, h * 0.025F), h * 0.84F}, black);
  }
  if (chip.selected || hit.down) paint.outline(body.inset(-ui.u(4)), t.accent, ui.u(4), radius + ui.u(4));
  if (under)
    check_mark(ui, {body.x, r.bottom() - word_height, r.w - ui.u(8), word_height});
  else if (!chip.sure)
    check_mark(ui, {body.right() + ui.u(14), r.y, check_mark_width(ui), r.h});
  return hit.tapped;
}

bool container(Ui& ui, std::string_view id, const Rect& r, const NumberChip& chip) {
  Painter& paint = ui.paint();
  const Theme& t = ui.theme();
  const Interaction hit = ui.interact(
      {id, r, Role::chip, chip.touchable ? Behaviour::tap : Behaviour::none, true, chip.text, state_of(chip)});
  const std::vector<std::string> text = characters(chip.text);
  const std::vector<std::size_t> breaks = breaks_of_container(text.size());
  const float room = r.w - (chip.sure ? 0 : check_mark_width(ui) + ui.u(8));
  float h = r.h - ui.u(8);
  Setting setting;
  Face face = Face::figure;
  float size = 0, pad = 0, w = 0;
  for (int attempt = 0; attempt < 2; ++attempt) {
    size = h * 0.68F, pad = h * 0.26F;
    face = face_for(text, size, ui.scale());
    setting = set_characters(ui, text, breaks, face, size, size * 0.42F);
    w = setting.width + 2 * pad;
    if (w <= room) break;
    h *= room / w;
  }
  const Rect body{r.x + ui.u(4), r.center().y - h / 2, std::min(w, room), h};
  const float radius = ui.u(6);
  paint.fill(body, hit.down ? t.pressed : t.neutral.fill, radius);
  paint.outline(body, t.control_edge, std::max(1.0F, ui.u(1.5F)), radius);
  const Point at{body.x + pad, body.y};
  draw_characters(ui, chip, text, setting, at, h, face, size, t.neutral.on_fill);
  if (text.size() == 11) {
    const Rect& last = setting.places.back();
    paint.outline(Rect{at.x + last.x, body.y, last.w, h}.centered(last.w + size * 0.26F, size * 1.06F),
                  t.neutral.on_fill, std::max(1.5F, ui.u(2)), ui.u(3));
  }
  if (chip.selected || hit.down) paint.outline(body.inset(-ui.u(4)), t.accent, ui.u(4), radius + ui.u(4));
  if (!chip.sure) check_mark(ui, {body.right() + ui.u(14), r.y, check_mark_width(ui), r.h});
  return hit.tapped;
}

}  // namespace torugart::touch
