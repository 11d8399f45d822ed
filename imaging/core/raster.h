// A rectangle of samples, row-major, without padding. Owns its samples; copies are deep.
// In x-ray rasters rows are detectors from top to bottom, columns are lines in time along the truck.
// Reentrant: two threads may use two rasters, one raster belongs to one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace torugart::imaging {

template <class T>
class Raster {
 public:
  Raster() = default;
  Raster(int width, int height, T fill = T{})
      : width_(width),
        height_(height),
        samples_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), fill) {}

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] bool empty() const { return samples_.empty(); }

  // 0 <= x < width(), 0 <= y < height(); not checked.
  [[nodiscard]] T& at(int x, int y) { return samples_[offset(y) + static_cast<std::size_t>(x)]; }
  [[nodiscard]] const T& at(int x, int y) const { return samples_[offset(y) + static_cast<std::size_t>(x)]; }
  [[nodiscard]] std::span<T> row(int y) { return {samples_.data() + offset(y), static_cast<std::size_t>(width_)}; }
  [[nodiscard]] std::span<const T> row(int y) const {
    return {samples_.data() + offset(y), static_cast<std::size_t>(width_)};
  }
  [[nodiscard]] std::span<T> samples() { return samples_; }
  [[nodiscard]] std::span<const T> samples() const { return samples_; }

  // Changes the size and keeps the memory where it suffices; contents are unspecified afterwards.
  void resize(int width, int height) {
    width_ = width;
    height_ = height;
    samples_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  }

  friend bool operator==(const Raster&, const Raster&) = default;

 private:
  [[nodiscard]] std::size_t offset(int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
  }
  int width_ = 0;
  int height_ = 0;
  std::vector<T> samples_;
};

using Raster16 = Raster<std::uint16_t>;
using RasterRgba = Raster<std::uint32_t>;  // bytes R, G, B, A in memory order, as GL_RGBA/GL_UNSIGNED_BYTE takes them

}  // namespace torugart::imaging
