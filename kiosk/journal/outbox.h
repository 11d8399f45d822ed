// What the uploader must remember over a restart, and what can be had again from journal and centre: how far each
// crossing was acknowledged, how far each file was sent, the last watch list. Keys and values, nothing else.
//
// Kept in a database of its own beside the journal (outbox_path), so that writing it never delays an event. Losing it
// loses no record: the journal holds the receipts, and sending again is idempotent.
//
// Threads: thread-safe; several processes may open it. A put is durable when it returns. Keys: 1 … 256 bytes; values:
// any bytes, at most 64 MiB.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiosk/journal/error.h"

namespace torugart::journal {

// "…/journal.db" -> "…/journal.state.db"
std::string outbox_path(const std::string& journal_path);

class Outbox {
 public:
  static Result<std::unique_ptr<Outbox>> open(const std::string& path);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  Result<std::optional<std::string>> get(std::string_view key) const;
  Result<void> put(std::string_view key, std::string_view value);
  // All or nothing; a value of nothing erases its key.
  Result<void> put_all(const std::vector<std::pair<std::string, std::optional<std::string>>>& changes);
  Result<void> erase(std::string_view key);
  // Keys that begin with `prefix`, ascending, with their values.
  Result<std::vector<std::pair<std::string, std::string>>> list(std::string_view prefix) const;

 private:
  struct Impl;
  explicit Outbox(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::journal
