#include "ocr/read/ask_again.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "ocr/read/merge.h"

namespace torugart::ocr::detail {
namespace {

constexpr std::size_t shortest =
    5;  // characters of a line beside which a province may stand; two of the seven unseen
constexpr std::size_t longest = 9;
constexpr double sure_enough = 0.995;   // a character of which the spelling network is so sure is not asked again
constexpr double their_share = 0.65;    // of the character network in what both say of a Chinese plate's characters
constexpr double surely_another = 0.9;  // a first character that the spelling network was so sure of is no province
constexpr double surely_none = 0.98;    // no need to look aside as well
constexpr double believed = 0.5;        // that a Chinese character stands there
// In heights of a letter: seen aslant, steps are not all alike and lines not quite straight.
const std::array<cv::Point2f, 4> reckoned_aside{cv::Point2f(-0.08F, 0), {0.08F, 0}, {0, -0.12F}, {0, 0.12F}};
const std::array<cv::Point2f, 2> seen_aside{cv::Point2f(-0.05F, 0.04F), {0.05F, -0.04F}};
constexpr float same_place = 0.35F;     // in heights of a letter
constexpr float province_width = 0.5F;  // in heights: cells of 45 x 90 mm

bool is_letter(const SpelledGlyph& g) {
  return !g.choices.empty() && g.choices[0].character >= U'A' && g.choices[0].character <= U'Z';
}

template <typename Values>
double middle_of(Values values) {
  const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), half, values.end());
  return *half;
}

// How sure it is that a Chinese character stands there.
double chinese(const Named& named) {
  double sum = 0;
  for (const Choice& choice : named.choices)
    sum += is_chinese(choice.character) ? choice.confidence : 0;
  return named.present * sum;
}

struct Line {
  float letter;  // height, pixels
  double pitch;
  double slope;
  Cell at(const cv::Point2f& middle) const { return {middle, letter, slope}; }
};

Line measured(const GlyphLine& line, double slope) {
  std::vector<double> heights;
  std::vector<double> steps;
  for (std::size_t i = 0; i < line.size(); ++i) {
    heights.push_back(static_cast<double>(line[i].height));
    if (i > 0) steps.push_back(static_cast<double>(line[i].at.x - line[i - 1].at.x));
  }
  return {static_cast<float>(middle_of(heights)), middle_of(steps), slope};
}

bool same(const SpelledGlyph& a, const SpelledGlyph& b, float letter) {
  return std::abs(a.at.x - b.at.x) < same_place * letter && std::abs(a.at.y - b.at.y) < same_place * letter;
}

// The place itself and what is `aside` of it, together: each speaks as loud as it is sure that a character is there.
Named around(const Line& line, const cv::Point2f& place, std::span<const cv::Point2f> aside, const Spelling& spelling,
             const cv::Mat& grey, Namer& namer) {
  Named all = namer.name(grey, spelling.to_frame, line.at(place));
  if (all.present < 1 - surely_none) return all;
  double weight = all.present;
  for (const cv::Point2f& by : aside) {
    const Named other = namer.name(grey, spelling.to_frame, line.at(place + by * line.letter));
    weight += other.present;
    all.present = std::max(all.present, other.present);
    all.choices = mean_of(all.choices, other.choices, other.present / weight);
  }
  return all;
}

// Whether there is one.
bool province_of(const GlyphLine& line, const Line& is, Spelling& spelling, const cv::Mat& grey, Namer& namer) {
  const SpelledGlyph& first = line.front();
  const bool seen_chinese = is_chinese(first);
  const auto is_first = [&](const SpelledGlyph& g) { return same(g, first, is.letter); };
  if (seen_chinese || !is_letter(first) || first.present * first.choices[0].confidence < surely_another) {
    const Named named = around(is, first.at, seen_aside, spelling, grey, namer);
    const double sure = chinese(named);
    for (SpelledGlyph& g : spelling.glyphs) {
      if (!is_first(g)) continue;
      if (sure >= believed) {
        g.present = std::max(g.present, named.present);
        g.choices = named.choices;
      } else if (seen_chinese) {
        g.present *= sure;
      }
    }
    if (sure >= believed) return true;
  }
  if (!is_letter(first)) return false;
  const auto step = static_cast<float>(is.pitch);
  const cv::Point2f before = first.at - cv::Point2f(step, step * static_cast<float>(is.slope));
  Named named = around(is, before, reckoned_aside, spelling, grey, namer);
  if (chinese(named) < believed) return false;
  SpelledGlyph province{before, province_width * is.letter, is.letter, named.present, std::move(named.choices)};
  std::erase_if(spelling.glyphs, [&](const SpelledGlyph& g) { return same(g, province, is.letter); });
  spelling.glyphs.push_back(std::move(province));
  return true;
}

void doubtful_of(const GlyphLine& line, const Line& is, Spelling& spelling, const cv::Mat& grey, Namer& namer) {
  for (const SpelledGlyph& of_line : line) {
    if (of_line.choices.empty() || of_line.present * of_line.choices[0].confidence >= sure_enough ||
        is_chinese(of_line))
      continue;
    const Named named = namer.name(grey, spelling.to_frame, is.at(of_line.at));
    for (SpelledGlyph& g : spelling.glyphs) {
      if (g.at != of_line.at) continue;
      g.present = (g.present + named.present) / 2;
      g.choices = mean_of(g.choices, named.choices, their_share);
    }
  }
}

}  // namespace

bool is_chinese(char32_t c) {
  return c >= U'\u4E00' && c <= U'\u9FFF';
}
bool is_chinese(const SpelledGlyph& g) {
  return !g.choices.empty() && is_chinese(g.choices[0].character);
}

void ask_again(Spelling& spelling, const Layout& layout, const cv::Mat& grey, Namer& namer) {
  if (layout.column) return;
  for (const GlyphLine& line : layout.lines) {
    if (line.size() < shortest || line.size() > longest) continue;
    const Line is = measured(line, layout.slope);
    if (province_of(line, is, spelling, grey, namer)) doubtful_of(line, is, spelling, grey, namer);
  }
}

}  // namespace torugart::ocr::detail
