// What a line shows: dark, open beam, or a truck; from the counts alone.
//
// dark    the detectors show no more than before the beam: up to 1/16 of full scale above the first lines
// air     beam, and no detector is much darker than in the first 16 lines of beam
// object  from the first line of which 3 % of the detectors have lost a tenth, to the last line of the scan
// The truck has left when `tail_lines` lines in a row are as open as air. Thread-bound.
#pragma once

#include <cstdint>
#include <vector>

#include "hal/api/xray_scanner.h"

namespace torugart::hal::gige_detector {

class TruckWatch {
 public:
  TruckWatch(std::uint16_t full_scale, int tail_lines) : full_scale_(full_scale), tail_lines_(tail_lines) {}

  // A torn line is judged by what there is of it.
  LineKind look(const std::vector<std::uint16_t>& counts);
  bool left() const { return open_lines_ >= tail_lines_; }
  void restart() { *this = TruckWatch(full_scale_, tail_lines_); }

 private:
  bool shadowed(const std::vector<std::uint16_t>& counts) const;

  std::uint16_t full_scale_;
  int tail_lines_;
  LineKind kind_ = LineKind::dark;
  double dark_ = -1;  // mean of the first line
  int air_lines_ = 0;
  std::vector<std::uint32_t> air_;  // sum over the air lines
  int open_lines_ = 0;              // in a row, since the truck came
};

}  // namespace torugart::hal::gige_detector
