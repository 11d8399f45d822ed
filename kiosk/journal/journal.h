// The writer of the lane's journal: appends events to one SQLite file, each linked to the one before by its hash.
// There is no way to change or remove an event, here or (by triggers) for any other program that uses SQLite
// honestly.
//
// Durable means: when append() returns without an error, the events are on the disk and survive kill -9 and a power
// cut (WAL, synchronous=FULL; the folder itself is synced when the file is made).
//
// One writer per file: open() takes a lock on `<path>.lock` that ends with the process. Readers (reader.h) may be
// many, in this and other processes, and never block the writer.
//
// Threads: thread-bound; one thread uses it at a time. Appender (appender.h) gives it a thread of its own, which is
// what the lane engine uses. Errors: values; on an error nothing of the call was written.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "kiosk/inspection/event.h"
#include "kiosk/journal/error.h"

namespace torugart::journal {

struct Options {
  std::string lane;              // "kordai-2"; written into a new journal, must match in an old one
  bool synchronous_full = true;  // false only in the test that proves that the durability test can fail
  std::string vfs;               // an SQLite VFS by name, for tests that break disks; empty: the platform's
};

class Journal {
 public:
  static constexpr std::int64_t kMaxBatch = 4096;  // events per append()

  // Makes the file (not its folder) when it is not there.
  static Result<std::unique_ptr<Journal>> open(const std::string& path, Options options);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // All or nothing, in one transaction. An event's seq must be 0 (it is given the next number) or exactly the next
  // number; its lane must be empty (filled in) or this lane. Returns the seq of the last event, which is durable.
  Result<std::int64_t> append(std::span<const inspection::Event> events);

  // Whether append() would take this event, as far as it does not depend on its number. Reentrant.
  static Result<void> check(const inspection::Event& event, const std::string& lane);

  std::int64_t last_seq() const;  // 0 when empty
  std::string head_hash() const;  // hex, 64 digits, of the last event; of the beginning when empty
  const std::string& lane() const;
  const std::string& path() const;

  // Makes the search tables again from the events. They are derived; open() does this by itself when they lag behind.
  Result<void> rebuild_index();

 private:
  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::journal
