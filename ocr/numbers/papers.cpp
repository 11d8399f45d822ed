#include "ocr/numbers/papers.h"

#include <algorithm>
#include <cstdint>

#include "ocr/numbers/seen.h"

namespace torugart::ocr {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return c >= 'A' && c <= 'Z';
}
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

std::optional<std::int64_t> carnet_number(std::string_view digits) {
  if (digits.size() > 9 || !all_digits(digits)) return std::nullopt;
  std::int64_t n = 0;
  for (const char c : digits)
    n = n * 10 + (c - '0');
  return n;
}

constexpr std::int64_t last_without_prefix = 25'000'000;

}  // namespace

std::optional<std::string> tir_prefix(std::string_view digits) {
  const auto n = carnet_number(digits);
  if (!n) return std::nullopt;
  const std::int64_t m = *n % 23;
  const char c = static_cast<char>('A' + (3 * m + 17) % 26);
  return m < 12 ? std::string{c, 'X'} : std::string{'X', c};
}

TirVerdict check_tir(std::string_view number) {
  const std::string plain = normalised(std::string(number));
  std::string_view digits = plain;
  std::string prefix;
  if (plain.size() > 2 && letter(plain[0]) && letter(plain[1])) {
    prefix = plain.substr(0, 2);
    digits.remove_prefix(2);
  }
  const auto n = carnet_number(digits);
  if (!n || *n == 0) return TirVerdict::not_a_carnet;
  if (prefix.empty()) return *n <= last_without_prefix ? TirVerdict::valid : TirVerdict::prefix_missing;
  return prefix == *tir_prefix(digits) ? TirVerdict::valid : TirVerdict::prefix_wrong;
}

std::optional<AdrPlate> parse_adr(std::string_view text) {
  std::string plain;
  for (const char c : normalised(std::string(text))) {
    if (c != '/') plain.push_back(c);
  }
  AdrPlate plate;
  std::string_view rest = plain;
  if (!rest.empty() && rest.front() == 'X') {
    plate.no_water = true;
    rest.remove_prefix(1);
  }
  if (!all_digits(rest) || rest.size() < 6 || rest.size() > 7) return std::nullopt;
  const std::size_t hazard = rest.size() - 4;
  plate.hazard = (plate.no_water ? "X" : "") + std::string(rest.substr(0, hazard));
  plate.un = rest.substr(hazard);
  return plate;
}

}  // namespace torugart::ocr
