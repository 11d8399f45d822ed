#include "imaging/material/curves.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

#include "imaging/material/xcom_table.h"

namespace torugart::imaging {
namespace {

using detail::kXcomElements;
using detail::kXcomEnergies;
using detail::kXcomMev;
using detail::kXcomMu;
using detail::kXcomZ;

double element_attenuation(std::size_t element, double mev) {
  const double e = std::clamp(mev, kXcomMev.front(), kXcomMev.back());
  const auto above = std::upper_bound(kXcomMev.begin() + 1, kXcomMev.end() - 1, e);
  const auto i = static_cast<std::size_t>(above - kXcomMev.begin());
  const auto& mu = kXcomMu[element];
  const double f = std::log(e / kXcomMev[i - 1]) / std::log(kXcomMev[i] / kXcomMev[i - 1]);
  return std::exp((1 - f) * std::log(mu[i - 1]) + f * std::log(mu[i]));
}

std::size_t index_of(int z) {
  return static_cast<std::size_t>(std::find(kXcomZ.begin(), kXcomZ.end(), z) - kXcomZ.begin());
}

constexpr std::size_t kBins = 120;

struct Spectrum {
  std::array<double, kBins> mev{};
  std::array<double, kBins>
      signal{};  // share of the detector's signal that photons of this bin make in the open beam
};

Spectrum spectrum(const BeamModel& beam) {
  Spectrum out;
  double sum = 0;
  const double step = std::log(beam.endpoint_mev / beam.lowest_mev) / kBins;
  for (std::size_t k = 0; k < kBins; ++k) {
    const double lower = beam.lowest_mev * std::exp(step * static_cast<double>(k));
    const double upper = lower * std::exp(step);
    const double e = std::sqrt(lower * upper);
    const double photons = beam.endpoint_mev * std::log(upper / lower) - (upper - lower);
    const double filter = std::exp(-element_attenuation(index_of(74), e) * beam.filter_tungsten_g_cm2 -
                                   element_attenuation(index_of(26), e) * beam.filter_iron_g_cm2);
    const double absorbed = 1 - std::exp(-element_attenuation(index_of(56), e) * beam.detector_barium_g_cm2);
    out.mev[k] = e;
    out.signal[k] = std::max(0.0, photons) * filter * absorbed * e;
    sum += out.signal[k];
  }
  for (double& s : out.signal)
    s /= sum;
  return out;
}

double attenuation(const Spectrum& s, const std::array<double, kBins>& mu, double area_density) {
  double t = 0;
  for (std::size_t k = 0; k < kBins; ++k)
    t += s.signal[k] * std::exp(-mu[k] * area_density);
  return -std::log(t);
}

// Piecewise linear through (x, y), on along the last step past the end.
double interpolate(const std::vector<float>& x, const std::vector<float>& y, double at) {
  if (x.size() < 2) return y.empty() ? 0 : y.front();
  const auto above = std::upper_bound(x.begin() + 1, x.end() - 1, static_cast<float>(at));
  const auto i = static_cast<std::size_t>(above - x.begin());
  const double f = (at - x[i - 1]) / (x[i] - x[i - 1]);
  return y[i - 1] + f * (static_cast<double>(y[i]) - y[i - 1]);
}

double between(const std::vector<MaterialCurve>& curves, double z, double alpha,
               std::vector<float> MaterialCurve::*values) {
  if (curves.empty()) return 0;
  const auto value = [&](const MaterialCurve& c) { return interpolate(c.alpha_high, c.*values, alpha); };
  if (z <= curves.front().z || curves.size() == 1) return value(curves.front());
  if (z >= curves.back().z) return value(curves.back());
  const auto above = std::find_if(curves.begin(), curves.end(), [z](const MaterialCurve& c) { return c.z >= z; });
  const auto below = above - 1;
  const double f = (z - below->z) / (above->z - below->z);
  return (1 - f) * value(*below) + f * value(*above);
}

}  // namespace

double MaterialCurves::alpha_low(double z, double alpha_high) const {
  return between(curves, z, alpha_high, &MaterialCurve::alpha_low);
}

double MaterialCurves::area_density(double z, double alpha_high) const {
  return between(curves, z, alpha_high, &MaterialCurve::area_density_g_cm2);
}

MaterialCurves MaterialCurves::from_beams(const BeamModel& high, const BeamModel& low) {
  const Spectrum high_spectrum = spectrum(high);
  const Spectrum low_spectrum = spectrum(low);
  MaterialCurves out;
  for (std::size_t element = 0; element < kXcomElements; ++element) {
    // Hydrogen never stands alone, and barium is here for the detector.
    if (kXcomZ[element] < 6 || kXcomZ[element] == 56) continue;
    std::array<double, kBins> mu_high{};
    std::array<double, kBins> mu_low{};
    for (std::size_t k = 0; k < kBins; ++k) {
      mu_high[k] = element_attenuation(element, high_spectrum.mev[k]);
      mu_low[k] = element_attenuation(element, low_spectrum.mev[k]);
    }
    MaterialCurve curve;
    curve.z = kXcomZ[element];
    for (double t = 0; t < 700; t = t < 5 ? t + 0.5 : t * 1.07) {
      if (t == 0) {  // exactly, not to rounding
        curve.alpha_high.push_back(0);
        curve.alpha_low.push_back(0);
        curve.area_density_g_cm2.push_back(0);
        continue;
      }
      const double alpha = attenuation(high_spectrum, mu_high, t);
      curve.alpha_high.push_back(static_cast<float>(alpha));
      curve.alpha_low.push_back(static_cast<float>(attenuation(low_spectrum, mu_low, t)));
      curve.area_density_g_cm2.push_back(static_cast<float>(t));
      if (alpha > 12) break;
    }
    out.curves.push_back(std::move(curve));
  }
  return out;
}

const MaterialCurves& MaterialCurves::defaults() {
  static const MaterialCurves kDefaults = [] {
    BeamModel high;
    BeamModel low;
    low.endpoint_mev = 4;
    return from_beams(high, low);
  }();
  return kDefaults;
}

Result<double> mass_attenuation(int z, double energy_mev) {
  const std::size_t element = index_of(z);
  if (element == kXcomElements) {
    return fail(ErrorCode::bad_argument, "attenuation table", fmt::format("element {} is not in it", z));
  }
  if (!(energy_mev >= kXcomMev.front() && energy_mev <= kXcomMev.back())) {
    return fail(ErrorCode::bad_argument, "attenuation table",
                fmt::format("{} MeV is outside {} .. {} MeV", energy_mev, kXcomMev.front(), kXcomMev.back()));
  }
  return element_attenuation(element, energy_mev);
}

std::span<const int> tabulated_elements() {
  return kXcomZ;
}

}  // namespace torugart::imaging
