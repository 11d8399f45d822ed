#include "hal/sim/glyphs.h"

#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace torugart::hal::sim {
namespace {

struct Glyph {
  std::string_view letter;
  double width;
  // M x y: move; L x y: line; A cx cy rx ry from to: arc in degrees, 0 right, 90 down. On a field 100 high.
  const char* strokes;
};

constexpr std::array<Glyph, 40> kGlyphs = {{
    {"0", 60, "A 30 30 30 30 180 360 L 60 70 A 30 70 30 30 0 180 L 0 30"},
    {"1", 46, "M 8 26 L 36 0 L 36 100"},
    {"2", 60, "A 30 30 29 30 190 390 L 0 100 L 60 100"},
    {"3", 60, "A 30 25 27 25 200 450 A 30 75 30 25 270 510"},
    {"4", 60, "M 38 0 L 0 72 L 60 72 M 44 44 L 44 100"},
    {"5", 60, "M 55 0 L 8 0 L 5 47 A 30 66 30 34 215 505"},
    {"6", 60, "M 44 0 L 6 52 A 30 68 30 32 205 565"},
    {"7", 60, "M 0 0 L 60 0 L 20 100"},
    {"8", 60, "A 30 24 25 24 90 450 A 30 74 30 26 270 630"},
    {"9", 60, "M 16 100 L 54 48 A 30 32 30 32 25 385"},
    {"A", 64, "M 0 100 L 32 0 L 64 100 M 11 66 L 53 66"},
    {"B", 60, "M 0 0 L 0 100 M 0 0 L 32 0 A 32 24 24 24 270 450 L 0 48 M 32 48 A 32 74 28 26 270 450 L 0 100"},
    {"C", 60, "A 30 32 30 32 335 180 L 0 68 A 30 68 30 32 180 25"},
    {"D", 60, "M 0 0 L 0 100 L 25 100 A 25 65 35 35 90 0 L 60 35 A 25 35 35 35 0 -90 L 0 0"},
    {"E", 56, "M 56 0 L 0 0 L 0 100 L 56 100 M 0 48 L 48 48"},
    {"F", 56, "M 56 0 L 0 0 L 0 100 M 0 48 L 48 48"},
    {"G", 62, "A 30 32 30 32 335 180 L 0 68 A 30 68 31 32 180 0 L 61 54 L 34 54"},
    {"H", 60, "M 0 0 L 0 100 M 60 0 L 60 100 M 0 48 L 60 48"},
    {"I", 20, "M 10 0 L 10 100"},
    {"J", 54, "M 52 0 L 52 70 A 26 70 26 30 0 165"},
    {"K", 60, "M 0 0 L 0 100 M 58 0 L 0 60 M 20 40 L 60 100"},
    {"L", 54, "M 0 0 L 0 100 L 54 100"},
    {"M", 70, "M 0 100 L 0 0 L 35 62 L 70 0 L 70 100"},
    {"N", 62, "M 0 100 L 0 0 L 62 100 L 62 0"},
    {"O", 68, "A 34 36 34 36 180 360 L 68 64 A 34 64 34 36 0 180 L 0 36"},
    {"P", 60, "M 0 100 L 0 0 L 32 0 A 32 28 28 28 270 450 L 0 56"},
    {"Q", 70, "A 34 36 34 36 180 360 L 68 64 A 34 64 34 36 0 180 L 0 36 M 42 72 L 70 104"},
    {"R", 60, "M 0 100 L 0 0 L 32 0 A 32 28 28 28 270 450 L 0 56 M 28 56 L 60 100"},
    {"S", 60, "A 30 25 28 25 335 90 A 30 75 30 25 270 515"},
    {"T", 60, "M 0 0 L 60 0 M 30 0 L 30 100"},
    {"U", 60, "M 0 0 L 0 70 A 30 70 30 30 180 0 L 60 0"},
    {"V", 62, "M 0 0 L 31 100 L 62 0"},
    {"W", 78, "M 0 0 L 19 100 L 39 25 L 59 100 L 78 0"},
    {"X", 62, "M 0 0 L 62 100 M 62 0 L 0 100"},
    {"Y", 62, "M 0 0 L 31 52 L 62 0 M 31 52 L 31 100"},
    {"Z", 60, "M 0 0 L 60 0 L 0 100 L 60 100"},
    {"-", 36, "M 0 52 L 36 52"},
    {".", 14, "M 7 98 L 7 100"},
    {"新", 96,
     "M 24 0 L 24 10 M 4 12 L 46 12 M 13 18 L 17 30 M 36 18 L 32 30 M 2 34 L 48 34 M 6 52 L 44 52 M 25 34 L 25 98 "
     "M 22 56 L 4 84 M 28 56 L 45 78 M 88 4 L 60 16 L 60 56 L 50 98 M 60 40 L 96 40 M 79 40 L 79 100"},
    {" ", 34, ""},
}};

const Glyph* next_glyph(std::string_view& rest) {
  for (const auto& g : kGlyphs) {
    if (rest.substr(0, g.letter.size()) != g.letter) continue;
    rest.remove_prefix(g.letter.size());
    return &g;
  }
  rest.remove_prefix(1);
  return &kGlyphs.back();
}

std::vector<std::vector<cv::Point>> strokes(const Glyph& g, double x, double y, double scale) {
  std::vector<std::vector<cv::Point>> out;
  std::istringstream in(g.strokes);
  const auto add = [&](double px, double py) {
    out.back().emplace_back(static_cast<int>(std::lround((x + px * scale) * 16)),
                            static_cast<int>(std::lround((y + py * scale) * 16)));
  };
  char op = 0;
  while (in >> op) {
    if (op == 'A') {
      double cx = 0, cy = 0, rx = 0, ry = 0, from = 0, to = 0;
      in >> cx >> cy >> rx >> ry >> from >> to;
      if (out.empty()) out.emplace_back();
      for (int i = 0; i <= 14; ++i) {
        const double a = (from + (to - from) * i / 14) * std::numbers::pi / 180;
        add(cx + rx * std::cos(a), cy + ry * std::sin(a));
      }
    } else {
      double px = 0, py = 0;
      in >> px >> py;
      if (op == 'M') out.emplace_back();
      add(px, py);
    }
  }
  return out;
}

void draw_glyph(cv::Mat& picture, const Glyph& g, double x, double y, double height, const cv::Scalar& colour,
                double weight) {
  // Strokes run along the middle of the paint, so they are drawn inside the letter's box.
  const double line = height * weight, scale = (height - line) / 100;
  const auto lines = strokes(g, x + line / 2, y + line / 2, scale);
  if (!lines.empty())
    cv::polylines(picture, lines, false, colour, std::max(1, static_cast<int>(std::lround(line))), cv::LINE_AA, 4);
}

}  // namespace

double text_width(std::string_view text, double height, double spacing) {
  double width = 0;
  while (!text.empty()) {
    width += next_glyph(text)->width / 100 * height + spacing * height;
  }
  return width - spacing * height;
}

void draw_text(cv::Mat& picture, std::string_view text, double x, double y, double height, const cv::Scalar& colour,
               double weight, double spacing) {
  while (!text.empty()) {
    const Glyph* g = next_glyph(text);
    draw_glyph(picture, *g, x, y, height, colour, weight);
    x += g->width / 100 * height + spacing * height;
  }
}

void draw_text_down(cv::Mat& picture, std::string_view text, double x, double y, double height, double step,
                    const cv::Scalar& colour, double weight) {
  while (!text.empty()) {
    const Glyph* g = next_glyph(text);
    draw_glyph(picture, *g, x + (0.62 - g->width / 100) * height / 2, y, height, colour, weight);
    y += step;
  }
}

}  // namespace torugart::hal::sim
