// From what was seen to reads: grammar, confidence, verdict of one frame. Pure. Internal to ocr/read.
#pragma once

#include <string>
#include <vector>

#include "ocr/numbers/container.h"
#include "ocr/read/read.h"

namespace torugart::ocr::detail {

// Reads without place and picture, best first, at most `most`. A text that fits no grammar gives at most one read
// without a country, and only if it looks like a number and was seen with confidence.
std::vector<Read> judge_plate(const Seen& seen, int lines, const std::vector<std::string>& countries,
                              std::size_t most = 3);
std::vector<Read> judge_container(const Seen& seen, const OwnerTable* owners, std::size_t most = 3);

// Characters of the number that stand on the plate as such; the KG of a Kyrgyz plate is a mark and may be left out.
std::size_t characters_seen(const Read& read);

// Order of reads within a frame: higher is better.
double worth(const Read& read);

}  // namespace torugart::ocr::detail
