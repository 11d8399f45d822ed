#include "ocr/numbers/wording.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace torugart::ocr {
namespace {

constexpr std::array<std::string_view, 8> words = {"GROSS",   "TARE",  "PAYLOAD", "CUCAP",
                                                   "CUBECAP", "MAXGR", "AXGRO",   "CUFT"};
constexpr std::array<std::string_view, 7> units = {"KG", "KGS", "LB", "LBS", "CUM", "CU", "KGM"};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

bool is_weight_table(const std::string& text) {
  for (const auto word : words) {
    if (text.find(word) != std::string::npos) return true;
  }
  // A figure and its unit at the end: three digits or more, so that plates that end in such letters stay plates only
  // when their figure is short or their letters go on.
  for (const auto unit : units) {
    if (text.size() < unit.size() + 3 || !text.ends_with(unit)) continue;
    const std::string_view before = std::string_view(text).substr(0, text.size() - unit.size());
    const auto last = std::find_if_not(before.rbegin(), before.rend(), digit);
    const auto figures = last - before.rbegin();
    const bool volume = unit.starts_with("CU");
    if (volume ? figures == 2 || figures == 3 : figures == 4 || figures == 5) return true;
  }
  return false;
}

}  // namespace torugart::ocr
