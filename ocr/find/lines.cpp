#include "ocr/find/lines.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "ocr/find/lines_detail.h"

namespace torugart::ocr {
namespace {

cv::Rect bounds(const std::array<cv::Point2f, 4>& quad) {
  return cv::boundingRect(std::vector<cv::Point2f>(quad.begin(), quad.end()));
}

double overlap(const cv::Rect& a, const cv::Rect& b) {
  const double both = (a & b).area();
  return both / std::max(1.0, static_cast<double>(a.area() + b.area()) - both);
}

void scale(TextLine& line, double by) {
  if (by == 1.0) return;
  for (cv::Rect& g : line.glyphs) {
    g = {static_cast<int>(g.x * by), static_cast<int>(g.y * by), static_cast<int>(g.width * by),
         static_cast<int>(g.height * by)};
  }
  for (cv::Point2f& p : line.quad)
    p *= by;
  line.glyph_height *= by;
}

constexpr double faint = 8;  // grey levels off the surroundings
constexpr double firm = 36;

// Strokes darker or lighter than their surroundings, at one scale of the picture.
void lines_at_scale(const cv::Mat& grey, double by, int window, const FindOptions& options,
                    std::vector<TextLine>& into) {
  cv::Mat mean;
  cv::boxFilter(grey, mean, CV_8U, cv::Size(window, window), cv::Point(-1, -1), true, cv::BORDER_REPLICATE);
  const double smallest = std::max(7.0, options.min_glyph / by);
  const double largest = std::min(window * 1.6, options.max_glyph / by);
  for (const bool dark : {true, false}) {
    cv::Mat difference;
    if (dark) {
      cv::subtract(mean, grey, difference);
    } else {
      cv::subtract(grey, mean, difference);
    }
    // The faint threshold sees worn paint; the firm one cuts the thin lines that join characters with a plate's
    // border.
    for (const double threshold : {faint, firm}) {
      cv::Mat mask;
      cv::threshold(difference, mask, threshold, 255, cv::THRESH_BINARY);
      const auto pieces = detail::pieces_of(mask, smallest, largest);
      auto lines = detail::horizontal_lines(pieces, dark, options.two_lines ? 2 : 4);
      if (options.vertical) {
        auto down = detail::vertical_lines(pieces, dark);
        std::move(down.begin(), down.end(), std::back_inserter(lines));
      }
      for (TextLine& line : lines) {
        scale(line, by);
        into.push_back(std::move(line));
      }
    }
  }
}

// Weight tables, brand names and fences are lines too; how many characters stand where tells most of them apart.
bool wanted(const TextRegion& region, const FindOptions& options) {
  const std::size_t first = region.lines[0].glyphs.size();
  if (region.lines.size() == 1) {
    return (options.plates && !region.lines[0].vertical && first >= 4 && first <= 11) ||
           (options.containers && first >= 8 && first <= 18);
  }
  const std::size_t both = first + region.lines[1].glyphs.size();
  return (options.plates && both >= 5 && both <= 10) || (options.containers && first >= 4 && both >= 10);
}

}  // namespace

double two_level_share(const cv::Mat& grey) {
  if (grey.empty()) return 0;
  double histogram[256] = {};
  for (int y = 0; y < grey.rows; ++y) {
    const uchar* row = grey.ptr<uchar>(y);
    for (int x = 0; x < grey.cols; ++x)
      histogram[row[x]] += 1;
  }
  const double total = static_cast<double>(grey.total());
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 256; ++i) {
    sum += i * histogram[i];
    squares += static_cast<double>(i) * i * histogram[i];
  }
  const double mean = sum / total;
  const double variance = squares / total - mean * mean;
  if (variance < 1) return 0;
  double below = 0;
  double below_sum = 0;
  double best = 0;
  for (int i = 0; i < 255; ++i) {
    below += histogram[i];
    below_sum += i * histogram[i];
    if (below == 0 || below == total) continue;
    const double difference = below_sum / below - (sum - below_sum) / (total - below);
    best = std::max(best, below / total * (1 - below / total) * difference * difference);
  }
  return best / variance;
}

std::vector<TextRegion> find_text(const cv::Mat& grey, const FindOptions& options) {
  if (grey.empty() || grey.type() != CV_8UC1 || std::min(grey.cols, grey.rows) < 8) return {};
  std::vector<TextLine> lines;
  lines_at_scale(grey, 1.0, 25, options, lines);
  cv::Mat half;
  if (std::min(grey.cols, grey.rows) >= 32) {
    cv::resize(grey, half, {}, 0.5, 0.5, cv::INTER_AREA);
    lines_at_scale(half, 2.0, 25, options, lines);
    lines_at_scale(half, 2.0, 61, options, lines);
  }

  // The same line is found by several thresholds; the best finding stays.
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<TextLine> distinct;
  std::vector<cv::Rect> boxes;
  for (TextLine& line : lines) {
    if (distinct.size() >= 400) break;
    const cv::Rect box = bounds(line.quad);
    const bool known =
        std::any_of(boxes.begin(), boxes.end(), [&](const cv::Rect& b) { return overlap(b, box) > 0.6; });
    if (known) continue;
    boxes.push_back(box);
    distinct.push_back(std::move(line));
  }

  std::vector<TextRegion> regions;
  if (options.two_lines) regions = detail::stacked(distinct);
  for (TextLine& line : distinct) {
    if (line.glyphs.size() < 4) continue;
    regions.push_back({{std::move(line)}, 0});
    regions.back().score = regions.back().lines[0].score;
  }
  std::erase_if(regions, [&options](const TextRegion& region) { return !wanted(region, options); });
  std::stable_sort(regions.begin(), regions.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  if (regions.size() > 3 * options.most) regions.resize(3 * options.most);

  // What the lines look like between their characters is dearer to ask, so only the first are asked.
  for (TextRegion& region : regions) {
    double share = 0;
    for (const TextLine& line : region.lines)
      share += two_level_share(straighten(grey, line, 16));
    share /= static_cast<double>(region.lines.size());
    region.score += 8.0 * (share - 0.7);
  }
  std::stable_sort(regions.begin(), regions.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  if (regions.size() > options.most) regions.resize(options.most);
  return regions;
}

std::array<cv::Point2f, 4> region_quad(const TextRegion& region) {
  if (region.lines.size() == 1) return region.lines[0].quad;
  const auto& a = region.lines[0].quad;
  const auto& b = region.lines[1].quad;
  const float left_top = std::min(a[0].x, b[0].x);
  const float right_top = std::max(a[1].x, b[1].x);
  const float left_bottom = std::min(a[3].x, b[3].x);
  const float right_bottom = std::max(a[2].x, b[2].x);
  return {cv::Point2f(left_top, a[0].y), cv::Point2f(right_top, a[1].y), cv::Point2f(right_bottom, b[2].y),
          cv::Point2f(left_bottom, b[3].y)};
}

namespace {

cv::Mat dark_on_light(cv::Mat picture, bool already) {
  if (!already) cv::bitwise_not(picture, picture);
  cv::normalize(picture, picture, 0, 255, cv::NORM_MINMAX);
  return picture;
}

cv::Mat side_by_side(const cv::Mat& grey, const TextLine& line, int glyph_height, double stretch) {
  const cv::Rect whole(0, 0, grey.cols, grey.rows);
  std::vector<cv::Mat> parts;
  const double by = glyph_height / std::max(1.0, line.glyph_height);
  for (const cv::Rect& g : line.glyphs) {
    const int margin = std::max(1, static_cast<int>(0.08 * line.glyph_height));
    const int half_height = static_cast<int>(line.glyph_height / 2) + margin;
    const int middle = g.y + g.height / 2;
    const cv::Rect around =
        cv::Rect(g.x - margin, middle - half_height, g.width + 2 * margin, 2 * half_height) & whole;
    if (around.empty()) continue;
    cv::Mat part;
    const int height = static_cast<int>(2 * half_height * by);
    cv::resize(grey(around), part, {std::max(2, static_cast<int>(around.width * by * stretch)), std::max(2, height)},
               0, 0, cv::INTER_CUBIC);
    parts.push_back(part);
  }
  if (parts.empty()) return {};
  cv::Mat row;
  cv::hconcat(parts, row);
  return dark_on_light(row, line.dark_on_light);
}

// Where the glyphs stand in the straightened picture, as columns from, to.
std::vector<cv::Range> columns(const TextLine& line, const cv::Mat& transform, int width) {
  std::vector<cv::Point2f> corners;
  for (const cv::Rect& g : line.glyphs) {
    const auto middle = static_cast<float>(g.y) + static_cast<float>(g.height) / 2;
    corners.emplace_back(static_cast<float>(g.x), middle);
    corners.emplace_back(static_cast<float>(g.x + g.width), middle);
  }
  cv::perspectiveTransform(corners, corners, transform);
  std::vector<cv::Range> out;
  for (std::size_t i = 0; i + 1 < corners.size(); i += 2) {
    out.emplace_back(std::clamp(static_cast<int>(corners[i].x), 0, width),
                     std::clamp(static_cast<int>(corners[i + 1].x) + 1, 0, width));
  }
  return out;
}

// A wide gap holds no character but often a coat of arms, a bolt or a seam, and the reader sees letters in them. Wide
// gaps are closed up; narrow ones stay as they are.
cv::Mat closed_up(const cv::Mat& picture, const std::vector<cv::Range>& glyphs, int glyph_height, double widen) {
  const int breath = std::max(2, glyph_height / 6);
  std::vector<cv::Mat> parts;
  int from = widen > 0 ? 0 : std::max(0, glyphs.front().start - breath);
  for (std::size_t i = 0; i + 1 < glyphs.size(); ++i) {
    if (glyphs[i + 1].start - glyphs[i].end <= glyph_height / 2) continue;
    const int to = std::min(picture.cols, glyphs[i].end + breath);
    if (to > from) parts.push_back(picture.colRange(from, to));
    from = std::max(to, glyphs[i + 1].start - breath);
  }
  const int to = widen > 0 ? picture.cols : std::min(picture.cols, glyphs.back().end + breath);
  if (to > from) parts.push_back(picture.colRange(from, to));
  if (parts.empty()) return picture;
  cv::Mat out;
  cv::hconcat(parts, out);
  return out;
}

// Narrow lettering, as on containers, is read worse than that of books: how much wider to draw it.
double stretch_of(const TextLine& line) {
  std::vector<double> aspects;
  for (const cv::Rect& g : line.glyphs)
    aspects.push_back(static_cast<double>(g.width) / std::max(1, g.height));
  if (aspects.size() < 3) return 1.0;
  // The upper third: I and 1 say nothing about the lettering.
  const auto at = aspects.begin() + static_cast<std::ptrdiff_t>(aspects.size() * 2 / 3);
  std::nth_element(aspects.begin(), at, aspects.end());
  return std::clamp(0.5 / std::max(0.1, *at), 1.0, 1.5);
}

}  // namespace

cv::Mat straighten(const cv::Mat& grey, const TextLine& line, int glyph_height, double widen) {
  if (line.vertical) return side_by_side(grey, line, glyph_height, stretch_of(line));
  const auto& q = line.quad;
  const cv::Point2f along = (q[1] - q[0]) + (q[2] - q[3]);
  const double width = std::hypot(along.x, along.y) / 2.0;
  const double height = std::max(1.0, line.glyph_height);
  if (width < 2) return {};
  const double by = glyph_height / height;
  const auto margin = static_cast<float>(0.15 * glyph_height);
  const auto side = static_cast<float>((0.15 + widen) * glyph_height);
  const auto w = static_cast<float>(std::min(width * by * stretch_of(line), 40.0 * glyph_height));
  const auto h = static_cast<float>(glyph_height);
  const cv::Point2f to[4] = {{side, margin}, {side + w, margin}, {side + w, margin + h}, {side, margin + h}};
  const cv::Mat transform = cv::getPerspectiveTransform(q.data(), to);
  cv::Mat out;
  cv::warpPerspective(grey, out, transform,
                      cv::Size(static_cast<int>(w + 2 * side), static_cast<int>(h + 2 * margin)), cv::INTER_LINEAR,
                      cv::BORDER_REPLICATE);
  out = dark_on_light(out, line.dark_on_light);
  return line.glyphs.empty() ? out : closed_up(out, columns(line, transform, out.cols), glyph_height, widen);
}

namespace {

constexpr double below = 1.4;  // glyph heights looked at below a standing code
constexpr int large = 64;  // glyph height at which the box is taken off, so that its lines can be told from strokes

// The stretch that follows the last character, two and a half characters long; below it for a standing code.
TextLine stretch_after(const TextLine& line) {
  TextLine after = line;
  after.glyphs.clear();
  after.vertical = false;
  if (line.vertical) {
    const cv::Rect& last = line.glyphs.back();
    const auto h = static_cast<float>(line.glyph_height);
    const float middle = (line.quad[0].x + line.quad[1].x) / 2, bottom = static_cast<float>(last.br().y);
    const float left = middle - 0.8F * h, right = middle + 0.8F * h;
    const float from = bottom + 0.35F * h, to = from + static_cast<float>(below) * h;
    after.glyph_height = below * line.glyph_height;
    after.quad = {cv::Point2f(left, from), cv::Point2f(right, from), cv::Point2f(right, to), cv::Point2f(left, to)};
    return after;
  }
  const cv::Point2f top = line.quad[1] - line.quad[0];
  const cv::Point2f bottom = line.quad[2] - line.quad[3];
  const float step = static_cast<float>(line.glyph_height) / std::max(1.0F, std::hypot(top.x, top.y));
  after.quad[0] = line.quad[1] + top * (0.1F * step);
  after.quad[1] = line.quad[1] + top * (2.6F * step);
  after.quad[2] = line.quad[2] + bottom * (2.6F * step);
  after.quad[3] = line.quad[2] + bottom * (0.1F * step);
  return after;
}

// What is inside of the box: between its two upright lines, which are longer than any digit is high.
cv::Rect inside_of_box(const cv::Mat& ink) {
  std::vector<cv::Range> upright;
  // Under a standing code the lying lines are in the picture too and add to the digit's own height.
  const double longer = std::min(0.95 * ink.rows, 1.33 * large);
  int from = -1;
  for (int x = 0; x <= ink.cols; ++x) {
    const bool line = x < ink.cols && cv::countNonZero(ink.col(x)) > longer;
    if (line && from < 0) from = x;
    if (!line && from >= 0) {
      upright.emplace_back(from, x);
      from = -1;
    }
  }
  if (upright.size() < 2) return {};
  const int left = upright[0].end + 1, right = upright[1].start - 1;
  if (right - left < 0.3 * large || right - left > 1.3 * large) return {};
  const auto crosses = [&](int y) {
    return cv::countNonZero(ink.row(y).colRange(left, right)) > 0.9 * (right - left);
  };
  // The lying lines, where the picture has them: from the middle outwards.
  int top = ink.rows / 2, bottom = ink.rows / 2;
  while (top > 0 && !(ink.rows / 2 - top > 0.35 * large && crosses(top - 1)))
    --top;
  while (bottom < ink.rows && !(bottom - ink.rows / 2 > 0.35 * large && crosses(bottom)))
    ++bottom;
  return {left, top, right - left, bottom - top};
}

// The digit alone on white, cut out; empty if there is none. Where the digit touches its box, a broader brush takes
// the box's thinner lines off.
cv::Mat digit_without_box(const cv::Mat& picture) {
  cv::Mat ink;
  cv::threshold(picture, ink, 0, 255, cv::THRESH_BINARY_INV | cv::THRESH_OTSU);
  if (const cv::Rect inside = inside_of_box(ink); !inside.empty()) {
    cv::Mat labels, stats, centroids;
    const int n = cv::connectedComponentsWithStats(ink(inside), labels, stats, centroids, 8, CV_32S);
    int best = 0;
    for (int i = 1; i < n; ++i) {
      const int height = stats.at<int>(i, cv::CC_STAT_HEIGHT);
      if (height < 0.6 * large || height > 1.2 * large) continue;
      if (best == 0 || stats.at<int>(i, cv::CC_STAT_AREA) > stats.at<int>(best, cv::CC_STAT_AREA)) best = i;
    }
    if (best != 0) {
      cv::Mat stroke = labels == best;
      cv::dilate(stroke, stroke, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
      cv::Mat clean(inside.size(), CV_8UC1, cv::Scalar(255));
      picture(inside).copyTo(clean, stroke);
      return clean(cv::boundingRect(labels == best)).clone();
    }
  }
  for (const int brush_size : {5, 7, 9, 11}) {
    const cv::Mat brush = cv::getStructuringElement(cv::MORPH_ELLIPSE, {brush_size, brush_size});
    cv::Mat mask, labels, stats, centroids;
    cv::morphologyEx(ink, mask, cv::MORPH_OPEN, brush);
    const int n = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8, CV_32S);
    cv::Rect digit;
    int label = 0;
    for (int i = 1; i < n; ++i) {
      const int* s = stats.ptr<int>(i);
      const cv::Rect box(s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH], s[cv::CC_STAT_HEIGHT]);
      const bool tall = box.height >= 0.6 * large && box.height <= 1.15 * large;
      const bool wide = box.width >= 0.1 * large && box.width <= 0.8 * large;
      const bool filled = s[cv::CC_STAT_AREA] > 0.2 * box.area() && s[cv::CC_STAT_AREA] < 0.9 * box.area();
      if (!tall || !wide || !filled || box.x == 0 || box.br().x == picture.cols) continue;
      if (digit.empty() || box.x < digit.x) {
        digit = box;
        label = i;
      }
    }
    if (digit.empty()) continue;
    cv::Mat stroke = labels == label;
    cv::dilate(stroke, stroke, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
    cv::Mat clean(picture.size(), CV_8UC1, cv::Scalar(255));
    picture.copyTo(clean, stroke);
    return clean(digit).clone();
  }
  return {};
}

}  // namespace

namespace {

// The line without what the chain has beyond the serial number: the box. Empty glyphs: it is no such line.
TextLine before_the_box(const TextLine& whole_line, std::size_t serial) {
  const std::size_t pieces = whole_line.glyphs.size();
  TextLine line = whole_line;
  // A character lost before the box does no harm.
  if (pieces + 3 < serial || pieces < 5 || pieces > serial + 2) {
    line.glyphs.clear();
  } else if (pieces > serial) {
    line.glyphs.resize(serial);
    detail::finish(line);
  }
  return line;
}

}  // namespace

cv::Mat boxed_digit(const cv::Mat& grey, const TextLine& whole_line, std::size_t serial) {
  const TextLine line = before_the_box(whole_line, serial);
  if (line.glyphs.empty()) return {};
  const TextLine after = stretch_after(line);
  const cv::Rect whole(0, 0, grey.cols, grey.rows);
  if (!whole.contains(cv::Point(after.quad[2])) || !whole.contains(cv::Point(after.quad[1]))) return {};
  const cv::Mat picture = straighten(grey, after, line.vertical ? static_cast<int>(below * large) : large);
  return picture.empty() ? picture : digit_without_box(picture);
}

cv::Mat straighten_with_boxed_digit(const cv::Mat& grey, const TextLine& whole_line, int glyph_height,
                                    std::size_t serial) {
  const TextLine line = before_the_box(whole_line, serial);
  const cv::Mat digit = boxed_digit(grey, whole_line, serial);
  if (digit.empty()) return {};
  const double by = static_cast<double>(glyph_height) / large;
  cv::Mat small;
  cv::resize(digit, small, {}, by, by, cv::INTER_AREA);
  const cv::Mat code = straighten(grey, line, glyph_height);
  if (code.empty()) return {};
  const int margin = std::max(2, glyph_height / 6);
  cv::Mat last(code.rows, small.cols + 2 * margin, CV_8UC1, cv::Scalar(255));
  const int height = std::min(small.rows, code.rows - 2);
  small.rowRange(0, height).copyTo(last(cv::Rect(margin, (code.rows - height) / 2, small.cols, height)));
  const double stretch = stretch_of(line);
  if (stretch > 1) cv::resize(last, last, {}, stretch, 1.0, cv::INTER_LINEAR);
  cv::Mat out;
  cv::hconcat(code, last, out);
  return out;
}

}  // namespace torugart::ocr
