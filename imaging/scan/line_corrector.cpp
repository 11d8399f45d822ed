#include "imaging/scan/line_corrector.h"

#include <algorithm>
#include <cmath>

#include "imaging/core/multiversion.h"
#include "imaging/scan/statistics.h"

namespace torugart::imaging::detail {
namespace {

// A gap of up to three detectors is filled from above and below; a wider one would invent cargo, so it stays missing.
constexpr int kWidestFill = 3;

std::uint16_t between(std::uint16_t a, std::uint16_t b, int to_a, int to_b) {
  const PixelState sa = state_of(a);
  const PixelState sb = state_of(b);
  if (sa != PixelState::measured) return sb == PixelState::measured ? b : a;
  if (sb != PixelState::measured) return a;
  const int span = to_a + to_b;
  return static_cast<std::uint16_t>((static_cast<int>(a) * to_b + static_cast<int>(b) * to_a + span / 2) / span);
}

// Codes as if every sample were measured: 0 … 65,533 however bright it was.
TORUGART_MULTIVERSION
void to_transmissions(const std::uint16_t* __restrict counts, const float* __restrict dark,
                      const float* __restrict scale, float factor, std::uint16_t* __restrict out, std::size_t n) {
  for (std::size_t d = 0; d < n; ++d) {
    const float signal = static_cast<float>(counts[d]) - dark[d];
    const float code = std::min(std::max(signal * scale[d] * factor + 0.5F, 1.0F), static_cast<float>(kMaxMeasured));
    out[d] = static_cast<std::uint16_t>(static_cast<int>(code));
  }
}

// Puts the masks in. In lanes of 16 bits, twice as many as the pass before has. True when a sample has no signal.
TORUGART_MULTIVERSION
bool put_masks(const std::uint16_t* __restrict counts, const std::uint16_t* __restrict dark_until, std::uint16_t full,
               std::uint16_t* __restrict out, std::size_t n) {
  using u16 = std::uint16_t;
  const auto all_if = [](bool yes) { return static_cast<u16>(yes ? 0xFFFF : 0); };  // bits, so that no lane branches
  u16 none = 0;
  for (std::size_t d = 0; d < n; ++d) {
    const u16 dark = all_if(counts[d] <= dark_until[d]);
    const u16 over = all_if(counts[d] >= full);
    const auto code = static_cast<u16>((out[d] & static_cast<u16>(~dark) & static_cast<u16>(~over)) |
                                       (over & static_cast<u16>(kOverRange)));
    none = static_cast<u16>(none | (dark & static_cast<u16>(~over)));
    out[d] = code;
  }
  return none != 0;
}

}  // namespace

LineCorrector::LineCorrector(const Calibration& calibration, const ScanConfig& config)
    : full_scale_(config.full_scale), use_monitor_(config.use_pulse_monitor) {
  const int n = calibration.detectors();
  bad_.assign(static_cast<std::size_t>(n), 0);
  dropouts_.assign(static_cast<std::size_t>(n), 0);
  for (const int d : calibration.dead_detectors)
    bad_[static_cast<std::size_t>(d)] = 1;
  for (const int d : calibration.noisy_detectors)
    bad_[static_cast<std::size_t>(d)] = 1;
  for (std::size_t e = 0; e < 2; ++e) {
    const EnergyCalibration& from = e == 0 ? calibration.high : calibration.low;
    Plane& plane = planes_[e];
    plane.dark = from.dark;
    plane.reference_air = from.reference_air;
    for (std::size_t d = 0; d < from.air.size(); ++d) {
      const float gain = from.air[d] - from.dark[d];
      plane.calibrated.push_back(gain > 0 ? static_cast<float>(kOpenBeam) / gain : 0.0F);
      // Below the noise of the dark level there is no signal, only its noise.
      const float noise = std::max(0.5F, d < from.dark_noise.size() ? from.dark_noise[d] : 0.0F);
      plane.dark_until.push_back(
          static_cast<std::uint16_t>(std::clamp(std::floor(from.dark[d] + noise), 0.0F, 65535.0F)));
    }
  }
  for (Plane& plane : planes_)
    plane.scale = plane.calibrated;
  for (int d = 0; d < n && static_cast<int>(air_rows_.size()) < config.air_rows; ++d) {
    if (!bad_[static_cast<std::size_t>(d)]) air_rows_.push_back(d);
  }
  plan_fills();
}

void LineCorrector::plan_fills() {
  fills_.clear();
  const int n = static_cast<int>(bad_.size());
  for (int d = 0; d < n;) {
    if (!bad_[static_cast<std::size_t>(d)]) {
      ++d;
      continue;
    }
    int end = d;
    while (end < n && bad_[static_cast<std::size_t>(end)])
      ++end;
    const bool fill = end - d <= kWidestFill && d > 0 && end < n;
    for (int row = d; row < end; ++row)
      fills_.push_back({row, fill ? d - 1 : -1, fill ? end : -1});
    d = end;
  }
}

void LineCorrector::set_drift(Energy energy, const std::vector<float>& drift) {
  Plane& plane = planes_[static_cast<std::size_t>(energy)];
  for (std::size_t d = 0; d < plane.scale.size(); ++d)
    plane.scale[d] = plane.calibrated[d] / drift[d];
}

void LineCorrector::fill_also(const std::vector<int>& detectors) {
  for (const int d : detectors) {
    bad_[static_cast<std::size_t>(d)] = 1;
    std::erase(air_rows_, d);
  }
  plan_fills();
}

float LineCorrector::air_rows_factor(const Plane& plane, std::span<const std::uint16_t> counts) {
  scratch_.clear();
  for (const int row : air_rows_) {
    const auto d = static_cast<std::size_t>(row);
    scratch_.push_back((static_cast<float>(counts[d]) - plane.dark[d]) * plane.scale[d] /
                       static_cast<float>(kOpenBeam));
  }
  if (scratch_.size() < 8) return 1;
  const float middle = median(scratch_);
  if (middle < 0.85F || middle > 1.15F) return 1;
  for (float& v : scratch_)
    v = std::abs(v - middle);
  // Open beam is even from detector to detector; a roof or a load is not.
  return median(scratch_) < 0.04F ? 1.0F / middle : 1.0F;
}

void LineCorrector::fill_dropouts(std::span<std::uint16_t> codes) {
  // Zeros are rare in most lines and many where cargo stops the beam; either way only lone ones are looked at.
  constexpr std::uint16_t kSeesWell = kOpenBeam / 50;
  const auto sees = [&](std::size_t d) { return codes[d] >= kSeesWell && codes[d] <= kMaxMeasured; };
  for (std::size_t d = 1; d + 1 < codes.size(); ++d) {
    if (codes[d] != kNoSignal || !sees(d - 1) || !sees(d + 1) || bad_[d]) continue;
    codes[d] = static_cast<std::uint16_t>((codes[d - 1] + codes[d + 1]) / 2);
    ++dropouts_[d];
  }
}

float LineCorrector::correct(Energy energy, std::span<const std::uint16_t> counts, std::optional<double> reference,
                             std::span<std::uint16_t> out) {
  const Plane& plane = planes_[static_cast<std::size_t>(energy)];
  float factor = 1;
  if (use_monitor_ && reference && *reference > 0 && plane.reference_air) {
    factor = *plane.reference_air / static_cast<float>(*reference);
  } else {
    factor = air_rows_factor(plane, counts);
  }
  std::uint16_t* to = out.data();
  to_transmissions(counts.data(), plane.dark.data(), plane.scale.data(), factor, to, counts.size());
  const bool no_signal = put_masks(counts.data(), plane.dark_until.data(), full_scale_, to, counts.size());
  if (no_signal) fill_dropouts(out);
  for (const Fill& fill : fills_) {
    to[fill.row] = fill.above < 0
                       ? kMissing
                       : between(to[fill.above], to[fill.below], fill.row - fill.above, fill.below - fill.row);
  }
  return factor;
}

}  // namespace torugart::imaging::detail
