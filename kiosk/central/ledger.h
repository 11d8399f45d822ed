// What is with the centre and what is not: one row per crossing that still owes something, and how far events were
// sent. Lives in the outbox; every change is one transaction there, so that after any cut it is a state that was true
// once, and doing the missing step again does no harm. Used inside kiosk/central only.
//
// Keys in the outbox (README.md):
//   central/sent             number of the last event that the centre has
//   central/crossing/<id>
//   {"closed","closed_wall_us","head","last","sent":[sha256…],"waiting":[{bytes,media,role,sha256}…]}
//   central/upload/<sha256>  URL path at the centre of a file that has begun
//
// A row begins with the first event of a crossing that calls for a receipt and ends when the Acknowledged event that
// covers it is read back from the journal. Thread-bound.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "kiosk/central/client.h"
#include "kiosk/central/error.h"
#include "kiosk/central/wire.h"
#include "kiosk/journal/reader.h"

namespace torugart::central {

struct CrossingRow {
  std::int64_t last = 0;  // seq of the last event that calls for a receipt
  std::string head;       // the journal's hash of that event
  bool closed = false;    // departed or cancelled
  bool against = false;   // detained, or something was found: its files go first
  std::int64_t closed_wall_us = 0;
  std::vector<inspection::FileRef> waiting;
  std::vector<std::string> sent;
};

class Ledger {
 public:
  explicit Ledger(Stores stores) : stores_(stores) {}

  tl::expected<void, Error> load();

  // Reads what was appended since the last scan. True when something that starts a batch waits.
  tl::expected<void, Error> scan();
  std::int64_t sent() const { return sent_; }
  std::int64_t scanned() const { return scanned_; }
  bool batch_due() const { return last_real_ > sent_; }
  std::int64_t oldest_unsent_wall_us() const { return batch_due() ? first_real_wall_us_ : 0; }
  std::int64_t first_unsent_wall_us() const { return sent_ < scanned_ ? first_unsent_wall_us_ : 0; }

  tl::expected<void, Error> batch_sent(std::int64_t up_to);
  tl::expected<void, Error> rewind(std::int64_t to);  // the centre waits for to + 1

  // The file to send next: of crossings that are detained or suspect before all others, then of the one that closed
  // first, then in the order of its events. Only files of events
  // that were sent. `skip`: sha256 of files that cannot be sent at the moment.
  std::optional<inspection::FileRef> next_file(const std::vector<std::string>& skip, std::string& crossing) const;
  bool file_waits() const;
  tl::expected<void, Error> file_sent(const std::string& sha256);
  std::optional<std::string> upload_of(const std::string& sha256) const;
  tl::expected<void, Error> set_upload(const std::string& sha256, const std::optional<std::string>& location);

  // A closed crossing with nothing waiting, everything sent and no receipt asked for since the start.
  std::optional<ReceiptRequest> next_receipt(const std::string& lane, const std::vector<std::string>& skip) const;
  void receipt_given(const std::string& crossing, std::int64_t up_to) { given_[crossing] = up_to; }
  // Files that the centre says it lacks after all: they wait again.
  tl::expected<void, Error> files_missing(const std::string& crossing, const std::vector<std::string>& files);

  void fill(Status& status) const;

 private:
  using Changes = std::vector<std::pair<std::string, std::optional<std::string>>>;
  tl::expected<void, Error> fold(const journal::Record& record, std::map<std::string, bool>& touched);
  tl::expected<void, Error> reopen(const std::string& crossing, std::int64_t before);
  tl::expected<void, Error> keep(Changes changes);
  void row_change(const std::string& crossing, Changes& changes) const;

  Stores stores_;
  std::int64_t sent_ = 0, scanned_ = 0;
  std::int64_t last_real_ = 0, first_real_ = 0, first_real_wall_us_ = 0, first_unsent_wall_us_ = 0;
  std::map<std::string, CrossingRow> rows_;
  std::map<std::string, std::int64_t> given_;
};

}  // namespace torugart::central
