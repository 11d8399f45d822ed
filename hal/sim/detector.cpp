#include "hal/sim/detector.h"

#include <algorithm>
#include <cmath>

namespace torugart::hal::sim {
namespace {

// (Σ n E)² / Σ n E²: the noise of an energy-integrating detector is that of fewer photons than it absorbs.
double effective_photons(const Spectrum& s, double photons) {
  double first = 0, second = 0;
  for (std::size_t k = 0; k < kEnergyBins; ++k) {
    first += s.absorbed[k] * s.energy_mev[k];
    second += s.absorbed[k] * s.energy_mev[k] * s.energy_mev[k];
  }
  return photons * first * first / second;
}

}  // namespace

DetectorColumn::DetectorColumn(int detectors, std::uint64_t lane_seed, std::uint64_t scan_seed,
                               const DetectorModel& model)
    : model_(model),
      effective_high_(effective_photons(make_spectrum(6), model.photons)),
      effective_low_(effective_photons(make_spectrum(4), model.photons_low)),
      random_(scan_seed) {
  auto hardware = Random::of(lane_seed, 0xDE7EC7);
  const auto n = static_cast<std::size_t>(detectors);
  // Modules of 32 share electronics: a step between modules and a scatter within.
  float module_gain = 0, module_dark = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 32 == 0) {
      module_gain = hardware.gauss() * static_cast<float>(model.gain_spread) * 0.5F;
      module_dark = hardware.gauss() * 60;
    }
    const float spread = static_cast<float>(model.gain_spread);
    gain_high_.push_back(std::clamp(1 + module_gain + hardware.gauss() * spread * 0.6F, 0.75F, 1.18F));
    gain_low_.push_back(std::clamp(gain_high_.back() + hardware.gauss() * 0.01F, 0.75F, 1.2F));
    dark_.push_back(static_cast<float>(model.dark_counts) + module_dark + hardware.gauss() * 25);
  }
  is_dead_.assign(n, 0);
  for (int k = 0; k < model.dead && detectors > 40; ++k) {
    const int i = hardware.integer(8, detectors - 9);
    if (is_dead_[static_cast<std::size_t>(i)] == 0) dead_.push_back(i);
    is_dead_[static_cast<std::size_t>(i)] = 1;
  }
  std::sort(dead_.begin(), dead_.end());
}

std::uint16_t DetectorColumn::finish(std::size_t i, double counts) {
  counts += static_cast<double>(dark_[i]) + model_.electronic_noise * static_cast<double>(random_.gauss());
  return static_cast<std::uint16_t>(std::clamp(std::lround(counts), 0L, 65535L));
}

std::uint16_t DetectorColumn::value(std::size_t i, bool low, double pulse, Transmission t) {
  if (is_dead_[i] != 0) return finish(i, 0);
  const double photons = (low ? effective_low_ : effective_high_) * pulse;
  // Energy per photon that gives the mean and the variance together: E = V/M, n = photons·M²/V.
  const double mean = t.mean, variance = t.variance;
  double signal = 0;
  if (variance > 0) {
    const double energy = variance / mean;
    signal = random_.poisson(photons * mean / energy) * energy / photons * pulse;
  }
  const auto gain = static_cast<double>(low ? gain_low_[i] : gain_high_[i]);
  return finish(i, (low ? model_.air_counts_low : model_.air_counts) * gain * signal);
}

RawLine DetectorColumn::dark() {
  RawLine line;
  const std::size_t n = dark_.size();
  line.high.resize(n);
  line.low.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    line.high[i] = finish(i, 0);
    line.low[i] = finish(i, 0);
  }
  return line;
}

RawLine DetectorColumn::air() {
  static const std::vector<Attenuator::Pair> kNothing(8192);
  return object(kNothing, kNothing, 0);
}

RawLine DetectorColumn::object(const std::vector<Attenuator::Pair>& a, const std::vector<Attenuator::Pair>& b,
                               float mix) {
  RawLine line;
  const std::size_t n = dark_.size();
  line.high.resize(n);
  line.low.resize(n);
  const auto pulse = [this] { return std::max(0.5, 1 + model_.pulse_spread * static_cast<double>(random_.gauss())); };
  const double high = pulse(), low = pulse();
  const auto seen = [this](double p) {
    return 1000 * p * (1 + model_.reference_noise * static_cast<double>(random_.gauss()));
  };
  line.reference_high = seen(high);
  line.reference_low = seen(low);
  const auto blend = [mix](const Transmission& x, const Transmission& y) {
    return Transmission{x.mean + mix * (y.mean - x.mean), x.variance + mix * (y.variance - x.variance)};
  };
  for (std::size_t i = 0; i < n; ++i) {
    line.high[i] = value(i, false, high, blend(a[i].high, b[i].high));
    line.low[i] = value(i, true, low, blend(a[i].low, b[i].low));
  }
  return line;
}

}  // namespace torugart::hal::sim
