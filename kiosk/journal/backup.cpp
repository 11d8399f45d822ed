#include "kiosk/journal/backup.h"

#include <unistd.h>

#include "kiosk/journal/disk_error.h"
#include "kiosk/journal/schema.h"

namespace torugart::journal {

Result<void> backup(const std::string& journal_path, const std::string& to) {
  auto db = sql::Database::open_readonly(journal_path);
  if (!db) return tl::unexpected(db.error());
  if (const auto lane = check_schema(*db); !lane) return tl::unexpected(lane.error());
  const std::string temporary = to + ".new";
  ::unlink(temporary.c_str());
  auto into = db->prepare("VACUUM INTO ?1", false);
  if (!into) return tl::unexpected(into.error());
  auto done = into->bind(1, std::string_view(temporary)).run();
  if (done) done = told(disk::put_in_place(temporary, to));
  if (!done) ::unlink(temporary.c_str());
  return done;
}

}  // namespace torugart::journal
