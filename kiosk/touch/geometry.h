// Points and rectangles on the screen, and the cutting of rectangles into smaller ones. Layout in Torugart is
// explicit: a view takes the rectangle it was given, cuts pieces off it and draws one widget into each piece.
//
// Units: screen pixels, y downwards. Use Ui::u() to turn the design's pixels (drawn for 1920×1080) into these.
// Values only: no ownership, usable from any thread.
#pragma once
#include <algorithm>
#include <vector>

namespace torugart::touch {

struct Point {
  float x = 0, y = 0;
  friend Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
  friend Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
  friend bool operator==(Point a, Point b) = default;
};

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;

  float right() const { return x + w; }
  float bottom() const { return y + h; }
  Point center() const { return {x + w / 2, y + h / 2}; }
  bool empty() const { return w <= 0 || h <= 0; }
  bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }

  Rect inset(float by) const { return inset(by, by); }
  Rect inset(float dx, float dy) const {
    return {x + dx, y + dy, std::max(0.0F, w - 2 * dx), std::max(0.0F, h - 2 * dy)};
  }
  Rect moved(float dx, float dy) const { return {x + dx, y + dy, w, h}; }
  Rect intersect(const Rect& o) const {
    const float l = std::max(x, o.x), t = std::max(y, o.y);
    return {l, t, std::max(0.0F, std::min(right(), o.right()) - l),
            std::max(0.0F, std::min(bottom(), o.bottom()) - t)};
  }
  /// A rectangle of this size in the middle of this one.
  Rect centered(float width, float height) const {
    return {x + (w - width) / 2, y + (h - height) / 2, width, height};
  }
  /// The largest rectangle of this aspect (width / height) that fits, centred.
  Rect fitted(float aspect) const {
    if (empty() || aspect <= 0) return *this;
    return w / h > aspect ? centered(h * aspect, h) : centered(w, w / aspect);
  }

  // Cutting: each takes a piece (and the gap beside it) away from this rectangle and returns the piece. A piece is
  // never larger than what is left.
  Rect cut_left(float width, float gap = 0) {
    const float t = std::clamp(width, 0.0F, w);
    const Rect piece{x, y, t, h};
    const float used = std::min(w, t + gap);
    x += used, w -= used;
    return piece;
  }
  Rect cut_right(float width, float gap = 0) {
    const float t = std::clamp(width, 0.0F, w);
    const Rect piece{right() - t, y, t, h};
    w -= std::min(w, t + gap);
    return piece;
  }
  Rect cut_top(float height, float gap = 0) {
    const float t = std::clamp(height, 0.0F, h);
    const Rect piece{x, y, w, t};
    const float used = std::min(h, t + gap);
    y += used, h -= used;
    return piece;
  }
  Rect cut_bottom(float height, float gap = 0) {
    const float t = std::clamp(height, 0.0F, h);
    const Rect piece{x, bottom() - t, w, t};
    h -= std::min(h, t + gap);
    return piece;
  }

  /// `n` equal pieces, left to right or top to bottom, with a gap between neighbours.
  std::vector<Rect> columns(int n, float gap) const {
    std::vector<Rect> out;
    const float each = std::max(0.0F, (w - gap * static_cast<float>(n - 1)) / static_cast<float>(std::max(1, n)));
    for (int i = 0; i < n; ++i)
      out.push_back({x + static_cast<float>(i) * (each + gap), y, each, h});
    return out;
  }
  std::vector<Rect> rows(int n, float gap) const {
    std::vector<Rect> out;
    const float each = std::max(0.0F, (h - gap * static_cast<float>(n - 1)) / static_cast<float>(std::max(1, n)));
    for (int i = 0; i < n; ++i)
      out.push_back({x, y + static_cast<float>(i) * (each + gap), w, each});
    return out;
  }
  friend bool operator==(const Rect&, const Rect&) = default;
};

}  // namespace torugart::touch
