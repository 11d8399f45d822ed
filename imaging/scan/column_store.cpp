#include "imaging/scan/column_store.h"

#include <algorithm>
#include <utility>

namespace torugart::imaging::detail {
namespace {
constexpr int kColumns = ColumnBlock::kColumns;
}

ColumnStore::ColumnStore(int rows, bool dual, bool pyramid) : rows_(rows), dual_(dual), pyramid_(pyramid) {
  for (std::size_t e = 0; e < (dual ? 2U : 1U); ++e) {
    partial_[e].assign(static_cast<std::size_t>(rows) * kColumns, kMissing);
  }
}

std::shared_ptr<const ColumnBlock> ColumnStore::close(int columns) const {
  return std::make_shared<const ColumnBlock>(rows_, columns, partial_[0], partial_[1], pyramid_);
}

void ColumnStore::append(std::span<const std::uint16_t> high, std::span<const std::uint16_t> low) {
  const int inside = columns_ % kColumns;
  {
    const std::scoped_lock lock(mutex_);
    for (std::size_t e = 0; e < (dual_ ? 2U : 1U); ++e) {
      const std::span<const std::uint16_t> from = e == 0 ? high : low;
      std::uint16_t* to = partial_[e].data() + inside;
      for (std::size_t y = 0; y < static_cast<std::size_t>(rows_); ++y, to += kColumns) {
        *to = y < from.size() ? from[y] : kMissing;
      }
    }
    ++columns_;
    ++revision_;
    if (inside + 1 < kColumns) return;
  }
  // The pyramid takes a millisecond: it is built outside the lock. Only this thread changes partial_, and a snapshot
  // that comes meanwhile sees a full partial block, which is right.
  auto block = close(kColumns);
  const std::scoped_lock lock(mutex_);
  blocks_.push_back(std::move(block));
  for (auto& plane : partial_)
    std::fill(plane.begin(), plane.end(), kMissing);
}

void ColumnStore::read_column(Energy energy, int x, std::span<std::uint16_t> out) const {
  const auto block = static_cast<std::size_t>(x / kColumns);
  const std::uint16_t* from =
      block < blocks_.size() ? blocks_[block]->row(energy, 0, 0) : partial_[static_cast<std::size_t>(energy)].data();
  from += x % kColumns;
  for (std::size_t y = 0; y < out.size(); ++y, from += kColumns)
    out[y] = *from;
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
    open = columns_ - static_cast<int>(blocks_.size()) * kColumns;
    if (open > 0) {
      copy[0] = partial_[0];
      copy[1] = partial_[1];
    }
  }
  if (open > 0) {
    view->blocks.push_back(
        std::make_shared<const ColumnBlock>(rows_, open, std::move(copy[0]), std::move(copy[1]), pyramid_));
  }
  const std::scoped_lock lock(mutex_);
  if (!last_ || last_->revision < view->revision) last_ = view;
  return view;
}

ScanView ColumnStore::take() {
  const int open = columns_ % kColumns;
  std::shared_ptr<const ColumnBlock> block = open > 0 ? close(open) : nullptr;
  const std::scoped_lock lock(mutex_);
  if (block) blocks_.push_back(std::move(block));
  ScanView view{rows_, columns_, dual_, std::move(blocks_), ++revision_};
  blocks_.clear();
  columns_ = 0;
  ++revision_;
  last_.reset();
  for (auto& plane : partial_)
    std::fill(plane.begin(), plane.end(), kMissing);
  return view;
}

}  // namespace torugart::imaging::detail
