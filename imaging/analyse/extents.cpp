#include "imaging/analyse/extents.h"

#include <algorithm>
#include <cstdlib>

namespace torugart::imaging::detail {

float percentile(std::vector<float> values, double p) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * p);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Rect object_extent(const Raster<float>& alpha) {
  std::vector<int> in_column(static_cast<std::size_t>(alpha.width()), 0);
  std::vector<int> in_row(static_cast<std::size_t>(alpha.height()), 0);
  for (int y = 0; y < alpha.height(); ++y) {
    for (int x = 0; x < alpha.width(); ++x) {
      if (alpha.at(x, y) <= kSomething) continue;
      ++in_column[static_cast<std::size_t>(x)];
      ++in_row[static_cast<std::size_t>(y)];
    }
  }
  const auto span_of = [](const std::vector<int>& counts, int across) {
    const auto filled = [across](int n) { return n * 50 >= across && n > 1; };
    const auto first = std::find_if(counts.begin(), counts.end(), filled);
    const auto last = std::find_if(counts.rbegin(), counts.rend(), filled);
    return std::pair<int, int>(static_cast<int>(first - counts.begin()), static_cast<int>(counts.rend() - last));
  };
  const auto [left, right] = span_of(in_column, alpha.height());
  const auto [top, bottom] = span_of(in_row, alpha.width());
  if (left >= right || top >= bottom) return {};
  return {left, top, right - left, bottom - top};
}

std::optional<Rect> container_extent(const Raster<float>& alpha, const Rect& object) {
  if (object.w < 16 || object.h < 16) return std::nullopt;
  // Height of the roof in each column: the first two attenuating pixels in a row, so that a noisy one does not count.
  std::vector<int> roof;
  for (int x = object.x; x < object.right(); ++x) {
    int y = object.y;
    while (y + 1 < object.bottom() && !(alpha.at(x, y) > kSomething && alpha.at(x, y + 1) > kSomething))
      ++y;
    roof.push_back(y);
  }
  const int tolerance = std::max(2, object.h / 50);
  int best_from = 0;
  int best_length = 0;
  for (int from = 0; from < static_cast<int>(roof.size());) {
    int to = from;
    int misses = 0;  // a ventilator or a hole is no end of a roof
    int last_good = from;
    while (to < static_cast<int>(roof.size()) && misses <= object.w / 40) {
      if (std::abs(roof[static_cast<std::size_t>(to)] - roof[static_cast<std::size_t>(from)]) <= tolerance) {
        misses = 0;
        last_good = to;
      } else {
        ++misses;
      }
      ++to;
    }
    if (last_good - from + 1 > best_length) {
      best_length = last_good - from + 1;
      best_from = from;
    }
    from = std::max(from + 1, last_good - from > object.w / 20 ? last_good + 1 : from + 1);
  }
  if (best_length * 4 < object.w) return std::nullopt;
  const int left = object.x + best_from;
  const int top = roof[static_cast<std::size_t>(best_from)];
  // A floor attenuates along the whole length: so do the darkest four fifths of its row.
  std::vector<float> floor_like;
  for (int y = top; y < object.bottom(); ++y) {
    const auto row = alpha.row(y).subspan(static_cast<std::size_t>(left), static_cast<std::size_t>(best_length));
    floor_like.push_back(percentile({row.begin(), row.end()}, 0.2));
  }
  const int n = static_cast<int>(floor_like.size());
  if (n < 12) return std::nullopt;
  // The top of a load along the whole length rises, too, so the lowest steep rise counts; but the chassis lies
  // closely below the floor, so a rise just above that one is the floor.
  const auto rise = [&floor_like](int y) {
    return floor_like[static_cast<std::size_t>(y + 2)] - floor_like[static_cast<std::size_t>(y - 2)];
  };
  const int from = std::max(3, n * 2 / 5);
  float steepest = 0.1F;
  for (int y = from; y + 3 < n; ++y)
    steepest = std::max(steepest, rise(y));
  int floor = n - 1;
  for (int y = n - 4; y >= from && (floor == n - 1 || floor - y < n * 8 / 100); --y) {
    if (rise(y) * 2 > steepest && rise(y) >= rise(y - 1) && rise(y) >= rise(y + 1)) floor = y;
  }
  return Rect{left, top, best_length, floor + 1};
}

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

}  // namespace torugart::imaging::detail
