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

// `signal`: share of the detector's signal that photons of this bin make in the open beam.
using Spectrum = BeamSpectrum;

Spectrum spectrum(const BeamModel& beam) {
  Spectrum out{std::vector<double>(kBins), std::vector<double>(kBins)};
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

double attenuation(const Spectrum& s, const std::vector<double>& mu, double area_density) {
  double t = 0;
  for (std::size_t k = 0; k < mu.size(); ++k)
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

namespace {

MaterialCurves curves_of(const Spectrum& high, const Spectrum& low) {
  MaterialCurves out;
  for (std::size_t element = 0; element < kXcomElements; ++element) {
    // Hydrogen never stands alone, and barium is here for the detector.
    if (kXcomZ[element] < 6 || kXcomZ[element] == 56) continue;
    const auto attenuations_of = [element](const Spectrum& s) {
      std::vector<double> mu(s.mev.size());
      for (std::size_t k = 0; k < mu.size(); ++k)
        mu[k] = element_attenuation(element, s.mev[k]);
      return mu;
    };
    const std::vector<double> mu_high = attenuations_of(high);
    const std::vector<double> mu_low = attenuations_of(low);
    MaterialCurve curve;
    curve.z = kXcomZ[element];
    for (double t = 0; t < 700; t = t < 5 ? t + 0.5 : t * 1.07) {
      if (t == 0) {  // exactly, not to rounding
        curve.alpha_high.push_back(0);
        curve.alpha_low.push_back(0);
        curve.area_density_g_cm2.push_back(0);
        continue;
      }
      const double alpha = attenuation(high, mu_high, t);
      curve.alpha_high.push_back(static_cast<float>(alpha));
      curve.alpha_low.push_back(static_cast<float>(attenuation(low, mu_low, t)));
      curve.area_density_g_cm2.push_back(static_cast<float>(t));
      if (alpha > 12) break;
    }
    out.curves.push_back(std::move(curve));
  }
  return out;
}

// Measured over computed along the thickness of one material.
struct Correction {
  double z = 0;
  std::vector<float> area_density, high, low;
};

}  // namespace

MaterialCurves MaterialCurves::from_beams(const BeamModel& high, const BeamModel& low) {
  return curves_of(spectrum(high), spectrum(low));
}

Result<MaterialCurves> MaterialCurves::from_spectra(const BeamSpectrum& high, const BeamSpectrum& low) {
  BeamSpectrum beams[2] = {high, low};
  for (BeamSpectrum& beam : beams) {
    double sum = 0;
    for (const double s : beam.signal)
      sum += s;
    const bool whole = beam.mev.size() == beam.signal.size() && beam.mev.size() > 1 && sum > 0 &&
                       std::isfinite(sum) &&
                       std::all_of(beam.signal.begin(), beam.signal.end(), [](double s) { return s >= 0; });
    if (!whole) {
      return fail(ErrorCode::bad_argument, "beam spectrum",
                  fmt::format("{} energies and {} signals make no spectrum", beam.mev.size(), beam.signal.size()),
                  "give as many signals as energies, none negative, not all zero");
    }
    for (double& s : beam.signal)
      s /= sum;
  }
  return curves_of(beams[0], beams[1]);
}

double MaterialCurves::effective_z(double alpha_high, double alpha_low) const {
  double best = 6;
  double nearest = 1e9;
  for (double z = 6; z <= 92; z += 0.5) {
    const double away = std::abs(alpha_low - this->alpha_low(z, alpha_high));
    if (away < nearest) {
      nearest = away;
      best = z;
    }
  }
  return best;
}

Result<MaterialCurves> MaterialCurves::calibrated(std::span<const WedgeStep> steps) const {
  std::vector<Correction> corrections;
  std::vector<WedgeStep> sorted(steps.begin(), steps.end());
  std::sort(sorted.begin(), sorted.end(), [](const WedgeStep& a, const WedgeStep& b) {
    return a.z != b.z ? a.z < b.z : a.area_density_g_cm2 < b.area_density_g_cm2;
  });
  if (sorted.empty()) return fail(ErrorCode::bad_argument, "step wedge", "no steps are given");
  for (const WedgeStep& step : sorted) {
    const auto computed = [&](std::vector<float> MaterialCurve::*values) {
      const auto of = [&](const MaterialCurve& c) {
        return interpolate(c.area_density_g_cm2, c.*values, step.area_density_g_cm2);
      };
      const auto above = std::find_if(curves.begin(), curves.end(), [&](const auto& c) { return c.z >= step.z; });
      if (above == curves.end()) return of(curves.back());
      if (above == curves.begin()) return of(*above);
      const double f = (step.z - (above - 1)->z) / (above->z - (above - 1)->z);
      return (1 - f) * of(*(above - 1)) + f * of(*above);
    };
    const double high = step.alpha_high / computed(&MaterialCurve::alpha_high);
    const double low = step.alpha_low / computed(&MaterialCurve::alpha_low);
    if (!(std::abs(high - 1) < 0.3) || !(std::abs(low - 1) < 0.3)) {
      return fail(
          ErrorCode::bad_argument, "step wedge",
          fmt::format("element {} of {} g/cm2 measures {:.3f} and {:.3f}, {:.0f} and {:.0f} % of what the beams "
                      "would give",
                      step.z, step.area_density_g_cm2, step.alpha_high, step.alpha_low, 100 * high, 100 * low),
          "check the step's material and thickness, and which picture is the high energy");
    }
    if (corrections.empty() || corrections.back().z != step.z) corrections.push_back({step.z, {}, {}, {}});
    corrections.back().area_density.push_back(static_cast<float>(step.area_density_g_cm2));
    corrections.back().high.push_back(static_cast<float>(high));
    corrections.back().low.push_back(static_cast<float>(low));
  }
  const auto factor = [&](double z, float thickness, std::vector<float> Correction::*values) {
    const auto of = [&](const Correction& c) {
      const auto& t = c.area_density;
      return interpolate(
          t, c.*values,
          std::clamp(static_cast<double>(thickness), static_cast<double>(t.front()), static_cast<double>(t.back())));
    };
    const auto above = std::find_if(corrections.begin(), corrections.end(), [z](const auto& c) { return c.z >= z; });
    if (above == corrections.end()) return of(corrections.back());
    if (above == corrections.begin()) return of(*above);
    const double f = std::log(z / (above - 1)->z) / std::log(above->z / (above - 1)->z);
    return (1 - f) * of(*(above - 1)) + f * of(*above);
  };
  MaterialCurves out = *this;
  for (MaterialCurve& curve : out.curves) {
    for (std::size_t k = 1; k < curve.alpha_high.size(); ++k) {
      const float t = curve.area_density_g_cm2[k];
      curve.alpha_high[k] *= static_cast<float>(factor(curve.z, t, &Correction::high));
      curve.alpha_low[k] *= static_cast<float>(factor(curve.z, t, &Correction::low));
    }
    // Two steps that contradict each other may bend a curve back; it must stay one of growing thickness.
    for (std::size_t k = 1; k < curve.alpha_high.size(); ++k)
      curve.alpha_high[k] = std::max(curve.alpha_high[k], std::nextafter(curve.alpha_high[k - 1], 1e9F));
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
