#include "imaging/scan/picture_statistics.h"

#include <cmath>
#include <vector>

#include "imaging/scan/statistics.h"

namespace torugart::imaging::detail {
namespace {

constexpr std::size_t kListedColumns = 4096;

// Robust deviation of neighbours in the open beam. Three columns apart, because resampling ties nearer ones together.
double air_noise(const ScanView& view, Energy energy) {
  constexpr std::size_t kWanted = 200000;
  constexpr int kApart = 3;
  const auto in_air = [](std::uint16_t v) { return v > 0.9 * kOpenBeam && v < 1.09 * kOpenBeam; };
  const double pixels = static_cast<double>(view.rows) * view.columns;
  const int step = std::max(1, static_cast<int>(std::sqrt(pixels / 2e6)));
  std::vector<float> differences;
  std::vector<std::uint16_t> row(static_cast<std::size_t>(view.columns));
  for (int y = 0; y < view.rows && differences.size() < kWanted; y += step) {
    view.read_row(energy, 0, 0, y, row);
    for (std::size_t x = kApart; x < row.size(); x += static_cast<std::size_t>(step)) {
      if (in_air(row[x]) && in_air(row[x - kApart])) {
        differences.push_back(std::abs(static_cast<float>(row[x]) - static_cast<float>(row[x - kApart])));
      }
    }
  }
  if (differences.size() < 2000) return 0;
  return 1.4826 * median(std::move(differences)) / std::sqrt(2.0) / kOpenBeam;
}

}  // namespace

void measure(const ScanView& view, ScanStatistics& statistics) {
  std::int64_t dark = 0;
  std::int64_t over = 0;
  for (std::size_t b = 0; b < view.blocks.size(); ++b) {
    const ColumnBlock& block = *view.blocks[b];
    std::vector<int> missing(static_cast<std::size_t>(block.columns()), 0);
    for (int y = 0; y < block.rows(); ++y) {
      const std::uint16_t* row = block.row(Energy::high, 0, y);
      for (std::size_t x = 0; x < missing.size(); ++x) {
        dark += row[x] == kNoSignal ? 1 : 0;
        over += row[x] == kOverRange ? 1 : 0;
        missing[x] += row[x] == kMissing ? 1 : 0;
      }
    }
    for (std::size_t x = 0; x < missing.size() && statistics.missing_columns.size() < kListedColumns; ++x) {
      if (missing[x] == block.rows()) {
        statistics.missing_columns.push_back(static_cast<std::int64_t>(b) * ColumnBlock::kColumns +
                                             static_cast<std::int64_t>(x));
      }
    }
  }
  const double pixels = static_cast<double>(view.rows) * view.columns;
  if (pixels <= 0) return;
  statistics.no_signal_percent = 100.0 * static_cast<double>(dark) / pixels;
  statistics.over_range_percent = 100.0 * static_cast<double>(over) / pixels;
  statistics.air_noise_high = air_noise(view, Energy::high);
  if (view.has_low) statistics.air_noise_low = air_noise(view, Energy::low);
}

}  // namespace torugart::imaging::detail
