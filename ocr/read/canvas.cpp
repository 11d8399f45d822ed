#include "ocr/read/canvas.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace torugart::ocr::detail {
namespace {

// In short sides of the text and, along its lines, in long sides: what the speller was trained with.
constexpr double margin_across = 0.2;
constexpr double margin_along = 0.1;
constexpr double most_stretched = 1.3;  // of one direction over the other
constexpr double one_line_plate = 2.6;  // width over height
constexpr double one_line_code = 5.0;
constexpr double two_line_code = 2.1;

double distance(const cv::Point2f& a, const cv::Point2f& b) {
  return std::hypot(static_cast<double>(a.x - b.x), static_cast<double>(a.y - b.y));
}
double width(const Quad& q) {
  return std::max(1.0, (distance(q[0], q[1]) + distance(q[3], q[2])) / 2);
}
double height(const Quad& q) {
  return std::max(1.0, (distance(q[0], q[3]) + distance(q[1], q[2])) / 2);
}

}  // namespace

cv::Size size_of(Canvas canvas) {
  switch (canvas) {
    case Canvas::line:
      return {256, 64};
    case Canvas::block:
      return {160, 96};
    case Canvas::code:
      return {320, 64};
    case Canvas::wide_block:
      return {256, 96};
    case Canvas::column:
      return {48, 384};
  }
  return {256, 64};
}

double aspect(const Quad& quad) {
  return width(quad) / height(quad);
}

cv::Rect bounds(const Quad& quad) {
  return cv::boundingRect(std::vector<cv::Point2f>(quad.begin(), quad.end()));
}

Quad mapped(const Quad& quad, const cv::Matx33d& by) {
  Quad out;
  for (std::size_t i = 0; i < quad.size(); ++i) {
    const cv::Vec3d p = by * cv::Vec3d(static_cast<double>(quad[i].x), static_cast<double>(quad[i].y), 1);
    const double w = std::abs(p[2]) < 1e-9 ? 1e-9 : p[2];
    out[i] = {static_cast<float>(p[0] / w), static_cast<float>(p[1] / w)};
  }
  return out;
}

Canvas canvas_for(RegionKind kind, bool vertical, double aspect) {
  if (vertical) return Canvas::column;
  if (kind == RegionKind::plate) return aspect >= one_line_plate ? Canvas::line : Canvas::block;
  if (aspect >= one_line_code) return Canvas::code;
  return aspect >= two_line_code ? Canvas::wide_block : Canvas::block;
}

namespace {

struct Scale {
  double x, y;
};

Scale fitted(const Quad& text, Canvas canvas) {
  const cv::Size size = size_of(canvas);
  const double w = width(text);
  const double h = height(text);
  const bool tall = h > w;
  const double along_x = w + 2 * (tall ? margin_across * w : margin_along * w);
  const double along_y = h + 2 * (tall ? margin_along * h : margin_across * h);
  const double fit = std::min(size.width / along_x, size.height / along_y);
  return {std::min(size.width / along_x, most_stretched * fit),
          std::min(size.height / along_y, most_stretched * fit)};
}

}  // namespace

double scale_on(const Quad& text, Canvas canvas) {
  const Scale scale = fitted(text, canvas);
  return std::sqrt(scale.x * scale.y);
}

cv::Mat sampled(const cv::Mat& grey, const cv::Matx33d& to_frame, cv::Size size) {
  const auto right = static_cast<float>(size.width);
  const auto bottom = static_cast<float>(size.height);
  const Quad whole = mapped({cv::Point2f(0, 0), {right, 0}, {right, bottom}, {0, bottom}}, to_frame);
  cv::Rect part = bounds(whole);
  part = cv::Rect(part.x - 2, part.y - 2, part.width + 4, part.height + 4) & cv::Rect({}, grey.size());
  if (part.empty()) return cv::Mat(size, CV_8UC1, cv::Scalar(128));
  // Reduced to about the picture's scale first, so that fine detail is averaged and not picked.
  cv::Mat source = grey(part);
  double fx = 1;
  double fy = 1;
  const double by = std::max(size.width / width(whole), size.height / height(whole));
  if (by < 0.8) {
    cv::Mat small;
    const cv::Size reduced(std::max(1, static_cast<int>(std::lround(part.width * by))),
                           std::max(1, static_cast<int>(std::lround(part.height * by))));
    cv::resize(source, small, reduced, 0, 0, cv::INTER_AREA);
    fx = static_cast<double>(reduced.width) / part.width;
    fy = static_cast<double>(reduced.height) / part.height;
    source = small;
  }
  // Points are corners of pixels here and middles of pixels in warpPerspective: half a pixel on either side.
  const cv::Matx33d to_source(fx, 0, -fx * part.x - 0.5, 0, fy, -fy * part.y - 0.5, 0, 0, 1);
  const cv::Matx33d from_middle(1, 0, 0.5, 0, 1, 0.5, 0, 0, 1);
  cv::Mat picture;
  cv::warpPerspective(source, picture, to_source * to_frame * from_middle, size,
                      cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return picture;
}

Flat flatten(const cv::Mat& grey, const Quad& text, Canvas canvas) {
  const cv::Size size = size_of(canvas);
  const double w = width(text);
  const double h = height(text);
  const auto [by_x, by_y] = fitted(text, canvas);
  const auto half_w = static_cast<float>(w * by_x / 2);
  const auto half_h = static_cast<float>(h * by_y / 2);
  const cv::Point2f middle(static_cast<float>(size.width) / 2, static_cast<float>(size.height) / 2);
  const Quad on_canvas = {middle + cv::Point2f(-half_w, -half_h), middle + cv::Point2f(half_w, -half_h),
                          middle + cv::Point2f(half_w, half_h), middle + cv::Point2f(-half_w, half_h)};
  Flat flat;
  const cv::Mat transform = cv::getPerspectiveTransform(on_canvas.data(), text.data());
  flat.to_frame = cv::Matx33d(transform);

  flat.picture = sampled(grey, flat.to_frame, size);
  return flat;
}

}  // namespace torugart::ocr::detail
