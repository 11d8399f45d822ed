#include "imaging/display/source_rows.h"

#include <algorithm>

#include "imaging/core/multiversion.h"

namespace torugart::imaging::detail {
namespace {

TORUGART_MULTIVERSION
void average(const std::uint16_t* low, std::uint16_t* high, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const int h = high[i];
    const int l = low[i];
    const bool masked = h == kNoSignal || l == kNoSignal;
    const int mean = (h + l + 1) / 2;
    const int top = std::max(h, l);
    high[i] = static_cast<std::uint16_t>(top > kMaxMeasured ? top : masked ? kNoSignal : mean);
  }
}

}  // namespace

void read_source(const ScanView& view, Source source, int level, int x, int y, std::span<std::uint16_t> out,
                 std::vector<std::uint16_t>& scratch) {
  if (!view.has_low) source = Source::high;
  view.read_row(source == Source::low ? Energy::low : Energy::high, level, x, y, out);
  if (source != Source::mean) return;
  scratch.resize(out.size());
  view.read_row(Energy::low, level, x, y, scratch);
  average(scratch.data(), out.data(), out.size());
}

SourceRows::SourceRows(const ScanView& view, Source source, int level, int x, int n)
    : first_(view, source == Source::low && view.has_low ? Energy::low : Energy::high, level, x, n),
      mean_(source == Source::mean && view.has_low) {
  if (mean_) second_ = RowReader(view, Energy::low, level, x, n);
}

void SourceRows::read(int y, std::uint16_t* out) {
  first_.read(y, out);
  if (!mean_) return;
  scratch_.resize(static_cast<std::size_t>(second_.count()));
  second_.read(y, scratch_.data());
  average(scratch_.data(), out, scratch_.size());
}

}  // namespace torugart::imaging::detail
