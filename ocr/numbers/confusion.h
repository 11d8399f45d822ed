// Which characters readers mistake for each other, and how dear it is to believe so.
#pragma once

namespace torugart::ocr {

// Cost of taking `seen` for `meant`: 0 when equal, about 0.5 for look-alikes (0/O), up to 2 for distant relatives
// (0/C), and `impossible_repair` for everything else. Symmetric. Covers Latin, digits and the Cyrillic letters that
// look like them (the table is data in confusion.cpp).
double confusion_cost(char32_t seen, char32_t meant);

// Characters that are drawn alike in most fonts of plates and steel: 0/O, 1/I, 3/З, Y/Ү, В/B. Which is meant only the
// grammar can tell, and telling it is no repair of what was seen. Not transitive (У and Ү are not, both are Y).
bool same_shape(char32_t a, char32_t b);

inline constexpr double impossible_repair = 100.0;

// No candidate of any grammar costs more than this in total: beyond it a "repair" would be an invention.
inline constexpr double repair_limit = 2.0;

}  // namespace torugart::ocr
