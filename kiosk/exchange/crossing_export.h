// Documents that leave the lane: one JSON per inspection, and the slice of the journal behind it that an auditor can
// check without this program (format: README.md).
//
// Threads: reentrant. Errors: the journal's.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "kiosk/journal/error.h"
#include "kiosk/journal/reader.h"

namespace torugart::exchange {

// {"crossing":{…the fold…},"events":[{"event":{…},"prev_hash":…,"hash":…}],"files":[…],"journal":{…}}. An error
// (refused) when there is no such crossing.
journal::Result<nlohmann::json> crossing_json(const journal::Reader& reader, const std::string& crossing);

struct AuditSlice {
  std::int64_t first_seq = 0, last_seq = 0;
  std::string prev_hash, head_hash;  // hex: before the first, of the last
  std::int64_t events = 0;
};

// Events first_seq … last_seq as JSON lines {"event":{…},"hash":…,"prev_hash":…}; each hash can be made again from
// the line alone.
journal::Result<AuditSlice> write_audit_slice(const journal::Reader& reader, std::int64_t first_seq,
                                              std::int64_t last_seq, std::ostream& out);

}  // namespace torugart::exchange
