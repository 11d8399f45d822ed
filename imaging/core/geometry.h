// Rectangles, and the two coordinate systems of a picture with the one converter between them.
//
//   image     pixels of the scan. x grows along the truck (columns, first line = 0), y grows downwards (detectors,
//   top = 0).
//             Pixel (i, j) covers [i, i+1) x [j, j+1): its centre is (i + 0.5, j + 0.5).
//   viewport  pixels of the rendered output, (0, 0) its top left corner, same convention for centres.
//
// A point of one system is another type than a point of the other, so that they cannot be mixed.
#pragma once

namespace torugart::imaging {

struct Rect {  // whole image pixels; empty when w or h is not positive
  int x = 0, y = 0, w = 0, h = 0;
  [[nodiscard]] int right() const { return x + w; }
  [[nodiscard]] int bottom() const { return y + h; }
  [[nodiscard]] bool empty() const { return w <= 0 || h <= 0; }
  [[nodiscard]] bool contains(int px, int py) const { return px >= x && py >= y && px < right() && py < bottom(); }
  [[nodiscard]] Rect intersect(const Rect& other) const;
  [[nodiscard]] Rect unite(const Rect& other) const;  // smallest rectangle that holds both; an empty one adds nothing
  [[nodiscard]] Rect grow(int by) const { return {x - by, y - by, w + 2 * by, h + 2 * by}; }
  friend bool operator==(const Rect&, const Rect&) = default;
};

struct ImagePoint {
  double x = 0, y = 0;
};
struct ViewPoint {
  double x = 0, y = 0;
};
struct ImageRect {  // fractions of image pixels
  double x = 0, y = 0, w = 0, h = 0;
  friend bool operator==(const ImageRect&, const ImageRect&) = default;
};

// Which part of the image is shown on how many output pixels. The image part may reach over the image's edges; what
// lies outside is drawn as background. Horizontal and vertical scale may differ (a scan without geometry is not
// square).
struct Viewport {
  ImageRect image;
  int width = 0;  // output pixels
  int height = 0;
  [[nodiscard]] bool valid() const { return image.w > 0 && image.h > 0 && width > 0 && height > 0; }
  [[nodiscard]] double scale_x() const { return width / image.w; }  // output pixels per image pixel
  [[nodiscard]] double scale_y() const { return height / image.h; }

  [[nodiscard]] ViewPoint to_view(ImagePoint p) const;
  [[nodiscard]] ImagePoint to_image(ViewPoint p) const;
  // The whole image pixels that the rectangle touches.
  [[nodiscard]] Rect image_pixels() const;

  // The whole image centred in the output with square pixels and margins where the proportions differ.
  [[nodiscard]] static Viewport fit(int image_width, int image_height, int width, int height);
  // The image's full height fills the output; `left` is the image column at the output's left edge.
  [[nodiscard]] static Viewport fit_height(int image_height, double left, int width, int height);
  // Zoom by `factor` (> 1 magnifies) so that the image point under `fixed` stays under it.
  [[nodiscard]] Viewport zoomed(double factor, ViewPoint fixed) const;
  // Moves the picture with the finger: by output pixels.
  [[nodiscard]] Viewport panned(double dx, double dy) const;
  friend bool operator==(const Viewport&, const Viewport&) = default;
};

}  // namespace torugart::imaging
