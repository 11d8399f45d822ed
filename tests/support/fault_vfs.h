// An SQLite file system that can lose what was not synced, and that can fail on demand. It passes everything on to
// the platform's, and beside it keeps, per file, what a disk would hold if the power went now: the bytes up to the
// last xSync. At a power cut each 512-byte sector that was written after that is on the disk or not, as the seed
// says.
//
// Thread-safe. One at a time per name; it is registered while the object lives.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace torugart::testing {

class FaultVfs {
 public:
  explicit FaultVfs(const std::string& name);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  // Writes and syncs answer "disk full" (or "I/O error") until told otherwise.
  void fail_full(bool on);
  void fail_io(bool on);

  // What the disk holds is noted at the n-th write or sync from now (1 is the next); `at` is called then.
  void cut_at(std::int64_t n, std::function<void()> at);
  bool was_cut() const;
  // Notes it now.
  void cut_now();

  // Writes what was on the disk at the cut for database `path` (and its log) to `to` (and "to-wal").
  void restore(const std::string& path, const std::string& to, std::uint32_t seed) const;

  std::int64_t operations() const;  // writes and syncs so far
  std::int64_t syncs() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace torugart::testing
