// The tables, and how a file says that it is a journal of ours. Internal to kiosk/journal; README.md has them in
// words.
#pragma once

#include <string>

#include "kiosk/journal/sqlite.h"

namespace torugart::journal {

inline constexpr int kApplicationId = 0x546F724A;  // "TorJ"
inline constexpr int kSchemaVersion = 2;           // what is written
inline constexpr int kOldestSchema = 1;            // what can be read, and is migrated by the writer

// Makes the tables in an empty file.
Result<void> make_schema(sql::Database& db, const std::string& lane);
// The tables of keys, checkpoints and tiles, and the number of the schema; inside the caller's transaction.
Result<void> add_proof_tables(sql::Database& db);
// Brings a journal of schema 1 to schema 2. A copy of it as it was stays beside it, as "<path>.schema-1". Does nothing
// to one that is there already.
Result<void> migrate(sql::Database& db);
// That the file is a journal of this program and a schema that it can read. Gives the lane.
Result<std::string> check_schema(const sql::Database& db);

}  // namespace torugart::journal
