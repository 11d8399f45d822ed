// One place of a canvas looked at by itself: which character stands there, or none, by our own network
// (assets/models/character.onnx, classes of spell.txt and a last one for "none").
//
// The spelling network sees a whole plate and was shown few provinces of China in it; this one was shown hardly anything
// else, each straightened along its line. What uses it: ask_again.h.
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

namespace torugart::ocr::detail {

// Where to look, in pixels of a canvas: the middle of the place, the height of the line's capitals, and how far the line
// falls for a pixel along. The place may lie beyond the canvas.
struct Cell {
  cv::Point2f at;
  float letter = 0;
  double slope = 0;
};

struct Named {
  double present = 0;           // [0, 1]: a whole character stands there
  std::vector<Choice> choices;  // likeliest first, at most five, probabilities among all classes
};

// The picture of a cell as the network wants it: CV_8UC1, 32 x 40, mean 128, deviation 32. `grey`: the frame, to which
// `to_frame` leads from the canvas. Pure.
cv::Mat cut(const cv::Mat& grey, const cv::Matx33d& to_frame, const Cell& cell);

// Thread-bound.
class Namer {
 public:
  // `classes`: read_classes() of spell.txt. Error: a file is missing, cut off, or of another training.
  static tl::expected<Namer, Error> load(const std::filesystem::path& onnx, std::u32string classes);

  // As cut(); `grey`: CV_8UC1.
  Named name(const cv::Mat& grey, const cv::Matx33d& to_frame, const Cell& cell);

 private:
  Namer(Net net, std::u32string classes);
  Net net_;
  std::u32string classes_;
};

}  // namespace torugart::ocr::detail
