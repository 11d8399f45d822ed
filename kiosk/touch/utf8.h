// Private to kiosk/touch: UTF-8 by characters. Invalid bytes count as one character each.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace torugart::touch {

inline std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> out;
  for (const char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (continues && !out.empty() && out.back().size() < 4)
      out.back() += c;
    else
      out.emplace_back(1, c);
  }
  return out;
}

/// Upper and lower case of Latin and Cyrillic, the alphabets of the keyboard.
std::string upper(std::string_view text);
std::string lower(std::string_view text);

}  // namespace torugart::touch
