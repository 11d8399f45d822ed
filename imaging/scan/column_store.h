// Internal to imaging/scan: columns in, blocks out. One producer appends, any thread takes snapshots.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "imaging/core/scan_view.h"

namespace torugart::imaging::detail {

class ColumnStore {
 public:
  ColumnStore(int rows, bool dual, bool pyramid);

  // Producer only. An empty span is a missing column.
  void append(std::span<const std::uint16_t> high, std::span<const std::uint16_t> low);
  void read_column(Energy energy, int x, std::span<std::uint16_t> out) const;
  [[nodiscard]] int columns() const { return columns_; }
  // Everything so far with the last block closed. The store is empty afterwards; revision goes on growing.
  [[nodiscard]] ScanView take();

  // Any thread.
  [[nodiscard]] std::shared_ptr<const ScanView> snapshot() const;

 private:
  using Lines = std::vector<std::uint16_t>;  // 64 lines, each stride_ after the one before
  [[nodiscard]] std::shared_ptr<const ColumnBlock> close(const Lines& high, const Lines& low, int columns) const;

  const int rows_;
  const bool dual_;
  const bool pyramid_;
  std::size_t stride_ = 0;  // samples
  int columns_ = 0;
  Lines partial_[2];  // written by the producer under the lock
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const ColumnBlock>> blocks_;
  std::uint64_t revision_ = 1;
  mutable std::shared_ptr<const ScanView> last_;
};

}  // namespace torugart::imaging::detail
