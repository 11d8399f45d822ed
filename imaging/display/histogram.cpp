#include <algorithm>
#include <cmath>
#include <vector>

#include "imaging/display/renderer.h"
#include "imaging/display/source_rows.h"

namespace torugart::imaging {
namespace {

const std::vector<std::uint8_t>& bin_table() {
  static const std::vector<std::uint8_t> kTable = [] {
    std::vector<std::uint8_t> table(65536, 0);
    for (std::size_t code = 1; code <= kMaxMeasured; ++code) {
      const float log10 = std::log10(transmission_of(static_cast<std::uint16_t>(code)));
      const float bin =
          (log10 - Histogram::kLog10Low) / (Histogram::kLog10High - Histogram::kLog10Low) * Histogram::kBins;
      table[code] = static_cast<std::uint8_t>(std::clamp(bin, 0.0F, 255.0F));
    }
    return table;
  }();
  return kTable;
}

}  // namespace

float Histogram::transmission_at(float bin) {
  return std::pow(10.0F, kLog10Low + (kLog10High - kLog10Low) * bin / kBins);
}

Histogram histogram(const ScanView& view, const Viewport& viewport, Source source) {
  Histogram out;
  if (view.empty() || !viewport.valid()) return out;
  const Rect part = viewport.image_pixels().intersect(view.bounds());
  if (part.empty()) return out;
  constexpr double kSamples = 500'000;
  const double pixels = static_cast<double>(part.w) * part.h;
  const int level =
      std::clamp(static_cast<int>(std::ceil(std::log2(std::max(1.0, pixels / kSamples)) / 2)), 0, view.levels() - 1);
  const auto& bins = bin_table();
  std::vector<std::uint16_t> row(static_cast<std::size_t>(((part.right() - 1) >> level) - (part.x >> level) + 1));
  std::vector<std::uint16_t> scratch;
  for (int y = part.y >> level; y <= (part.bottom() - 1) >> level; ++y) {
    detail::read_source(view, source, level, part.x >> level, y, row, scratch);
    for (const std::uint16_t code : row) {
      switch (state_of(code)) {
        case PixelState::measured:
          ++out.bins[bins[code]];
          ++out.measured;
          break;
        case PixelState::no_signal:
          ++out.no_signal;
          break;
        case PixelState::over_range:
          ++out.over_range;
          break;
        case PixelState::missing:
          ++out.missing;
          break;
      }
    }
  }
  return out;
}

ToneWindow auto_window(const Histogram& histogram, Tone tone) {
  // Above this transmission is open beam with its noise.
  constexpr float kAir = 0.93F;
  std::uint64_t attenuated = 0;
  int last = 0;
  for (int b = 0; b < Histogram::kBins; ++b) {
    if (Histogram::transmission_at(static_cast<float>(b)) >= kAir) break;
    attenuated += histogram.bins[static_cast<std::size_t>(b)];
    last = b;
  }
  const std::uint64_t seen = histogram.measured + histogram.no_signal;
  if (seen == 0 || attenuated * 500 < seen) return {0.01F, 1.0F};
  const auto percentile = [&](double p) {
    double sum = 0;
    const double wanted = static_cast<double>(attenuated) * p;
    for (int b = 0; b <= last; ++b) {
      const double next = sum + histogram.bins[static_cast<std::size_t>(b)];
      if (next >= wanted && next > sum) {
        return Histogram::transmission_at(static_cast<float>(b + (wanted - sum) / (next - sum)));
      }
      sum = next;
    }
    return Histogram::transmission_at(static_cast<float>(last + 1));
  };
  ToneWindow out{percentile(0.005), percentile(0.995)};
  // What is darker than a two-thousandth is noise of the detector.
  out.lo = std::max(out.lo, 0.0005F);
  if (tone == Tone::linear) out.lo = std::min(out.lo, out.hi * 0.02F);
  out.hi = std::max(out.hi, out.lo * 1.5F);
  return out;
}

RegionStatistics region_statistics(const ScanView& view, Rect part, const MaterialTable* table) {
  RegionStatistics out;
  const Rect inside = part.intersect(view.bounds());
  if (inside.empty()) return out;
  double sum = 0;
  double squares = 0;
  double alpha = 0;
  double low_sum = 0;
  double low_alpha = 0;
  std::int64_t both = 0;
  double alpha_both = 0;
  std::uint16_t minimum = kMaxMeasured;
  std::uint16_t maximum = 0;
  std::vector<std::uint16_t> high(static_cast<std::size_t>(inside.w));
  std::vector<std::uint16_t> low(high.size(), kMissing);
  for (int y = inside.y; y < inside.bottom(); ++y) {
    view.read_row(Energy::high, 0, inside.x, y, high);
    if (view.has_low) view.read_row(Energy::low, 0, inside.x, y, low);
    for (std::size_t x = 0; x < high.size(); ++x) {
      switch (state_of(high[x])) {
        case PixelState::no_signal:
          ++out.no_signal;
          continue;
        case PixelState::over_range:
          ++out.over_range;
          continue;
        case PixelState::missing:
          ++out.missing;
          continue;
        case PixelState::measured:
          break;
      }
      ++out.pixels;
      const double t = transmission_of(high[x]);
      sum += t;
      squares += t * t;
      const double a = attenuation_of(high[x]);
      alpha += a;
      minimum = std::min(minimum, high[x]);
      maximum = std::max(maximum, high[x]);
      if (state_of(low[x]) != PixelState::measured) continue;
      ++both;
      low_sum += transmission_of(low[x]);
      low_alpha += attenuation_of(low[x]);
      alpha_both += a;
    }
  }
  if (out.pixels > 0) {
    const auto n = static_cast<double>(out.pixels);
    out.mean = static_cast<float>(sum / n);
    out.deviation = static_cast<float>(std::sqrt(std::max(0.0, squares / n - sum / n * sum / n)));
    out.minimum = transmission_of(minimum);
    out.maximum = transmission_of(maximum);
    out.mean_alpha_high = static_cast<float>(alpha / n);
  }
  if (both > 0) {
    out.mean_low = static_cast<float>(low_sum / static_cast<double>(both));
    if (alpha_both / static_cast<double>(both) >= 0.05) out.mean_ratio = static_cast<float>(low_alpha / alpha_both);
  }
  if (table != nullptr) {
    const Raster<std::uint8_t> classes = classify(view, inside, *table);
    for (const std::uint8_t c : classes.samples())
      ++out.material[c];
  }
  return out;
}

}  // namespace torugart::imaging
