#include "imaging/scan/calibration_maker.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "imaging/scan/statistics.h"

namespace torugart::imaging::detail {
namespace {

void mean_and_deviation(const std::vector<std::vector<std::uint16_t>>& lines, std::span<const float> offset,
                        std::span<const double> factors, std::vector<float>& mean, std::vector<float>& deviation) {
  const std::size_t n = lines.front().size();
  std::vector<double> sum(n, 0.0);
  std::vector<double> squares(n, 0.0);
  for (std::size_t l = 0; l < lines.size(); ++l) {
    for (std::size_t d = 0; d < n; ++d) {
      const double v = (lines[l][d] - offset[d]) * factors[l];
      sum[d] += v;
      squares[d] += v * v;
    }
  }
  const double count = static_cast<double>(lines.size());
  mean.resize(n);
  deviation.resize(n);
  for (std::size_t d = 0; d < n; ++d) {
    const double m = sum[d] / count;
    mean[d] = static_cast<float>(m + offset[d]);
    deviation[d] = static_cast<float>(std::sqrt(std::max(0.0, squares[d] / count - m * m)));
  }
}

// How much each pulse must be multiplied by: from the monitor when every line has one, else from the line's own sum.
std::vector<double> pulse_factors(const std::vector<std::vector<std::uint16_t>>& lines, std::span<const float> dark,
                                  const std::vector<std::optional<double>>& reference, std::optional<float>& mean) {
  std::vector<double> dose;
  const bool monitored =
      std::all_of(reference.begin(), reference.end(), [](const auto& r) { return r.has_value() && *r > 0; });
  for (std::size_t l = 0; l < lines.size(); ++l) {
    if (monitored) {
      dose.push_back(*reference[l]);
    } else {
      double sum = 0;
      for (std::size_t d = 0; d < dark.size(); ++d)
        sum += lines[l][d] - dark[d];
      dose.push_back(std::max(sum, 1.0));
    }
  }
  const double average = std::accumulate(dose.begin(), dose.end(), 0.0) / static_cast<double>(dose.size());
  if (monitored) mean = static_cast<float>(average);
  for (double& d : dose)
    d = average / d;
  return dose;
}

void find_bad(const EnergyCalibration& energy, std::vector<char>& dead, std::vector<char>& noisy) {
  const std::size_t n = energy.air.size();
  std::vector<float> gain(n);
  std::vector<float> noise;
  for (std::size_t d = 0; d < n; ++d)
    gain[d] = energy.air[d] - energy.dark[d];
  constexpr std::size_t kReach =
      24;  // gains fall off slowly along the column, so a detector is held against near ones
  for (std::size_t d = 0; d < n; ++d) {
    const std::size_t from = d > kReach ? d - kReach : 0;
    const std::size_t to = std::min(n, d + kReach + 1);
    const float near =
        median({gain.begin() + static_cast<std::ptrdiff_t>(from), gain.begin() + static_cast<std::ptrdiff_t>(to)});
    if (gain[d] < 0.1F * near || gain[d] < 1.0F) dead[d] = 1;
    if (!dead[d]) noise.push_back(energy.air_noise[d] / gain[d]);
  }
  const float usual = median(noise);
  for (std::size_t d = 0; d < n; ++d) {
    if (!dead[d] && usual > 0 && energy.air_noise[d] / gain[d] > 5.0F * usual) noisy[d] = 1;
  }
}

}  // namespace

void CalibrationMaker::add_dark(Energy energy, std::span<const std::uint16_t> counts) {
  auto& lines = planes_[static_cast<std::size_t>(energy)].dark;
  if (lines.size() < kKept) lines.emplace_back(counts.begin(), counts.end());
}

void CalibrationMaker::add_air(Energy energy, std::span<const std::uint16_t> counts, std::optional<double> reference,
                               std::int64_t time_us) {
  Plane& plane = planes_[static_cast<std::size_t>(energy)];
  made_at_us_ = std::max(made_at_us_, time_us);
  if (plane.air.size() >= kKept) return;
  plane.air.emplace_back(counts.begin(), counts.end());
  plane.reference.push_back(reference);
}

std::optional<Calibration> CalibrationMaker::make(bool dual_energy) const {
  const std::size_t energies = dual_energy ? 2 : 1;
  for (std::size_t e = 0; e < energies; ++e) {
    if (planes_[e].dark.empty() || planes_[e].air.empty()) return std::nullopt;
  }
  Calibration out;
  out.made_at_us = made_at_us_;
  out.dark_lines = static_cast<int>(planes_[0].dark.size());
  out.air_lines = static_cast<int>(planes_[0].air.size());
  const std::size_t n = planes_[0].dark.front().size();
  std::vector<char> dead(n, 0);
  std::vector<char> noisy(n, 0);
  for (std::size_t e = 0; e < energies; ++e) {
    const Plane& plane = planes_[e];
    EnergyCalibration& energy = e == 0 ? out.high : out.low;
    const std::vector<float> zero(n, 0.0F);
    mean_and_deviation(plane.dark, zero, std::vector<double>(plane.dark.size(), 1.0), energy.dark, energy.dark_noise);
    const auto factors = pulse_factors(plane.air, energy.dark, plane.reference, energy.reference_air);
    mean_and_deviation(plane.air, energy.dark, factors, energy.air, energy.air_noise);
    find_bad(energy, dead, noisy);
  }
  for (std::size_t d = 0; d < n; ++d) {
    if (dead[d])
      out.dead_detectors.push_back(static_cast<int>(d));
    else if (noisy[d])
      out.noisy_detectors.push_back(static_cast<int>(d));
  }
  return out;
}

}  // namespace torugart::imaging::detail
