// Which characters readers mistake for each other, and how dear it is to believe so.
#pragma once

namespace torugart::ocr {

// Cost of taking `seen` for `meant`: 0 when equal, about 0.5 for look-alikes (0/O), up to 2 for distant relatives
// (0/C), and `impossible_repair` for everything else. Symmetric. Covers Latin, digits and the Cyrillic letters that
// look like them (the table is data in confusion.cpp).
double confusion_cost(char32_t seen, char32_t meant);

inline constexpr double impossible_repair = 100.0;

// No candidate of any grammar costs more than this in total: beyond it a "repair" would be an invention.
inline constexpr double repair_limit = 2.0;

}  // namespace torugart::ocr
