// The detector column and the accelerator's pulses: from transmission to raw 16-bit counts.
//
// counts = dark + gain · pulse · signal · (1 + noise), saturating at 65535. Poisson noise with the variance of the
// hardened spectrum, electronic noise, gain per detector, a few dead detectors, pulse-to-pulse variation that the
// reference monitor sees with a little noise of its own. Deterministic by seed. Thread-bound.
#pragma once

#include <cstdint>
#include <vector>

#include "hal/sim/physics.h"
#include "hal/sim/random.h"

namespace torugart::hal::sim {

struct DetectorModel {
  double air_counts = 52'000;  // above dark, high energy, gain 1
  double air_counts_low = 44'000;
  double photons = 90'000;  // absorbed per pulse and detector without object, high energy
  double photons_low = 55'000;
  double dark_counts = 1'150;
  double electronic_noise = 3.0;   // counts, rms
  double pulse_spread = 0.02;      // rms of the pulse-to-pulse variation
  double reference_noise = 0.001;  // rms of the monitor's own error
  double gain_spread = 0.06;
  int dead = 3;  // detectors
};

struct RawLine {
  std::vector<std::uint16_t> high, low;
  double reference_high = 0, reference_low = 0;
};

class DetectorColumn {
 public:
  // The hardware (gains, darks, dead detectors) follows from `lane_seed`, the noise from `scan_seed`.
  DetectorColumn(int detectors, std::uint64_t lane_seed, std::uint64_t scan_seed, const DetectorModel& model = {});

  RawLine dark();
  RawLine air();
  // Transmission per detector; `mix` blends two neighbouring columns: (1 − mix)·a + mix·b.
  RawLine object(const std::vector<Attenuator::Pair>& a, const std::vector<Attenuator::Pair>& b, float mix);

  const std::vector<int>& dead_detectors() const { return dead_; }
  const DetectorModel& model() const { return model_; }

 private:
  std::uint16_t value(std::size_t i, bool low, double pulse, Transmission t);
  std::uint16_t finish(std::size_t i, double counts);

  DetectorModel model_;
  std::vector<float> gain_high_, gain_low_, dark_;
  std::vector<int> dead_;
  std::vector<std::uint8_t> is_dead_;
  double effective_high_, effective_low_;  // photons that would give the same noise if all had the same energy
  Random random_;
};

}  // namespace torugart::hal::sim
