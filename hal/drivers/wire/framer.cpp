#include "hal/drivers/wire/framer.h"

namespace torugart::hal::drivers::wire {

// True when the line is whole.
bool LineFramer::take(char c) {
  if (c == '\n' || c == '\r') return !line_.empty();
  if (line_.size() < kLongest) {
    line_.push_back(c);
  } else if (!skipping_) {
    skipping_ = true;
    ++cut_;
  }
  return false;
}

void LineFramer::reset() {
  line_.clear();
  skipping_ = false;
}

}  // namespace torugart::hal::drivers::wire
