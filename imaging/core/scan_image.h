// A finished scan: its picture and what must be known to trust it. Immutable and shared; safe to read from any
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "imaging/core/raster.h"
#include "imaging/core/scan_view.h"

namespace torugart::imaging {

enum class Quantity : std::uint8_t {
  transmission,  // codes of transmission.h
  counts,        // what the detectors said, 0 .. 65535; kMissing is not told apart from full scale
};

// Whether the dark and air measurement behind a picture can be relied on. The reason says it in words.
enum class CalibrationVerdict : std::uint8_t { good, old, poor, none };
[[nodiscard]] const char* to_string(CalibrationVerdict verdict);

struct ScanStatistics {
  std::int64_t lines = 0;                     // object lines that came and were used
  std::int64_t missing_lines = 0;             // gaps in the line numbers, and lines of which one energy never came
  std::int64_t torn_lines = 0;                // wrong length; their columns are missing, nothing is guessed
  std::int64_t duplicate_lines = 0;           // number already seen; ignored
  std::int64_t dropped_lines = 0;             // came after the scan had reached its greatest length
  std::vector<int> dead_detectors;            // rows filled from their neighbours (either energy)
  std::vector<int> noisy_detectors;           // rows filled because they were noisier than the rest
  std::int64_t dropouts = 0;                  // single samples filled, where a detector gave nothing for one line
  std::vector<std::int64_t> missing_columns;  // of the finished picture, at most 4,096 listed
  double no_signal_percent = 0;               // of the pixels, high energy
  double over_range_percent = 0;
  double pulse_variation_percent = 0;  // standard deviation of the pulses that was taken out
  std::int64_t open_beam_lines = 0;    // of the object's lines, with nothing in the beam
  double gain_drift_percent = 0;       // since the calibration, median over detectors; taken out
  double air_noise_high = 0;           // standard deviation of T in the open beam, after correction; 0 unknown
  double air_noise_low = 0;

  bool calibrated = false;  // dark and air were measured, not estimated from the picture
  CalibrationVerdict calibration = CalibrationVerdict::none;
  std::string calibration_reason;  // "air estimated from the picture: no air lines came"
  std::optional<double> calibration_age_s;

  bool geometry_calibrated = false;  // pixels are square and pixel_mm holds
  std::string geometry_reason;
  double pixel_mm = 0;  // 0 when not calibrated: then no millimetre may be shown

  [[nodiscard]] bool complete() const { return missing_lines == 0 && torn_lines == 0; }
};

struct ScanImage {
  Quantity quantity = Quantity::transmission;
  ScanView view;
  ScanStatistics statistics;

  [[nodiscard]] int columns() const { return view.columns; }
  [[nodiscard]] int rows() const { return view.rows; }
};
using ScanImagePtr = std::shared_ptr<const ScanImage>;

// Cuts rasters into blocks and back. `low` may be empty; otherwise both have one size.
[[nodiscard]] ScanView make_view(const Raster16& high, const Raster16& low, bool pyramid = true);
[[nodiscard]] Raster16 to_raster(const ScanView& view, Energy energy, Rect part);
[[nodiscard]] Raster16 to_raster(const ScanView& view, Energy energy);

}  // namespace torugart::imaging
