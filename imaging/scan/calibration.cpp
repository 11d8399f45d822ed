#include "imaging/scan/calibration.h"

#include <fmt/core.h>

namespace torugart::imaging {

CalibrationCheck check(const Calibration& calibration, std::int64_t now_us, const CalibrationLimits& limits) {
  if (calibration.detectors() == 0) return {CalibrationVerdict::none, "dark and air were not measured"};
  if (calibration.dark_lines < limits.min_dark_lines) {
    return {CalibrationVerdict::poor,
            fmt::format("only {} dark lines of at least {}", calibration.dark_lines, limits.min_dark_lines)};
  }
  if (calibration.air_lines < limits.min_air_lines) {
    return {CalibrationVerdict::poor,
            fmt::format("only {} air lines of at least {}", calibration.air_lines, limits.min_air_lines)};
  }
  const auto bad = calibration.dead_detectors.size() + calibration.noisy_detectors.size();
  const double percent = 100.0 * static_cast<double>(bad) / calibration.detectors();
  if (percent > limits.max_bad_detectors_percent) {
    return {CalibrationVerdict::poor,
            fmt::format("{} of {} detectors are dead or noisy", bad, calibration.detectors())};
  }
  const double age_s = static_cast<double>(now_us - calibration.made_at_us) / 1e6;
  if (age_s > limits.max_age_s) {
    return {CalibrationVerdict::old, fmt::format("measured {:.1f} h ago, at most {:.1f} h are allowed", age_s / 3600,
                                                 limits.max_age_s / 3600)};
  }
  return {CalibrationVerdict::good, {}};
}

}  // namespace torugart::imaging
