// Code 128, PDF417, QR and Data Matrix through ZXing. Reentrant, never throws.
#pragma once

#include <vector>

#include "ocr/read/read.h"

namespace torugart::ocr {

// `frame` as for Engine::read. At most five codes.
std::vector<CodeRead> read_codes(const cv::Mat& frame);

}  // namespace torugart::ocr
