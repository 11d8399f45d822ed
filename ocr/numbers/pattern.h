// Patterns compiled to tokens, and the search for the cheapest ways to take what was seen for one. Internal.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ocr/numbers/seen.h"

namespace torugart::ocr::detail {

struct Token {
  std::u32string letters;             // any one of these, when `words` is empty
  std::vector<std::u32string> words;  // or one of these words
  char32_t drawn = 0, meant = 0;      // a letter of another script that these plates draw for one of theirs
  bool group_before = false;          // a display space stands before it
};

struct Pattern {
  std::vector<Token> tokens;
  std::size_t shortest = 0;
  std::size_t longest = 0;
};

Pattern compile(std::string_view pattern);

struct Match {
  std::u32string text;
  double cost = 0;
  int repairs = 0;
  std::size_t position = 0;  // code points of the input used so far
};

// One character of the input, normalised.
struct Glyph {
  char32_t character = 0;
  double confidence = 0.9;
  std::vector<Choice> choices;
};
std::vector<Glyph> glyphs_of(const Seen& seen);
std::string text_of(std::span<const Glyph> glyphs);

// Price of taking `seen` for `meant`: the confusion table's or that of the reader's own second choices, whichever is
// less. Certain characters are dearer to change.
double repair_price(const Glyph& seen, char32_t meant);

// The cheapest whole matches, at most `beam`, cheapest first; none costs more than `limit`.
std::vector<Match> best_matches(const Pattern& pattern, std::span<const Glyph> seen, double limit, std::size_t beam);

// A matching text with the display spaces of its pattern.
std::u32string grouped(const Pattern& pattern, std::u32string_view text);

}  // namespace torugart::ocr::detail
