// What can go wrong with the screen, in words for the person who can do something about it.
#pragma once
#include <string>

#include <tl/expected.hpp>

namespace torugart::platform {

struct Error {
  enum class Code {
    no_display,  ///< SDL finds no display and no offscreen driver
    no_gl,       ///< no OpenGL 3.3 on this display
    no_font,     ///< none of the fonts of the list is installed
    texture,     ///< the graphics card refused a picture
    file,        ///< a screenshot could not be written
    lost,        ///< the display or the GL context went away while running
  };
  Code code;
  std::string what;   ///< what happened, with the library's own words
  std::string where;  ///< which display, file, font
  std::string help;   ///< what to do

  std::string text() const {
    return what + (where.empty() ? "" : " (" + where + ")") + (help.empty() ? "" : ". " + help);
  }
};

template <typename T>
using Result = tl::expected<T, Error>;

}  // namespace torugart::platform
