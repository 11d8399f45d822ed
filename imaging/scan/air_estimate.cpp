#include "imaging/scan/air_estimate.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "imaging/scan/statistics.h"

namespace torugart::imaging::detail {
namespace {

constexpr int kMostColumns = 2048;  // looked at; enough for percentiles of any scan
constexpr int kBins = 1024;         // of 64 counts
constexpr int kFewestAirColumns = 32;

struct Histogram {
  std::array<std::uint32_t, kBins> bins{};
  std::uint64_t total = 0;
  void add(std::uint16_t v) {
    ++bins[v / 64U];
    ++total;
  }
  [[nodiscard]] float percentile(double p) const {
    const double wanted = static_cast<double>(total) * p / 100;
    double sum = 0;
    for (std::size_t b = 0; b < kBins; ++b) {
      const double next = sum + bins[b];
      if (next >= wanted && bins[b] > 0) {
        return static_cast<float>(64.0 * (static_cast<double>(b) + (wanted - sum) / bins[b]));
      }
      sum = next;
    }
    return 65535;
  }
};

struct Columns {
  std::vector<std::vector<std::uint16_t>> lines;  // those that came, thinned out
};

// A detector that says nothing in the whole picture: always zero, mostly full scale, or stuck at one value while
// others move.
std::vector<char> dead_rows(const Columns& columns, int detectors, std::uint16_t full_scale) {
  std::vector<char> dead(static_cast<std::size_t>(detectors), 0);
  std::vector<char> stuck(dead.size(), 0);
  for (std::size_t d = 0; d < dead.size(); ++d) {
    std::uint16_t low = 65535;
    std::uint16_t high = 0;
    std::size_t full = 0;
    for (const auto& line : columns.lines) {
      low = std::min(low, line[d]);
      high = std::max(high, line[d]);
      full += line[d] >= full_scale ? 1U : 0U;
    }
    dead[d] = high == 0 || full * 2 > columns.lines.size();
    stuck[d] = low == high;
  }
  if (std::count(stuck.begin(), stuck.end(), 1) * 2 < detectors) {
    for (std::size_t d = 0; d < dead.size(); ++d)
      dead[d] = static_cast<char>(dead[d] | stuck[d]);
  }
  return dead;
}

// Readings over what the open beam gives to nine tenths of the detectors: see the second rule of air_estimate.h.
std::vector<std::size_t> air_columns(const Columns& columns, std::span<const char> dead,
                                     std::span<const float> brightest) {
  std::vector<std::size_t> found;
  for (std::size_t x = 0; x < columns.lines.size(); ++x) {
    int near = 0;
    int all = 0;
    for (std::size_t d = 0; d < dead.size(); ++d) {
      if (dead[d]) continue;
      ++all;
      near += static_cast<float>(columns.lines[x][d]) > 0.85F * brightest[d] ? 1 : 0;
    }
    if (all > 0 && near * 10 > all * 9) found.push_back(x);
  }
  return found;
}

}  // namespace

AirEstimate estimate_air(int detectors, int columns, bool dual, std::uint16_t full_scale,
                         const ColumnSource& column) {
  AirEstimate out;
  const auto n = static_cast<std::size_t>(detectors);
  std::vector<char> dead(n, 0);
  std::size_t used_air = 0;
  const int step = std::max(1, columns / kMostColumns);
  for (const Energy energy : {Energy::high, Energy::low}) {
    if (energy == Energy::low && !dual) continue;
    Columns seen;
    for (int x = 0; x < columns; x += step) {
      const auto line = column(energy, x);
      if (line.size() == n) seen.lines.emplace_back(line.begin(), line.end());
    }
    EnergyCalibration& into = energy == Energy::high ? out.calibration.high : out.calibration.low;
    into.dark.assign(n, 0.0F);
    into.dark_noise.assign(n, 0.0F);
    into.air.assign(n, 60000.0F);
    into.air_noise.assign(n, 0.0F);
    if (seen.lines.empty()) continue;

    const std::vector<char> dead_here = dead_rows(seen, detectors, full_scale);
    Histogram histogram;
    std::vector<float> brightest(n, 0.0F);
    std::vector<std::uint16_t> row(seen.lines.size());
    for (std::size_t d = 0; d < n; ++d) {
      dead[d] = static_cast<char>(dead[d] | dead_here[d]);
      if (dead_here[d]) continue;
      for (std::size_t x = 0; x < row.size(); ++x) {
        row[x] = seen.lines[x][d];
        if (row[x] < full_scale) histogram.add(row[x]);
      }
      const auto at = row.begin() + static_cast<std::ptrdiff_t>((row.size() - 1) * 98 / 100);
      std::nth_element(row.begin(), at, row.end());
      brightest[d] = static_cast<float>(*at);
    }
    const float level = std::max(1.0F, histogram.percentile(99.5));
    std::fill(into.air.begin(), into.air.end(), level);

    // A column of open beam must also be bright against the picture as a whole: a scan that shows only cargo has
    // columns that are alike, too.
    const auto air = air_columns(seen, dead_here, brightest);
    std::vector<float> open;
    for (const std::size_t x : air) {
      std::vector<float> line(seen.lines[x].begin(), seen.lines[x].end());
      open.push_back(median(std::move(line)));
    }
    const float cargo = median(brightest);
    if (air.size() >= kFewestAirColumns && median(open) > 0.8F * cargo && median(open) > 0.6F * level) {
      used_air = air.size();
      for (std::size_t d = 0; d < n; ++d) {
        double sum = 0;
        for (const std::size_t x : air)
          sum += seen.lines[x][d];
        const double mean = sum / static_cast<double>(air.size());
        if (!dead_here[d] && mean > 0.02 * level) into.air[d] = static_cast<float>(mean);
      }
    }
  }
  for (std::size_t d = 0; d < n; ++d) {
    if (dead[d]) out.calibration.dead_detectors.push_back(static_cast<int>(d));
  }
  out.how =
      used_air > 0
          ? fmt::format("air taken from {} open-beam columns of the picture, dark taken as zero", used_air)
          : std::string("air taken as the picture's 99.5th percentile, dark taken as zero, detectors taken as even");
  return out;
}

}  // namespace torugart::imaging::detail
