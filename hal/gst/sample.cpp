#include "hal/gst/sample.h"

#include <gst/video/video.h>

#include <cstddef>
#include <mutex>

namespace torugart::hal::gst {

void start() {
  static std::once_flag once;
  std::call_once(once, [] { gst_init(nullptr, nullptr); });
}

std::optional<Picture> bgr_picture(GstSample* sample) {
  GstVideoInfo info;
  GstVideoFrame frame;
  if (gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) == FALSE ||
      GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_BGR ||
      gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ) == FALSE) {
    return std::nullopt;
  }
  std::optional<Picture> out;
  const int width = GST_VIDEO_FRAME_WIDTH(&frame), height = GST_VIDEO_FRAME_HEIGHT(&frame);
  if (width >= 1 && height >= 1 && width <= kLargestSide && height <= kLargestSide) {
    const auto row = static_cast<std::ptrdiff_t>(width) * 3;
    auto bgr = std::make_shared<std::vector<std::uint8_t>>();
    bgr->reserve(static_cast<std::size_t>(row) * static_cast<std::size_t>(height));
    const auto* from = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
    for (std::ptrdiff_t y = 0; y < height; ++y) {
      const auto* line = from + y * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);  // the stride may be padded
      bgr->insert(bgr->end(), line, line + row);
    }
    out = Picture{width, height, std::move(bgr)};
  }
  gst_video_frame_unmap(&frame);
  return out;
}

}  // namespace torugart::hal::gst
