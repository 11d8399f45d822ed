// Reads a journal while it is being written, through a read-only connection of its own.
//
// Threads: thread-safe; calls take turns. Where two threads should read at the same time, open two. It sees what was
// durable at the moment of each call. Errors: values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/inspection/crossing.h"
#include "kiosk/inspection/event.h"
#include "kiosk/journal/error.h"
#include "kiosk/journal/merkle.h"

namespace torugart::journal {

struct Record {  // an event as it stands in the journal
  inspection::Event event;
  std::string text;       // the canonical JSON that was hashed
  std::string prev_hash;  // hex, 64 digits
  std::string hash;       // hex, 64 digits: SHA-256(0x00, prev_hash, text)
};

struct StoredCheckpoint {
  std::int64_t size = 0;  // events that it covers
  std::string note;       // as it was signed (note.h)
};

struct StoredKey {
  std::int64_t from_size = 0;  // checkpoints of this size and larger are signed by it; 0 for the first
  std::string vkey;
};

struct CrossingRow {  // enough for a list; events_of() or crossing() has the rest
  std::string id;
  std::int64_t first_seq = 0, last_seq = 0;
  std::int64_t arrived_wall_us = 0;  // wall time of its first event
  std::int64_t last_wall_us = 0;     // of its last event
  bool open = false;                 // neither departed nor cancelled
  bool review_requested = false;     // and not yet reviewed
  std::vector<std::string> numbers;  // confirmed and read numbers and documents, normalised, each once
};

// Capitals and digits only, Cyrillic capitals that look like Latin ones as Latin: "mske 123456-5" -> "MSKE1234565".
// What is searched and what is stored go through the same function.
std::string normalise_number(std::string_view text);

class Reader {
 public:
  static Result<std::unique_ptr<Reader>> open(const std::string& path);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Events with seq ≥ from_seq, ascending, at most `limit` (1 … 10 000).
  Result<std::vector<Record>> events(std::int64_t from_seq, int limit) const;
  // All events of a crossing, ascending; empty when there is no such crossing.
  Result<std::vector<Record>> events_of(const std::string& crossing) const;
  // The fold of events_of(); nothing when there is no such crossing.
  Result<std::optional<inspection::Crossing>> crossing(const std::string& id) const;

  // Newest first. `query`: any part of any plate, container or document number; empty for all.
  Result<std::vector<CrossingRow>> crossings(std::string_view query, int limit, int offset) const;
  Result<std::vector<CrossingRow>> open_crossings() const;      // oldest first
  Result<std::vector<CrossingRow>> waiting_for_review() const;  // oldest first
  Result<std::int64_t> last_seq() const;                        // 0 when empty
  Result<std::string> head_hash() const;                        // hex
  Result<std::string> lane() const;

  // -- what proves it; all empty for a journal of schema 1 --
  Result<std::vector<StoredKey>> keys() const;  // oldest first
  Result<std::optional<StoredCheckpoint>> newest_checkpoint() const;
  Result<std::optional<StoredCheckpoint>> checkpoint_from(std::int64_t size) const;  // the first that covers so many
  // That event `seq` is in the tree of the first `size` events; that the tree of `size` events continues the one of
  // `old_size`. Checked before they are given: where the stored tree is wrong they are made from the events alone.
  Result<merkle::Proof> inclusion_proof(std::int64_t seq, std::int64_t size) const;
  Result<merkle::Proof> consistency_proof(std::int64_t old_size, std::int64_t size) const;

 private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::journal
