// A region of the frame laid flat on a canvas of one of few sizes, as the speller wants it. Pure. Internal to ocr/read.
//
//   canvas      W x H      for
//   line        256 x 64   a plate of one line
//   block       160 x 96   a plate of two lines, a code in three
//   code        320 x 64   a code of one line
//   wide_block  256 x 96   a code of two lines
//   column      48 x 384   a code one character below the other
#pragma once

#include <array>
#include <cstddef>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/matx.hpp>
#include <opencv2/core/types.hpp>

#include "ocr/find/locate.h"

namespace torugart::ocr::detail {

using Quad = std::array<cv::Point2f, 4>;  // from top left, clockwise as the text stands

enum class Canvas : std::size_t { line, block, code, wide_block, column };
inline constexpr std::size_t canvas_count = 5;

cv::Size size_of(Canvas canvas);

double aspect(const Quad& quad);  // mean width over mean height
cv::Rect bounds(const Quad& quad);
Quad mapped(const Quad& quad, const cv::Matx33d& by);

Canvas canvas_for(RegionKind kind, bool vertical, double aspect);

// Pixels of the canvas for a pixel of the frame, the mean of both directions.
double scale_on(const Quad& text, Canvas canvas);

struct Flat {
  cv::Mat picture;       // CV_8UC1, size_of(canvas)
  cv::Matx33d to_frame;  // a point of the canvas -> a point of the frame
};

// The part of the frame that `to_frame` shows on a picture of `size`, averaged where it is made smaller. Beyond the
// frame its rim goes on. Grey 128 where nothing of the frame is near.
cv::Mat sampled(const cv::Mat& grey, const cv::Matx33d& to_frame, cv::Size size);

// The text's quadrangle with a margin around it fills the canvas as far as it may be stretched; what else the canvas
// has room for is the picture around.
Flat flatten(const cv::Mat& grey, const Quad& text, Canvas canvas);

}  // namespace torugart::ocr::detail
