#include "imaging/analyse/load.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "imaging/analyse/extents.h"
#include "imaging/analyse/regions.h"

namespace torugart::imaging::detail {
namespace {

constexpr float kThickestWall = 0.35F;  // two walls of a container are about 0.15
constexpr float kCorrugation = 0.12F;   // walls differ so much from column to column

Raster<float> mean_of_nine(const Raster<float>& from) {
  Raster<float> out(from.width(), from.height());
  for (int y = 0; y < from.height(); ++y) {
    for (int x = 0; x < from.width(); ++x) {
      float sum = 0;
      for (int k = 0; k < 9; ++k) {
        sum +=
            from.at(std::clamp(x + k % 3 - 1, 0, from.width() - 1), std::clamp(y + k / 3 - 1, 0, from.height() - 1));
      }
      out.at(x, y) = sum / 9;
    }
  }
  return out;
}

// Deviation of the averaged attenuation before walls alone: of pixels three apart, so that none shares its average.
float wall_noise(const Raster<float>& averaged, const Raster<float>& alpha, const Rect& inside, float walls) {
  constexpr int kApart = 3;
  constexpr float kUsual = 0.008F;
  std::vector<float> differences;
  for (int y = 0; y < inside.h; y += 2) {
    for (int x = kApart; x < inside.w; ++x) {
      if (alpha.at(inside.x + x, inside.y + y) > walls + kCorrugation) continue;
      if (alpha.at(inside.x + x - kApart, inside.y + y) > walls + kCorrugation) continue;
      differences.push_back(std::abs(averaged.at(x, y) - averaged.at(x - kApart, y)));
    }
  }
  if (differences.size() < 200) return kUsual;  // hardly any wall is to be seen
  return 1.4826F * percentile(std::move(differences), 0.5) / 1.41F;
}

}  // namespace

LoadFound find_load(const Raster<float>& alpha, const Rect& inside, double pixel_mm) {
  LoadFound out;
  if (inside.empty()) return out;
  const double side_m = pixel_mm > 0 ? pixel_mm / 1000 : 2.2 / inside.h;
  std::vector<float> all;
  for (int y = inside.y; y < inside.bottom(); ++y) {
    const auto row = alpha.row(y).subspan(static_cast<std::size_t>(inside.x), static_cast<std::size_t>(inside.w));
    all.insert(all.end(), row.begin(), row.end());
  }
  // Two walls are everywhere in front of what is inside. A load that fills everything must not pass for thick walls.
  const float walls = std::min(percentile(std::move(all), 0.1), kThickestWall);
  out.walls = static_cast<double>(walls);
  Raster<float> excess(inside.w, inside.h);
  std::vector<float> column(static_cast<std::size_t>(inside.h));
  double sum = 0;
  for (int x = 0; x < inside.w; ++x) {
    for (int y = 0; y < inside.h; ++y)
      column[static_cast<std::size_t>(y)] = alpha.at(inside.x + x, inside.y + y);
    const float ground = std::min(percentile(column, 0.25), walls + kCorrugation);
    for (int y = 0; y < inside.h; ++y) {
      excess.at(x, y) = column[static_cast<std::size_t>(y)] - ground;
      sum += static_cast<double>(std::max(0.0F, column[static_cast<std::size_t>(y)] - walls));
    }
  }
  out.mean = sum / (static_cast<double>(inside.w) * inside.h);
  excess = mean_of_nine(excess);
  const std::vector<float> values(excess.samples().begin(), excess.samples().end());
  const float limit = std::max(0.04F, 4.0F * wall_noise(excess, alpha, inside, walls));
  Raster<std::uint8_t> mask(inside.w, inside.h);
  for (std::size_t i = 0; i < values.size(); ++i)
    mask.samples()[i] = values[i] > limit ? 1 : 0;
  for (const Region& r : connected_regions(mask, excess, 4)) {
    const double remains = r.sum * side_m * side_m;
    if (remains <= out.remains) continue;
    out.remains = remains;
    out.at = {inside.x + r.box.x, inside.y + r.box.y, r.box.w, r.box.h};
  }
  return out;
}

double empty_probability(const LoadFound& load) {
  return 1 / (1 + std::exp((std::log(std::max(load.remains, 1e-6)) - std::log(kSomeLoad)) / 0.35));
}

}  // namespace torugart::imaging::detail
