// One small network of ours in OpenCV's dnn: an ONNX file, one fixed input size, grey picture in, maps out.
// Thread-bound: one per thread. The number of threads of a call is the caller's affair (cv::setNumThreads).
#pragma once

#include <memory>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <tl/expected.hpp>

#include "ocr/find/model_file.h"

namespace torugart::ocr {

class Net {
 public:
  // `input`: size of the pictures that run() will be given, multiples of 8. The network is run once to prove that it
  // gives maps of size `maps` (empty: a quarter of the input) with `channels` channels (0: any number of at least one).
  // Error: OpenCV cannot use the model, or the model is not of the kind that belongs here.
  static tl::expected<Net, Error> make(const ModelFile& file, cv::Size input, int channels, cv::Size maps = {});

  ~Net();
  Net(Net&&) noexcept;
  Net& operator=(Net&&) noexcept;

  // `grey`: CV_8UC1 of the input size. Maps: 1 x channels x their height x width, CV_32F, raw (no sigmoid); they live
  // until the next call. Throws cv::Exception only for a picture of another size or type.
  cv::Mat run(const cv::Mat& grey);

  cv::Size input() const;
  int channels() const;

 private:
  struct Inside;
  explicit Net(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace torugart::ocr
