// What may be written in a look at a region: the stretch of lines and the set of characters that make the best number.
// Pure. Internal to ocr/read; look.h takes the looks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ocr/numbers/container.h"
#include "ocr/read/judge.h"
#include "ocr/read/layout.h"
#include "ocr/read/read.h"
#include "ocr/read/spell.h"

namespace torugart::ocr::detail {

inline constexpr std::size_t shortest_plate = 3;
inline constexpr std::size_t shortest_code = 10;
inline constexpr std::size_t shortest_part = 3;  // of a code, from which the rest is looked for

struct Look {
  Spelling spelling;
  Layout layout;
};

// What a region was read as: reads without picture, best first, and where the text of the best one stands.
struct RegionReads {
  std::vector<Read> reads;
  Quad quad{};
  double worth() const;  // of the best one; 0 without any
};

// Whether a second look's reads take the place of the first one's. Pure.
bool beats(const RegionReads& other, const RegionReads& best);

// Readings of a look as plates, the best stretch of lines first. Doubtful characters (a bolt, a flag, a tower between
// letters) are tried both ways, with and without. Pure.
RegionReads plates_in(const Look& look, const std::vector<std::string>& countries, Place place);
// The same as container numbers; a size and type code is taken from the characters after the number. Pure.
RegionReads containers_in(const Look& look, const OwnerTable* owners);

// Where the whole code should stand when a look shows only a part of it (the number without its owner, the owner
// without its number, or without the check digit): canvas coordinates. Nothing: less than a part is seen. Pure.
std::optional<Quad> whole_code_around(const Layout& layout);

// Whether a line is an owner code, a serial number or both. Pure.
bool part_of_a_code(const Layout& layout);

// The first four characters on end, of a line or after the `skip`-th character, that are a size and type code; at most
// one of them repaired. Empty: none. Pure.
std::string size_type_in(const Layout& layout, std::size_t skip);

}  // namespace torugart::ocr::detail
