// The one pass over a journal that verify() makes. Internal to kiosk/journal.
#pragma once

#include <string>

#include "kiosk/journal/sqlite.h"
#include "kiosk/journal/verify.h"

namespace torugart::journal {

// Fills in everything of the report but `ok`; `lane` must be there. `expected_head`: lower-case hex, or empty. An error
// when SQLite could not go on.
Result<void> walk(const sql::Database& db, const VerifyOptions& options, const std::string& expected_head,
                  VerifyReport& report);

}  // namespace torugart::journal
