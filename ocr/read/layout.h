// Characters of a canvas put in the order in which they are read. Pure. Internal to ocr/read.
//
// Lines may slope, all of them alike. What is much smaller than the rest (a dealer's name, a state's motto, the mark
// under a flag) is left out. A column is one line whose characters stand below one another; a second column beside it
// (the size and type code) is a line of its own.
#pragma once

#include <cstddef>
#include <vector>

#include "ocr/numbers/seen.h"
#include "ocr/read/spell.h"

namespace torugart::ocr::detail {

using GlyphLine = std::vector<SpelledGlyph>;  // in reading order

struct Layout {
  std::vector<GlyphLine> lines;  // from the top; columns from the left
  double slope = 0;  // of the lines: pixels down for a pixel along. Columns: pixels right for a pixel down
  bool column = false;
  std::size_t count() const;
};

// `column`: the characters stand below one another.
Layout lines_of_glyphs(const std::vector<SpelledGlyph>& glyphs, bool column);

// Text of lines `first` to `last`, joined. A character's confidence is that one is there times that it is this one;
// its second choices likewise.
Seen seen_of(const Layout& layout, std::size_t first, std::size_t last);
Seen seen_of(const GlyphLine& line);

// The quadrangle that holds lines `first` to `last`, drawn along their slope; canvas coordinates.
Quad quad_of(const Layout& layout, std::size_t first, std::size_t last);

// Whether the canvas showed the text badly, so that another look at quad_of() is worth its time: lines slope, the text
// is small, or it runs out of the canvas.
bool badly_laid(const Layout& layout, Canvas canvas);

}  // namespace torugart::ocr::detail
