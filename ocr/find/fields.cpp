#include "ocr/find/fields.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace torugart::ocr {
namespace {

using Quad = std::array<cv::Point2f, 4>;

constexpr double narrowest = 2.6;  // width to height of one-line plates, seen at an angle
constexpr double widest = 7.2;
constexpr int smallest_width = 70;
constexpr int smallest_height = 14;

double side(const cv::Point2f& a, const cv::Point2f& b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

// The corners of a contour that is nearly a quadrangle, from top left clockwise.
bool corners_of(const std::vector<cv::Point>& contour, Quad& out) {
  std::vector<cv::Point> hull;
  cv::convexHull(contour, hull);
  const double area = cv::contourArea(hull);
  const double around = cv::arcLength(hull, true);
  std::vector<cv::Point> corners;
  for (const double part : {0.02, 0.035, 0.05, 0.07}) {
    cv::approxPolyDP(hull, corners, part * around, true);
    if (corners.size() <= 4) break;
  }
  if (corners.size() != 4) return false;
  // The corners cut off by the approximation must not be many.
  if (std::abs(cv::contourArea(corners) - area) > 0.12 * area) return false;
  std::sort(corners.begin(), corners.end(), [](const cv::Point& a, const cv::Point& b) { return a.x < b.x; });
  const bool left = corners[0].y < corners[1].y;
  const bool right = corners[2].y < corners[3].y;
  out = {corners[left ? 0 : 1], corners[right ? 2 : 3], corners[right ? 3 : 2], corners[left ? 1 : 0]};
  return true;
}

// Upright, of a plate's proportions, sides nearly parallel.
bool like_a_plate(const Quad& q) {
  const double top = side(q[0], q[1]), bottom = side(q[3], q[2]);
  const double left = side(q[0], q[3]), right = side(q[1], q[2]);
  const double w = (top + bottom) / 2, h = (left + right) / 2;
  if (w < smallest_width || h < smallest_height || h > 200) return false;
  if (w < narrowest * h || w > widest * h) return false;
  if (std::min(top, bottom) < 0.85 * w || std::min(left, right) < 0.8 * h) return false;
  return std::abs(q[1].y - q[0].y) < 0.3 * w;
}

void quads_of(const cv::Mat& bright, std::vector<Quad>& into) {
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(bright, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
  for (const auto& contour : contours) {
    const cv::Rect box = cv::boundingRect(contour);
    if (box.width < smallest_width || box.height < smallest_height || box.width < 1.8 * box.height) continue;
    if (box.width > 0.7 * bright.cols) continue;
    // Half out of the picture: half a character is another character.
    if (box.x < 2 || box.y < 2 || box.br().x > bright.cols - 2 || box.br().y > bright.rows - 2) continue;
    Quad quad;
    if (corners_of(contour, quad) && like_a_plate(quad)) into.push_back(quad);
  }
}

// Bright against the surroundings at two widths. Where a thin bar divides a plate, closing joins the parts again.
std::vector<Quad> quads(const cv::Mat& grey) {
  std::vector<Quad> out;
  for (const int window : {45, 121}) {
    cv::Mat mean, bright;
    cv::boxFilter(grey, mean, CV_8U, cv::Size(window, window), cv::Point(-1, -1), true, cv::BORDER_REPLICATE);
    cv::subtract(grey, mean, bright);
    cv::threshold(bright, bright, 5, 255, cv::THRESH_BINARY);
    quads_of(bright, out);
    cv::morphologyEx(bright, bright, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, {5, 1}));
    quads_of(bright, out);
  }
  return out;
}

cv::Mat flattened(const cv::Mat& grey, const Quad& q) {
  const double w = (side(q[0], q[1]) + side(q[3], q[2])) / 2, h = (side(q[0], q[3]) + side(q[1], q[2])) / 2;
  const auto width = static_cast<float>(std::clamp(w / h, narrowest, widest) * field_height);
  const auto height = static_cast<float>(field_height);
  const cv::Point2f to[4] = {{0, 0}, {width, 0}, {width, height}, {0, height}};
  cv::Mat out;
  cv::warpPerspective(grey, out, cv::getPerspectiveTransform(q.data(), to),
                      cv::Size(static_cast<int>(width), field_height), cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  // Blur joins neighbours and fills bows; taking some of it back parts them again.
  cv::Mat soft;
  cv::GaussianBlur(out, soft, {}, 5);
  cv::addWeighted(out, 2.0, soft, -1.0, 0, out);
  cv::normalize(out, out, 0, 255, cv::NORM_MINMAX);
  return out;
}

struct Found {
  cv::Rect box;
  cv::Mat ink;
};

// Characters that touch are cut where their ink is thinnest. A single character stays whole.
std::vector<cv::Range> parted(const cv::Mat& ink) {
  const double h = ink.rows;
  const int n = static_cast<int>(std::lround(ink.cols / (0.7 * h)));
  if (ink.cols <= 0.95 * h || n < 2) return {cv::Range(0, ink.cols)};
  cv::Mat sums;
  cv::reduce(ink, sums, 0, cv::REDUCE_SUM, CV_32S);
  std::vector<cv::Range> out;
  int from = 0;
  for (int i = 1; i < n; ++i) {
    const int about = ink.cols * i / n, reach = static_cast<int>(0.18 * h);
    int best = about;
    for (int x = std::max(1, about - reach); x < std::min(ink.cols - 1, about + reach); ++x) {
      if (sums.at<int>(x) < sums.at<int>(best)) best = x;
    }
    // Thicker than a joint: no two characters.
    if (sums.at<int>(best) > 255 * 0.35 * h) return {cv::Range(0, ink.cols)};
    out.emplace_back(from, best);
    from = best;
  }
  out.emplace_back(from, ink.cols);
  return out;
}

std::vector<Found> characters(const cv::Mat& picture, double level) {
  const int margin = 4;
  const cv::Rect inside(margin, margin, picture.cols - 2 * margin, picture.rows - 2 * margin);
  cv::Mat dark, labels, stats, centroids;
  cv::threshold(picture, dark, level, 255, cv::THRESH_BINARY_INV);
  cv::Mat rim(picture.size(), CV_8UC1, cv::Scalar(0));
  dark(inside).copyTo(rim(inside));
  const int n = cv::connectedComponentsWithStats(rim, labels, stats, centroids, 4, CV_32S);
  std::vector<Found> out;
  for (int i = 1; i < n; ++i) {
    const int* s = stats.ptr<int>(i);
    const cv::Rect box(s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH], s[cv::CC_STAT_HEIGHT]);
    const double h = static_cast<double>(box.height) / field_height;
    const double w = static_cast<double>(box.width) / field_height;
    const double middle = (box.y + box.height / 2.0) / field_height;
    const double fill = static_cast<double>(s[cv::CC_STAT_AREA]) / box.area();
    if (h < 0.36 || h > 0.9 || w < 0.05 || w > 3.4 * h || middle < 0.26 || middle > 0.74) continue;
    if (w < 0.2 * h && h > 0.82) continue;  // a dividing bar, a part of the rim
    if (fill < 0.15) continue;
    const cv::Mat ink = labels(box) == i;
    for (const cv::Range& part : parted(ink)) {
      const cv::Mat one = ink.colRange(part);
      const cv::Rect tight = cv::boundingRect(one);
      if (tight.empty() || tight.height < 0.36 * field_height) continue;
      out.push_back({tight + box.tl() + cv::Point(part.start, 0), one(tight).clone()});
    }
  }
  std::sort(out.begin(), out.end(), [](const Found& a, const Found& b) { return a.box.x < b.box.x; });
  return out;
}

double median_height(const std::vector<Found>& found) {
  std::vector<int> heights;
  for (const Found& f : found)
    heights.push_back(f.box.height);
  std::nth_element(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2), heights.end());
  return heights[heights.size() / 2];
}

// How well the characters make a number: many, of like height, level.
double worth(std::vector<Found>& found) {
  if (found.size() < 5) return 0;
  const double h = median_height(found);
  std::erase_if(found, [h](const Found& f) { return f.box.height < 0.58 * h || f.box.height > 1.3 * h; });
  if (found.size() < 5 || found.size() > 10) return 0;
  double off = 0;
  for (const Found& f : found)
    off += std::abs(f.box.height - h) / h;
  return static_cast<double>(std::min<std::size_t>(found.size(), 8)) - 4.0 * off / static_cast<double>(found.size());
}

bool read_field(PlateField& field) {
  // Dirt, shadow and blur move the level that parts ink from field; the level that shows most characters is it.
  const cv::Mat middle = field.picture.rowRange(field_height / 6, field_height * 5 / 6);
  cv::Mat scratch;
  const double otsu = cv::threshold(middle, scratch, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  for (const double level : {otsu, otsu * 0.75, otsu * 1.15, otsu * 0.5}) {
    auto found = characters(field.picture, level);
    const double score = worth(found);
    if (score <= field.score) continue;
    field.score = score;
    field.glyphs.clear();
    field.ink.clear();
    for (Found& f : found) {
      field.glyphs.push_back(f.box);
      field.ink.push_back(f.ink);
    }
  }
  return !field.glyphs.empty();
}

double overlap(const cv::Rect& a, const cv::Rect& b) {
  return static_cast<double>((a & b).area()) / std::max(1, std::min(a.area(), b.area()));
}

cv::Rect bounds(const Quad& quad) {
  return cv::boundingRect(std::vector<cv::Point2f>(quad.begin(), quad.end()));
}

double glyph_median(const PlateField& field) {
  std::vector<int> heights;
  for (const cv::Rect& g : field.glyphs)
    heights.push_back(g.height);
  std::sort(heights.begin(), heights.end());
  return heights.empty() ? 1 : heights[heights.size() / 2];
}

}  // namespace

std::vector<PlateField> find_fields(const cv::Mat& grey, std::size_t most) {
  if (grey.empty() || grey.type() != CV_8UC1 || grey.cols < smallest_width || grey.rows < smallest_height) return {};
  constexpr std::size_t most_tried = 60;
  std::vector<PlateField> all;
  std::size_t tried = 0;
  for (const Quad& quad : quads(grey)) {
    if (++tried > most_tried) break;
    PlateField field;
    field.quad = quad;
    field.picture = flattened(grey, quad);
    if (read_field(field)) all.push_back(std::move(field));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<PlateField> out;
  for (PlateField& field : all) {
    const cv::Rect box = bounds(field.quad);
    const bool known =
        std::any_of(out.begin(), out.end(), [&](const auto& o) { return overlap(bounds(o.quad), box) > 0.5; });
    if (!known && out.size() < most) out.push_back(std::move(field));
  }
  return out;
}

double gap_after(const PlateField& field, std::size_t count) {
  if (field.glyphs.empty() || count > field.glyphs.size()) return 0;
  const int from = count == 0 ? 0 : field.glyphs[count - 1].br().x;
  const int to = count == field.glyphs.size() ? field.picture.cols : field.glyphs[count].x;
  return (to - from) / glyph_median(field);
}

cv::Mat in_a_row(const PlateField& field, int glyph_height, double spacing) {
  if (field.glyphs.empty()) return {};
  const int margin = std::max(3, glyph_height / 5);
  const double each = spacing * glyph_height;
  std::vector<cv::Mat> parts;
  const cv::Rect whole(0, 0, field.picture.cols, field.picture.rows);
  const int ends = glyph_height / 2;  // a reader sees a 4 in a 1 that stands at the edge
  double width = ends;
  std::vector<double> starts;
  for (std::size_t i = 0; i < field.glyphs.size(); ++i) {
    const cv::Rect& g = field.glyphs[i];
    constexpr int rim = 5;  // the soft edge belongs to the character
    const cv::Rect around = cv::Rect(g.x - rim, g.y - rim, g.width + 2 * rim, g.height + 2 * rim) & whole;
    cv::Mat ink(field.picture.size(), CV_8UC1, cv::Scalar(0));
    field.ink[i].copyTo(ink(g));
    cv::Mat near = ink(around).clone();
    cv::dilate(near, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * rim - 1, 2 * rim - 1}));
    cv::Mat one(around.size(), CV_8UC1, cv::Scalar(255));
    field.picture(around).copyTo(one, near);
    const double by = static_cast<double>(glyph_height) / g.height;
    cv::resize(one, one, {std::max(2, static_cast<int>(around.width * by)), glyph_height + 2 * (margin / 2)}, 0, 0,
               by < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    if (i > 0) width += each * (gap_after(field, i) > 0.5 ? 1.5 : 1.0) - 2 * rim * by;
    starts.push_back(width);
    width += one.cols;
    parts.push_back(one);
  }
  cv::Mat row(glyph_height + 2 * margin, static_cast<int>(width) + ends, CV_8UC1, cv::Scalar(255));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const cv::Rect at = cv::Rect(static_cast<int>(starts[i]), margin - margin / 2, parts[i].cols, parts[i].rows) &
                        cv::Rect(0, 0, row.cols, row.rows);
    cv::Mat to = row(at);
    cv::min(to, parts[i](cv::Rect(0, 0, at.width, at.height)), to);
  }
  return row;
}

}  // namespace torugart::ocr
