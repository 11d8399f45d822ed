#include <array>
#include <cstdint>

#include "kiosk/journal/reader.h"

namespace torugart::journal {
namespace {

// Cyrillic capitals of which plates of the region are made, and the Latin ones that look the same.
struct Twin {
  char32_t cyrillic;
  char latin;
};
constexpr std::array<Twin, 12> kTwins{{{0x410, 'A'},
                                       {0x412, 'B'},
                                       {0x415, 'E'},
                                       {0x41A, 'K'},
                                       {0x41C, 'M'},
                                       {0x41D, 'H'},
                                       {0x41E, 'O'},
                                       {0x420, 'P'},
                                       {0x421, 'C'},
                                       {0x422, 'T'},
                                       {0x423, 'Y'},
                                       {0x425, 'X'}}};

void add_ascii(std::string& out, char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
}

void add_two_bytes(std::string& out, char32_t c) {
  if (c < 0xC0) return;  // spaces, dots and signs of Latin-1
  if (c >= 0x430 && c <= 0x44F) c -= 0x20;
  if (c >= 0x450 && c <= 0x45F) c -= 0x50;
  for (const Twin& twin : kTwins)
    if (twin.cyrillic == c) {
      out += twin.latin;
      return;
    }
  out += static_cast<char>(0xC0 | (c >> 6));
  out += static_cast<char>(0x80 | (c & 0x3F));
}

}  // namespace

std::string normalise_number(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const auto next = [&](std::size_t n) -> unsigned char {
      return i + n < text.size() ? static_cast<unsigned char>(text[i + n]) : 0;
    };
    if (lead < 0x80) {
      add_ascii(out, text[i]);
    } else if ((lead & 0xE0) == 0xC0 && (next(1) & 0xC0) == 0x80) {
      add_two_bytes(out, static_cast<char32_t>((lead & 0x1F) << 6 | (next(1) & 0x3F)));
      ++i;
    } else if (lead == 0xE2 && (next(1) == 0x80 || next(1) == 0x81)) {
      i += 2;  // U+2000 … U+207F: spaces, dashes, marks
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace torugart::journal
