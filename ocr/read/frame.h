// Whatever a camera or a file gives -> an 8-bit grey working picture of bounded size. Internal to ocr/read.
#pragma once

#include <opencv2/core/mat.hpp>

namespace torugart::ocr::detail {

struct WorkFrame {
  cv::Mat grey;         // CV_8UC1; empty if the frame cannot be worked on
  double to_frame = 1;  // coordinates of `grey` times this are coordinates of the frame
};

inline constexpr int longest_side = 1920;

// Never throws. The copy is at most longest_side a side; a large frame is reduced before its colours are converted.
WorkFrame work_frame(const cv::Mat& frame);

// Same rules, three channels BGR; for crops shown to people.
cv::Mat bgr8(const cv::Mat& part);

}  // namespace torugart::ocr::detail
