// Private to kiosk/touch: how words are broken into lines and shrunk until they fit. Pure; the width of a piece of
// text comes from a function.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace torugart::touch {

/// Width of `words` on one line at size 1.
using Measure = std::function<float(std::string_view words)>;

struct Layout {
  std::vector<std::string> lines;
  float size = 0;
  bool clipped = false;
};

/// Breaks between words only (and at '\n').
std::vector<std::string> wrap(std::string_view words, float width, float size, const Measure& measure);

/// The largest size in [least, full] (whole pixels) at which the words fit into width × height in at most
/// `max_lines`; at the least size what does not fit ends in "…". `line_height` is a factor of the size.
Layout fit(std::string_view words, float width, float height, float full, float least, int max_lines,
           float line_height, const Measure& measure);

}  // namespace torugart::touch
