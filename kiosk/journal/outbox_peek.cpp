#include "kiosk/journal/outbox_peek.h"

#include "kiosk/journal/sqlite.h"

namespace torugart::journal {

Result<std::optional<std::string>> peek_outbox(const std::string& path, std::string_view key) {
  auto db = sql::Database::open_readonly(path);
  if (!db) return tl::unexpected(db.error());
  auto statement = db->prepare("SELECT value FROM state WHERE key = ?1", false);
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->bind_blob(1, key).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return statement->text(0);
}

}  // namespace torugart::journal
