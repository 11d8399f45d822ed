// Characters cut out one by one and set in a row on white: no ribs of a container's wall, no seams, no neighbours.
// Reentrant.
#pragma once

#include <vector>

#include <opencv2/core/mat.hpp>

#include "ocr/find/lines.h"

namespace torugart::ocr {

// A lying line with pieces that are two characters joined by blur parted where their ink is least.
TextLine parted(const cv::Mat& grey, const TextLine& line);

// The line's characters in reading order, each dark on white and cut out tightly; those without clear ink are empty.
// `most`: only so many from the start.
std::vector<cv::Mat> cut_out(const cv::Mat& grey, const TextLine& line, std::size_t most);

// All `glyph_height` high with gaps of `spacing` heights. Empty characters are left out.
cv::Mat set_in_a_row(const std::vector<cv::Mat>& characters, int glyph_height, double spacing);

}  // namespace torugart::ocr
