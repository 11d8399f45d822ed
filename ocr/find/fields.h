// Plates by their field: a bright, upright quadrangle of a plate's proportions with a dark rim, and characters in it.
// Where lines.h asks for evenly set lettering, this finds plates with flags, marks and smaller region codes between
// the characters. Reentrant.
#pragma once

#include <array>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace torugart::ocr {

struct PlateField {
  std::array<cv::Point2f, 4> quad{};  // of the bright field, from top left clockwise, pixels of the picture given
  cv::Mat picture;                    // the field without perspective, 8-bit grey, field_height high
  std::vector<cv::Rect> glyphs;       // characters in `picture`, left to right, 5 to 10; marks and flags are left out
  std::vector<cv::Mat> ink;           // per glyph 255 where it is, of the glyph's size
  double score = 0;                   // higher looks more like a plate
};

inline constexpr int field_height = 112;  // pixels

// `grey`: 8-bit, one channel. Best first, at most `most`; each place once.
std::vector<PlateField> find_fields(const cv::Mat& grey, std::size_t most = 4);

// The characters of a field in one row, all `glyph_height` high, dark on white, nothing else between them.
// `spacing` is the gap in glyph heights; a wide gap of the plate is drawn half as wide again.
cv::Mat in_a_row(const PlateField& field, int glyph_height, double spacing = 0.2);

// Width of the empty stretch after the `count`th character, in heights of a character; marks count as empty.
double gap_after(const PlateField& field, std::size_t count);

}  // namespace torugart::ocr
