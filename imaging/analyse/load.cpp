#include "imaging/analyse/load.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "imaging/analyse/extents.h"
#include "imaging/analyse/regions.h"

namespace torugart::imaging::detail {
namespace {

constexpr float kThickestWall = 0.22F;  // two walls of a container are about 0.12
constexpr float kRoof = 0.3F;           // seen from below, the roof lies over the upper rows; more than so is load
constexpr float kNotLookedAt = 100.0F;  // of a row's roof: nothing in it can be told from the roof's rail
constexpr float kCorrugation = 0.12F;   // walls differ so much from column to column

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

// The floor's beams lie aslant in the fan and reach into the space: rows that are dense along the whole length are left out
// from below, but no more than so much, lest a low load along the whole length be taken for floor.
Rect above_floor(const Raster<float>& alpha, Rect inside) {
  constexpr float kDense = 0.25F;
  const int most = inside.h * 9 / 100;
  std::vector<float> row(static_cast<std::size_t>(inside.w));
  const auto usual = [&](int y, double p) {
    const auto from = alpha.row(y).subspan(static_cast<std::size_t>(inside.x), row.size());
    return percentile({from.begin(), from.end()}, p);
  };
  const float middle = usual(inside.y + inside.h / 2, 0.1);
  int cut = 0;
  while (cut < most && usual(inside.bottom() - 1 - cut, 0.2) > std::min(middle, kThickestWall) + kDense)
    ++cut;
  if (cut > 0) cut = std::min(most, cut + 1);  // the edge itself
  inside.h -= cut;
  return inside;
}

// The source stands low, so the upper rows look through the roof from below: what each row of the upper half attenuates over
// the walls along the whole length.
std::vector<float> roof_profile(const Raster<float>& alpha, const Rect& inside, float walls) {
  std::vector<float> out(static_cast<std::size_t>(inside.h), 0.0F);
  std::vector<float> row(static_cast<std::size_t>(inside.w));
  const int thickest_rail = std::max(2, inside.h * 4 / 100);
  int rail = 0;
  for (int y = 0; y < inside.h / 2; ++y) {
    const auto from = alpha.row(inside.y + y).subspan(static_cast<std::size_t>(inside.x), row.size());
    const float usual = percentile({from.begin(), from.end()}, 0.25) - walls;
    if (usual > kRoof) {  // the rail along the roof's far edge; anything thicker is load
      if (++rail > thickest_rail) break;
      out[static_cast<std::size_t>(y)] = kNotLookedAt;
      continue;
    }
    rail = 0;
    out[static_cast<std::size_t>(y)] = std::max(0.0F, usual);
  }
  // A rail that turned out too thick is load from its first row on, and the rows around a rail hold its edges.
  if (rail > thickest_rail) {
    for (float& v : out)
      v = v == kNotLookedAt ? 0 : v;
  }
  std::vector<float> wider = out;
  for (std::size_t y = 0; y < out.size(); ++y) {
    if (out[y] != kNotLookedAt) continue;
    for (std::size_t k = y > 2 ? y - 2 : 0; k < std::min(out.size(), y + 3); ++k)
      wider[k] = kNotLookedAt;
  }
  return wider;
}

}  // namespace

LoadFound find_load(const Raster<float>& alpha, const Rect& space, double pixel_mm) {
  LoadFound out;
  if (space.empty()) return out;
  const Rect inside = above_floor(alpha, space);
  const double side_m = pixel_mm > 0 ? pixel_mm / 1000 : 2.2 / inside.h;
  std::vector<float> all;
  for (int y = inside.y; y < inside.bottom(); ++y) {
    const auto row = alpha.row(y).subspan(static_cast<std::size_t>(inside.x), static_cast<std::size_t>(inside.w));
    all.insert(all.end(), row.begin(), row.end());
  }
  // Two walls are everywhere in front of what is inside. A load that fills everything must not pass for thick walls.
  const float walls = std::min(percentile(std::move(all), 0.1), kThickestWall);
  out.walls = static_cast<double>(walls);
  const std::vector<float> roof = roof_profile(alpha, inside, walls);
  Raster<float> excess(inside.w, inside.h);
  std::vector<float> column(static_cast<std::size_t>(inside.h));
  double sum = 0;
  for (int x = 0; x < inside.w; ++x) {
    for (int y = 0; y < inside.h; ++y)
      column[static_cast<std::size_t>(y)] = alpha.at(inside.x + x, inside.y + y) - roof[static_cast<std::size_t>(y)];
    std::vector<float> looked_at;
    for (const float a : column) {
      if (a > -kNotLookedAt / 2) looked_at.push_back(a);
    }
    const float ground = std::min(percentile(std::move(looked_at), 0.25), walls + kCorrugation);
    for (int y = 0; y < inside.h; ++y) {
      excess.at(x, y) = std::max(0.0F - kCorrugation, column[static_cast<std::size_t>(y)] - ground);
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
