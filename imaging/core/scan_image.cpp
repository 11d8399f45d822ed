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
  const auto cut = [&](const Raster16& from, int x, int columns) {
    std::vector<std::uint16_t> out;
    if (from.empty()) return out;
    out.assign(static_cast<std::size_t>(view.rows) * kColumns, kMissing);
    for (int y = 0; y < view.rows; ++y) {
      const auto row = from.row(y).subspan(static_cast<std::size_t>(x), static_cast<std::size_t>(columns));
      std::copy(row.begin(), row.end(), out.begin() + static_cast<std::ptrdiff_t>(y) * kColumns);
    }
    return out;
  };
  for (int x = 0; x < view.columns; x += kColumns) {
    const int columns = std::min(kColumns, view.columns - x);
    view.blocks.push_back(std::make_shared<const ColumnBlock>(view.rows, columns, cut(high, x, columns),
                                                              cut(low, x, columns), pyramid));
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
