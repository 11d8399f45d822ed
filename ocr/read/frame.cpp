#include "ocr/read/frame.h"

#include <algorithm>

#include <opencv2/imgproc.hpp>

namespace torugart::ocr::detail {
namespace {

cv::Mat eight_bit(const cv::Mat& in) {
  if (in.depth() == CV_8U) return in;
  // Ten- and twelve-bit cameras fill only the low bits of sixteen, so the picture's own range counts.
  cv::Mat out;
  cv::normalize(in.reshape(1), out, 0, 255, cv::NORM_MINMAX, CV_8U);
  return out.reshape(in.channels());
}

bool workable(const cv::Mat& m) {
  return !m.empty() && m.dims == 2 && (m.depth() == CV_8U || m.depth() == CV_16U) &&
         (m.channels() == 1 || m.channels() == 3 || m.channels() == 4) && std::min(m.cols, m.rows) >= 8;
}

}  // namespace

WorkFrame work_frame(const cv::Mat& frame) {
  WorkFrame work;
  try {
    if (!workable(frame)) return work;
    cv::Mat small = frame;
    const int side = std::max(frame.cols, frame.rows);
    if (side > longest_side) {
      const double by = static_cast<double>(longest_side) / side;
      const cv::Size size(std::max(8, static_cast<int>(frame.cols * by)),
                          std::max(8, static_cast<int>(frame.rows * by)));
      cv::resize(frame, small, size, 0, 0, cv::INTER_AREA);
      work.to_frame = 1 / by;
    }
    small = eight_bit(small);
    if (small.channels() == 1) {
      work.grey = small.data == frame.data ? small.clone() : small;
    } else {
      cv::cvtColor(small, work.grey, small.channels() == 3 ? cv::COLOR_BGR2GRAY : cv::COLOR_BGRA2GRAY);
    }
  } catch (const cv::Exception&) {
    work.grey.release();
  }
  return work;
}

cv::Mat bgr8(const cv::Mat& part) {
  cv::Mat out = eight_bit(part);
  if (out.channels() == 1) {
    cv::cvtColor(out, out, cv::COLOR_GRAY2BGR);
  } else if (out.channels() == 4) {
    cv::cvtColor(out, out, cv::COLOR_BGRA2BGR);
  }
  return out;
}

}  // namespace torugart::ocr::detail
