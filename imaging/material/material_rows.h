// Classes row by row, for part of a pyramid level: what classify() and the renderer have in common.
// For each pixel the attenuations of both energies are averaged over the table's window (smaller on reduced levels,
// which are smoothed already), over the pixels that both energies measured; then one table lookup. Past the picture's
// Where the picture is even over a window of twice the size (no edge in it) and the small one leaves doubt, the class of the large
// one holds: a quarter of the noise, so that an even load is one colour and does not sparkle, while edges stay where they are. Past the picture's
// edge its last column and row go on, so that what is seen does not depend on the part asked for. Thread-bound; keeps
// its buffers. Rows asked for in growing order are quickest.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "imaging/core/scan_view.h"
#include "imaging/material/classifier.h"

namespace torugart::imaging {

class MaterialRows {
 public:
  // Columns x … x + width - 1 of a level. `view` and `table` must outlive the calls of row().
  void start(const ScanView& view, const MaterialTable& table, int level, int x, int width);
  // Cells as MaterialTable::cells() has them (class and sureness). Valid until the next call.
  [[nodiscard]] std::span<const std::uint8_t> row(int y);

 private:
  struct Row {
    int y = -1;
    bool masked = false;                  // some pixel was not measured; else `count` is not kept
    std::vector<std::int32_t> high, low;  // sums over the window's width, 1/2048 of alpha
    std::vector<std::int32_t> count;      // measured pixels there, and 256 times those without signal
  };
  void load(Row& into, int y);
  void read(Energy energy, int y, std::vector<std::uint16_t>& into) const;
  void add_up(int y);
  Row& slot(int y);
  void ask_wider(int y);

  const ScanView* view_ = nullptr;
  const MaterialTable* table_ = nullptr;
  RowReader high_, low_;
  int level_ = 0, x_ = 0, width_ = 0, reach_ = 0;
  float bias_high_ = -1, bias_low_ = -1;
  std::vector<std::int16_t> alpha_of_high_, alpha_of_low_;  // by code, for these biases
  int rows_ = 0, columns_ = 0;                              // of the level; past them its last ones go on
  int current_ = 0;                                         // the row whose window is summed up
  bool summed_ = false;
  std::vector<Row> ring_;  // the rows of the window
  std::vector<std::int32_t> sum_high_, sum_low_, sum_count_;
  std::vector<std::uint16_t> codes_high_, codes_low_, centre_;
  std::vector<std::int16_t> alpha_high_, alpha_low_, measured_;
  std::vector<std::uint16_t> index_;
  std::vector<std::uint8_t> edge_;
  std::unique_ptr<MaterialRows> wide_;  // one level further down, for windows of twice the size; null: none
  int wide_x_ = 0, wide_y_ = 0;
  bool wide_used_ = false;
  std::vector<std::uint8_t> wide_cells_;  // of row wide_y_, each twice
  std::vector<std::uint8_t> cells_;
};

}  // namespace torugart::imaging
