// Reads of a frame brought together: where they stand, which are kept. Pure. Internal to ocr/read.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "ocr/read/canvas.h"
#include "ocr/read/read.h"

namespace torugart::ocr::detail {

// The text laid flat with a little margin, BGR, at most 400 x 200; null where the frame has nothing there.
std::shared_ptr<const cv::Mat> crop_of(const cv::Mat& frame, const Quad& quad);

// Gives each read its place in the frame.
void put_at(std::vector<Read>& reads, const cv::Mat& frame, const Quad& quad, Orientation orientation);

// Best first, at most `most`: each text once, and of a place that was read as a whole not also a part of it as good.
void keep_best(std::vector<Read>& reads, std::size_t most = 5);

}  // namespace torugart::ocr::detail
