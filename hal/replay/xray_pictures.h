// The x-ray pictures of a recorded crossing, cut back into the lines that a scanner would have sent. Thread-bound.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "hal/api/xray_scanner.h"
#include "hal/replay/recording.h"

namespace torugart::hal::replay {

class XrayPictures {
 public:
  // Errors: no picture, not 16-bit grey, sizes that do not agree, more than 4096 detectors or 65,535 lines.
  static Result<XrayPictures> open(const RecordedCrossing& crossing);

  int detectors() const { return high_.rows; }
  bool two_energies() const { return !low_.empty(); }
  // Dark lines, air lines, object lines, in this order; index is the line's number.
  int lines() const { return dark_high_.cols + air_high_.cols + high_.cols; }
  ScanLine line(int index) const;

 private:
  cv::Mat high_, low_, dark_high_, dark_low_, air_high_, air_low_;
};

}  // namespace torugart::hal::replay
