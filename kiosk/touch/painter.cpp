#include "kiosk/touch/painter.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "kiosk/touch/text_layout.h"
#include "kiosk/touch/ui_state.h"

namespace torugart::touch {
namespace {

constexpr float pi = std::numbers::pi_v<float>;

ImFont* font_of(Face face) {
  const ImVector<ImFont*>& fonts = ImGui::GetIO().Fonts->Fonts;
  const int i = std::min(static_cast<int>(face), fonts.Size - 1);
  return fonts[i];
}

Measure measure_with(ImFont* font) {
  return [font](std::string_view words) {
    // an empty view may have no data, which Dear ImGui would read
    if (words.empty()) return 0.0F;
    return font->CalcTextSizeA(1.0F, 1e9F, 0.0F, words.data(), words.data() + words.size()).x;
  };
}

}  // namespace

void Painter::fill(const Rect& r, Color c, float radius) {
  if (r.empty() || c.a == 0) return;
  ui_.state().draw->AddRectFilled({r.x, r.y}, {r.right(), r.bottom()}, u32(c), radius);
}

void Painter::outline(const Rect& r, Color c, float thickness, float radius) {
  if (r.empty() || c.a == 0) return;
  const float half = thickness / 2;
  ui_.state().draw->AddRect({r.x + half, r.y + half}, {r.right() - half, r.bottom() - half}, u32(c),
                            std::max(0.0F, radius - half), 0, thickness);
}

void Painter::line(Point a, Point b, Color c, float thickness) {
  ui_.state().draw->AddLine(vec(a), vec(b), u32(c), thickness);
}

void Painter::polyline(std::span<const Point> points, Color c, float thickness, bool closed) {
  ImDrawList* draw = ui_.state().draw;
  for (const Point& p : points)
    draw->PathLineTo(vec(p));
  draw->PathStroke(u32(c), closed ? ImDrawFlags_Closed : ImDrawFlags_None, thickness);
}

void Painter::polygon(std::span<const Point> points, Color c) {
  ImDrawList* draw = ui_.state().draw;
  for (const Point& p : points)
    draw->PathLineTo(vec(p));
  draw->PathFillConvex(u32(c));
}

void Painter::circle(Point center, float radius, Color c) {
  ui_.state().draw->AddCircleFilled(vec(center), radius, u32(c));
}

void Painter::ring(Point center, float radius, Color c, float thickness) {
  ui_.state().draw->AddCircle(vec(center), radius, u32(c), 0, thickness);
}

void Painter::arc(Point center, float radius, float fraction, Color c, float thickness) {
  if (fraction <= 0) return;
  ImDrawList* draw = ui_.state().draw;
  draw->PathArcTo(vec(center), radius, -pi / 2, -pi / 2 + 2 * pi * std::min(1.0F, fraction), 48);
  draw->PathStroke(u32(c), ImDrawFlags_None, thickness);
}

void Painter::corners(const Rect& r, Color c, float thickness, float length) {
  const float l = std::min({length, r.w / 2, r.h / 2});
  const Point corner[4] = {{r.x, r.y}, {r.right(), r.y}, {r.right(), r.bottom()}, {r.x, r.bottom()}};
  const Point along[4] = {{l, l}, {-l, l}, {-l, -l}, {l, -l}};
  for (int i = 0; i < 4; ++i) {
    const Point path[3] = {
        {corner[i].x + along[i].x, corner[i].y}, corner[i], {corner[i].x, corner[i].y + along[i].y}};
    polyline(path, c, thickness);
  }
}

void Painter::shape(const Rect& r, Shape s, Color c) {
  const float side = std::min(r.w, r.h);
  const Rect q = r.centered(side, side);
  const Point m = q.center();
  switch (s) {
    case Shape::none:
      break;
    case Shape::square:
      fill(q.inset(side * 0.1F), c, side * 0.06F);
      break;
    case Shape::triangle: {
      const Point points[3] = {
          {m.x, q.y + side * 0.06F}, {q.right(), q.bottom() - side * 0.08F}, {q.x, q.bottom() - side * 0.08F}};
      polygon(points, c);
      break;
    }
    case Shape::circle:
      circle(m, side * 0.43F, c);
      break;
    case Shape::ring:
      ring(m, side * 0.36F, c, side * 0.14F);
      break;
    case Shape::tick: {
      const Point points[3] = {{q.x + side * 0.08F, q.y + side * 0.54F},
                               {q.x + side * 0.38F, q.y + side * 0.84F},
                               {q.x + side * 0.94F, q.y + side * 0.18F}};
      polyline(points, c, std::max(2.0F, side * 0.17F));
      break;
    }
    case Shape::exclamation: {
      const Rect stem{m.x - side * 0.11F, q.y + side * 0.02F, side * 0.22F, side * 0.62F};
      fill(stem, c, side * 0.1F);
      circle({m.x, q.y + side * 0.86F}, side * 0.13F, c);
      break;
    }
  }
}

void Painter::icon(const Rect& r, Icon i, Color c) {
  const float side = std::min(r.w, r.h);
  const Rect q = r.centered(side, side);
  const float unit = side / 24.0F, thickness = std::max(1.5F, side / 12.5F);
  ImDrawList* draw = ui_.state().draw;
  const auto end_line = [&](bool closed) {
    if (draw->_Path.Size > 1)
      draw->PathStroke(u32(c), closed ? ImDrawFlags_Closed : ImDrawFlags_None, thickness);
    else
      draw->PathClear();
  };
  const char* p = path_of(i);
  const auto number = [&p] {
    char* end = nullptr;
    const float v = std::strtof(p, &end);
    p = end;
    return v;
  };
  const auto place = [&]() -> Point {
    const float x = number(), y = number();
    return {q.x + x * unit, q.y + y * unit};
  };
  while (*p != '\0') {
    const char command = *p++;
    switch (command) {
      case 'M':
        end_line(false), draw->PathLineTo(vec(place()));
        break;
      case 'L':
        draw->PathLineTo(vec(place()));
        break;
      case 'Z':
        end_line(true);
        break;
      case 'O': {
        end_line(false);
        const Point m = place();
        ring(m, number() * unit, c, thickness);
        break;
      }
      case 'D': {
        end_line(false);
        const Point m = place();
        circle(m, number() * unit, c);
        break;
      }
      case 'A': {
        end_line(false);
        const Point m = place();
        const float radius = number() * unit, from = number(), to = number();
        draw->PathArcTo(vec(m), radius, from * pi / 180, to * pi / 180, 32);
        end_line(false);
        break;
      }
      default:
        break;
    }
  }
  end_line(false);
}

void Painter::picture(const Rect& r, TextureId texture, const Rect& uv) {
  if (texture == 0 || r.empty()) return;
  // the window's texture ids are GL names carried in Dear ImGui's pointer-sized id
  auto* id =
      reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(texture));  // NOLINT(performance-no-int-to-ptr)
  ui_.state().draw->AddImage(id, {r.x, r.y}, {r.right(), r.bottom()}, {uv.x, uv.y}, {uv.right(), uv.bottom()});
}

TextFit Painter::text(const Rect& r, std::string_view words, const TextStyle& style) {
  TextFit out{{r.x, r.y, 0, 0}, 0, 0, false};
  if (words.empty() || r.empty()) return out;
  Ui::State& s = ui_.state();
  ImFont* font = font_of(style.face);
  const float full = font->FontSize;
  const float least = std::min(full, std::max({16.0F, std::round(20 * s.scale), std::round(full * style.min_scale)}));
  const Layout l = fit(words, r.w, r.h, full, least, style.max_lines, 1.14F, measure_with(font));
  const Color c = style.color.a == 0 ? s.theme.text : style.color;
  const float line = l.lines.size() > 1 ? l.size * 1.14F : l.size;
  const float height = line * static_cast<float>(l.lines.size() - 1) + l.size;
  float y = r.y;
  if (style.valign == VAlign::middle) y = r.y + (r.h - height) / 2;
  if (style.valign == VAlign::bottom) y = r.bottom() - height;
  float left = r.right(), right = r.x;
  for (const std::string& words_of_line : l.lines) {
    const float w = measure_with(font)(words_of_line) * l.size;
    float x = r.x;
    if (style.align == Align::center) x = r.x + (r.w - w) / 2;
    if (style.align == Align::right) x = r.right() - w;
    s.draw->AddText(font, l.size, {std::round(x), std::round(y)}, u32(c), words_of_line.data(),
                    words_of_line.data() + words_of_line.size());
    left = std::min(left, x), right = std::max(right, x + w);
    y += line;
  }
  out = {{left, y - line * static_cast<float>(l.lines.size()), right - left, height},
         static_cast<int>(l.lines.size()),
         l.size,
         l.clipped};
  if (l.clipped) {
    if (s.owner >= 0 && s.now.at(static_cast<std::size_t>(s.owner)).rect.contains(r.center())) {
      s.now.at(static_cast<std::size_t>(s.owner)).clipped_text = true;
    } else {
      WidgetRecord record;
      record.rect = record.visible = r;
      record.label = words;
      record.layer = s.layer;
      record.clipped_text = true;
      s.now.add(std::move(record));
    }
  }
  return out;
}

float Painter::text_width(std::string_view words, Face face) const {
  ImFont* font = font_of(face);
  return measure_with(font)(words) * font->FontSize;
}

float Painter::line_height(Face face) const {
  return std::round(font_of(face)->FontSize * 1.14F);
}

int Painter::lines_needed(std::string_view words, Face face, float width) const {
  ImFont* font = font_of(face);
  return static_cast<int>(wrap(words, width, font->FontSize, measure_with(font)).size());
}

void Painter::push_clip(const Rect& r) {
  Ui::State& s = ui_.state();
  s.clips.push_back(r.intersect(s.clips.back()));
  const Rect& c = s.clips.back();
  // whole pixels: the window draws parts of the screen anew, and the edge must come out the same each time
  s.draw->PushClipRect({std::floor(c.x), std::floor(c.y)}, {std::ceil(c.right()), std::ceil(c.bottom())}, false);
}

void Painter::pop_clip() {
  Ui::State& s = ui_.state();
  s.draw->PopClipRect();
  s.clips.pop_back();
}

void draw_sized_text(Ui& ui, const Rect& r, std::string_view words, Face face, float size_px, Color c, Align align) {
  ImFont* font = font_of(face);
  const float one = measure_with(font)(words);
  const float size = one * size_px > r.w ? r.w / one : size_px;
  const float w = one * size;
  const float x = align == Align::left ? r.x : align == Align::center ? r.x + (r.w - w) / 2 : r.right() - w;
  ui.state().draw->AddText(font, size, {std::round(x), std::round(r.y + (r.h - size) / 2)}, u32(c), words.data(),
                           words.data() + words.size());
}

}  // namespace torugart::touch
