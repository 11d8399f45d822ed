// What a reader saw: text with the certainty of each character. Input of every grammar in this folder.
#pragma once

#include <string>
#include <vector>

namespace torugart::ocr {

// Errors are values: what happened, where, and what the person who reads it can do.
struct Error {
  std::string what;
  std::string where;
  std::string what_to_do;
};

// What else a character may be, as the reader itself says.
struct Choice {
  char32_t character = 0;
  double confidence = 0;  // [0, 1]
};

// `text` is UTF-8, upper case. `confidences` has one value in [0, 1] for each code point of `text`; an empty vector
// means "unknown", and every character then counts as 0.9 (typed or copied text).
// `choices`, where the reader gives them, has for each code point its second choices, likeliest first.
struct Seen {
  std::string text;
  std::vector<double> confidences;
  std::vector<std::vector<Choice>> choices = {};
};

// One code point per element. Invalid UTF-8 becomes U+FFFD; never fails.
std::u32string to_code_points(const std::string& utf8);
std::string to_utf8(const std::u32string& code_points);

// Upper case (Latin and Cyrillic), without spaces, hyphens and dots: the form in which numbers are compared and
// stored.
std::string normalised(const std::string& utf8);

}  // namespace torugart::ocr
