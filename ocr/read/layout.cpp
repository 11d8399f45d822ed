#include "ocr/read/layout.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ocr/numbers/confusion.h"

namespace torugart::ocr::detail {
namespace {

// All in heights of a character unless said otherwise.
constexpr float much_smaller = 0.55F;   // of the tall characters' height
constexpr double another_line = 0.55;   // middles so far apart across the lines are not of one line
constexpr double another_column = 0.7;  // in widths of a character and never under half a height
constexpr double nearest_ahead = 0.15;  // a neighbour of the same line is ahead by more than this,
constexpr double farthest_ahead = 3.0;  // by less than this
constexpr double most_aside = 0.45;     // and aside by less than this
constexpr double most_slope = 0.5;

double along(const SpelledGlyph& g, bool column) {
  return static_cast<double>(column ? g.at.y : g.at.x);
}
double across(const SpelledGlyph& g, bool column) {
  return static_cast<double>(column ? g.at.x : g.at.y);
}

double middle_of(std::vector<double> values) {
  const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), half, values.end());
  return *half;
}

// Height of the tall characters. Small print may outnumber them, dirt seldom makes three.
float tall_height(const std::vector<SpelledGlyph>& glyphs) {
  std::vector<float> heights;
  for (const SpelledGlyph& g : glyphs)
    if (g.present >= 0.5) heights.push_back(g.height);
  if (heights.empty()) {
    for (const SpelledGlyph& g : glyphs)
      heights.push_back(g.height);
  }
  std::sort(heights.begin(), heights.end(), std::greater<>());
  return heights[std::min<std::size_t>(2, heights.size() / 2)];
}

// Median of the slopes from each character to the next one of its line.
double slope_of(const std::vector<SpelledGlyph>& glyphs, double height, bool column) {
  std::vector<double> slopes;
  for (const SpelledGlyph& from : glyphs) {
    double best = farthest_ahead * height;
    double slope = 0;
    for (const SpelledGlyph& to : glyphs) {
      const double ahead = along(to, column) - along(from, column);
      const double aside = across(to, column) - across(from, column);
      if (ahead < nearest_ahead * height || ahead >= best || std::abs(aside) > most_aside * height) continue;
      best = ahead;
      slope = aside / ahead;
    }
    if (best < farthest_ahead * height) slopes.push_back(slope);
  }
  return slopes.empty() ? 0 : std::clamp(middle_of(slopes), -most_slope, most_slope);
}

double off_line(const SpelledGlyph& g, double slope, bool column) {
  return across(g, column) - slope * along(g, column);
}

std::vector<GlyphLine> split(std::vector<SpelledGlyph> glyphs, double slope, double gap, bool column) {
  std::sort(glyphs.begin(), glyphs.end(), [&](const SpelledGlyph& a, const SpelledGlyph& b) {
    return off_line(a, slope, column) < off_line(b, slope, column);
  });
  std::vector<GlyphLine> lines;
  double sum = 0;
  for (SpelledGlyph& glyph : glyphs) {
    const double off = off_line(glyph, slope, column);
    if (lines.empty() || off - sum / static_cast<double>(lines.back().size()) > gap) {
      lines.emplace_back();
      sum = 0;
    }
    sum += off;
    lines.back().push_back(std::move(glyph));
  }
  for (GlyphLine& line : lines) {
    std::sort(line.begin(), line.end(), [&](const SpelledGlyph& a, const SpelledGlyph& b) {
      return along(a, column) + slope * across(a, column) < along(b, column) + slope * across(b, column);
    });
  }
  return lines;
}

// Least squares over all lines at once: they share the slope.
double fitted(const std::vector<GlyphLine>& lines, bool column, double otherwise) {
  double xy = 0;
  double xx = 0;
  for (const GlyphLine& line : lines) {
    double mx = 0;
    double my = 0;
    for (const SpelledGlyph& g : line) {
      mx += along(g, column) / static_cast<double>(line.size());
      my += across(g, column) / static_cast<double>(line.size());
    }
    for (const SpelledGlyph& g : line) {
      xy += (along(g, column) - mx) * (across(g, column) - my);
      xx += (along(g, column) - mx) * (along(g, column) - mx);
    }
  }
  return xx < 1 ? otherwise : std::clamp(xy / xx, -most_slope, most_slope);
}

// What is read first: 1 and I, or 0 and O, are one shape and speak together against a third.
std::vector<Choice> by_shape(const std::vector<Choice>& choices) {
  const auto of_shape = [&choices](const Choice& as) {
    double sum = 0;
    for (const Choice& c : choices)
      sum += same_shape(as.character, c.character) || as.character == c.character ? c.confidence : 0;
    return sum;
  };
  std::vector<Choice> out = choices;
  const auto best = std::max_element(out.begin(), out.end(),
                                     [&](const Choice& a, const Choice& b) { return of_shape(a) < of_shape(b); });
  std::rotate(out.begin(), best, best + 1);
  return out;
}

void append(Seen& seen, const GlyphLine& line) {
  for (SpelledGlyph glyph : line) {
    if (glyph.choices.empty()) continue;
    glyph.choices = by_shape(glyph.choices);
    seen.text += to_utf8(std::u32string(1, glyph.choices[0].character));
    seen.confidences.push_back(glyph.present * glyph.choices[0].confidence);
    std::vector<Choice> others;
    for (std::size_t i = 1; i < glyph.choices.size(); ++i)
      others.push_back({glyph.choices[i].character, glyph.present * glyph.choices[i].confidence});
    seen.choices.push_back(std::move(others));
  }
}

}  // namespace

std::size_t Layout::count() const {
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0},
                         [](std::size_t n, const GlyphLine& line) { return n + line.size(); });
}

Layout lines_of_glyphs(const std::vector<SpelledGlyph>& all, bool column) {
  Layout layout;
  layout.column = column;
  if (all.empty()) return layout;
  const float height = tall_height(all);
  std::vector<SpelledGlyph> glyphs;
  std::vector<double> widths;
  for (const SpelledGlyph& g : all) {
    if (g.height < much_smaller * height) continue;
    glyphs.push_back(g);
    widths.push_back(static_cast<double>(g.width));
  }
  const auto h = static_cast<double>(height);
  const double gap = column ? std::max(another_column * middle_of(widths), h / 2) : another_line * h;
  layout.slope = slope_of(glyphs, h, column);
  layout.lines = split(glyphs, layout.slope, gap, column);
  layout.slope = fitted(layout.lines, column, layout.slope);
  return layout;
}

Seen seen_of(const Layout& layout, std::size_t first, std::size_t last) {
  Seen seen;
  for (std::size_t i = first; i <= last && i < layout.lines.size(); ++i)
    append(seen, layout.lines[i]);
  return seen;
}

Seen seen_of(const GlyphLine& line) {
  Seen seen;
  append(seen, line);
  return seen;
}

Quad quad_of(const Layout& layout, std::size_t first, std::size_t last) {
  // In a frame turned by the slope the text is an upright box.
  const double turn = std::atan(layout.slope) * (layout.column ? -1 : 1);
  const double c = std::cos(turn);
  const double s = std::sin(turn);
  double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
  for (std::size_t i = first; i <= last && i < layout.lines.size(); ++i) {
    for (const SpelledGlyph& g : layout.lines[i]) {
      const double x = c * static_cast<double>(g.at.x) + s * static_cast<double>(g.at.y);
      const double y = -s * static_cast<double>(g.at.x) + c * static_cast<double>(g.at.y);
      left = std::min(left, x - static_cast<double>(g.width) / 2);
      right = std::max(right, x + static_cast<double>(g.width) / 2);
      top = std::min(top, y - static_cast<double>(g.height) / 2);
      bottom = std::max(bottom, y + static_cast<double>(g.height) / 2);
    }
  }
  if (left > right) return {};
  const auto back = [&](double x, double y) {
    return cv::Point2f(static_cast<float>(c * x - s * y), static_cast<float>(s * x + c * y));
  };
  return {back(left, top), back(right, top), back(right, bottom), back(left, bottom)};
}

bool badly_laid(const Layout& layout, Canvas canvas) {
  constexpr double slopes = 0.06;
  constexpr double small = 0.3;  // of the canvas's height, for a single line
  constexpr float rim = 2;       // pixels
  if (layout.lines.empty()) return false;
  if (std::abs(layout.slope) > slopes) return true;
  const cv::Size size = size_of(canvas);
  std::vector<double> heights;
  for (const GlyphLine& line : layout.lines) {
    for (const SpelledGlyph& g : line) {
      heights.push_back(static_cast<double>(g.height));
      if (g.at.x - g.width / 2 < rim || g.at.x + g.width / 2 > static_cast<float>(size.width) - rim ||
          g.at.y - g.height / 2 < rim || g.at.y + g.height / 2 > static_cast<float>(size.height) - rim)
        return true;
    }
  }
  return !layout.column && layout.lines.size() == 1 && middle_of(heights) < small * size.height;
}

}  // namespace torugart::ocr::detail
