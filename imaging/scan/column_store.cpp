#include "imaging/scan/column_store.h"

#include <algorithm>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace torugart::imaging::detail {
namespace {

constexpr std::size_t kColumns = ColumnBlock::kColumns;

#if defined(__SSE2__)
// Eight rows of eight samples, turned in three steps of interleaving. SSE2 is part of every amd64 machine.
inline __attribute__((always_inline)) void transpose_square(const std::uint16_t* from, std::size_t from_stride,
                                                            std::uint16_t* to, std::size_t to_stride) {
  __m128i a[8];
  __m128i b[8];
  for (std::size_t k = 0; k < 8; ++k)
    a[k] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + k * from_stride));
  for (std::size_t k = 0; k < 4; ++k) {
    b[2 * k] = _mm_unpacklo_epi16(a[k], a[k + 4]);
    b[2 * k + 1] = _mm_unpackhi_epi16(a[k], a[k + 4]);
  }
  for (std::size_t k = 0; k < 4; ++k) {
    a[2 * k] = _mm_unpacklo_epi16(b[k], b[k + 4]);
    a[2 * k + 1] = _mm_unpackhi_epi16(b[k], b[k + 4]);
  }
  for (std::size_t k = 0; k < 4; ++k) {
    b[2 * k] = _mm_unpacklo_epi16(a[k], a[k + 4]);
    b[2 * k + 1] = _mm_unpackhi_epi16(a[k], a[k + 4]);
  }
  for (std::size_t k = 0; k < 8; ++k)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + k * to_stride), b[k]);
}
#else
inline __attribute__((always_inline)) void transpose_square(const std::uint16_t* from, std::size_t from_stride,
                                                            std::uint16_t* to, std::size_t to_stride) {
  for (std::size_t k = 0; k < 8; ++k) {
    for (std::size_t j = 0; j < 8; ++j)
      to[j * to_stride + k] = from[k * from_stride + j];
  }
}
#endif

// kColumns lines of `stride` samples each -> rows y … y + n - 1 of kColumns samples. In squares of 8, which stay in
// registers: one line after the other would touch every row's cache line for a single sample. Of a line, what lies in one
// cache line is read at once; what the next rows need is asked for meanwhile, as 64 lines are too many streams for the
// processor to foresee.
void transpose(const std::uint16_t* lines, std::size_t stride, std::size_t y, std::size_t n, std::uint16_t* out) {
  constexpr std::size_t kSquare = 8;
  constexpr std::size_t kRows = 32;  // samples of a cache line
  const std::size_t end = y + n;
  for (; y + kRows <= end; y += kRows, out += kRows * kColumns) {
    for (std::size_t x = 0; x < kColumns; x += kSquare) {
      for (std::size_t k = 0; k < kSquare; ++k)
        __builtin_prefetch(lines + (x + k) * stride + y + 2 * kRows);
      for (std::size_t r = 0; r < kRows; r += kSquare)
        transpose_square(lines + x * stride + y + r, stride, out + r * kColumns + x, kColumns);
    }
  }
  for (; y + kSquare <= end; y += kSquare, out += kSquare * kColumns) {
    for (std::size_t x = 0; x < kColumns; x += kSquare)
      transpose_square(lines + x * stride + y, stride, out + x, kColumns);
  }
  for (; y < end; ++y, out += kColumns) {
    for (std::size_t x = 0; x < kColumns; ++x)
      out[x] = lines[x * stride + y];
  }
}

}  // namespace

ColumnStore::ColumnStore(int rows, bool dual, bool pyramid) : rows_(rows), dual_(dual), pyramid_(pyramid) {
  // An odd number of cache lines: 64 lines that start at one place of the cache would push each other out.
  constexpr std::size_t kLine = 32;
  stride_ = ((static_cast<std::size_t>(rows) + kLine - 1) / kLine | 1U) * kLine;
  for (std::size_t e = 0; e < (dual ? 2U : 1U); ++e)
    partial_[e].assign(stride_ * kColumns, kMissing);
}

std::shared_ptr<const ColumnBlock> ColumnStore::close(const Lines& high, const Lines& low, int columns) const {
  auto block = std::make_shared<ColumnBlock>(rows_, columns, dual_, pyramid_);
  for (const Energy energy : {Energy::high, Energy::low}) {
    if (energy == Energy::low && !dual_) continue;
    const Lines& from = energy == Energy::high ? high : low;
    for (int y = 0; y < rows_; y += ColumnBlock::kStrip) {
      const int n = std::min(ColumnBlock::kStrip, rows_ - y);
      transpose(from.data(), stride_, static_cast<std::size_t>(y), static_cast<std::size_t>(n),
                block->edit(energy, y));
      // Lines of the block before are still behind those that came.
      for (int k = 0; k < n && columns < static_cast<int>(kColumns); ++k) {
        std::uint16_t* row = block->edit(energy, y + k);
        std::fill(row + columns, row + kColumns, kMissing);
      }
      block->reduce(energy, y);
    }
  }
  return block;
}

void ColumnStore::append(std::span<const std::uint16_t> high, std::span<const std::uint16_t> low) {
  const auto n = static_cast<std::size_t>(rows_);
  const auto inside = static_cast<std::size_t>(columns_) % kColumns;
  {
    const std::scoped_lock lock(mutex_);
    for (std::size_t e = 0; e < (dual_ ? 2U : 1U); ++e) {
      const std::span<const std::uint16_t> from = e == 0 ? high : low;
      std::uint16_t* to = partial_[e].data() + inside * stride_;
      const std::size_t given = std::min(n, from.size());
      std::copy_n(from.begin(), given, to);
      std::fill(to + given, to + n, kMissing);
    }
    ++columns_;
    ++revision_;
    if (inside + 1 < kColumns) return;
  }
  // The pyramid takes most of a millisecond: it is built outside the lock. Only this thread changes partial_, and a
  // snapshot that comes meanwhile sees a full partial block, which is right.
  auto block = close(partial_[0], partial_[1], static_cast<int>(kColumns));
  const std::scoped_lock lock(mutex_);
  blocks_.push_back(std::move(block));
}

void ColumnStore::read_column(Energy energy, int x, std::span<std::uint16_t> out) const {
  const auto block = static_cast<std::size_t>(x) / kColumns;
  const auto inside = static_cast<std::size_t>(x) % kColumns;
  if (block < blocks_.size()) {
    const std::uint16_t* from = blocks_[block]->row(energy, 0, 0) + inside;
    for (std::size_t y = 0; y < out.size(); ++y, from += kColumns)
      out[y] = *from;
    return;
  }
  const auto& plane = partial_[static_cast<std::size_t>(energy)];
  std::copy_n(plane.begin() + static_cast<std::ptrdiff_t>(inside * stride_), out.size(), out.begin());
}

std::shared_ptr<const ScanView> ColumnStore::snapshot() const {
  auto view = std::make_shared<ScanView>();
  std::vector<std::uint16_t> copy[2];
  int open = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (last_ && last_->revision == revision_) return last_;
    view->rows = rows_;
    view->columns = columns_;
    view->has_low = dual_;
    view->blocks = blocks_;
    view->revision = revision_;
    open = columns_ - static_cast<int>(blocks_.size() * kColumns);
    if (open > 0) {
      copy[0] = partial_[0];
      copy[1] = partial_[1];
    }
  }
  if (open > 0) {
    view->blocks.push_back(close(copy[0], copy[1], open));
  }
  const std::scoped_lock lock(mutex_);
  if (!last_ || last_->revision < view->revision) last_ = view;
  return view;
}

ScanView ColumnStore::take() {
  const int open = columns_ % static_cast<int>(kColumns);
  std::shared_ptr<const ColumnBlock> block = open > 0 ? close(partial_[0], partial_[1], open) : nullptr;
  const std::scoped_lock lock(mutex_);
  if (block) blocks_.push_back(std::move(block));
  ScanView view{rows_, columns_, dual_, std::move(blocks_), ++revision_};
  blocks_.clear();
  columns_ = 0;
  ++revision_;
  last_.reset();
  return view;
}

}  // namespace torugart::imaging::detail
