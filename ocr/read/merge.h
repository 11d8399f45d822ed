// Two looks at one place made one: what only one of them saw is half as likely there, and a character that both saw is
// what both together take it for. Pure. Internal to ocr/read.
#pragma once

#include <vector>

#include "ocr/read/spell.h"

namespace torugart::ocr::detail {

// Two opinions of one character made one, likeliest first, at most five; `share` in [0, 1] is the second one's.
std::vector<Choice> mean_of(const std::vector<Choice>& a, const std::vector<Choice>& b, double share = 0.5);

// In the canvas of `first`. Characters are the same when their middles in the frame are nearer than half a character.
Spelling merged(const Spelling& first, const Spelling& second);

}  // namespace torugart::ocr::detail
