// A block of a GigE Vision detector (an "image" of a few rows) → detector lines, with what is missing marked.
//
//   single   a row is a line                 halves   the first half of the rows is one energy, the second the other
//   rows     rows alternate: one energy, the other
//
// The library says that a block is incomplete, not which packets are missing. So every buffer is filled with a pattern
// before it is handed out (fill_pattern): where the pattern is still there, nothing arrived. A row whose end is missing
// is delivered as far as it came (torn); one without a beginning is lost: a gap in the index, like the rows of a block
// that never came. Counts are as the device sent them, little-endian (GenICam PFNC: Mono8, Mono12, Mono16).
// Thread-bound; any bytes are survived.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace torugart::hal::gige_detector {

enum class Energies { single, rows, halves };

struct Block {
  const std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  int width = 0, height = 0;
  int bytes_per_sample = 2;  // 1 or 2
  std::uint64_t id = 0;      // counts up by one per block; 16 bits that skip 0, or 64 bits
  bool complete = true;
};

struct CutLine {
  std::uint32_t index = 0;
  int row = 0;  // in time: 0 is the first line of the block
  std::vector<std::uint16_t> high, low;
};

void fill_pattern(std::uint8_t* bytes, std::size_t size);

class LineCutter {
 public:
  LineCutter(Energies energies, bool low_first) : energies_(energies), low_first_(low_first) {}

  std::vector<CutLine> cut(const Block& block);
  int lines_of(int height) const { return energies_ == Energies::single ? height : height / 2; }
  // A new scan: indices begin at 0, the next block follows nothing.
  void restart();

  std::uint64_t lost_lines() const { return lost_; }
  std::uint64_t torn_lines() const { return torn_; }

 private:
  void skip_missing_blocks(const Block& block);

  const Energies energies_;
  const bool low_first_;
  std::optional<std::uint64_t> last_id_;
  std::uint32_t next_index_ = 0;
  std::uint64_t lost_ = 0, torn_ = 0;
};

}  // namespace torugart::hal::gige_detector
