// A text as a QR code, for paper: a checkpoint that is printed and kept elsewhere is a witness. Reentrant.
#pragma once

#include <string>

namespace torugart::exchange {

// Up to about 2000 bytes; longer ones give nothing.
std::string qr_blocks(const std::string& text);  // for a terminal: UTF-8 half blocks, dark on light, lines of text
// A picture that any browser prints; the text stands below the code, so that it can be read without one.
std::string qr_svg(const std::string& text);

}  // namespace torugart::exchange
