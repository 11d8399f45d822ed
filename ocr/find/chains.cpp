#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

#include <opencv2/imgproc.hpp>

#include "ocr/find/lines_detail.h"

namespace torugart::ocr::detail {
namespace {

// More pieces than this are noise; the largest are kept, so that the search stays bounded.
constexpr std::size_t most_pieces = 2500;

double centre_x(const cv::Rect& r) {
  return r.x + r.width / 2.0;
}
double centre_y(const cv::Rect& r) {
  return r.y + r.height / 2.0;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

// Joins each piece with its nearest fitting neighbour; a neighbour is kept by the nearer of two suitors.
template <typename Distance>
std::vector<std::vector<std::size_t>> chains(std::size_t n, Distance distance, double reach) {
  std::vector<std::size_t> next(n, nobody);
  std::vector<std::size_t> previous(n, nobody);
  std::vector<double> held(n, std::numeric_limits<double>::max());
  for (std::size_t i = 0; i < n; ++i) {
    double best = reach;
    std::size_t who = nobody;
    for (std::size_t j = i + 1; j < n; ++j) {
      bool beyond = false;
      const double d = distance(i, j, beyond);
      if (beyond) break;
      if (d < best && d < held[j]) {
        best = d;
        who = j;
      }
    }
    if (who == nobody) continue;
    if (previous[who] != nobody) next[previous[who]] = nobody;
    previous[who] = i;
    held[who] = best;
    next[i] = who;
  }
  std::vector<std::vector<std::size_t>> out;
  for (std::size_t i = 0; i < n; ++i) {
    if (previous[i] != nobody) continue;
    std::vector<std::size_t> chain;
    for (std::size_t at = i; at != nobody; at = next[at])
      chain.push_back(at);
    out.push_back(std::move(chain));
  }
  return out;
}

struct Slope {
  double a = 0;
  double b = 0;
};

// Line through points by the median of slopes: one wrong glyph does not turn it.
Slope fit(const std::vector<cv::Point2d>& points) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double run = points[j].x - points[i].x;
      if (std::abs(run) > 1) slopes.push_back((points[j].y - points[i].y) / run);
    }
  }
  Slope line;
  line.a = median(slopes);
  std::vector<double> offsets;
  for (const auto& p : points)
    offsets.push_back(p.y - line.a * p.x);
  line.b = median(offsets);
  return line;
}

// A piece around another of at least half its height is a frame, such as the box around a check digit.
void drop_frames(std::vector<Piece>& pieces) {
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.box.x < b.box.x; });
  std::vector<Piece> out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const cv::Rect& a = pieces[i].box;
    bool frame = false;
    for (std::size_t j = i + 1; !frame && j < pieces.size() && pieces[j].box.x < a.x + a.width; ++j) {
      const cv::Rect& b = pieces[j].box;
      frame = 2 * b.height > a.height && (a & b) == b;
    }
    if (!frame) out.push_back(pieces[i]);
  }
  pieces.swap(out);
}

// Glyphs that do not stand between the two lines that the others stand between: emblems, bolts, dots.
void drop_strangers(std::vector<cv::Rect>& glyphs) {
  if (glyphs.size() < 5) return;
  std::vector<cv::Point2d> tops;
  std::vector<cv::Point2d> bottoms;
  std::vector<double> heights;
  for (const cv::Rect& g : glyphs) {
    tops.emplace_back(centre_x(g), g.y);
    bottoms.emplace_back(centre_x(g), g.y + g.height);
    heights.push_back(g.height);
  }
  const Slope top = fit(tops);
  const Slope bottom = fit(bottoms);
  const double bound = 1.0 + 0.13 * median(heights);
  std::erase_if(glyphs, [&](const cv::Rect& g) {
    return std::abs(top.a * centre_x(g) + top.b - g.y) > bound ||
           std::abs(bottom.a * centre_x(g) + bottom.b - (g.y + g.height)) > bound;
  });
}

}  // namespace

std::vector<Piece> pieces_of(const cv::Mat& mask, double min_height, double max_height) {
  cv::Mat labels;
  cv::Mat stats;
  cv::Mat centroids;
  const int n = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8, CV_32S);
  std::vector<Piece> out;
  for (int i = 1; i < n; ++i) {
    const int* s = stats.ptr<int>(i);
    const Piece piece{{s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH], s[cv::CC_STAT_HEIGHT]},
                      s[cv::CC_STAT_AREA]};
    const double h = piece.box.height;
    const double w = piece.box.width;
    if (h < min_height || h > max_height || w > 1.5 * h || w < 0.07 * h || w < 2) continue;
    const double fill = piece.area / (w * h);
    if (fill < 0.13 || (fill > 0.93 && w > 0.45 * h)) continue;
    out.push_back(piece);
  }
  drop_frames(out);
  if (out.size() > most_pieces) {
    std::nth_element(out.begin(), out.begin() + most_pieces, out.end(),
                     [](const Piece& a, const Piece& b) { return a.box.height > b.box.height; });
    out.resize(most_pieces);
  }
  return out;
}

void finish(TextLine& line) {
  std::vector<double> heights;
  for (const cv::Rect& g : line.glyphs)
    heights.push_back(g.height);
  const double h = median(heights);
  line.glyph_height = h;
  const double n = static_cast<double>(line.glyphs.size());
  double spread = 0;
  double off = 0;
  if (!line.vertical) {
    std::vector<cv::Point2d> tops;
    std::vector<cv::Point2d> bottoms;
    for (const cv::Rect& g : line.glyphs) {
      if (std::abs(g.height - h) > 0.25 * h) continue;
      tops.emplace_back(centre_x(g), g.y);
      bottoms.emplace_back(centre_x(g), g.y + g.height);
    }
    const Slope top = fit(tops);
    const Slope bottom = fit(bottoms);
    const double left = line.glyphs.front().x;
    const double right = line.glyphs.back().x + line.glyphs.back().width;
    const auto at = [](const Slope& s, double x) {
      return cv::Point2f(static_cast<float>(x), static_cast<float>(s.a * x + s.b));
    };
    line.quad = {at(top, left), at(top, right), at(bottom, right), at(bottom, left)};
    for (const cv::Rect& g : line.glyphs) {
      spread += std::abs(g.height - h) / h;
      off += std::abs(g.y + g.height - (bottom.a * centre_x(g) + bottom.b)) / h;
    }
  } else {
    std::vector<double> lefts;
    std::vector<double> rights;
    for (const cv::Rect& g : line.glyphs) {
      if (g.width > 0.4 * h) {
        lefts.push_back(g.x);
        rights.push_back(g.x + g.width);
      }
      spread += std::abs(g.height - h) / h;
    }
    const auto left = static_cast<float>(lefts.empty() ? line.glyphs.front().x : median(lefts));
    const auto right =
        static_cast<float>(rights.empty() ? line.glyphs.front().x + line.glyphs.front().width : median(rights));
    const auto top = static_cast<float>(line.glyphs.front().y);
    const auto bottom = static_cast<float>(line.glyphs.back().y + line.glyphs.back().height);
    line.quad = {cv::Point2f(left, top), cv::Point2f(right, top), cv::Point2f(right, bottom),
                 cv::Point2f(left, bottom)};
  }
  // Five to eleven characters of one height on one line score best; long runs are fences, grilles and text blocks.
  const double count = n <= 11 ? std::min(n, 7.0) : 7.0 - 0.8 * (n - 11);
  line.score = count - 6.0 * spread / n - 6.0 * off / n;
}

std::vector<TextLine> horizontal_lines(const std::vector<Piece>& unsorted, bool dark_on_light,
                                       std::size_t min_glyphs) {
  std::vector<Piece> p = unsorted;
  std::sort(p.begin(), p.end(), [](const Piece& a, const Piece& b) { return a.box.x < b.box.x; });
  const auto distance = [&p](std::size_t i, std::size_t j, bool& beyond) {
    const cv::Rect& a = p[i].box;
    const cv::Rect& b = p[j].box;
    const double h = std::max(a.height, b.height);
    const double none = std::numeric_limits<double>::max();
    const double gap = b.x - (a.x + a.width);
    if (gap > 4.0 * a.height) beyond = true;
    if (gap > 1.6 * h || gap < -0.25 * h) return none;
    if (std::min(a.height, b.height) < 0.72 * h) return none;
    const double rise = std::abs(centre_y(a) - centre_y(b));
    const double run = centre_x(b) - centre_x(a);
    if (run <= 0.1 * h || rise > 0.12 * h + 0.28 * run || rise > 0.6 * h) return none;
    // A narrow piece beside a wide one is fine ('1'); a thin line beside a letter is often a border.
    return gap + 1.5 * rise + 2.0 * std::abs(a.height - b.height);
  };
  std::vector<TextLine> out;
  for (const auto& chain : chains(p.size(), distance, std::numeric_limits<double>::max())) {
    if (chain.size() < min_glyphs) continue;
    TextLine line;
    line.dark_on_light = dark_on_light;
    for (const std::size_t i : chain)
      line.glyphs.push_back(p[i].box);
    drop_strangers(line.glyphs);
    if (line.glyphs.size() < min_glyphs) continue;
    finish(line);
    out.push_back(std::move(line));
  }
  return out;
}

std::vector<TextLine> vertical_lines(const std::vector<Piece>& unsorted, bool dark_on_light) {
  std::vector<Piece> p = unsorted;
  std::sort(p.begin(), p.end(), [](const Piece& a, const Piece& b) { return a.box.y < b.box.y; });
  const auto distance = [&p](std::size_t i, std::size_t j, bool& beyond) {
    const cv::Rect& a = p[i].box;
    const cv::Rect& b = p[j].box;
    const double h = std::max(a.height, b.height);
    const double none = std::numeric_limits<double>::max();
    const double gap = b.y - (a.y + a.height);
    if (gap > 4.0 * a.height) beyond = true;
    if (gap > 1.7 * h || gap < -0.1 * h) return none;
    if (std::min(a.height, b.height) < 0.75 * h) return none;
    const double drift = std::abs(centre_x(a) - centre_x(b));
    if (drift > 0.35 * h) return none;
    return gap + 1.5 * drift + 2.0 * std::abs(a.height - b.height);
  };
  std::vector<TextLine> out;
  for (const auto& chain : chains(p.size(), distance, std::numeric_limits<double>::max())) {
    // Stacked codes have ten or eleven characters; a few may be lost. Shorter stacks are windows and rivets.
    if (chain.size() < 7) continue;
    TextLine line;
    line.dark_on_light = dark_on_light;
    line.vertical = true;
    for (const std::size_t i : chain)
      line.glyphs.push_back(p[i].box);
    finish(line);
    out.push_back(std::move(line));
  }
  return out;
}

std::vector<TextRegion> stacked(const std::vector<TextLine>& lines) {
  std::vector<TextRegion> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t j = 0; j < lines.size(); ++j) {
      const TextLine& upper = lines[i];
      const TextLine& lower = lines[j];
      if (i == j || upper.vertical || lower.vertical || upper.dark_on_light != lower.dark_on_light) continue;
      if (upper.glyphs.size() + lower.glyphs.size() > 12) continue;
      const double h = std::max(upper.glyph_height, lower.glyph_height);
      if (std::min(upper.glyph_height, lower.glyph_height) < 0.55 * h) continue;
      const double gap = (lower.quad[0].y + lower.quad[1].y - upper.quad[3].y - upper.quad[2].y) / 2.0;
      if (gap < 0.02 * h || gap > 1.0 * h) continue;
      const double upper_middle = (upper.quad[0].x + upper.quad[1].x) / 2.0;
      const double lower_middle = (lower.quad[0].x + lower.quad[1].x) / 2.0;
      const double width = std::max(upper.quad[1].x - upper.quad[0].x, lower.quad[1].x - lower.quad[0].x);
      if (std::abs(upper_middle - lower_middle) > 0.35 * width) continue;
      TextRegion region;
      region.lines = {upper, lower};
      region.score = (upper.score + lower.score) * 0.8 + 0.5;
      out.push_back(std::move(region));
    }
  }
  return out;
}

}  // namespace torugart::ocr::detail
