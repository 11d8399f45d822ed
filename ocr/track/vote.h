// Spellings of one number put to the vote, character by character. Pure. Internal to ocr/track.
#pragma once

#include <string>
#include <vector>

namespace torugart::ocr::detail {

struct Ballot {
  std::u32string text;
  std::vector<double> confidences;  // one per character
};

struct Outcome {
  std::u32string text;
  std::vector<double> confidences;
};

// Insertions, deletions and substitutions between two texts; stops counting above `bound` and returns bound + 1.
std::size_t edit_distance(const std::u32string& a, const std::u32string& b, std::size_t bound);

// Ballots are aligned to the spelling with most weight; each place takes the character with most weight. Its
// confidence is the share of the weight that agrees times how sure the surest three of them are.
Outcome vote(const std::vector<Ballot>& ballots);

}  // namespace torugart::ocr::detail
