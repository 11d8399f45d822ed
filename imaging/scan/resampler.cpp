#include "imaging/scan/resampler.h"

#include <algorithm>
#include <utility>

#include "imaging/core/transmission.h"

namespace torugart::imaging::detail {
namespace {
constexpr double kWhole = 1.0 - 1e-6;
}

Resampler::Resampler(int rows, bool dual, Emit emit) : rows_(rows), dual_(dual), emit_(std::move(emit)) {
  for (Plane& plane : planes_) {
    const auto n = static_cast<std::size_t>(&plane == &planes_[0] || dual ? rows : 0);
    plane.sum.assign(n, 0);
    plane.measured.assign(n, 0);
    plane.dark.assign(n, 0);
    plane.over.assign(n, 0);
    plane.out.assign(n, kMissing);
  }
}

void Resampler::accumulate(Plane& plane, std::span<const std::uint16_t> codes, float weight) {
  if (codes.empty()) return;
  for (std::size_t d = 0; d < plane.sum.size(); ++d) {
    const std::uint16_t code = codes[d];
    const float measured = code != kNoSignal && code <= kMaxMeasured ? weight : 0.0F;
    plane.sum[d] += measured * static_cast<float>(code);
    plane.measured[d] += measured;
    plane.dark[d] += code == kNoSignal ? weight : 0.0F;
    plane.over[d] += code == kOverRange ? weight : 0.0F;
  }
}

void Resampler::emit_column() {
  for (Plane& plane : planes_) {
    for (std::size_t d = 0; d < plane.sum.size(); ++d) {
      const float known = plane.measured[d] + plane.dark[d];
      std::uint16_t code = kMissing;
      if (plane.over[d] >= 0.25F) {
        code = kOverRange;
      } else if (known <= 0.5F) {
        code = kMissing;
      } else if (plane.dark[d] >= plane.measured[d]) {
        code = kNoSignal;
      } else {
        code = static_cast<std::uint16_t>(
            std::clamp(plane.sum[d] / known + 0.5F, 1.0F, static_cast<float>(kMaxMeasured)));
      }
      plane.out[d] = code;
    }
    std::fill(plane.sum.begin(), plane.sum.end(), 0.0F);
    std::fill(plane.measured.begin(), plane.measured.end(), 0.0F);
    std::fill(plane.dark.begin(), plane.dark.end(), 0.0F);
    std::fill(plane.over.begin(), plane.over.end(), 0.0F);
  }
  filled_ = 0;
  emit_(planes_[0].out, planes_[1].out);
}

void Resampler::add(std::span<const std::uint16_t> high, std::span<const std::uint16_t> low, double length) {
  while (length > 1e-9) {
    const double part = std::min(length, 1.0 - filled_);
    accumulate(planes_[0], high, static_cast<float>(part));
    if (dual_) accumulate(planes_[1], low, static_cast<float>(part));
    filled_ += part;
    length -= part;
    if (filled_ >= kWhole) emit_column();
  }
}

void Resampler::finish() {
  if (filled_ >= 0.5) emit_column();
}

}  // namespace torugart::imaging::detail
