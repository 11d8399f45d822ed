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

std::vector<std::uint16_t> half(const std::vector<std::uint16_t>& from, int rows, int columns) {
  const int out_rows = (rows + 1) / 2;
  const int out_columns = columns / 2;
  std::vector<std::uint16_t> out(static_cast<std::size_t>(out_rows) * static_cast<std::size_t>(out_columns));
  for (int y = 0; y < out_rows; ++y) {
    const std::uint16_t* top = from.data() + static_cast<std::size_t>(2 * y) * static_cast<std::size_t>(columns);
    const std::uint16_t* bottom = 2 * y + 1 < rows ? top + columns : top;
    std::uint16_t* to = out.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(out_columns);
    if (shrink_rows(top, bottom, to, static_cast<std::size_t>(out_columns))) continue;
    for (int x = 0; x < out_columns; ++x)
      to[x] = shrink(top[2 * x], top[2 * x + 1], bottom[2 * x], bottom[2 * x + 1]);
  }
  return out;
}

}  // namespace

ColumnBlock::ColumnBlock(int rows, int columns, std::vector<std::uint16_t> high, std::vector<std::uint16_t> low,
                         bool pyramid)
    : rows_(rows), columns_(columns), pyramid_(pyramid) {
  levels_[0][0] = std::move(high);
  levels_[1][0] = std::move(low);
  if (!pyramid) return;
  for (auto& plane : levels_) {
    if (plane[0].empty()) continue;
    for (int level = 1; level < kLevels; ++level) {
      const auto k = static_cast<std::size_t>(level);
      plane[k] = half(plane[k - 1], level_rows(level - 1), level_columns(level - 1));
    }
  }
}

std::size_t ColumnBlock::bytes() const {
  std::size_t sum = sizeof(*this);
  for (const auto& plane : levels_) {
    for (const auto& level : plane)
      sum += level.capacity() * sizeof(std::uint16_t);
  }
  return sum;
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
