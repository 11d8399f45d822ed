// The search tables: which events belong to which crossing, which numbers it showed. Derived from the events, written
// in the same transaction. Internal to kiosk/journal.
#pragma once

#include "kiosk/inspection/event.h"
#include "kiosk/journal/sqlite.h"

namespace torugart::journal {

// Thread-bound, to the thread of its database.
class Index {
 public:
  static Result<Index> prepare(const sql::Database& db);
  // Inside the caller's transaction.
  Result<void> add(const inspection::Event& event);

 private:
  sql::Statement crossing_, event_, number_, state_;
};

}  // namespace torugart::journal
