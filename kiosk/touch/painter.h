// Drawing: filled and outlined shapes, lines, icons, text that fits. Views draw their own figures (time lines,
// histograms, marks on a picture) through this; nobody outside kiosk/touch calls Dear ImGui.
//
// Obtained from Ui::paint() inside a frame; draws into the layer and clip rectangle that are current. Thread-bound.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "kiosk/touch/geometry.h"
#include "kiosk/touch/icons.h"
#include "kiosk/touch/theme.h"

namespace torugart::touch {

class Ui;

enum class Align { left, center, right };
enum class VAlign { top, middle, bottom };

struct TextStyle {
  Face face = Face::body;
  Color color = {0, 0, 0, 0};  ///< fully transparent: the theme's text colour
  Align align = Align::left;
  VAlign valign = VAlign::middle;
  int max_lines = 1;        ///< wraps between words up to this many lines
  float min_scale = 0.82F;  ///< may shrink to this before it counts as clipped (never under the least text size)
};

struct TextFit {
  Rect used;  ///< where the words stand
  int lines = 1;
  float size_px = 0;
  bool clipped = false;  ///< did not fit, ends in "…"
};

/// An RGBA picture that the window has uploaded (platform::Texture::id()); the kit does not know what is behind it.
using TextureId = std::uint64_t;

class Painter {
 public:
  explicit Painter(Ui& ui) : ui_(ui) {}

  void fill(const Rect& r, Color c, float radius = 0);
  void outline(const Rect& r, Color c, float thickness = 1, float radius = 0);
  void line(Point a, Point b, Color c, float thickness = 1);
  void polyline(std::span<const Point> points, Color c, float thickness = 1, bool closed = false);
  void polygon(std::span<const Point> points, Color c);  ///< convex, filled
  void circle(Point center, float radius, Color c);
  void ring(Point center, float radius, Color c, float thickness);
  /// Part of a ring, clockwise from 12 o'clock; `fraction` 0 … 1.
  void arc(Point center, float radius, float fraction, Color c, float thickness);
  /// Corner marks around an area, as on a viewfinder: marks an object without hiding it.
  void corners(const Rect& r, Color c, float thickness, float length);
  void shape(const Rect& r, Shape s, Color c);
  void icon(const Rect& r, Icon i, Color c);
  /// `uv` selects a part of the picture, 0 … 1.
  void picture(const Rect& r, TextureId texture, const Rect& uv = {0, 0, 1, 1});

  /// Draws words inside a rectangle. If they do not fit they wrap (max_lines), then shrink (min_scale), then end in
  /// "…" and are reported to the registry as clipped.
  TextFit text(const Rect& r, std::string_view words, const TextStyle& style = {});
  /// Width in pixels on one line at full size.
  float text_width(std::string_view words, Face face) const;
  float line_height(Face face) const;
  /// Lines that `words` need at this width when wrapped.
  int lines_needed(std::string_view words, Face face, float width) const;

  /// Nothing is drawn or touched outside of `r` (cut with the clip already there) until pop_clip().
  void push_clip(const Rect& r);
  void pop_clip();

 private:
  Ui& ui_;
};

}  // namespace torugart::touch
