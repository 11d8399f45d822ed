// Bytes, torn and glued as a network delivers them, into lines. Ends of lines are LF, CR or CR LF; empty lines are
// none. A line longer than kLongest is cut there, its rest is skipped up to its end, and it counts as cut. Thread-bound.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace torugart::hal::drivers::wire {

class LineFramer {
 public:
  static constexpr std::size_t kLongest = 1024;

  // Calls each(std::string_view line) for every line that is whole now.
  template <class Each>
  void push(std::string_view bytes, Each each) {
    for (const char c : bytes) {
      if (take(c)) {
        each(std::string_view(line_));
        line_.clear();
        skipping_ = false;
      }
    }
  }
  void reset();
  std::uint64_t cut() const { return cut_; }
  bool between_lines() const { return line_.empty() && !skipping_; }

 private:
  bool take(char c);
  std::string line_;
  bool skipping_ = false;
  std::uint64_t cut_ = 0;
};

}  // namespace torugart::hal::drivers::wire
