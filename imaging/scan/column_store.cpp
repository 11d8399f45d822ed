#include "imaging/scan/column_store.h"

#include <algorithm>
#include <array>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace torugart::imaging::detail {
namespace {

constexpr std::size_t kColumns = ColumnBlock::kColumns;

#if defined(__SSE2__)
// Eight rows of eight samples, turned in three steps of interleaving. SSE2 is part of every amd64 machine.
void transpose_square(const std::uint16_t* from, std::size_t from_stride, std::uint16_t* to, std::size_t to_stride) {
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
void transpose_square(const std::uint16_t* from, std::size_t from_stride, std::uint16_t* to, std::size_t to_stride) {
  for (std::size_t k = 0; k < 8; ++k) {
    for (std::size_t j = 0; j < 8; ++j)
      to[j * to_stride + k] = from[k * from_stride + j];
  }
}
#endif

// kColumns lines of `rows` samples each -> rows of kColumns samples. In squares of 8, which stay in registers: one line
// after the other would touch every row's cache line for a single sample. Eight rows at a time go to `out`, so that its
// memory is written once and in order.
void transpose(const std::uint16_t* lines, std::size_t rows, std::vector<std::uint16_t>& out) {
  constexpr std::size_t kSquare = 8;
  out.reserve(rows * kColumns);
  std::array<std::uint16_t, kSquare * kColumns> strip;
  const std::size_t whole = rows / kSquare * kSquare;
  for (std::size_t y = 0; y < whole; y += kSquare) {
    for (std::size_t x = 0; x < kColumns; x += kSquare)
      transpose_square(lines + x * rows + y, rows, strip.data() + x, kColumns);
    out.insert(out.end(), strip.begin(), strip.end());
  }
  for (std::size_t y = whole; y < rows; ++y) {
    for (std::size_t x = 0; x < kColumns; ++x)
      out.push_back(lines[x * rows + y]);
  }
}

}  // namespace

ColumnStore::ColumnStore(int rows, bool dual, bool pyramid) : rows_(rows), dual_(dual), pyramid_(pyramid) {
  for (std::size_t e = 0; e < (dual ? 2U : 1U); ++e) {
    partial_[e].assign(static_cast<std::size_t>(rows) * kColumns, kMissing);
  }
}

std::shared_ptr<const ColumnBlock> ColumnStore::close(const Lines& high, const Lines& low, int columns) const {
  const auto n = static_cast<std::size_t>(rows_);
  std::vector<std::uint16_t> planes[2];
  const Lines* from[2] = {&high, &low};
  for (std::size_t e = 0; e < (dual_ ? 2U : 1U); ++e) {
    transpose(from[e]->data(), n, planes[e]);
    // Lines of the block before are still behind those that came.
    for (std::size_t y = 0; y < n && columns < static_cast<int>(kColumns); ++y) {
      std::uint16_t* row = planes[e].data() + y * kColumns;
      std::fill(row + columns, row + kColumns, kMissing);
    }
  }
  return std::make_shared<const ColumnBlock>(rows_, columns, std::move(planes[0]), std::move(planes[1]), pyramid_);
}

void ColumnStore::append(std::span<const std::uint16_t> high, std::span<const std::uint16_t> low) {
  const auto n = static_cast<std::size_t>(rows_);
  const auto inside = static_cast<std::size_t>(columns_) % kColumns;
  {
    const std::scoped_lock lock(mutex_);
    for (std::size_t e = 0; e < (dual_ ? 2U : 1U); ++e) {
      const std::span<const std::uint16_t> from = e == 0 ? high : low;
      std::uint16_t* to = partial_[e].data() + inside * n;
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
  std::copy_n(plane.begin() + static_cast<std::ptrdiff_t>(inside * static_cast<std::size_t>(rows_)), out.size(),
              out.begin());
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
