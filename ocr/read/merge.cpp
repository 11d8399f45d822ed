#include "ocr/read/merge.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>

namespace torugart::ocr::detail {
namespace {

constexpr std::size_t most_choices = 5;
constexpr float same_place = 0.5F;  // of the character's width and height

cv::Point2f onto(const cv::Matx33d& map, const cv::Point2f& point) {
  const cv::Vec3d p = map * cv::Vec3d(static_cast<double>(point.x), static_cast<double>(point.y), 1);
  const double w = std::abs(p[2]) < 1e-9 ? 1e-9 : p[2];
  return {static_cast<float>(p[0] / w), static_cast<float>(p[1] / w)};
}

}  // namespace

std::vector<Choice> mean_of(const std::vector<Choice>& a, const std::vector<Choice>& b, double share) {
  std::vector<Choice> sum = a;
  for (Choice& choice : sum)
    choice.confidence *= 1 - share;
  for (const Choice& choice : b) {
    const auto same =
        std::find_if(sum.begin(), sum.end(), [&choice](const Choice& c) { return c.character == choice.character; });
    if (same == sum.end()) {
      sum.push_back({choice.character, share * choice.confidence});
    } else {
      same->confidence += share * choice.confidence;
    }
  }
  std::stable_sort(sum.begin(), sum.end(),
                   [](const Choice& x, const Choice& y) { return x.confidence > y.confidence; });
  if (sum.size() > most_choices) sum.resize(most_choices);
  return sum;
}

Spelling merged(const Spelling& first, const Spelling& second) {
  Spelling out = first;
  const cv::Matx33d to_first = first.to_frame.inv() * second.to_frame;
  std::vector<bool> met(out.glyphs.size(), false);
  const std::size_t own = out.glyphs.size();
  for (const SpelledGlyph& glyph : second.glyphs) {
    SpelledGlyph here = glyph;
    here.at = onto(to_first, glyph.at);
    const cv::Point2f corner = onto(to_first, glyph.at + cv::Point2f(glyph.width, glyph.height) / 2);
    here.width = std::max(1.0F, 2 * std::abs(corner.x - here.at.x));
    here.height = std::max(1.0F, 2 * std::abs(corner.y - here.at.y));
    std::size_t nearest = own;
    float least = 1;
    for (std::size_t i = 0; i < own; ++i) {
      if (met[i]) continue;
      const SpelledGlyph& other = out.glyphs[i];
      const float dx = std::abs(here.at.x - other.at.x) / (same_place * std::max(here.width, other.width));
      const float dy = std::abs(here.at.y - other.at.y) / (same_place * std::max(here.height, other.height));
      if (std::max(dx, dy) >= least) continue;
      least = std::max(dx, dy);
      nearest = i;
    }
    if (nearest == own) {
      here.present /= 2;
      out.glyphs.push_back(std::move(here));
      continue;
    }
    met[nearest] = true;
    SpelledGlyph& same = out.glyphs[nearest];
    same.present = (same.present + glyph.present) / 2;
    same.choices = mean_of(same.choices, glyph.choices);
  }
  for (std::size_t i = 0; i < own; ++i)
    if (!met[i]) out.glyphs[i].present /= 2;
  return out;
}

}  // namespace torugart::ocr::detail
