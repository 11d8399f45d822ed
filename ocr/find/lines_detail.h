// Steps of find_text. Internal to ocr/find.
#pragma once

#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

#include "ocr/find/lines.h"

namespace torugart::ocr::detail {

struct Piece {
  cv::Rect box;
  int area = 0;  // pixels that belong to it
};

// Pieces that may be characters, of one polarity, after one threshold. `mask` has 255 where the stroke is.
std::vector<Piece> pieces_of(const cv::Mat& mask, double min_height, double max_height);

// Chains of pieces left to right (or downwards) on a straight line.
std::vector<TextLine> horizontal_lines(const std::vector<Piece>& pieces, bool dark_on_light, std::size_t min_glyphs);
std::vector<TextLine> vertical_lines(const std::vector<Piece>& pieces, bool dark_on_light);

// Quad, median height and score from the glyphs.
void finish(TextLine& line);

// Lines that belong on one plate, one above the other.
std::vector<TextRegion> stacked(const std::vector<TextLine>& lines);

}  // namespace torugart::ocr::detail
