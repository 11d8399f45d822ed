#include "kiosk/journal/outbox.h"

#include <fmt/format.h>

#include <mutex>

#include "kiosk/journal/sqlite.h"

namespace torugart::journal {
namespace {

constexpr int kApplicationId = 0x546F7253;  // "TorS"
constexpr std::size_t kMaxKey = 256;
constexpr std::size_t kMaxValue = std::size_t{64} << 20;

}  // namespace

std::string outbox_path(const std::string& journal_path) {
  const std::string ending = ".db";
  const bool ends = journal_path.size() > ending.size() && journal_path.ends_with(ending);
  return (ends ? journal_path.substr(0, journal_path.size() - ending.size()) : journal_path) + ".state.db";
}

struct Outbox::Impl {
  sql::Database db;
  mutable std::mutex mutex;
};

Outbox::Outbox(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Outbox::~Outbox() = default;

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& path) {
  auto db = sql::Database::open(path);
  if (!db) return tl::unexpected(db.error());
  if (auto done = db->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"); !done)
    return tl::unexpected(done.error());
  const auto id = db->integer("PRAGMA application_id");
  if (!id) return tl::unexpected(id.error());
  const auto tables = db->integer("SELECT count(*) FROM sqlite_master");
  if (!tables) return tl::unexpected(tables.error());
  if (*id != kApplicationId && *tables != 0)
    return tl::unexpected(Error{Error::Code::not_ours, "this is a database, but not the state of an uploader", path,
                                "Name another file in the configuration"});
  // Two processes may get here at the same time: IF NOT EXISTS, in a transaction that waits for the other.
  const auto made = db->execute(fmt::format(
      "BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS state(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)"
      " STRICT, WITHOUT ROWID; PRAGMA application_id={}; PRAGMA user_version=1; COMMIT",
      kApplicationId));
  if (!made) return tl::unexpected(made.error());
  auto impl = std::make_unique<Impl>();
  impl->db = std::move(*db);
  return std::unique_ptr<Outbox>(new Outbox(std::move(impl)));
}

Result<std::optional<std::string>> Outbox::get(std::string_view key) const {
  const std::lock_guard lock(impl_->mutex);
  auto statement = impl_->db.prepare("SELECT value FROM state WHERE key = ?1", false);
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->bind_blob(1, key).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return statement->text(0);
}

Result<void> Outbox::put(std::string_view key, std::string_view value) {
  return put_all({{std::string(key), std::string(value)}});
}

Result<void> Outbox::erase(std::string_view key) {
  return put_all({{std::string(key), std::nullopt}});
}

Result<void> Outbox::put_all(const std::vector<std::pair<std::string, std::optional<std::string>>>& changes) {
  for (const auto& [key, value] : changes)
    if (key.empty() || key.size() > kMaxKey || (value && value->size() > kMaxValue))
      return tl::unexpected(Error{Error::Code::refused, "a key or value that is too long", impl_->db.path(),
                                  "Keys have 1 to 256 bytes, values at most 64 MiB"});
  const std::lock_guard lock(impl_->mutex);
  sql::Database& db = impl_->db;
  auto put = db.prepare("INSERT INTO state VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value = ?2", false);
  if (!put) return tl::unexpected(put.error());
  auto erase = db.prepare("DELETE FROM state WHERE key = ?1", false);
  if (!erase) return tl::unexpected(erase.error());
  auto done = db.execute("BEGIN IMMEDIATE");
  for (const auto& [key, value] : changes) {
    if (!done) break;
    done = value ? put->bind_blob(1, key).bind_blob(2, *value).run() : erase->bind_blob(1, key).run();
  }
  if (done) done = db.execute("COMMIT");
  if (!done) db.roll_back();
  return done;
}

Result<std::vector<std::pair<std::string, std::string>>> Outbox::list(std::string_view prefix) const {
  const std::lock_guard lock(impl_->mutex);
  auto statement = impl_->db.prepare(
      "SELECT key, value FROM state WHERE key >= ?1 AND substr(key, 1, length(?1)) = ?1 ORDER BY key", false);
  if (!statement) return tl::unexpected(statement.error());
  statement->bind_blob(1, prefix);
  std::vector<std::pair<std::string, std::string>> list;
  for (;;) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return list;
    list.emplace_back(statement->text(0), statement->text(1));
  }
}

}  // namespace torugart::journal
