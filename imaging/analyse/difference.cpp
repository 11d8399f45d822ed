#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include <fmt/core.h>

#include "imaging/analyse/analyse.h"

namespace torugart::imaging {
namespace {

constexpr float kOpaque = 9.0F;
constexpr int kMostColumns = 400;  // where the offset is looked for first

Raster<float> attenuations(const ScanView& view, int level) {
  const int columns = std::max(1, view.columns >> level);
  Raster<float> out(columns, view.blocks.front()->level_rows(level));
  std::vector<std::uint16_t> codes(static_cast<std::size_t>(columns));
  for (int y = 0; y < out.height(); ++y) {
    view.read_row(Energy::high, level, 0, y, codes);
    for (std::size_t x = 0; x < codes.size(); ++x) {
      const bool nothing = state_of(codes[x]) == PixelState::missing;
      out.at(static_cast<int>(x), y) = nothing ? -1.0F : std::min(kOpaque, attenuation_of(codes[x]));
    }
  }
  return out;
}

// Mean distance of a from b moved; pixels that one of them lacks do not take part.
double distance(const Raster<float>& a, const Raster<float>& b, int dx, int dy, int step) {
  double sum = 0;
  std::int64_t count = 0;
  for (int y = std::max(0, -dy); y < std::min(a.height(), b.height() - dy); y += step) {
    for (int x = std::max(0, -dx); x < std::min(a.width(), b.width() - dx); x += step) {
      const float u = a.at(x, y);
      const float v = b.at(x + dx, y + dy);
      if (u < 0 || v < 0) continue;
      sum += static_cast<double>(std::abs(u - v));
      ++count;
    }
  }
  // Half of it must be compared, else two strips of air would be the best match.
  const auto least = static_cast<std::int64_t>(a.width()) * a.height() / (2 * step * step);
  return count < std::max<std::int64_t>(1, least) ? std::numeric_limits<double>::infinity()
                                                  : sum / static_cast<double>(count);
}

struct Offset {
  int x = 0, y = 0;
  double distance = 0;
};

Offset nearest(const Raster<float>& a, const Raster<float>& b, Offset around, int reach_x, int reach_y, int step) {
  Offset best{0, 0, std::numeric_limits<double>::infinity()};
  for (int dy = around.y - reach_y; dy <= around.y + reach_y; ++dy) {
    for (int dx = around.x - reach_x; dx <= around.x + reach_x; ++dx) {
      const double d = distance(a, b, dx, dy, step);
      if (d < best.distance) best = {dx, dy, d};
    }
  }
  return best;
}

}  // namespace

Result<Difference> difference(const ScanImage& a, const ScanImage& b) {
  const auto alike = [](int u, int v) { return std::max(u, v) * 4 <= std::min(u, v) * 5; };
  if (a.view.empty() || b.view.empty() || !alike(a.columns(), b.columns()) || !alike(a.rows(), b.rows())) {
    return fail(
        ErrorCode::bad_argument, "difference",
        fmt::format("{} x {} and {} x {} pixels cannot be compared", a.columns(), a.rows(), b.columns(), b.rows()),
        "give two scans of about one size");
  }
  // From coarse to fine: over a twentieth of the picture where it is small, then by one pixel at each finer level.
  int level = 0;
  while ((a.columns() >> level) > kMostColumns && level + 1 < std::min(a.view.levels(), b.view.levels()))
    ++level;
  Offset found;
  for (int k = level; k >= 0; --k) {
    const Raster<float> u = attenuations(a.view, k);
    const Raster<float> v = attenuations(b.view, k);
    const int step = k == level ? 3 : std::max(1, static_cast<int>(std::sqrt(u.width() * 1.0 * u.height() / 60000)));
    if (k == level) {
      found = nearest(u, v, {}, std::max(2, u.width() / 20), std::max(2, u.height() / 20), step);
    } else {
      found = nearest(u, v, {2 * found.x, 2 * found.y, 0}, 1, 1, step);
    }
    if (k == 0 && distance(u, v, 0, 0, step) < found.distance * 1.05) found = {};
  }
  Difference out;
  out.offset_x = found.x;
  out.offset_y = found.y;
  out.picture = Raster<std::uint8_t>(a.columns(), a.rows());
  std::vector<std::uint16_t> row_a(static_cast<std::size_t>(a.columns()));
  std::vector<std::uint16_t> row_b(row_a.size());
  double sum = 0;
  std::int64_t compared = 0;
  std::int64_t changed = 0;
  for (int y = 0; y < a.rows(); ++y) {
    a.view.read_row(Energy::high, 0, 0, y, row_a);
    b.view.read_row(Energy::high, 0, found.x, y + found.y, row_b);
    auto to = out.picture.row(y);
    for (std::size_t x = 0; x < row_a.size(); ++x) {
      to[x] = 128;
      if (state_of(row_a[x]) == PixelState::missing || state_of(row_b[x]) == PixelState::missing) continue;
      const float d = std::min(kOpaque, attenuation_of(row_b[x])) - std::min(kOpaque, attenuation_of(row_a[x]));
      sum += std::abs(static_cast<double>(d));
      changed += std::abs(d) > 0.25F ? 1 : 0;
      ++compared;
      to[x] = static_cast<std::uint8_t>(std::clamp(std::lround(128 + 64 * d), 0L, 255L));
    }
  }
  if (compared > 0) {
    out.mean_absolute = sum / static_cast<double>(compared);
    out.changed_percent = 100.0 * static_cast<double>(changed) / static_cast<double>(compared);
  }
  return out;
}

}  // namespace torugart::imaging
