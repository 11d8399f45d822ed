#include "ocr/read/gather.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "ocr/read/frame.h"
#include "ocr/read/judge.h"

namespace torugart::ocr::detail {
namespace {

constexpr double crop_width = 400;
constexpr double crop_height = 200;
constexpr double crop_margin = 0.15;  // of the short side
constexpr double part_of_a_whole = 0.55;
constexpr double surely_a_number = 0.5;
constexpr double each_halving = 0.15;  // of a number's height costs so much of its rank

double side(const cv::Point2f& a, const cv::Point2f& b) {
  return std::hypot(static_cast<double>(a.x - b.x), static_cast<double>(a.y - b.y));
}

double covered(const cv::Rect& part, const cv::Rect& whole) {
  return static_cast<double>((part & whole).area()) / std::max(1, part.area());
}

}  // namespace

std::shared_ptr<const cv::Mat> crop_of(const cv::Mat& frame, const Quad& quad) {
  const cv::Rect box = bounds(quad);
  const int room = std::max(2, std::min(box.width, box.height) / 4);
  const cv::Rect part =
      cv::Rect(box.x - room, box.y - room, box.width + 2 * room, box.height + 2 * room) & cv::Rect({}, frame.size());
  if (part.width < 2 || part.height < 2) return nullptr;
  const double w = std::max(2.0, (side(quad[0], quad[1]) + side(quad[3], quad[2])) / 2);
  const double h = std::max(2.0, (side(quad[0], quad[3]) + side(quad[1], quad[2])) / 2);
  const double margin = crop_margin * std::min(w, h);
  const double by = std::min({1.0, crop_width / (w + 2 * margin), crop_height / (h + 2 * margin)});
  cv::Mat small;
  const cv::Size reduced(std::max(2, static_cast<int>(std::lround(part.width * by))),
                         std::max(2, static_cast<int>(std::lround(part.height * by))));
  cv::resize(frame(part), small, reduced, 0, 0, cv::INTER_AREA);
  small = bgr8(small);
  Quad from;
  const double fx = static_cast<double>(reduced.width) / part.width;
  const double fy = static_cast<double>(reduced.height) / part.height;
  for (std::size_t i = 0; i < quad.size(); ++i) {
    from[i] = {static_cast<float>((static_cast<double>(quad[i].x) - part.x) * fx),
               static_cast<float>((static_cast<double>(quad[i].y) - part.y) * fy)};
  }
  const auto m = static_cast<float>(margin * by);
  const auto right = static_cast<float>((w + margin) * by);
  const auto bottom = static_cast<float>((h + margin) * by);
  const Quad to = {cv::Point2f(m, m), {right, m}, {right, bottom}, {m, bottom}};
  const cv::Size size(std::clamp(static_cast<int>((w + 2 * margin) * by), 1, static_cast<int>(crop_width)),
                      std::clamp(static_cast<int>((h + 2 * margin) * by), 1, static_cast<int>(crop_height)));
  cv::Mat crop;
  cv::warpPerspective(small, crop, cv::getPerspectiveTransform(from.data(), to.data()), size, cv::INTER_LINEAR,
                      cv::BORDER_REPLICATE);
  return std::make_shared<const cv::Mat>(crop);
}

void put_at(std::vector<Read>& reads, const cv::Mat& frame, const Quad& quad, Orientation orientation) {
  if (reads.empty()) return;
  const auto crop = crop_of(frame, quad);
  const cv::Rect box = bounds(quad) & cv::Rect({}, frame.size());
  for (Read& read : reads) {
    read.quad = quad;
    read.box = box;
    read.crop = crop;
    read.orientation = orientation;
  }
}

void keep_best(std::vector<Read>& reads, std::size_t most) {
  for (Read& part : reads) {
    const bool of_a_whole = std::any_of(reads.begin(), reads.end(), [&part](const Read& whole) {
      return whole.lines > part.lines && !whole.country.empty() && whole.confidence > 0.4 &&
             covered(part.box, whole.box) > 0.8 && part.box.area() < whole.box.area();
    });
    if (!of_a_whole) continue;
    part.confidence *= part_of_a_whole;
    part.sureness = 0;
    part.verdict = Verdict::ask;
  }
  // The vehicle that stands in the lane is nearer, and its number larger, than those behind it.
  const auto high = [](const Read& read) {
    return std::max(1.0, static_cast<double>(std::min(read.box.width, read.box.height)) / read.lines);
  };
  double highest = 1;
  for (const Read& read : reads)
    if (read.confidence > surely_a_number) highest = std::max(highest, high(read));
  const auto rank = [&](const Read& read) {
    return worth(read) + each_halving * std::log2(std::min(1.0, high(read) / highest));
  };
  std::stable_sort(reads.begin(), reads.end(), [&](const Read& a, const Read& b) { return rank(a) > rank(b); });
  std::vector<Read> out;
  for (Read& read : reads) {
    if (out.size() == most) break;
    const bool known = std::any_of(out.begin(), out.end(), [&read](const Read& o) { return o.text == read.text; });
    if (!known) out.push_back(std::move(read));
  }
  reads.swap(out);
}

}  // namespace torugart::ocr::detail
