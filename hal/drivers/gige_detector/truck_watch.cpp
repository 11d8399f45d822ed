#include "hal/drivers/gige_detector/truck_watch.h"

#include <algorithm>
#include <numeric>

namespace torugart::hal::gige_detector {
namespace {

constexpr int kAirLines = 16;

}  // namespace

bool TruckWatch::shadowed(const std::vector<std::uint16_t>& counts) const {
  const auto n = std::min(counts.size(), air_.size());
  std::size_t dark = 0;
  for (std::size_t i = 0; i < n; ++i) {
    // counts < 0.9 · air, in whole numbers
    if (std::uint64_t{counts[i]} * 10 * static_cast<std::uint64_t>(air_lines_) < std::uint64_t{air_[i]} * 9) ++dark;
  }
  return dark * 100 > n * 3;
}

LineKind TruckWatch::look(const std::vector<std::uint16_t>& counts) {
  if (counts.empty()) return kind_;
  const double mean = std::accumulate(counts.begin(), counts.end(), 0.0) / static_cast<double>(counts.size());
  if (dark_ < 0) dark_ = mean;
  if (kind_ == LineKind::dark) {
    if (mean < dark_ + full_scale_ / 16.0) return kind_;
    kind_ = LineKind::air;
  }
  if (kind_ == LineKind::air && air_lines_ < kAirLines) {
    air_.resize(std::max(air_.size(), counts.size()));
    for (std::size_t i = 0; i < counts.size(); ++i)
      air_[i] += counts[i];
    ++air_lines_;
    return kind_;
  }
  const bool shadow = shadowed(counts);
  if (kind_ == LineKind::air && shadow) kind_ = LineKind::object;
  if (kind_ == LineKind::object) open_lines_ = shadow ? 0 : open_lines_ + 1;
  return kind_;
}

}  // namespace torugart::hal::gige_detector
