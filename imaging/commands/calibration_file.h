// A scanner's calibration as a file: dark and air of every detector, and the attenuations of a step wedge. JSON, one object:
//
//   "format": "torugart-xray-calibration", "version": 1, "made_at": seconds since 1970 (UTC), "dark_lines", "air_lines",
//   "dead_detectors": [rows], "noisy_detectors": [rows],
//   "high", "low": {"dark": [counts], "dark_noise": […], "air": […], "air_noise": […]}   low only with two energies
//   "wedge": [{"z", "area_density_g_cm2", "alpha_high", "alpha_low"}]                      may be empty
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "imaging/core/error.h"
#include "imaging/material/curves.h"
#include "imaging/scan/calibration.h"

namespace torugart::imaging::commands {

struct CalibrationFile {
  Calibration calibration;  // made_at_us counts from now: an age of an hour is -3.6e9
  std::vector<WedgeStep> wedge;
};

// Errors name the file and the key.
[[nodiscard]] Result<CalibrationFile> read_calibration(const std::filesystem::path& file);
[[nodiscard]] Result<void> write_calibration(const CalibrationFile& calibration, const std::filesystem::path& file);

}  // namespace torugart::imaging::commands
