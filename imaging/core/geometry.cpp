#include "imaging/core/geometry.h"

#include <algorithm>
#include <cmath>

namespace torugart::imaging {

Rect Rect::intersect(const Rect& other) const {
  const int left = std::max(x, other.x);
  const int top = std::max(y, other.y);
  return {left, top, std::max(0, std::min(right(), other.right()) - left),
          std::max(0, std::min(bottom(), other.bottom()) - top)};
}

Rect Rect::unite(const Rect& other) const {
  if (empty()) return other;
  if (other.empty()) return *this;
  const int left = std::min(x, other.x);
  const int top = std::min(y, other.y);
  return {left, top, std::max(right(), other.right()) - left, std::max(bottom(), other.bottom()) - top};
}

ViewPoint Viewport::to_view(ImagePoint p) const {
  return {(p.x - image.x) * scale_x(), (p.y - image.y) * scale_y()};
}

ImagePoint Viewport::to_image(ViewPoint p) const {
  return {image.x + p.x / scale_x(), image.y + p.y / scale_y()};
}

Rect Viewport::image_pixels() const {
  const int left = static_cast<int>(std::floor(image.x));
  const int top = static_cast<int>(std::floor(image.y));
  return {left, top, static_cast<int>(std::ceil(image.x + image.w)) - left,
          static_cast<int>(std::ceil(image.y + image.h)) - top};
}

Viewport Viewport::fit(int image_width, int image_height, int width, int height) {
  if (image_width <= 0 || image_height <= 0 || width <= 0 || height <= 0) return {};
  const double scale = std::min(static_cast<double>(width) / image_width, static_cast<double>(height) / image_height);
  const double w = width / scale;
  const double h = height / scale;
  return {{(image_width - w) / 2, (image_height - h) / 2, w, h}, width, height};
}

Viewport Viewport::fit_height(int image_height, double left, int width, int height) {
  if (image_height <= 0 || width <= 0 || height <= 0) return {};
  const double scale = static_cast<double>(height) / image_height;
  return {{left, 0, width / scale, static_cast<double>(image_height)}, width, height};
}

Viewport Viewport::zoomed(double factor, ViewPoint fixed) const {
  if (!valid() || !(factor > 0)) return *this;
  const ImagePoint anchor = to_image(fixed);
  Viewport out = *this;
  out.image.w = image.w / factor;
  out.image.h = image.h / factor;
  out.image.x = anchor.x - fixed.x / out.scale_x();
  out.image.y = anchor.y - fixed.y / out.scale_y();
  return out;
}

Viewport Viewport::panned(double dx, double dy) const {
  if (!valid()) return *this;
  Viewport out = *this;
  out.image.x -= dx / scale_x();
  out.image.y -= dy / scale_y();
  return out;
}

}  // namespace torugart::imaging
