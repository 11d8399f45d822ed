#include "imaging/core/scan_image.h"

#include <algorithm>

namespace torugart::imaging {

const char* to_string(CalibrationVerdict verdict) {
  switch (verdict) {
    case CalibrationVerdict::good:
      return "good";
    case CalibrationVerdict::old:
      return "old";
    case CalibrationVerdict::poor:
      return "poor";
    case CalibrationVerdict::none:
      return "none";
  }
  return "none";
}

ScanView make_view(const Raster16& high, const Raster16& low, bool pyramid) {
  ScanView view;
  view.rows = high.height();
  view.columns = high.width();
  view.has_low = !low.empty();
  view.revision = 1;
  constexpr int kColumns = ColumnBlock::kColumns;
  for (int x = 0; x < view.columns; x += kColumns) {
    const int columns = std::min(kColumns, view.columns - x);
    auto block = std::make_shared<ColumnBlock>(view.rows, columns, view.has_low, pyramid);
    for (const Energy energy : {Energy::high, Energy::low}) {
      if (energy == Energy::low && !view.has_low) continue;
      const Raster16& from = energy == Energy::high ? high : low;
      for (int y = 0; y < view.rows; ++y) {
        std::uint16_t* to = block->edit(energy, y);
        std::copy_n(from.row(y).begin() + x, columns, to);
        std::fill(to + columns, to + kColumns, kMissing);
        if ((y + 1) % ColumnBlock::kStrip == 0 || y + 1 == view.rows)
          block->reduce(energy, y / ColumnBlock::kStrip * ColumnBlock::kStrip);
      }
    }
    view.blocks.push_back(std::move(block));
  }
  return view;
}

Raster16 to_raster(const ScanView& view, Energy energy, Rect part) {
  if (part.empty()) return {};
  Raster16 out(part.w, part.h);
  for (int y = 0; y < part.h; ++y)
    view.read_row(energy, 0, part.x, part.y + y, out.row(y));
  return out;
}

Raster16 to_raster(const ScanView& view, Energy energy) {
  if (energy == Energy::low && !view.has_low) return {};
  return to_raster(view, energy, view.bounds());
}

}  // namespace torugart::imaging
