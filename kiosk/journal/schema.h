// The tables, and how a file says that it is a journal of ours. Internal to kiosk/journal; README.md has them in
// words.
#pragma once

#include <string>

#include "kiosk/journal/sqlite.h"

namespace torugart::journal {

inline constexpr int kApplicationId = 0x546F724A;  // "TorJ"
inline constexpr int kSchemaVersion = 1;

// Makes the tables in an empty file.
Result<void> make_schema(sql::Database& db, const std::string& lane);
// That the file is a journal of this program and a schema that it can read. Gives the lane.
Result<std::string> check_schema(const sql::Database& db);

}  // namespace torugart::journal
