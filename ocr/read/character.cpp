#include "ocr/read/character.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "ocr/find/model_file.h"
#include "ocr/read/canvas.h"
#include "ocr/read/spell.h"

namespace torugart::ocr::detail {
namespace {

// As ocr/training/character_data.py cuts them.
const cv::Size cell_size(32, 40);
constexpr double letter_in_cell = 28;  // pixels
constexpr double mean_in_cell = 128;
constexpr double deviation_in_cell = 32;
constexpr double least_deviation = 4;  // of grey: less is an even ground and not to be made into strokes

}  // namespace

cv::Mat cut(const cv::Mat& grey, const cv::Matx33d& to_frame, const Cell& cell) {
  const double s = std::max(1.0, static_cast<double>(cell.letter)) / letter_in_cell;
  const double x0 = -cell_size.width / 2.0;
  const double y0 = -cell_size.height / 2.0;
  const cv::Matx33d to_canvas(s, 0, static_cast<double>(cell.at.x) + x0 * s, cell.slope * s, s,
                              static_cast<double>(cell.at.y) + y0 * s + cell.slope * x0 * s, 0, 0, 1);
  cv::Mat picture = sampled(grey, to_frame * to_canvas, cell_size);
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(picture, mean, deviation);
  const double gain = deviation_in_cell / std::max(least_deviation, deviation[0]);
  picture.convertTo(picture, CV_8U, gain, mean_in_cell - gain * mean[0]);
  return picture;
}

tl::expected<Namer, Error> Namer::load(const std::filesystem::path& onnx, std::u32string classes) {
  const auto file = read_model(onnx);
  if (!file) return tl::unexpected(file.error());
  auto net = Net::make(*file, cell_size, static_cast<int>(classes.size()) + 1, {1, 1});
  if (!net) return tl::unexpected(net.error());
  return Namer(std::move(*net), std::move(classes));
}

Namer::Namer(Net net, std::u32string classes) : net_(std::move(net)), classes_(std::move(classes)) {}

Named Namer::name(const cv::Mat& grey, const cv::Matx33d& to_frame, const Cell& cell) {
  const cv::Mat out = net_.run(cut(grey, to_frame, cell));
  const float* const first = out.ptr<float>();
  std::vector<double> logits(first, first + classes_.size());
  const auto none = static_cast<double>(first[classes_.size()]);
  const double highest = *std::max_element(logits.begin(), logits.end());
  double characters = 0;
  for (const double logit : logits)
    characters += std::exp(logit - highest);
  return {characters / (characters + std::exp(std::min(none - highest, 700.0))),
          likeliest(std::move(logits), classes_)};
}

}  // namespace torugart::ocr::detail
