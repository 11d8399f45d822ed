#include "kiosk/touch/utf8.h"

namespace torugart::touch {
namespace {

std::string shifted(const std::string& c, bool up) {
  if (c.size() == 1) {
    const char a = c[0];
    if (up && a >= 'a' && a <= 'z') return {static_cast<char>(a - 'a' + 'A')};
    if (!up && a >= 'A' && a <= 'Z') return {static_cast<char>(a - 'A' + 'a')};
    return c;
  }
  if (c.size() != 2) return c;
  const unsigned code = (static_cast<unsigned char>(c[0]) & 0x1FU) << 6U | (static_cast<unsigned char>(c[1]) & 0x3FU);
  unsigned to = code;
  // U+0410…042F capital, 0430…044F small; Ё and its neighbours 0400…040F, 0450…045F
  if (up && code >= 0x430 && code <= 0x44F) to = code - 0x20;
  if (up && code >= 0x450 && code <= 0x45F) to = code - 0x50;
  if (!up && code >= 0x410 && code <= 0x42F) to = code + 0x20;
  if (!up && code >= 0x400 && code <= 0x40F) to = code + 0x50;
  return {static_cast<char>(0xC0U | to >> 6U), static_cast<char>(0x80U | (to & 0x3FU))};
}

std::string all_shifted(std::string_view text, bool up) {
  std::string out;
  for (const std::string& c : characters(text))
    out += shifted(c, up);
  return out;
}

}  // namespace

std::string upper(std::string_view text) {
  return all_shifted(text, true);
}
std::string lower(std::string_view text) {
  return all_shifted(text, false);
}

}  // namespace torugart::touch
