#include "ocr/find/net.h"

#include <array>

#include <fmt/format.h>
#include <opencv2/dnn.hpp>

namespace torugart::ocr {
namespace {

constexpr int stride = 4;

tl::unexpected<Error> error(std::string what, const std::filesystem::path& path) {
  return tl::unexpected(broken_model(std::move(what), path));
}

}  // namespace

struct Net::Inside {
  cv::dnn::Net net;
  cv::Size input;
  int channels = 0;
  cv::Mat scaled;
};

tl::expected<Net, Error> Net::make(const ModelFile& file, cv::Size input, int channels, cv::Size maps_size) {
  if (maps_size.empty()) maps_size = {input.width / stride, input.height / stride};
  try {
    auto inside = std::make_unique<Inside>();
    inside->net = cv::dnn::readNetFromONNX(file.bytes);
    if (inside->net.empty()) return error("The model has no layers", file.path);
    inside->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    inside->net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    inside->input = input;
    Net made(std::move(inside));
    const cv::Mat maps = made.run(cv::Mat(input, CV_8UC1, cv::Scalar(128)));
    const bool fits = maps.dims == 4 && maps.type() == CV_32F && maps.size[0] == 1 && maps.size[1] > 0 &&
                      (channels == 0 || maps.size[1] == channels) && maps.size[2] == maps_size.height &&
                      maps.size[3] == maps_size.width;
    if (!fits) {
      std::string shape;
      for (int i = 0; i < maps.dims; ++i)
        shape += fmt::format("{}{}", i > 0 ? "x" : "", maps.size[i]);
      return error(fmt::format("The model gives {} where 1x{}x{}x{} belongs", shape.empty() ? "nothing" : shape,
                               channels > 0 ? std::to_string(channels) : "any", maps_size.height, maps_size.width),
                   file.path);
    }
    if (!cv::checkRange(maps.reshape(1, 1))) return error("The model gives numbers that are none", file.path);
    made.inside_->channels = maps.size[1];
    return made;
  } catch (const std::exception& broken) {
    std::string why = broken.what();
    for (char& c : why)
      if (c == '\n') c = ' ';
    return error("OpenCV cannot use the model: " + why, file.path);
  }
}

Net::Net(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Net::~Net() = default;
Net::Net(Net&&) noexcept = default;
Net& Net::operator=(Net&&) noexcept = default;

cv::Mat Net::run(const cv::Mat& grey) {
  CV_Assert(grey.type() == CV_8UC1 && grey.size() == inside_->input);
  grey.convertTo(inside_->scaled, CV_32F, 1.0 / 64, -2.0);
  const std::array<int, 4> shape{1, 1, grey.rows, grey.cols};
  inside_->net.setInput(cv::Mat(4, shape.data(), CV_32F, inside_->scaled.data));
  return inside_->net.forward();
}

cv::Size Net::input() const {
  return inside_->input;
}
int Net::channels() const {
  return inside_->channels;
}

}  // namespace torugart::ocr
