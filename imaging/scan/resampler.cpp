#include "imaging/scan/resampler.h"

#include <algorithm>
#include <utility>

#include "imaging/core/multiversion.h"
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

namespace {

TORUGART_MULTIVERSION
bool all_measured(const std::uint16_t* codes, std::size_t n) {
  std::uint16_t masked = 0;
  for (std::size_t d = 0; d < n; ++d) {
    masked = static_cast<std::uint16_t>(masked | (static_cast<std::uint16_t>(codes[d] - 1) >= kMaxMeasured ? 1 : 0));
  }
  return masked == 0;
}

TORUGART_MULTIVERSION
void add_weighted(const std::uint16_t* __restrict codes, float weight, float* __restrict sum, std::size_t n) {
  for (std::size_t d = 0; d < n; ++d)
    sum[d] += weight * static_cast<float>(codes[d]);
}

TORUGART_MULTIVERSION
void to_means(const float* __restrict sum, float weight, std::uint16_t* __restrict out, std::size_t n) {
  const float scale = 1.0F / weight;
  for (std::size_t d = 0; d < n; ++d) {
    const float code = std::min(std::max(sum[d] * scale + 0.5F, 1.0F), static_cast<float>(kMaxMeasured));
    out[d] = static_cast<std::uint16_t>(static_cast<int>(code));
  }
}

}  // namespace

void Resampler::accumulate(Plane& plane, std::span<const std::uint16_t> codes, float weight) {
  if (codes.empty()) return;
  if (all_measured(codes.data(), codes.size())) {  // nearly every line
    add_weighted(codes.data(), weight, plane.sum.data(), plane.sum.size());
    plane.whole += weight;
    return;
  }
  plane.masked = true;
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
    if (!plane.masked) {
      if (plane.whole > 0.5F) {
        to_means(plane.sum.data(), plane.whole, plane.out.data(), plane.sum.size());
      } else {
        std::fill(plane.out.begin(), plane.out.end(), kMissing);
      }
    } else {
      for (std::size_t d = 0; d < plane.sum.size(); ++d) {
        const float measured = plane.measured[d] + plane.whole;
        const float known = measured + plane.dark[d];
        std::uint16_t code = kMissing;
        if (plane.over[d] >= 0.25F) {
          code = kOverRange;
        } else if (known <= 0.5F) {
          code = kMissing;
        } else if (plane.dark[d] >= measured) {
          code = kNoSignal;
        } else {
          code = static_cast<std::uint16_t>(
              std::clamp(plane.sum[d] / known + 0.5F, 1.0F, static_cast<float>(kMaxMeasured)));
        }
        plane.out[d] = code;
      }
      std::fill(plane.measured.begin(), plane.measured.end(), 0.0F);
      std::fill(plane.dark.begin(), plane.dark.end(), 0.0F);
      std::fill(plane.over.begin(), plane.over.end(), 0.0F);
    }
    std::fill(plane.sum.begin(), plane.sum.end(), 0.0F);
    plane.whole = 0;
    plane.masked = false;
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
