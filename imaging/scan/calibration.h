// Dark and air of every detector: what turns counts into transmission. Made from dark lines (no beam) and air lines
// (beam, nothing in it); ages, because gains drift with temperature and beam energy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imaging/core/error.h"
#include "imaging/core/scan_image.h"

namespace torugart::imaging {

struct EnergyCalibration {
  std::vector<float> dark;             // counts, one per detector
  std::vector<float> dark_noise;       // standard deviation of dark over lines, counts
  std::vector<float> air;              // counts in the open beam, dark not taken off, one per detector
  std::vector<float> air_noise;        // standard deviation of air over lines after pulse normalisation, counts
  std::optional<float> reference_air;  // mean of the pulse monitor while air was measured
};

struct Calibration {
  EnergyCalibration high;
  EnergyCalibration low;        // empty vectors for a single-energy scanner
  std::int64_t made_at_us = 0;  // clock of the lines (RawLine::time_us)
  int dark_lines = 0;
  int air_lines = 0;
  std::vector<int> dead_detectors;   // sees less than a tenth of what its neighbours see, in either energy
  std::vector<int> noisy_detectors;  // five times the noise of the median detector, in either energy

  [[nodiscard]] int detectors() const { return static_cast<int>(high.air.size()); }
};

struct CalibrationLimits {
  double max_age_s = 8 * 3600;
  int min_dark_lines = 8;
  int min_air_lines = 16;
  double max_bad_detectors_percent = 2;
};

struct CalibrationCheck {
  CalibrationVerdict verdict = CalibrationVerdict::none;
  std::string reason;  // for the screen; empty when good
};
[[nodiscard]] CalibrationCheck check(const Calibration& calibration, std::int64_t now_us,
                                     const CalibrationLimits& limits);

}  // namespace torugart::imaging
