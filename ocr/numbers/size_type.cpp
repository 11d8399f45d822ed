// ISO 6346 size and type codes. The two size characters and the type group, as the standard's tables give them.
#include <algorithm>
#include <iterator>

#include "ocr/numbers/confusion.h"
#include "ocr/numbers/container.h"
#include "ocr/numbers/pattern.h"

namespace torugart::ocr {
namespace {

struct Length {
  char code;
  int mm;
};
constexpr Length lengths[] = {{'1', 2991},  {'2', 6058},  {'3', 9125},  {'4', 12192}, {'A', 7150},  {'B', 7315},
                              {'C', 7430},  {'D', 7450},  {'E', 7820},  {'F', 8100},  {'G', 12500}, {'H', 13106},
                              {'K', 13600}, {'L', 13716}, {'M', 14630}, {'N', 14935}, {'P', 16154}};

struct Named {
  char code;
  const char* name;
};
// C to F: wider than 2,438 mm; L to P: wider than 2,500 mm.
constexpr Named heights[] = {{'0', "8 ft"},           {'2', "8 ft 6 in"}, {'4', "9 ft"},           {'5', "9 ft 6 in"},
                             {'6', "over 9 ft 6 in"}, {'8', "4 ft 3 in"}, {'9', "4 ft or less"},   {'C', "8 ft 6 in"},
                             {'D', "9 ft"},           {'E', "9 ft 6 in"}, {'F', "over 9 ft 6 in"}, {'L', "8 ft 6 in"},
                             {'M', "9 ft"},           {'N', "9 ft 6 in"}, {'P', "over 9 ft 6 in"}};
constexpr Named types[] = {
    {'G', "general purpose"}, {'V', "ventilated"},     {'B', "dry bulk"}, {'S', "named cargo"}, {'R', "refrigerated"},
    {'H', "insulated"},       {'U', "open top"},       {'P', "platform"}, {'T', "tank"},        {'K', "tank"},
    {'N', "hopper or tank"},  {'A', "air and surface"}};

template <typename Table>
auto find_code(const Table& table, char code) {
  return std::find_if(std::begin(table), std::end(table), [code](const auto& row) { return row.code == code; });
}

}  // namespace

std::optional<SizeType> parse_size_type(std::string_view code) {
  if (code.size() != 4 || code[3] < '0' || code[3] > '9') return std::nullopt;
  const auto length = find_code(lengths, code[0]);
  const auto height = find_code(heights, code[1]);
  const auto type = find_code(types, code[2]);
  if (length == std::end(lengths) || height == std::end(heights) || type == std::end(types)) return std::nullopt;
  return SizeType{std::string(code), length->mm, height->name, type->name};
}

std::vector<std::string> repair_size_type(const Seen& seen) {
  // The codes on the road; a code that is not among them is kept when seen exactly, never repaired towards.
  static const detail::Pattern pattern = detail::compile("{2|4|L}{0|2|5}{G|R|U|P|T|B|K}{0|1|2|3|4|5|6|7|8|9}");
  const std::vector<detail::Glyph> text = detail::glyphs_of(seen);
  if (text.size() != 4) return {};
  std::vector<std::string> out;
  if (const std::string plain = detail::text_of(text); parse_size_type(plain)) out.push_back(plain);
  for (const detail::Match& match : detail::best_matches(pattern, text, repair_limit, 4)) {
    const std::string code = to_utf8(match.text);
    if (std::find(out.begin(), out.end(), code) == out.end()) out.push_back(code);
  }
  return out;
}

}  // namespace torugart::ocr
