// Several readings of one line made one. A reader's own certainty says little: Tesseract often gives 0.3 to what is
// plainly right. That readers and sizes agree says more. Pure. Internal to ocr/read.
#pragma once

#include <cstddef>
#include <vector>

#include "ocr/numbers/seen.h"

namespace torugart::ocr::detail {

// Readings of `pieces` characters vote on each; readings of another length count half against every character. 0 and
// O, 1 and I are one shape and count as agreeing. A character on which all agree has 0.95 or more, one on which they
// differ less than 0.8, and what the others saw becomes its second choices. Fewer than three votes: empty.
Seen agreed(const std::vector<Seen>& readings, std::size_t pieces);

// `seen` with 0 for O (O for 0, 1 for I, I for 1) where `text`, of the same length, has it so.
Seen same_shapes_as(const Seen& seen, const std::string& text);

}  // namespace torugart::ocr::detail
