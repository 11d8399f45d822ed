#include "ocr/read/readings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "ocr/numbers/wording.h"
#include "ocr/read/ask_again.h"

namespace torugart::ocr::detail {
namespace {

constexpr std::size_t longest_plate = 12;
constexpr double each_left_out = 0.9;    // a read loses so much for each sure character beside it
constexpr double surely_there = 0.5;     // a character so sure counts as left out
constexpr std::size_t most_doubted = 3;  // so many of the least sure characters are tried as none
constexpr double surely_a_character = 0.9;
constexpr double surely_part_of_a_code = 0.97;
// How likely a Chinese character is a picture: between letters, and where a province would stand.
constexpr double picture_instead = 0.9;
constexpr double arms_instead = 0.5;
constexpr double province_speaks = 0.15;

// Characters of other lines that a stretch leaves out.
std::size_t left_out(const Layout& layout, std::size_t first, std::size_t last) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < layout.lines.size(); ++i) {
    if (i >= first && i <= last) continue;
    n += static_cast<std::size_t>(std::count_if(layout.lines[i].begin(), layout.lines[i].end(),
                                                [](const SpelledGlyph& g) { return g.present >= surely_there; }));
  }
  return n;
}

std::vector<SpelledGlyph> in_order(const Layout& layout) {
  std::vector<SpelledGlyph> all;
  for (const GlyphLine& line : layout.lines)
    all.insert(all.end(), line.begin(), line.end());
  return all;
}

std::string size_type_of(const GlyphLine& four) {
  const Seen seen = seen_of(four);
  if (parse_size_type(seen.text)) return seen.text;
  for (const std::string& code : repair_size_type(seen)) {
    int changed = 0;
    for (std::size_t i = 0; i < 4 && seen.text.size() == 4; ++i)
      changed += code[i] != seen.text[i];
    if (seen.text.size() == 4 && changed <= 1) return code;
  }
  return {};
}

// The best stretch of lines.
RegionReads plates_of(const Layout& layout, const Look& look, const std::vector<std::string>& countries,
                      Place place) {
  RegionReads best;
  for (std::size_t first = 0; first < layout.lines.size(); ++first) {
    std::size_t n = 0;
    for (std::size_t last = first; last < layout.lines.size() && last < first + 3; ++last) {
      n += layout.lines[last].size();
      if (n > longest_plate) break;
      if (n < shortest_plate) continue;
      const Seen seen = seen_of(layout, first, last);
      if (is_weight_table(seen.text)) continue;
      auto reads = judge_plate(seen, static_cast<int>(last - first + 1), countries, 3, place);
      const double share = std::pow(each_left_out, static_cast<double>(left_out(layout, first, last)));
      for (Read& read : reads) {
        read.confidence *= share;
        if (share < 1) doubt(read, 0, sure_plate);
      }
      if (reads.empty() || worth(reads.front()) <= best.worth()) continue;
      best.reads = std::move(reads);
      best.quad = mapped(quad_of(layout, first, last), look.spelling.to_frame);
    }
  }
  return best;
}

}  // namespace

bool beats(const RegionReads& other, const RegionReads& best) {
  // A look that missed the province sees the rest of the number larger, and is surer of it.
  const auto spoken = [](const RegionReads& r) {
    const bool province = !r.reads.empty() && is_chinese(to_code_points(r.reads[0].text)[0]);
    return r.worth() + (province ? province_speaks : 0);
  };
  return spoken(other) > spoken(best);
}

double RegionReads::worth() const {
  return reads.empty() ? 0 : detail::worth(reads.front());
}

std::string size_type_in(const Layout& layout, std::size_t skip) {
  std::size_t before = 0;
  for (const GlyphLine& line : layout.lines) {
    const std::size_t start = before >= skip ? 0 : std::min(line.size(), skip - before);
    before += line.size();
    if (start + 4 > line.size()) continue;
    // First on its line or right after the number: elsewhere four characters are a part of something else.
    const std::string code = size_type_of(
        {line.begin() + static_cast<std::ptrdiff_t>(start), line.begin() + static_cast<std::ptrdiff_t>(start) + 4});
    if (!code.empty() && line.size() - start <= 5) return code;
  }
  return {};
}

std::optional<Quad> whole_code_around(const Layout& layout) {
  std::size_t longest = 0;
  for (std::size_t i = 1; i < layout.lines.size(); ++i)
    if (layout.lines[i].size() > layout.lines[longest].size()) longest = i;
  if (layout.lines.empty() || layout.lines[longest].size() < shortest_part) return std::nullopt;
  const GlyphLine& line = layout.lines[longest];
  const auto digit = [](const SpelledGlyph& g) {
    return g.choices[0].character >= U'0' && g.choices[0].character <= U'9';
  };
  const auto digits = static_cast<float>(std::count_if(line.begin(), line.end(), digit));
  const auto letters = static_cast<float>(line.size()) - digits;
  std::vector<float> steps;
  for (std::size_t i = 1; i < line.size(); ++i)
    steps.push_back(layout.column ? line[i].at.y - line[i - 1].at.y : line[i].at.x - line[i - 1].at.x);
  std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
  const float pitch = steps[steps.size() / 2];
  // In steps from character to character: what is missing, and the gaps where groups part.
  float before = 1.5F;
  float after = 1.5F;
  if (letters < 3 && digits >= 4) before = 4 - letters + 2.0F;
  if (letters >= 3 && digits < 5) after = 7 - digits + 3.0F;
  const Quad q = quad_of(layout, longest, longest);
  const cv::Point2f run = layout.column ? (q[3] - q[0] + q[2] - q[1]) / 2 : (q[1] - q[0] + q[2] - q[3]) / 2;
  const cv::Point2f step = run * (pitch / std::max(1.0F, static_cast<float>(cv::norm(run))));
  const cv::Point2f back = step * before;
  const cv::Point2f on = step * after;
  if (layout.column) return Quad{q[0] - back, q[1] - back, q[2] + on, q[3] + on};
  return Quad{q[0] - back, q[1] + on, q[2] + on, q[3] - back};
}

RegionReads plates_in(const Look& look, const std::vector<std::string>& countries, Place place) {
  // Sets of characters: all, without the doubtful ones, and without the one that is least sure to be there.
  std::vector<double> sure;
  for (const SpelledGlyph& g : look.spelling.glyphs)
    sure.push_back(g.present);
  std::sort(sure.begin(), sure.end());
  std::vector<double> limits{0.0, 0.5};
  for (std::size_t i = 0; i < sure.size() && i < most_doubted && sure[i] < surely_a_character; ++i)
    limits.push_back(std::nextafter(sure[i], 1.0));
  std::sort(limits.begin(), limits.end());
  // Arms and pictures have the strokes of Chinese characters; where no Chinese plate is read they are taken for that.
  const auto chinese = [](const SpelledGlyph& g) { return is_chinese(g); };
  const bool pictures = std::any_of(look.spelling.glyphs.begin(), look.spelling.glyphs.end(), chinese);
  RegionReads best;
  std::array<std::size_t, 2> tried{};
  const auto leftmost = [&look](const SpelledGlyph& g) {
    return std::none_of(look.spelling.glyphs.begin(), look.spelling.glyphs.end(),
                        [&g](const SpelledGlyph& o) { return o.present >= surely_there && o.at.x < g.at.x; });
  };
  const auto try_with = [&](double least, bool without_chinese) {
    std::vector<SpelledGlyph> glyphs;
    double the_rest_is_none = 1;
    double surest_left_out = 0;
    for (const SpelledGlyph& g : look.spelling.glyphs) {
      if (without_chinese && chinese(g)) {
        the_rest_is_none *= leftmost(g) ? arms_instead : picture_instead;
        surest_left_out = std::max(surest_left_out, g.present);
      } else if (g.present >= least) {
        glyphs.push_back(g);
      } else {
        the_rest_is_none *= std::min(1.0, 2 * (1 - g.present));
        surest_left_out = std::max(surest_left_out, g.present);
      }
    }
    if (glyphs.size() == std::exchange(tried[without_chinese ? 1 : 0], glyphs.size())) return;
    RegionReads found = plates_of(lines_of_glyphs(glyphs, false), look, countries, place);
    for (Read& read : found.reads) {
      read.confidence *= std::sqrt(the_rest_is_none);
      doubt(read, 1 - surest_left_out, sure_plate);
    }
    if (found.worth() > best.worth()) best = std::move(found);
  };
  for (const double least : limits) {
    try_with(least, false);
    if (pictures) try_with(least, true);
  }
  return best;
}

namespace {

RegionReads codes_of(const Look& look, const OwnerTable* owners) {
  RegionReads out;
  if (look.layout.count() < shortest_code) return out;
  const std::vector<SpelledGlyph> all = in_order(look.layout);
  const std::size_t last = look.layout.lines.size() - 1;
  const Seen seen = seen_of(look.layout, 0, last);
  if (is_weight_table(seen.text)) return out;
  out.reads = judge_container(seen, owners);
  if (out.reads.empty()) return out;
  const std::string& text = out.reads.front().text;
  const std::size_t start = offset_of(to_code_points(text), to_code_points(seen.text));
  const std::size_t end = start + text.size();
  const std::string size_type = size_type_in(look.layout, end);
  for (Read& read : out.reads)
    read.size_type = size_type;
  // The number's own lines, without what stands above or below.
  std::size_t first_line = 0;
  std::size_t last_line = 0;
  std::size_t before = 0;
  for (std::size_t i = 0; i <= last; ++i) {
    if (before <= start) first_line = i;
    if (before < end) last_line = i;
    before += look.layout.lines[i].size();
  }
  for (Read& read : out.reads)
    read.lines = look.layout.column ? 1 : static_cast<int>(last_line - first_line + 1);
  out.quad = mapped(quad_of(look.layout, first_line, last_line), look.spelling.to_frame);
  return out;
}

}  // namespace

RegionReads containers_in(const Look& look, const OwnerTable* owners) {
  RegionReads best = codes_of(look, owners);
  if (!best.reads.empty() && best.reads[0].check_digit) return best;
  // The edge of a check digit's box, a lock rod, a rivet: read without each of the least sure characters.
  std::vector<std::size_t> least(look.spelling.glyphs.size());
  std::iota(least.begin(), least.end(), std::size_t{0});
  std::erase_if(least, [&](std::size_t i) { return look.spelling.glyphs[i].present >= surely_part_of_a_code; });
  std::sort(least.begin(), least.end(), [&](std::size_t a, std::size_t b) {
    return look.spelling.glyphs[a].present < look.spelling.glyphs[b].present;
  });
  if (least.size() > most_doubted) least.resize(most_doubted);
  for (const std::size_t i : least) {
    Look without = look;
    without.spelling.glyphs.erase(without.spelling.glyphs.begin() + static_cast<std::ptrdiff_t>(i));
    without.layout = lines_of_glyphs(without.spelling.glyphs, look.layout.column);
    RegionReads other = codes_of(without, owners);
    for (Read& read : other.reads) {
      read.confidence *= std::sqrt(std::min(1.0, 2 * (1 - look.spelling.glyphs[i].present)));
      doubt(read, 1 - look.spelling.glyphs[i].present, sure_container);
    }
    if (other.worth() > best.worth()) best = std::move(other);
  }
  return best;
}

bool part_of_a_code(const Layout& layout) {
  for (const GlyphLine& line : layout.lines) {
    const std::u32string text = to_code_points(seen_of(line).text);
    const auto digits = std::count_if(text.begin(), text.end(), [](char32_t c) { return c >= U'0' && c <= U'9'; });
    const auto letters = static_cast<std::ptrdiff_t>(text.size()) - digits;
    if (text.size() == 4 && letters == 4 && (text[3] == U'U' || text[3] == U'J' || text[3] == U'Z')) return true;
    if ((digits == 6 || digits == 7) && letters == 0) return true;
    if (letters >= 3 && letters <= 5 && digits >= 6) return true;
  }
  return false;
}

}  // namespace torugart::ocr::detail
