#include "ocr/read/agree.h"

#include <algorithm>
#include <map>

namespace torugart::ocr::detail {
namespace {

constexpr double all_agree = 0.95;
constexpr double most_certain = 0.96;  // never so much that one frame alone is enough
constexpr double some_differ = 0.85;   // times the share that agrees

char32_t shape(char32_t c) {
  if (c == U'O') return U'0';
  return c == U'I' ? U'1' : c;
}

struct Votes {
  double count = 0;
  double certainty = 0;
};

}  // namespace

Seen agreed(const std::vector<Seen>& readings, std::size_t pieces) {
  std::vector<std::u32string> texts;
  std::vector<const Seen*> voters;
  for (const Seen& reading : readings) {
    std::u32string text = to_code_points(reading.text);
    if (text.size() != pieces || reading.confidences.size() != pieces) continue;
    texts.push_back(std::move(text));
    voters.push_back(&reading);
  }
  if (pieces == 0 || voters.size() < 3) return {};
  const double all = static_cast<double>(voters.size()) + 0.5 * static_cast<double>(readings.size() - voters.size());
  std::u32string text;
  Seen out;
  out.choices.resize(pieces);
  for (std::size_t i = 0; i < pieces; ++i) {
    std::map<char32_t, Votes> shapes, characters;
    for (std::size_t v = 0; v < voters.size(); ++v) {
      for (auto* votes : {&shapes[shape(texts[v][i])], &characters[texts[v][i]]}) {
        votes->count += 1;
        votes->certainty += voters[v]->confidences[i];
      }
    }
    const auto more = [](const auto& a, const auto& b) {
      return a.second.count != b.second.count ? a.second.count < b.second.count
                                              : a.second.certainty < b.second.certainty;
    };
    const auto [won, votes] = *std::max_element(shapes.begin(), shapes.end(), more);
    char32_t best = 0;
    double best_count = 0;
    for (const auto& [c, v] : characters) {
      if (shape(c) == won && v.count > best_count) {
        best = c;
        best_count = v.count;
      }
    }
    text += best;
    const double share = votes.count / all;
    const double mean = votes.certainty / votes.count;
    out.confidences.push_back(share > 0.999 ? all_agree + (most_certain - all_agree) * mean : some_differ * share);
    for (const auto& [c, v] : characters) {
      if (c != best) out.choices[i].push_back({c, v.count / all});
    }
    std::sort(out.choices[i].begin(), out.choices[i].end(),
              [](const Choice& a, const Choice& b) { return a.confidence > b.confidence; });
  }
  out.text = to_utf8(text);
  return out;
}

Seen same_shapes_as(const Seen& seen, const std::string& text) {
  std::u32string from = to_code_points(seen.text);
  const std::u32string to = to_code_points(text);
  if (from.size() != to.size()) return seen;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (shape(from[i]) == shape(to[i])) from[i] = to[i];
  }
  Seen out = seen;
  out.text = to_utf8(from);
  return out;
}

}  // namespace torugart::ocr::detail
