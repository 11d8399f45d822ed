#include "imaging/analyse/regions.h"

#include <algorithm>
#include <utility>

namespace torugart::imaging::detail {

std::vector<Region> connected_regions(Raster<std::uint8_t>& mask, const Raster<float>& values, std::int64_t fewest) {
  std::vector<Region> out;
  std::vector<std::pair<int, int>> open;
  for (int y = 0; y < mask.height(); ++y) {
    for (int x = 0; x < mask.width(); ++x) {
      if (!mask.at(x, y)) continue;
      Region region;
      int left = x;
      int right = x;
      int bottom = y;
      open.assign(1, {x, y});
      mask.at(x, y) = 0;
      while (!open.empty()) {
        const auto [px, py] = open.back();
        open.pop_back();
        ++region.pixels;
        region.sum += static_cast<double>(values.at(px, py));
        left = std::min(left, px);
        right = std::max(right, px);
        bottom = std::max(bottom, py);
        const std::pair<int, int> around[] = {{px - 1, py}, {px + 1, py}, {px, py - 1}, {px, py + 1}};
        for (const auto& next : around) {
          if (next.first < 0 || next.second < 0 || next.first >= mask.width() || next.second >= mask.height())
            continue;
          if (!mask.at(next.first, next.second)) continue;
          mask.at(next.first, next.second) = 0;
          open.push_back(next);
        }
      }
      region.box = {left, y, right - left + 1, bottom - y + 1};
      if (region.pixels >= fewest) out.push_back(region);
    }
  }
  std::sort(out.begin(), out.end(), [](const Region& a, const Region& b) { return a.pixels > b.pixels; });
  return out;
}

}  // namespace torugart::imaging::detail
