// Registration plates of the region and its neighbours: grammars as rows of data, and a parser that ranks and repairs
// what was seen. It never makes a number out of something else: the total cost of repairs is bounded.
// Reentrant: pure functions over constant tables.
// Source: national plate standards as summarised in the table's own rows (plate_rules.cpp).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ocr/numbers/seen.h"

namespace torugart::ocr {

// One row: how the plates of one kind look. Pattern language, one symbol per character:
//   9 digit   A Latin letter   @ Latin letter used on Russian plates (ABEKMHOPCTYX)   Я Mongolian Cyrillic letter
//   W letter or digit (Chinese serial: no I, no O)   省 Chinese province character   {NNN|NNN} one of these words
//   anything else: itself. A space marks where the plate is grouped for display, and matches nothing.
struct PlateRule {
  std::string_view country;  // ISO 3166, two letters
  std::string_view kind;     // "standard", "company", "trailer", "old", "new energy", …
  std::string_view pattern;
  bool loose;  // matches so much that it says little (PK): never enough to accept a read
};
std::span<const PlateRule> plate_rules();

struct PlateCandidate {
  std::string text;  // normalised, no spaces
  std::string country;
  std::string kind;
  double repair_cost = 0;  // 0: exactly as seen
  int repairs = 0;         // characters changed
  bool loose = false;
};

struct PlateSearch {
  std::vector<std::string> countries;  // preferred; others follow. Empty: the region, as the table is ordered
  std::size_t most = 5;
};

// Candidates, best first: cheapest repair, then preferred country, then the table's order. A character seen with high
// confidence costs more to repair than a doubtful one. Nothing fits: empty, and the text as seen stays what it is.
std::vector<PlateCandidate> parse_plate(const Seen& seen, const PlateSearch& search = {});

// True if the text is, without any repair, a plate of this country (any country when empty).
bool is_plate(const std::string& text, const std::string& country = {});

// "123ABC02", "KZ" -> "123 ABC 02". Text that fits no rule is given back as it is.
std::string display_plate(const std::string& text, const std::string& country = {});

}  // namespace torugart::ocr
