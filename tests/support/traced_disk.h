// A folder on a disk that can be read-only, full, slow or failing, and that can lose its power. Every call that changes a
// file below the folder, by whatever library, is noted; afterwards at() writes what a disk would hold if the power had gone
// at a given call: what was synced before it, and of the rest what the seed says:
//
//   the bytes of a file    up to its last fsync; each 512-byte sector written after that is there or not
//   a name in a folder     as of the folder's last fsync; each name made, changed or removed after that is or is not;
//                          a rename to another folder may leave both names, never none
//
// No real fsync is made, so that ten thousand cuts are quick. One at a time in a process. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace torugart::testing {

class TracedDisk {
 public:
  enum class Kind { write, truncate, sync, make, rename, remove };  // `make`: a file or a folder gets a name

  explicit TracedDisk(const std::string& folder);  // what is there already is durable
  ~TracedDisk();
  TracedDisk(const TracedDisk&) = delete;
  TracedDisk& operator=(const TracedDisk&) = delete;

  // Calls of this kind on a path that contains `part` fail with `error` until allow().
  void refuse(Kind kind, const std::string& part, int error);
  void refuse_changes(int error);  // every kind
  void allow();
  void free_bytes(std::int64_t bytes);  // what the file system says is free; −1: the truth
  void slow_sync(std::int64_t micros);

  std::size_t calls() const;  // so far, without those that failed
  std::size_t syncs() const;
  // Where something is synced, without what differs between two runs: "files/*", "tmp/*", "journal.db-wal", "" the folder.
  std::vector<std::string> sync_sites() const;

  // What is on the disk when the power goes before call `call` (calls(): after the last). A sync at `without` counts as
  // not made.
  void at(std::size_t call, std::uint32_t seed, const std::string& to, const std::string* without = nullptr) const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace torugart::testing
