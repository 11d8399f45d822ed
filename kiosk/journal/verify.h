// Proves that a journal is what was written: every hash again, every number in order, every text canonical.
//
// Somebody who can write the whole file can also make a whole new chain, or cut off its end. Against that helps only
// a head hash that was noted elsewhere (a receipt of the centre, a print-out): give it as `expected_head`, and verify
// asks that the chain goes through it.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "kiosk/journal/error.h"

namespace torugart::journal {

struct VerifyReport {
  bool ok = false;
  std::int64_t events = 0;         // that were checked and found good, in order
  std::int64_t first_bad_seq = 0;  // 0 when ok
  std::string what;                // what is wrong there, in words; empty when ok
  std::string head_hash;           // hex, of the last good event
  std::string lane;
};

// Reentrant. Reads a journal that is being written as it is at the start of the call. An error only when the file
// cannot be read at all; what is found wrong in it is in the report.
Result<VerifyReport> verify(const std::string& path, const std::string& expected_head = {});

struct ShowOptions {
  std::int64_t from_seq = 1;
  std::int64_t limit = 0;  // 0: all
  std::string crossing;    // only of this crossing; empty: all
  bool hashes = false;     // {"hash":…,"event":{…}} instead of the event alone
};

// One JSON object per line. Exit codes for the command line: 0 good, 1 found wrong, 2 cannot be read.
int journal_show(const std::string& path, const ShowOptions& options, std::ostream& out, std::ostream& err);
int journal_verify(const std::string& path, const std::string& expected_head, std::ostream& out);

}  // namespace torugart::journal
