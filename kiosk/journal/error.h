// What can go wrong with the journal, in words for the person at the screen and for the one who is called.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace torugart::journal {

struct Error {
  enum class Code {
    cannot_open,  // no such folder, no permission, not a database
    locked,       // another program is writing this journal
    not_ours,     // a database, but not a journal of this program, this schema or this lane
    damaged,      // SQLite or the hash chain says that the file is not what was written
    disk_full,    // nothing was written; what waits stays in memory and is tried again
    io,           // the disk or the file system failed; as disk_full
    sequence,     // the event's number does not follow the last one
    refused,      // a bad argument: an event of another lane, a text that is too long, a limit out of range
    queue_full,   // too much waits for the disk; the event was NOT taken
    closed,       // the appender has been closed
    unreadable,   // a stored event that this version cannot read (it names the type)
  };
  Code code = Code::io;
  std::string what;    // what happened, with the library's own words
  std::string where;   // file, row
  std::string remedy;  // what a person can do

  std::string text() const {
    return what + (where.empty() ? "" : " (" + where + ")") + (remedy.empty() ? "" : ". " + remedy);
  }
};

template <typename T>
using Result = tl::expected<T, Error>;

}  // namespace torugart::journal
