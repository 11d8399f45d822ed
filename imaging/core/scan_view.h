// The scan as it can be read while it still grows: immutable blocks of 64 columns, each with its own pyramid.
//
// A ScanView is a value: a list of shared blocks. Taking one is cheap (pointers, and for the unfinished block at the
// end one copy of it), and what it shows never changes afterwards, so a screen draws from it while lines arrive
// elsewhere.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "imaging/core/geometry.h"
#include "imaging/core/sample_memory.h"
#include "imaging/core/transmission.h"

namespace torugart::imaging {

enum class Energy : std::uint8_t { high = 0, low = 1 };

// Row-major inside: row y of level k holds 64 >> k samples. Whoever makes a block writes its samples and shares it as const
// when it is whole; from then on it never changes, so it is thread-safe to read.
// Level k halves both directions k times: the mean of the measured samples of 2 x 2. A quad with half of it missing
// is missing, one with an over-range sample is over range, one where half has no signal or more has no signal: a mask
// shrinks with the picture and does not vanish from it.
class ColumnBlock {
 public:
  static constexpr int kColumns = 64;
  static constexpr int kLevels = 7;  // 64, 32, … 1 columns
  static constexpr int kStrip = 64;  // rows that share no sample of any level with other rows

  // Contents are unspecified. `pyramid` off leaves only level 0 (raw counts that nobody draws).
  ColumnBlock(int rows, int columns, bool has_low, bool pyramid = true);

  // -- while it is being made. Samples of columns at or past columns() must be kMissing.
  [[nodiscard]] std::uint16_t* edit(Energy energy, int y) {
    return level(energy, 0) + static_cast<std::size_t>(y) * kColumns;
  }
  // Makes the other levels of rows y … y + kStrip - 1 (or to the last row), which have been written; y is a multiple of
  // kStrip. Strip by strip, while what was written still lies in the cache.
  void reduce(Energy energy, int y);
  void reduce();  // all of it

  // -- afterwards
  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] int columns() const { return columns_; }  // 1 .. 64; below 64 only in the last block
  [[nodiscard]] bool has_low() const { return has_low_; }
  [[nodiscard]] int levels() const { return pyramid_ ? kLevels : 1; }
  [[nodiscard]] int level_rows(int level) const { return (rows_ + (1 << level) - 1) >> level; }
  [[nodiscard]] static constexpr int level_columns(int level) { return kColumns >> level; }
  [[nodiscard]] const std::uint16_t* row(Energy energy, int level_number, int y) const {
    return level(energy, level_number) +
           static_cast<std::size_t>(y) * static_cast<std::size_t>(level_columns(level_number));
  }
  [[nodiscard]] std::size_t bytes() const;

 private:
  [[nodiscard]] std::uint16_t* level(Energy energy, int k) const {
    return memory_.data() + static_cast<std::size_t>(energy) * plane_ + start_[static_cast<std::size_t>(k)];
  }
  int rows_;
  int columns_;
  bool has_low_, pyramid_;
  std::array<std::size_t, kLevels> start_{};  // of each level in a plane, samples
  std::size_t plane_ = 0;                     // samples of one energy, all levels
  SampleMemory memory_;
};

struct ScanView {
  int rows = 0;     // detectors
  int columns = 0;  // columns so far
  bool has_low = false;
  std::vector<std::shared_ptr<const ColumnBlock>> blocks;  // all but the last hold 64 columns
  std::uint64_t revision = 0;  // grows with every change of the scan it came from: equal revision, equal picture

  [[nodiscard]] bool empty() const { return rows == 0 || columns == 0; }
  [[nodiscard]] Rect bounds() const { return {0, 0, columns, rows}; }
  [[nodiscard]] int levels() const { return blocks.empty() ? 1 : blocks.front()->levels(); }
  // kMissing outside the image.
  [[nodiscard]] std::uint16_t value(Energy energy, int x, int y) const;
  // Fills `out` with samples x, x+1, … of row y at a pyramid level (coordinates of that level); kMissing outside.
  void read_row(Energy energy, int level, int x, int y, std::span<std::uint16_t> out) const;
  [[nodiscard]] std::size_t bytes() const;
};

// ScanView::read_row() for many rows of one stretch of columns: finds the blocks once, and asks for rows to come ahead of
// time, because a row of many blocks is too many streams for the processor to foresee. Thread-bound; the view must
// outlive it.
class RowReader {
 public:
  RowReader() = default;
  RowReader(const ScanView& view, Energy energy, int level, int x, int n);
  // Fills `out` with the n samples of row y.
  void read(int y, std::uint16_t* out) const;
  [[nodiscard]] int count() const { return count_; }

 private:
  static constexpr int kAhead = 8;  // rows
  int rows_ = 0, stride_ = 64, count_ = 0;
  int before_ = 0, inside_ = 0;  // samples left of the image; columns of the first block that are not wanted
  int measured_ = 0;             // samples inside the image's blocks
  std::vector<const std::uint16_t*> blocks_;  // first rows
};

}  // namespace torugart::imaging
