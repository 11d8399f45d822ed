// Patterns compiled to tokens, and the search for the cheapest ways to take what was seen for one. Internal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace torugart::ocr::detail {

struct Token {
  std::u32string letters;             // any one of these, when `words` is empty
  std::vector<std::u32string> words;  // or one of these words
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

// Price of reading `seen`, seen with this confidence, as `meant`. Certain characters are dearer to change.
double repair_price(char32_t seen, double confidence, char32_t meant);

// The cheapest whole matches, at most `beam`, cheapest first; none costs more than `limit`.
std::vector<Match> best_matches(const Pattern& pattern, std::u32string_view seen,
                                const std::vector<double>& confidences, double limit, std::size_t beam);

// Positions (in characters of a matching text) before which a display space stands.
std::u32string grouped(const Pattern& pattern, std::u32string_view text);

}  // namespace torugart::ocr::detail
