// From what was seen to reads: grammar, confidence, verdict of one frame. Pure. Internal to ocr/read.
#pragma once

#include <string>
#include <vector>

#include "ocr/numbers/container.h"
#include "ocr/read/read.h"

namespace torugart::ocr::detail {

// Where a text stands says how much it must look like a number before it counts as one without any grammar.
enum class Place {
  anywhere,  // lettering of any kind: five to nine characters, two digits, seen with confidence
  plate,     // something that looks like a plate: four to nine characters, a digit
  crop,      // certainly a plate: three to ten characters
};

// Reads without place and picture, best first, at most `most`. What was seen is among them as it is, without a country,
// where it looks like a number and no grammar is met without dear repairs.
std::vector<Read> judge_plate(const Seen& seen, int lines, const std::vector<std::string>& countries,
                              std::size_t most = 3, Place place = Place::anywhere);
std::vector<Read> judge_container(const Seen& seen, const OwnerTable* owners, std::size_t most = 3);

// Characters of the number that stand on the plate as such; the KG of a Kyrgyz plate is a mark and may be left out.
std::size_t characters_seen(const Read& read);

// Accepted from this sureness on: the lowest at which none of 465 plates and of 526 codes on drawn frames was wrong.
// Set on drawn frames, never on real ones: see README.md.
inline constexpr double sure_plate = 0.9;
inline constexpr double sure_container = 0.4;

// Lowers the sureness of a read to at most `sureness`, and its verdict with it. `level`: sure_plate or sure_container.
void doubt(Read& read, double sureness, double level);

// Where in what was seen a text begins: the grammar drops characters only at the edges, so it is where most agree.
std::size_t offset_of(const std::u32string& text, const std::u32string& seen);

// Order of reads within a frame: higher is better.
double worth(const Read& read);

}  // namespace torugart::ocr::detail
