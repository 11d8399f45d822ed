#include "imaging/scan/drift.h"

#include <algorithm>
#include <cmath>

#include "imaging/core/transmission.h"
#include "imaging/scan/statistics.h"

namespace torugart::imaging::detail {

DriftTracker::DriftTracker(int detectors, std::span<const int> bad)
    : bad_(static_cast<std::size_t>(detectors), 0),
      sum_(static_cast<std::size_t>(detectors), 0.0F),
      drift_(static_cast<std::size_t>(detectors), 1.0F) {
  for (const int d : bad)
    bad_[static_cast<std::size_t>(d)] = 1;
}

bool DriftTracker::add(std::span<const std::uint16_t> codes) {
  const std::size_t n = bad_.size();
  if (codes.size() != n) return false;
  // Most lines are cargo: a few detectors say so.
  constexpr int kLow = kOpenBeam * 85 / 100;
  std::size_t looked = 0;
  std::size_t open = 0;
  for (std::size_t d = 0; d < n; d += n / 64 + 1) {
    ++looked;
    open += codes[d] > kLow ? 1U : 0U;
  }
  if (open * 10 < looked * 8) return false;
  open = 0;
  for (const std::uint16_t code : codes)
    open += code > kLow ? 1U : 0U;
  if (open * 100 < n * 95) return false;
  ++open_lines_;
  for (std::size_t d = 0; d < n; ++d)
    sum_[d] += static_cast<float>(codes[d]);
  if (++lines_ < kFewestLines) return false;
  std::vector<int> away;
  std::vector<float> now(n, 1.0F);
  for (std::size_t d = 0; d < n; ++d) {
    now[d] = drift_[d] * sum_[d] / (static_cast<float>(lines_) * static_cast<float>(kOpenBeam));
    sum_[d] = 0;
    if (!bad_[d] && std::abs(now[d] - 1) > kMostDrift) away.push_back(static_cast<int>(d));
  }
  lines_ = 0;
  // All of them at once is the beam or the calibration, not so many detectors.
  if (away.size() * 20 > n) return false;
  // Neighbours do not die together: a drawbar or the frame of a test object lies along the travel there. Nothing of this
  // stretch is taken for the open beam, or it would be filled out of the picture.
  int together = 0;
  for (std::size_t i = 0; i < away.size(); ++i) {
    together = i > 0 && away[i] == away[i - 1] + 1 ? together + 1 : 1;
    if (together > kMostTogether) return false;
  }
  for (const int d : away) {
    bad_[static_cast<std::size_t>(d)] = 1;
    failed_.push_back(d);
  }
  std::sort(failed_.begin(), failed_.end());
  for (std::size_t d = 0; d < n; ++d)
    drift_[d] = bad_[d] ? 1.0F : now[d];
  return true;
}

float DriftTracker::usual() const {
  std::vector<float> away;
  for (std::size_t d = 0; d < drift_.size(); ++d) {
    if (!bad_[d]) away.push_back(std::abs(drift_[d] - 1));
  }
  return median(std::move(away));
}

}  // namespace torugart::imaging::detail
