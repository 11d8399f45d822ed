// The page of a bundle: what happened, to be read by a person. HTML with nothing loaded from anywhere but the bundle's own
// files. Internal to kiosk/exchange.
#pragma once

#include <string>
#include <vector>

#include "kiosk/exchange/bundle_form.h"
#include "kiosk/journal/reader.h"

namespace torugart::exchange {

struct PageFacts {
  std::string lane, crossing, made;
  std::int64_t checkpoint = 0;
  bool witnessed = false;
  std::string signer;  // vkey
  std::vector<inspection::FileRef> files;
  std::vector<std::string> absent;
};

std::string page_html(const PageFacts& facts, const std::vector<journal::Record>& records);

}  // namespace torugart::exchange
