// Internal to imaging/display.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "imaging/core/scan_view.h"
#include "imaging/display/options.h"

namespace torugart::imaging::detail {

// Row of the plane that gives the brightness. The mean is of measured samples; a mask of either plane goes through.
void read_source(const ScanView& view, Source source, int level, int x, int y, std::span<std::uint16_t> out,
                 std::vector<std::uint16_t>& scratch);

// The same for many rows of one stretch of columns. Thread-bound.
class SourceRows {
 public:
  SourceRows() = default;
  SourceRows(const ScanView& view, Source source, int level, int x, int n);
  void read(int y, std::uint16_t* out);

 private:
  RowReader first_, second_;  // the second for the mean
  bool mean_ = false;
  std::vector<std::uint16_t> scratch_;
};

}  // namespace torugart::imaging::detail
