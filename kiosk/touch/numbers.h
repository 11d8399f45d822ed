// Numbers that look like what they are: a plate like a plate of its country, a container number grouped as painted on
// the door (ISO 6346: `MSKU 123456 5`, the check digit in a box). Doubtful characters are marked.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "kiosk/touch/ui.h"

namespace torugart::touch {

struct NumberChip {
  std::string_view text;               ///< normalised: no spaces ("B123ABC", "MSKU1234565"); upper-case, UTF-8
  std::string_view country = {};       ///< plates: ISO 3166 alpha-2 ("KZ"), empty if not known
  std::span<const int> doubtful = {};  ///< indices of characters (not bytes) of `text` to look at
  bool sure = true;                    ///< false: shown as to be checked
  bool selected = false;
  bool touchable = false;
};

/// A plate, filling `r` as well as a plate's proportions allow, left-aligned. True when tapped.
bool plate(Ui& ui, std::string_view id, const Rect& r, const NumberChip& chip);
/// A container number. True when tapped.
bool container(Ui& ui, std::string_view id, const Rect& r, const NumberChip& chip);

/// The text as a person writes it: plate groups of the country, container "MSKU 123456 5".
std::string grouped_plate(std::string_view text, std::string_view country);
std::string grouped_container(std::string_view text);

}  // namespace torugart::touch
