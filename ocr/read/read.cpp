#include "ocr/read/read.h"

#include <algorithm>

namespace torugart::ocr {

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::nothing:
      return "nothing";
    case Verdict::ask:
      return "ask";
    case Verdict::accept:
      return "accept";
  }
  return "nothing";
}

const char* to_string(Orientation orientation) {
  return orientation == Orientation::vertical ? "vertical" : "horizontal";
}

double Read::min_confidence() const {
  const auto it = std::min_element(char_confidences.begin(), char_confidences.end());
  return it == char_confidences.end() ? 0 : *it;
}

}  // namespace torugart::ocr
