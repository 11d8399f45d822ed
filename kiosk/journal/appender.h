// The journal's own thread: the lane engine hands events over and goes on; many hand-overs become one transaction.
//
// Numbers are given at hand-over, so that the engine can fold the events at once; they are *recorded* when `done` is
// called with their number, or durable_seq() has reached it, and only then may a screen say "done".
//
// When the disk is full or fails, nothing is dropped: the events wait in memory in their order, trouble() says what
// is wrong and what to do, and writing is tried again every `retry`. append() refuses (queue_full) when
// `max_waiting` events wait; the caller must then stop the lane's work, not forget the event.
//
// Threads: thread-safe. `done` is called on the appender's thread, in the order of the hand-overs; it copies and
// posts, nothing else, and must not call append() or close().
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "kiosk/inspection/event.h"
#include "kiosk/journal/error.h"
#include "kiosk/journal/journal.h"

namespace torugart::journal {

class Appender {
 public:
  struct Options {
    std::size_t max_waiting = 100'000;     // events
    std::chrono::milliseconds retry{500};  // pause after a failed write
    // Events that no checkpoint covers get one after so long, also when nothing more comes.
    std::chrono::milliseconds checkpoint_every{60'000};
    // Called on the appender's thread when trouble begins (the error) and when it ends (nothing).
    std::function<void(const std::optional<Error>&)> on_trouble;
  };
  using Done = std::function<void(Result<std::int64_t> durable_seq)>;

  Appender(std::unique_ptr<Journal> journal, Options options);
  explicit Appender(std::unique_ptr<Journal> journal);
  ~Appender();  // close()
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  // Takes all or none. Fills in seq (must be 0 on entry, or the number that it would get) and an empty lane.
  // Returns the seq of the first event; the others follow it without a gap. `done` may be empty.
  Result<std::int64_t> append(std::vector<inspection::Event> events, Done done = {});

  std::int64_t last_seq() const;     // handed over
  std::int64_t durable_seq() const;  // on the disk; lock-free
  std::size_t backlog() const;       // events that wait for the disk
  std::optional<Error> trouble() const;

  // Waits until everything handed over before is durable, or `timeout` has passed (false).
  bool flush(std::chrono::milliseconds timeout);

  // Takes no more, writes what waits, ends the thread. While the disk still fails it tries for `patience`; events
  // that could not be written then are told to their `done` as an error. Called again, does nothing.
  void close(std::chrono::milliseconds patience = std::chrono::seconds(5));

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::journal
