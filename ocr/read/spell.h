// What is written in a region, character by character, by our own network (assets/models/spell.onnx, spell.txt).
//
// The network does not read lines: it says for every cell of 4 x 4 pixels of a canvas whether a character's middle is
// there, how large the character is and which it is. So one line, two lines and a column are all the same to it;
// layout.h puts the characters in order.
//
// The classes are shapes: a Cyrillic letter that looks like a Latin letter or a digit is named as that
// (numbers/confusion.h says which are one shape).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/matx.hpp>
#include <opencv2/core/types.hpp>
#include <tl/expected.hpp>

#include "ocr/find/net.h"
#include "ocr/numbers/seen.h"
#include "ocr/read/canvas.h"

namespace torugart::ocr::detail {

struct SpelledGlyph {
  cv::Point2f at;               // its middle, pixels of the canvas
  float width = 0, height = 0;  // pixels of the canvas
  double present = 0;           // [0, 1]: a character's middle is here
  std::vector<Choice> choices;  // likeliest first, at most five, probabilities among all classes
};

struct Spelling {
  Canvas canvas = Canvas::line;
  cv::Matx33d to_frame;  // a point of the canvas -> a point of the frame
  std::vector<SpelledGlyph> glyphs;
};

// The classes, one a line in the order of the network's channels. Error: the file is missing, or a line is not one
// character, or names one again.
tl::expected<std::u32string, Error> read_classes(const std::filesystem::path& txt);
tl::expected<std::u32string, Error> parse_classes(const std::string& text, const std::string& name);

// The likeliest five of `classes` and their probabilities, from one logit each. Pure.
std::vector<Choice> likeliest(std::vector<double> logits, const std::u32string& classes);

// Maps (1 x (3 + classes) x h x w) -> characters, the surest first, at most 64, none twice. Pure.
std::vector<SpelledGlyph> decode_glyphs(const cv::Mat& maps, const std::u32string& classes);

// Thread-bound. Holds one network for each canvas, so that a call allocates nothing large.
class Speller {
 public:
  static tl::expected<Speller, Error> load(const std::filesystem::path& onnx, const std::filesystem::path& txt);

  const std::u32string& classes() const { return classes_; }

  // `grey`: CV_8UC1; `text`: where the characters stand, margins not included; a rough quadrangle will do.
  Spelling spell(const cv::Mat& grey, const Quad& text, Canvas canvas);

 private:
  Speller(std::vector<Net> nets, std::u32string classes);
  std::vector<Net> nets_;  // by Canvas
  std::u32string classes_;
};

}  // namespace torugart::ocr::detail
