#include "ocr/find/row.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace torugart::ocr {
namespace {

constexpr int cut_height = 64;  // pixels that a character is drawn high before it is parted from its ground

cv::Mat one_character(const cv::Mat& grey, const cv::Rect& glyph, bool dark_on_light) {
  const int margin = std::max(2, glyph.height / 8);
  const cv::Rect around =
      cv::Rect(glyph.x - margin, glyph.y - margin, glyph.width + 2 * margin, glyph.height + 2 * margin) &
      cv::Rect(0, 0, grey.cols, grey.rows);
  if (around.empty()) return {};
  const double by = static_cast<double>(cut_height) / glyph.height;
  cv::Mat picture;
  cv::resize(grey(around), picture, {}, by, by, cv::INTER_CUBIC);
  if (!dark_on_light) cv::bitwise_not(picture, picture);
  cv::normalize(picture, picture, 0, 255, cv::NORM_MINMAX);
  cv::Mat ink, labels, stats, centroids;
  const double level = cv::threshold(picture, ink, 0, 255, cv::THRESH_BINARY_INV | cv::THRESH_OTSU);
  const int n = cv::connectedComponentsWithStats(ink, labels, stats, centroids, 8, CV_32S);
  int best = 0;
  for (int i = 1; i < n; ++i) {
    if (best == 0 || stats.at<int>(i, cv::CC_STAT_AREA) > stats.at<int>(best, cv::CC_STAT_AREA)) best = i;
  }
  if (best == 0) return {};
  const cv::Rect box(stats.at<int>(best, cv::CC_STAT_LEFT), stats.at<int>(best, cv::CC_STAT_TOP),
                     stats.at<int>(best, cv::CC_STAT_WIDTH), stats.at<int>(best, cv::CC_STAT_HEIGHT));
  if (box.height < 0.7 * cut_height) return {};
  // The ground is made white and the edges stay soft, as in print.
  cv::Mat stretched;
  picture.convertTo(stretched, CV_8U, 255.0 / std::max(40.0, 1.5 * level), 0);
  cv::Mat near = labels == best;
  cv::dilate(near, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
  cv::Mat out(picture.size(), CV_8UC1, cv::Scalar(255));
  stretched.copyTo(out, near);
  const cv::Rect soft =
      cv::Rect(box.x - 2, box.y - 2, box.width + 4, box.height + 4) & cv::Rect(0, 0, picture.cols, picture.rows);
  return out(soft).clone();
}

}  // namespace

TextLine parted(const cv::Mat& grey, const TextLine& line) {
  TextLine out = line;
  if (line.vertical) return out;
  out.glyphs.clear();
  for (const cv::Rect& g : line.glyphs) {
    // Wider than W and M are in the lettering of containers.
    if (g.width < 0.98 * line.glyph_height || (g & cv::Rect(0, 0, grey.cols, grey.rows)) != g) {
      out.glyphs.push_back(g);
      continue;
    }
    cv::Mat columns;
    cv::reduce(grey(g), columns, 0, cv::REDUCE_AVG, CV_32F);
    if (!line.dark_on_light) columns *= -1;
    double unused = 0;
    cv::Point lightest;
    const int from = g.width / 4, to = g.width - g.width / 4;
    cv::minMaxLoc(columns.colRange(from, to), nullptr, &unused, nullptr, &lightest);
    const int at = from + lightest.x;
    out.glyphs.emplace_back(g.x, g.y, at, g.height);
    out.glyphs.emplace_back(g.x + at + 1, g.y, g.width - at - 1, g.height);
  }
  return out;
}

std::vector<cv::Mat> cut_out(const cv::Mat& grey, const TextLine& line, std::size_t most) {
  std::vector<cv::Mat> out;
  for (const cv::Rect& glyph : line.glyphs) {
    if (out.size() == most) break;
    out.push_back(one_character(grey, glyph, line.dark_on_light));
  }
  return out;
}

cv::Mat set_in_a_row(const std::vector<cv::Mat>& characters, int glyph_height, double spacing) {
  const int margin = std::max(3, glyph_height / 5), gap = std::max(1, static_cast<int>(spacing * glyph_height));
  std::vector<cv::Mat> parts;
  const auto space = [&](int width) {
    parts.emplace_back(glyph_height + 2 * margin, width, CV_8UC1, cv::Scalar(255));
  };
  space(glyph_height / 2);
  for (const cv::Mat& c : characters) {
    if (c.empty()) continue;
    const double by = static_cast<double>(glyph_height) / c.rows;
    cv::Mat one;
    cv::resize(c, one, {std::max(2, static_cast<int>(c.cols * by)), glyph_height}, 0, 0, cv::INTER_AREA);
    cv::copyMakeBorder(one, one, margin, margin, 0, 0, cv::BORDER_CONSTANT, cv::Scalar(255));
    if (parts.size() > 1) space(gap);
    parts.push_back(one);
  }
  if (parts.size() < 2) return {};
  space(glyph_height / 2);
  cv::Mat row;
  cv::hconcat(parts, row);
  return row;
}

}  // namespace torugart::ocr
