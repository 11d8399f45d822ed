#include "kiosk/platform/frame_stats.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace torugart::platform {

void FrameStats::add(double seconds) {
  ring_[next_] = static_cast<float>(seconds);
  next_ = (next_ + 1) % ring_.size();
  used_ = std::min(used_ + 1, ring_.size());
  longest_s_ = std::max(longest_s_, seconds);
  ++frames;
}

double FrameStats::quantile_ms(double q) const {
  if (used_ == 0) return 0;
  std::vector<float> sorted(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(used_));
  std::sort(sorted.begin(), sorted.end());
  const double at = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(used_)) - 1;
  return static_cast<double>(sorted[static_cast<std::size_t>(std::max(0.0, at))]) * 1e3;
}

}  // namespace torugart::platform
