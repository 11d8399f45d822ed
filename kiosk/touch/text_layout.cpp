#include "kiosk/touch/text_layout.h"

#include <algorithm>

namespace torugart::touch {
namespace {

constexpr std::string_view ellipsis = "…";

void drop_last_character(std::string& s) {
  while (!s.empty() && (static_cast<unsigned char>(s.back()) & 0xC0U) == 0x80U)
    s.pop_back();
  if (!s.empty()) s.pop_back();
}

std::string shorten(std::string line, float width, float size, const Measure& measure) {
  while (!line.empty() && measure(line + std::string(ellipsis)) * size > width)
    drop_last_character(line);
  while (!line.empty() && line.back() == ' ')
    line.pop_back();
  return line + std::string(ellipsis);
}

}  // namespace

std::vector<std::string> wrap(std::string_view words, float width, float size, const Measure& measure) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t at = 0;
  while (at <= words.size()) {
    const std::size_t end = std::min(words.find_first_of(" \n", at), words.size());
    const std::string word(words.substr(at, end - at));
    const std::string longer = line.empty() ? word : line + " " + word;
    if (!line.empty() && measure(longer) * size > width) {
      lines.push_back(line);
      line = word;
    } else {
      line = longer;
    }
    if (end < words.size() && words[end] == '\n') {
      lines.push_back(line);
      line.clear();
    }
    at = end + 1;
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

Layout fit(std::string_view words, float width, float height, float full, float least, int max_lines,
           float line_height, const Measure& measure) {
  // half a pixel of tolerance: rectangles are cut in floats
  constexpr float slack = 0.5F;
  const auto room = [&](float size) {
    const int by_height = static_cast<int>((height + 2 * slack) / (size * line_height) + 0.12F);
    return std::clamp(by_height, 1, std::max(1, max_lines));
  };
  for (float size = full;; size = std::max(least, size - 1)) {
    std::vector<std::string> lines;
    const bool one = words.find('\n') == std::string_view::npos && measure(words) * size <= width + slack;
    if (one)
      lines.emplace_back(words);
    else if (max_lines > 1)
      lines = wrap(words, width + slack, size, measure);
    const bool fits = !lines.empty() && static_cast<int>(lines.size()) <= room(size) &&
                      std::all_of(lines.begin(), lines.end(),
                                  [&](const std::string& l) { return measure(l) * size <= width + slack; });
    if (fits) return {std::move(lines), size, false};
    if (size <= least) break;
  }
  Layout out{wrap(words, width, least, measure), least, true};
  const auto n = static_cast<std::size_t>(room(least));
  if (max_lines <= 1) out.lines = {std::string(words)};
  if (out.lines.size() > n) {
    for (std::size_t i = n; i < out.lines.size(); ++i)
      out.lines[n - 1] += " " + out.lines[i];
    out.lines.resize(n);
  }
  for (std::string& l : out.lines)
    if (measure(l) * least > width || &l == &out.lines.back()) l = shorten(l, width, least, measure);
  return out;
}

}  // namespace torugart::touch
