#include "imaging/core/sample_memory.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include <sys/mman.h>

namespace torugart::imaging {
namespace {

constexpr std::size_t kHugePage = 2U << 20U;
constexpr std::size_t kSlab = 4 * kHugePage;
constexpr std::size_t kLeastPooled = 64U << 10U;  // smaller pieces are the usual allocator's business
constexpr std::size_t kLine = 64;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kPooled = false;  // a sanitizer sees past the end of a piece only when it handed the piece out itself
#else
constexpr bool kPooled = true;
#endif

std::size_t rounded_up(std::size_t n, std::size_t step) {
  return (n + step - 1) / step * step;
}

struct Slab {
  std::byte* from = nullptr;
  std::size_t bytes = 0, piece = 0;
  std::size_t fresh = 0;  // pieces that were never handed out: their pages are not touched before they are wanted
  std::vector<std::byte*> free;
  std::size_t out = 0;

  [[nodiscard]] std::size_t pieces() const { return bytes / piece; }
  [[nodiscard]] bool full() const { return free.empty() && fresh == pieces(); }
};

// Null when the system has none.
std::byte* map_slab(std::size_t bytes) {
  void* got = mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (got == MAP_FAILED) return nullptr;
  // Only the part that starts at a huge page is kept.
  auto* from = static_cast<std::byte*>(got);
  const std::size_t before =
      rounded_up(reinterpret_cast<std::uintptr_t>(from), kHugePage) - reinterpret_cast<std::uintptr_t>(from);
  if (before > 0) munmap(from, before);
  if (before < kHugePage) munmap(from + before + bytes, kHugePage - before);
  (void)madvise(from + before, bytes, MADV_HUGEPAGE);  // a wish: without it everything works, a little slower
  return from + before;
}

class Pool {
 public:
  std::byte* take(std::size_t wanted) {
    const std::size_t piece = rounded_up(wanted, 4096);
    const std::scoped_lock lock(mutex_);
    const auto same = [&](const auto& at) { return at.second.piece == piece && !at.second.full(); };
    // One that is in use already comes first, so that others become free as a whole.
    auto best = slabs_.end();
    for (auto at = slabs_.begin(); at != slabs_.end(); ++at) {
      if (same(*at) && (best == slabs_.end() || at->second.out > best->second.out)) best = at;
    }
    if (best == slabs_.end()) best = add(piece);
    if (best == slabs_.end()) return nullptr;
    Slab& slab = best->second;
    if (slab.out++ == 0) free_bytes_ -= std::min(free_bytes_, slab.bytes);
    if (slab.free.empty()) return slab.from + slab.piece * slab.fresh++;
    std::byte* out = slab.free.back();
    slab.free.pop_back();
    return out;
  }

  void give_back(std::byte* piece) {
    const std::scoped_lock lock(mutex_);
    const auto at = std::prev(slabs_.upper_bound(piece));
    Slab& slab = at->second;
    slab.free.push_back(piece);
    if (--slab.out > 0) return;
    if (free_bytes_ + slab.bytes <= SampleMemory::kKept) {
      free_bytes_ += slab.bytes;
      return;
    }
    munmap(slab.from, slab.bytes);
    slabs_.erase(at);
  }

 private:
  std::map<std::byte*, Slab>::iterator add(std::size_t piece) {
    const std::size_t bytes = rounded_up(std::max(kSlab, piece), kHugePage);
    // Free slabs of another size make room first.
    for (auto at = slabs_.begin(); at != slabs_.end();) {
      if (free_bytes_ + bytes <= SampleMemory::kKept || at->second.out > 0) {
        ++at;
        continue;
      }
      munmap(at->second.from, at->second.bytes);
      free_bytes_ -= std::min(free_bytes_, at->second.bytes);
      at = slabs_.erase(at);
    }
    std::byte* from = map_slab(bytes);
    if (from == nullptr) return slabs_.end();
    free_bytes_ += bytes;
    return slabs_.emplace(from, Slab{from, bytes, piece, 0, {}, 0}).first;
  }

  std::mutex mutex_;
  std::map<std::byte*, Slab> slabs_;  // by address
  std::size_t free_bytes_ = 0;        // of slabs with no piece out
};

Pool& pool() {
  static Pool* const kept = new Pool;  // outlives every block, also those of static objects
  return *kept;
}

}  // namespace

SampleMemory::SampleMemory(std::size_t samples) : samples_(samples) {
  if (samples == 0) return;
  const std::size_t bytes = samples * sizeof(std::uint16_t);
  if (kPooled && bytes >= kLeastPooled) {
    data_ = reinterpret_cast<std::uint16_t*>(pool().take(bytes));
    if (data_ == nullptr) throw std::bad_alloc();
  } else {
    data_ = static_cast<std::uint16_t*>(::operator new (bytes, std::align_val_t{kLine}));
  }
}

SampleMemory::~SampleMemory() {
  if (data_ == nullptr) return;
  if (kPooled && samples_ * sizeof(std::uint16_t) >= kLeastPooled) {
    pool().give_back(reinterpret_cast<std::byte*>(data_));
  } else {
    ::operator delete (data_, std::align_val_t{kLine});
  }
}

SampleMemory::SampleMemory(SampleMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), samples_(std::exchange(other.samples_, 0)) {}

SampleMemory& SampleMemory::operator=(SampleMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(samples_, other.samples_);
  return *this;
}

}  // namespace torugart::imaging
