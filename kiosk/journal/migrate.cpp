#include <fmt/format.h>
#include <unistd.h>

#include "kiosk/journal/disk_error.h"
#include "kiosk/journal/schema.h"

namespace torugart::journal {

Result<void> migrate(sql::Database& db) {
  const auto version = db.integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (*version >= kSchemaVersion) return {};
  // The copy is whole and durable before anything is changed. A power cut in between leaves the old journal, and a copy
  // that the next start makes again.
  const std::string copy = fmt::format("{}.schema-{}", db.path(), *version), temporary = copy + ".new";
  ::unlink(temporary.c_str());
  auto into = db.prepare("VACUUM INTO ?1", false);
  if (!into) return tl::unexpected(into.error());
  auto done = into->bind(1, std::string_view(temporary)).run();
  if (done) done = told(disk::put_in_place(temporary, copy));
  if (done) done = db.execute("BEGIN IMMEDIATE");
  if (done) done = add_proof_tables(db);
  if (done) done = db.execute("COMMIT");
  if (!done) db.roll_back();
  return done;
}

}  // namespace torugart::journal
