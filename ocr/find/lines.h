// Finds lines of characters in a picture: plates, container codes, upright or stacked downwards.
// Reentrant: no state between calls.
//
// How: several thresholds -> connected pieces of the size and shape of characters -> chains of like-sized neighbours
// on a straight line -> lines, ranked by how much they look like lettering. No picture content is learned.
#pragma once

#include <array>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace torugart::ocr {

struct TextLine {
  std::vector<cv::Rect> glyphs;  // in reading order, pixels of the picture given
  bool vertical = false;         // characters stand upright, one below the other
  bool dark_on_light = true;
  double glyph_height = 0;            // median, pixels
  double score = 0;                   // higher looks more like lettering
  std::array<cv::Point2f, 4> quad{};  // around the glyphs, from top left clockwise, tight
};

// One line, or two lines of one plate, upper first.
struct TextRegion {
  std::vector<TextLine> lines;
  double score = 0;
};

struct FindOptions {
  bool vertical = true;    // also look for stacked codes
  bool two_lines = true;   // also join stacked lines
  bool plates = true;      // 4 to 10 characters in one or two lines
  bool containers = true;  // 9 or more in one line, or four letters over the digits
  double min_glyph = 9;    // height in pixels
  double max_glyph = 160;
  std::size_t most = 24;
};

// `grey`: 8-bit, one channel. Best first, at most `most`. Work grows with the area only: the number of pieces that
// are looked at is bounded.
std::vector<TextRegion> find_text(const cv::Mat& grey, const FindOptions& options = {});

// Part of the frame under `line`, straightened: dark characters on light ground, `glyph_height` pixels high between
// margins. `widen` adds that many glyph heights at both ends. Stacked characters are laid side by side.
cv::Mat straighten(const cv::Mat& grey, const TextLine& line, int glyph_height, double widen = 0.0);

// The box after the last character of a container code holds the check digit, and the chain ends before it or has the
// box for a character. `serial`: characters before the box in this line, 10, or 6 below the owner's letters. Gives
// straighten()'s picture with that digit appended, the box's lines removed; empty if there is none.
cv::Mat straighten_with_boxed_digit(const cv::Mat& grey, const TextLine& line, int glyph_height, std::size_t serial);

// That digit alone, dark on white, cut out.
cv::Mat boxed_digit(const cv::Mat& grey, const TextLine& line, std::size_t serial);

// Otsu's separability in [0, 1]: near 1 when the picture has two clear levels, as lettering has.
double two_level_share(const cv::Mat& grey);

std::array<cv::Point2f, 4> region_quad(const TextRegion& region);

}  // namespace torugart::ocr
