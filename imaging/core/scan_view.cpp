#include "imaging/core/scan_view.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "imaging/core/multiversion.h"

namespace torugart::imaging {
namespace {

// One sample of the next level from four; the rule stands in scan_view.h.
std::uint16_t shrink(std::uint16_t a, std::uint16_t b, std::uint16_t c, std::uint16_t d) {
  const auto measured = [](std::uint16_t v) { return v - 1U < kMaxMeasured; };
  if (measured(a) && measured(b) && measured(c) && measured(d)) {
    return static_cast<std::uint16_t>((static_cast<unsigned>(a) + b + c + d + 2U) / 4U);
  }
  unsigned sum = 0;
  unsigned count = 0;
  unsigned missing = 0;
  unsigned dark = 0;
  bool over = false;
  for (const std::uint16_t v : {a, b, c, d}) {
    switch (state_of(v)) {
      case PixelState::measured:
        sum += v;
        ++count;
        break;
      case PixelState::missing:
        ++missing;
        break;
      case PixelState::no_signal:
        ++dark;
        break;
      case PixelState::over_range:
        over = true;
        break;
    }
  }
  // Half of it missing is missing: a lost line must stay visible when the picture is reduced.
  if (missing >= 2) return kMissing;
  if (over) return kOverRange;
  if (dark >= 2) return kNoSignal;
  const unsigned n = count + dark;  // a single dark sample counts as zero transmission
  return static_cast<std::uint16_t>(std::max(1U, (sum + n / 2U) / n));
}

// A row of the next level from two where every sample was measured; false (and rubbish in `to`) where one was not.
TORUGART_MULTIVERSION
bool shrink_rows(const std::uint16_t* __restrict top, const std::uint16_t* __restrict bottom,
                 std::uint16_t* __restrict to, std::size_t n) {
  std::uint16_t masked = 0;
  for (std::size_t x = 0; x < n; ++x) {
    const std::uint16_t a = top[2 * x], b = top[2 * x + 1], c = bottom[2 * x], d = bottom[2 * x + 1];
    const auto one = [](std::uint16_t v) {
      return static_cast<std::uint16_t>(static_cast<std::uint16_t>(v - 1) >= kMaxMeasured ? 1 : 0);
    };
    masked = static_cast<std::uint16_t>(masked | one(a) | one(b) | one(c) | one(d));
    to[x] = static_cast<std::uint16_t>((static_cast<unsigned>(a) + b + c + d + 2U) >> 2U);
  }
  return masked == 0;
}

// Widths are known to the compiler, so that a row is a few vectors and no loop's ends.
template <int kWidth>
bool all_measured(const std::uint16_t* __restrict samples, int rows) {
  std::uint16_t masked = 0;
  const std::size_t n = static_cast<std::size_t>(rows) * kWidth;
  for (std::size_t i = 0; i < n; ++i)
    masked =
        static_cast<std::uint16_t>(masked | (static_cast<std::uint16_t>(samples[i] - 1) >= kMaxMeasured ? 1 : 0));
  return masked == 0;
}

// `from`: two rows of 2 kWidth samples. Two samples at a time as one number: their sum needs no shuffling.
template <int kWidth>
inline void shrink_measured(const std::uint16_t* top, const std::uint16_t* bottom, std::uint16_t* __restrict to) {
  using Pair [[gnu::may_alias]] = std::uint32_t;
  const auto* a = reinterpret_cast<const Pair*>(top);
  const auto* b = reinterpret_cast<const Pair*>(bottom);
  for (std::size_t x = 0; x < kWidth; ++x) {
    const std::uint32_t sum = (a[x] & 0xFFFFU) + (a[x] >> 16U) + (b[x] & 0xFFFFU) + (b[x] >> 16U);
    to[x] = static_cast<std::uint16_t>((sum + 2U) >> 2U);
  }
}

template <int kWidth>
inline void shrink_level(const std::uint16_t* from, int rows, std::uint16_t* to) {
  for (int y = 0; y < rows; y += 2, from += 4 * kWidth, to += kWidth)
    shrink_measured<kWidth>(from, y + 1 < rows ? from + 2 * kWidth : from, to);
}

// A strip of which every sample was measured: then so is every mean. False, and rubbish in the levels, where not.
TORUGART_MULTIVERSION
bool reduce_measured(const std::uint16_t* from, int rows, std::uint16_t* const* levels) {
  if (!all_measured<ColumnBlock::kColumns>(from, rows)) return false;
  const auto half = [](int n) { return (n + 1) / 2; };
  shrink_level<32>(from, rows, levels[1]);
  shrink_level<16>(levels[1], rows = half(rows), levels[2]);
  shrink_level<8>(levels[2], rows = half(rows), levels[3]);
  shrink_level<4>(levels[3], rows = half(rows), levels[4]);
  shrink_level<2>(levels[4], rows = half(rows), levels[5]);
  shrink_level<1>(levels[5], half(rows), levels[6]);
  return true;
}

void reduce_any(const std::uint16_t* from, int rows, std::uint16_t* const* levels) {
  for (int level = 1; level < ColumnBlock::kLevels; ++level) {
    const int columns = ColumnBlock::level_columns(level);
    std::uint16_t* to = levels[level];
    for (int y = 0; y < rows; y += 2, from += 4 * columns, to += columns) {
      const std::uint16_t* bottom = y + 1 < rows ? from + 2 * columns : from;
      if (shrink_rows(from, bottom, to, static_cast<std::size_t>(columns))) continue;
      for (int x = 0; x < columns; ++x)
        to[x] = shrink(from[2 * x], from[2 * x + 1], bottom[2 * x], bottom[2 * x + 1]);
    }
    from = levels[level];
    rows = (rows + 1) / 2;
  }
}

}  // namespace

ColumnBlock::ColumnBlock(int rows, int columns, bool has_low, bool pyramid)
    : rows_(rows), columns_(columns), has_low_(has_low), pyramid_(pyramid) {
  constexpr std::size_t kCacheLine = 32;  // samples: a level does not share one with another
  for (int k = 0; k < levels(); ++k) {
    start_[static_cast<std::size_t>(k)] = plane_;
    plane_ += static_cast<std::size_t>(level_rows(k)) * static_cast<std::size_t>(level_columns(k));
    plane_ = (plane_ + kCacheLine - 1) / kCacheLine * kCacheLine;
  }
  memory_ = SampleMemory(plane_ * (has_low ? 2 : 1));
}

void ColumnBlock::reduce(Energy energy, int y) {
  if (!pyramid_) return;
  const int rows = std::min(kStrip, rows_ - y);
  std::uint16_t* at[kLevels];
  for (int k = 0; k < kLevels; ++k)
    at[k] = level(energy, k) + static_cast<std::size_t>(y >> k) * static_cast<std::size_t>(level_columns(k));
  if (!reduce_measured(at[0], rows, at)) reduce_any(at[0], rows, at);
}

void ColumnBlock::reduce() {
  for (const Energy energy : {Energy::high, Energy::low}) {
    for (int y = 0; y < rows_ && (energy == Energy::high || has_low_); y += kStrip)
      reduce(energy, y);
  }
}

std::size_t ColumnBlock::bytes() const {
  return sizeof(*this) + memory_.size() * sizeof(std::uint16_t);
}

std::uint16_t ScanView::value(Energy energy, int x, int y) const {
  if (!bounds().contains(x, y) || (energy == Energy::low && !has_low)) return kMissing;
  return blocks[static_cast<std::size_t>(x / ColumnBlock::kColumns)]->row(energy, 0, y)[x % ColumnBlock::kColumns];
}

void ScanView::read_row(Energy energy, int level, int x, int y, std::span<std::uint16_t> out) const {
  const int level_rows = empty() ? 0 : blocks.front()->level_rows(level);
  if (y < 0 || y >= level_rows || (energy == Energy::low && !has_low)) {
    std::fill(out.begin(), out.end(), kMissing);
    return;
  }
  const int stride = ColumnBlock::level_columns(level);
  const int total = stride * static_cast<int>(blocks.size());
  const int n = static_cast<int>(out.size());
  const int first = std::clamp(x, 0, total);
  const int last = std::clamp(x + n, first, total);
  std::fill(out.begin(), out.begin() + std::min(n, std::max(0, first - x)), kMissing);
  for (int at = first; at < last;) {
    const int block = at / stride;
    const int inside = at - block * stride;
    const int count = std::min(stride - inside, last - at);
    const std::uint16_t* from = blocks[static_cast<std::size_t>(block)]->row(energy, level, y) + inside;
    std::uint16_t* to = out.data() + (at - x);
    if (count == ColumnBlock::kColumns) {  // of a known length: no call
      std::memcpy(to, from, ColumnBlock::kColumns * sizeof(std::uint16_t));
    } else if (count == ColumnBlock::kColumns / 2) {
      std::memcpy(to, from, ColumnBlock::kColumns / 2 * sizeof(std::uint16_t));
    } else {
      std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(std::uint16_t));
    }
    at += count;
  }
  const int filled = first < last ? last - x : std::min(n, std::max(0, first - x));
  std::fill(out.begin() + std::clamp(filled, 0, n), out.end(), kMissing);
}

RowReader::RowReader(const ScanView& view, Energy energy, int level, int x, int n) : count_(n) {
  if (view.empty() || (energy == Energy::low && !view.has_low)) return;
  rows_ = view.blocks.front()->level_rows(level);
  stride_ = ColumnBlock::level_columns(level);
  const int total = stride_ * static_cast<int>(view.blocks.size());
  const int first = std::clamp(x, 0, total);
  const int last = std::clamp(x + n, first, total);
  before_ = std::min(n, std::max(0, first - x));
  measured_ = last - first;
  if (measured_ == 0) return;
  inside_ = first % stride_;
  for (int block = first / stride_; block <= (last - 1) / stride_; ++block)
    blocks_.push_back(view.blocks[static_cast<std::size_t>(block)]->row(energy, level, 0));
}

void RowReader::read(int y, std::uint16_t* out) const {
  if (y < 0 || y >= rows_ || measured_ == 0) {
    std::fill(out, out + count_, kMissing);
    return;
  }
  std::fill(out, out + before_, kMissing);
  std::uint16_t* to = out + before_;
  const auto offset = static_cast<std::size_t>(y) * static_cast<std::size_t>(stride_);
  const std::size_t ahead = y + kAhead < rows_ ? offset + static_cast<std::size_t>(kAhead * stride_) : offset;
  constexpr int kLine = 64 / static_cast<int>(sizeof(std::uint16_t));
  int left = measured_;
  int skip = inside_;
  for (const std::uint16_t* block : blocks_) {
    for (int at = 0; at < stride_; at += kLine)
      __builtin_prefetch(block + ahead + at, 0, 2);
    const std::uint16_t* from = block + offset + skip;
    const int n = std::min(stride_ - skip, left);
    if (n == ColumnBlock::kColumns) {  // of a known length: no call
      std::memcpy(to, from, ColumnBlock::kColumns * sizeof(std::uint16_t));
    } else if (n == ColumnBlock::kColumns / 2) {
      std::memcpy(to, from, ColumnBlock::kColumns / 2 * sizeof(std::uint16_t));
    } else {
      std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(std::uint16_t));
    }
    to += n;
    left -= n;
    skip = 0;
  }
  std::fill(to, out + count_, kMissing);
}

std::size_t ScanView::bytes() const {
  std::size_t sum = 0;
  for (const auto& block : blocks)
    sum += block->bytes();
  return sum;
}

}  // namespace torugart::imaging
