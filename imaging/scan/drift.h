// Internal to imaging/scan: follows each detector's gain by the open beam that a scan itself shows, before the truck,
// after it and in gaps between trailers. Gains wander with temperature; a calibration of this morning is a little wrong
// at noon, and differently for each detector, which shows as stripes along the truck and as wrong colours.
//
// A line is open beam when nearly all detectors stand near T = 1 (after pulse normalisation). The mean of such lines,
// at least 32 of them, is each detector's drift; over 5 % it is no drift but a fault, and the detector's line is filled
// like a dead one's. Between stretches of open beam the last drift holds. Thread-bound.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace torugart::imaging::detail {

class DriftTracker {
 public:
  static constexpr int kFewestLines = 32;
  static constexpr float kMostDrift = 0.05F;
  static constexpr int kMostTogether = 3;  // neighbours; more than could be filled are no fault but a thing in the beam

  // `bad`: detectors that are known to be dead or noisy, sorted.
  DriftTracker(int detectors, std::span<const int> bad);

  // Codes of a line that was corrected with the drift so far. True when the drift has changed, every kFewestLines
  // lines of open beam.
  bool add(std::span<const std::uint16_t> codes);
  // What each detector reads in the open beam over what it should, 1 at first.
  [[nodiscard]] const std::vector<float>& drift() const { return drift_; }
  // Detectors that read something quite else in the open beam than when calibrated; sorted, only grows.
  [[nodiscard]] const std::vector<int>& failed() const { return failed_; }
  [[nodiscard]] std::int64_t open_lines() const { return open_lines_; }
  // Median distance of the drift from 1.
  [[nodiscard]] float usual() const;

 private:
  std::vector<char> bad_;
  std::vector<float> sum_, drift_;
  std::vector<int> failed_;
  int lines_ = 0;
  std::int64_t open_lines_ = 0;
};

}  // namespace torugart::imaging::detail
