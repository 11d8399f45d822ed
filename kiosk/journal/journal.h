// The writer of the lane's journal: appends events to one SQLite file, each linked to the one before by its hash.
// There is no way to change or remove an event, here or (by triggers) for any other program that uses SQLite
// honestly.
//
// Durable means: when append() returns without an error, the events are on the disk and survive kill -9 and a power
// cut (WAL, synchronous=FULL; the folder itself is synced when the file is made).
//
// Provable means: the events are the leaves of a Merkle tree (merkle.h), and checkpoints (note.h) state its root, signed
// with the lane's key: in the same transaction as every decision, at the latest checkpoint_every_s after the first event
// that none covers (the appender sees to it when nothing more comes), at the start for what an earlier run left, and at the
// end. The key is an Ed25519 key in a file that only its owner may read; the first start makes it. Where a journal's key is
// not there any more, a new one is made, and an event says so.
//
// One writer per file: open() takes a lock on `<path>.lock` that ends with the process. Readers (reader.h) may be
// many, in this and other processes, and never block the writer.
//
// Threads: thread-bound; one thread uses it at a time. Appender (appender.h) gives it a thread of its own, which is
// what the lane engine uses. Errors: values; on an error nothing of the call was written.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "kiosk/inspection/event.h"
#include "kiosk/journal/error.h"

namespace torugart::journal {

struct Options {
  std::string lane;              // "kordai-2"; written into a new journal, must match in an old one
  bool synchronous_full = true;  // false only in the test that proves that the durability test can fail
  std::string key_file;          // of the signing key; empty: key_path() of note.h, beside the journal
  std::int64_t checkpoint_every_s = 60;
  // Clocks, µs; empty: the machine's. wall_us only for the event that a change of keys writes.
  std::function<std::int64_t()> mono_us, wall_us;
};

// What gets a checkpoint at once: decided, reviewed, released, detained.
bool is_decision(const inspection::Payload& payload);

class Journal {
 public:
  static constexpr std::int64_t kMaxBatch = 4096;  // events per append()

  // Makes the file (not its folder) when it is not there. A journal of an older schema is brought to this one, and a copy
  // of it as it was stays beside it ("<path>.schema-1").
  static Result<std::unique_ptr<Journal>> open(const std::string& path, Options options);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // All or nothing, in one transaction. An event's seq must be 0 (it is given the next number) or exactly the next
  // number; its lane must be empty (filled in) or this lane. Returns the seq of the last event, which is durable.
  Result<std::int64_t> append(std::span<const inspection::Event> events);

  // Whether append() would take this event, as far as it does not depend on its number. Reentrant.
  static Result<void> check(const inspection::Event& event, const std::string& lane);

  // Signs what no checkpoint covers yet. Returns how many events are signed, which is durable.
  Result<std::int64_t> checkpoint();
  // A new key. The change is an event; the checkpoint over it bears both keys' signatures. The old key file stays beside
  // the new one, as "<key_file>.<key id>".
  Result<void> rotate_key();

  std::int64_t signed_seq() const;  // events that a checkpoint covers
  std::string public_key() const;   // vkey (note.h) of the key in use
  std::int64_t last_seq() const;    // 0 when empty
  std::string head_hash() const;    // hex, 64 digits, of the last event; of the beginning when empty
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
