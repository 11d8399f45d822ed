#include "hal/replay/xray_pictures.h"

#include <fmt/format.h>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

namespace torugart::hal::replay {
namespace {

Result<cv::Mat> read_grey16(const std::string& file) {
  if (file.empty()) return cv::Mat();
  try {
    cv::Mat picture = cv::imread(file, cv::IMREAD_UNCHANGED);
    if (!picture.empty() && picture.type() == CV_16UC1) return picture;
  } catch (const cv::Exception&) {
  }
  return tl::unexpected(
      Error{ErrorCode::bad_data, "is not a 16-bit grey picture", file, "write it as a 16-bit single-channel PNG"});
}

std::shared_ptr<const std::vector<std::uint16_t>> column(const cv::Mat& picture, int x) {
  if (picture.empty()) return nullptr;
  auto out = std::make_shared<std::vector<std::uint16_t>>(static_cast<std::size_t>(picture.rows));
  for (int y = 0; y < picture.rows; ++y)
    (*out)[static_cast<std::size_t>(y)] = picture.at<std::uint16_t>(y, x);
  return out;
}

}  // namespace

Result<XrayPictures> XrayPictures::open(const RecordedCrossing& crossing) {
  if (crossing.xray_high.empty()) {
    return tl::unexpected(Error{ErrorCode::unsupported, "no x-ray picture was recorded", crossing.folder,
                                "this crossing cannot be scanned again"});
  }
  XrayPictures out;
  const std::pair<const std::string*, cv::Mat*> files[] = {
      {&crossing.xray_high, &out.high_},           {&crossing.xray_low, &out.low_},
      {&crossing.xray_dark_high, &out.dark_high_}, {&crossing.xray_dark_low, &out.dark_low_},
      {&crossing.xray_air_high, &out.air_high_},   {&crossing.xray_air_low, &out.air_low_}};
  for (const auto& [file, target] : files) {
    auto picture = read_grey16(*file);
    if (!picture) return tl::unexpected(picture.error());
    *target = std::move(*picture);
    const bool is_low = target == &out.low_;
    if (!target->empty() && (target->rows != out.high_.rows || (is_low && target->cols != out.high_.cols))) {
      return tl::unexpected(Error{ErrorCode::bad_data,
                                  fmt::format("is {} x {}, the high-energy picture is {} x {}", target->cols,
                                              target->rows, out.high_.cols, out.high_.rows),
                                  *file, "use pictures of one size"});
    }
  }
  if (out.high_.rows > 4096 || out.high_.cols > 65'535) {
    return tl::unexpected(Error{ErrorCode::bad_data, "has more than 4096 detectors or 65,535 lines",
                                crossing.xray_high, "cut the picture"});
  }
  // One energy's dark or air without the other's serves both: better than none, and the scan says what it used.
  if (!out.low_.empty()) {
    if (out.dark_low_.empty()) out.dark_low_ = out.dark_high_;
    if (out.air_low_.empty()) out.air_low_ = out.air_high_;
  }
  out.dark_low_ = out.dark_low_.cols == out.dark_high_.cols ? out.dark_low_ : cv::Mat();
  out.air_low_ = out.air_low_.cols == out.air_high_.cols ? out.air_low_ : cv::Mat();
  return out;
}

ScanLine XrayPictures::line(int index) const {
  ScanLine out;
  out.index = static_cast<std::uint32_t>(index);
  if (index < dark_high_.cols) {
    out.kind = LineKind::dark;
    out.high = column(dark_high_, index);
    out.low = column(dark_low_, index);
    return out;
  }
  index -= dark_high_.cols;
  if (index < air_high_.cols) {
    out.kind = LineKind::air;
    out.high = column(air_high_, index);
    out.low = column(air_low_, index);
    return out;
  }
  index -= air_high_.cols;
  out.kind = LineKind::object;
  out.high = column(high_, index);
  out.low = column(low_, index);
  return out;
}

}  // namespace torugart::hal::replay
