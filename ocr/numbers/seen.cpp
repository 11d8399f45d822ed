#include "ocr/numbers/seen.h"

#include <cstddef>

namespace torugart::ocr {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool continuation(unsigned char byte) {
  return (byte & 0xC0U) == 0x80U;
}

char32_t upper(char32_t c) {
  if (c >= U'a' && c <= U'z') return c - 32;
  if (c >= U'а' && c <= U'я') return c - 32;
  if (c >= 0x450 && c <= 0x45F) return c - 80;
  if (c == U'ө') return U'Ө';
  if (c == U'ү') return U'Ү';
  return c;
}

bool separator(char32_t c) {
  return c <= U' ' || c == U'-' || c == U'.' || c == U'\u00B7' || c == U'\u00A0' || c == U'\u2013' ||
         c == U'\u2014' || c == U'\u2022';
}

}  // namespace

std::u32string to_code_points(const std::string& utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    std::size_t length = lead < 0x80                   ? 1
                         : lead >= 0xC2 && lead < 0xE0 ? 2
                         : lead >= 0xE0 && lead < 0xF0 ? 3
                         : lead >= 0xF0 && lead < 0xF5 ? 4
                                                       : 0;
    char32_t c = length == 1 ? lead : length == 0 ? replacement : lead & (0x7FU >> length);
    bool good = length > 0 && i + length <= utf8.size();
    for (std::size_t k = 1; good && k < length; ++k) {
      const auto byte = static_cast<unsigned char>(utf8[i + k]);
      good = continuation(byte);
      c = (c << 6U) | (byte & 0x3FU);
    }
    const bool overlong = (length == 3 && c < 0x800) || (length == 4 && (c < 0x10000 || c > 0x10FFFF));
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    if (!good || overlong || surrogate) {
      out.push_back(replacement);
      i += 1;
    } else {
      out.push_back(c);
      i += length;
    }
  }
  return out;
}

std::string to_utf8(const std::u32string& code_points) {
  std::string out;
  out.reserve(code_points.size());
  const auto put = [&out](char32_t bits) { out.push_back(static_cast<char>(bits)); };
  for (const char32_t c : code_points) {
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0U | (c >> 6U));
      put(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
      put(0xE0U | (c >> 12U));
      put(0x80U | ((c >> 6U) & 0x3FU));
      put(0x80U | (c & 0x3FU));
    } else {
      put(0xF0U | ((c >> 18U) & 0x07U));
      put(0x80U | ((c >> 12U) & 0x3FU));
      put(0x80U | ((c >> 6U) & 0x3FU));
      put(0x80U | (c & 0x3FU));
    }
  }
  return out;
}

std::string normalised(const std::string& utf8) {
  std::u32string out;
  for (const char32_t c : to_code_points(utf8)) {
    if (!separator(c)) out.push_back(upper(c));
  }
  return to_utf8(out);
}

}  // namespace torugart::ocr
