// Characters as the speller would give them, written by hand.
#pragma once

#include <string>
#include <vector>

#include "ocr/read/spell.h"

namespace torugart::ocr::test {

inline detail::SpelledGlyph glyph(char32_t c, float x, float y, float height = 30, double present = 0.99) {
  detail::SpelledGlyph g;
  g.at = {x, y};
  g.height = height;
  g.width = (c == U'1' || c == U'I' ? 0.25F : 0.55F) * height;
  g.present = present;
  g.choices = {{c, 0.98}, {U'Q', 0.005}};
  return g;
}

// `text` along a line with `slope`, its first character's middle at (x, y). A space is a gap.
inline void write(std::vector<detail::SpelledGlyph>& into, const std::u32string& text, float x, float y,
                  float height = 30, float slope = 0) {
  const float start = x;
  for (const char32_t c : text) {
    if (c != U' ') into.push_back(glyph(c, x, y + slope * (x - start), height));
    x += 0.75F * height;
  }
}

// Each character below the one before.
inline void write_down(std::vector<detail::SpelledGlyph>& into, const std::u32string& text, float x, float y,
                       float height = 22) {
  for (const char32_t c : text) {
    into.push_back(glyph(c, x, y, height));
    y += 1.35F * height;
  }
}

}  // namespace torugart::ocr::test
