#include "kiosk/journal/sqlite.h"

#include <fmt/format.h>
#include <sys/stat.h>

namespace torugart::journal::sql {
namespace {

constexpr int kBusy_ms = 5000;

// A path as an SQLite URI: everything that is not plain is escaped.
std::string uri_of(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    const auto u = static_cast<unsigned char>(c);
    const bool plain = (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || u == '/' ||
                       u == '.' || u == '-' || u == '_';
    uri += plain ? std::string(1, c) : fmt::format("%{:02x}", u);
  }
  return uri + "?immutable=1";
}

}  // namespace

Error error_of(sqlite3* db, int rc, std::string_view doing, std::string_view where) {
  using Code = Error::Code;
  Error error;
  error.what = fmt::format("{}: {}", doing, db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
  error.where = where;
  switch (rc & 0xff) {
    case SQLITE_FULL:
      error.code = Code::disk_full;
      error.remedy = "Make room on this disk; what waits is kept in memory and is written as soon as there is room";
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      error.code = Code::locked;
      error.remedy = "Another program has the file open for writing: end it";
      break;
    case SQLITE_CORRUPT:
      error.code = Code::damaged;
      error.remedy = "Keep the file as it is, run 'torugart journal verify', and call the administrator";
      break;
    case SQLITE_NOTADB:
      error.code = Code::not_ours;
      error.remedy = "Name the journal of this lane in the configuration";
      break;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      error.code = Code::cannot_open;
      error.remedy = "Check that the folder exists and that this user may write in it";
      break;
    case SQLITE_CONSTRAINT:
      error.code = Code::sequence;
      error.remedy = "The journal refuses what would change it; verify it and call the administrator";
      break;
    default:
      error.code = Code::io;
      error.remedy = "Check the disk and its cables; what waits is kept in memory and is tried again";
  }
  return error;
}

Statement& Statement::bind(int index, std::int64_t value) {
  if (const int rc = sqlite3_bind_int64(raw_.get(), index, value); rc != SQLITE_OK) bind_error_ = rc;
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  const int rc = sqlite3_bind_text64(raw_.get(), index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (rc != SQLITE_OK) bind_error_ = rc;
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes) {
  // A null pointer would bind NULL, not an empty blob.
  const char* data = bytes.data() != nullptr ? bytes.data() : "";
  const int rc = sqlite3_bind_blob64(raw_.get(), index, data, bytes.size(), SQLITE_TRANSIENT);
  if (rc != SQLITE_OK) bind_error_ = rc;
  return *this;
}

Result<bool> Statement::step() {
  if (bind_error_ != SQLITE_OK) return tl::unexpected(error_of(nullptr, bind_error_, "cannot pass a value", where_));
  const int rc = sqlite3_step(raw_.get());
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  Error error = error_of(db_, rc, "SQLite", where_);
  sqlite3_reset(raw_.get());
  return tl::unexpected(std::move(error));
}

Result<void> Statement::run() {
  for (;;) {
    const auto row = step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
  }
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(raw_.get());
  bind_error_ = SQLITE_OK;
}

std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(raw_.get(), column);
  const int size = sqlite3_column_bytes(raw_.get(), column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Result<Database> Database::open_with(const std::string& name, const std::string& path, int flags) {
  sqlite3* raw = nullptr;
  const int rc = sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, nullptr);
  Database db;
  db.raw_.reset(raw);
  db.path_ = path;
  if (rc != SQLITE_OK) return tl::unexpected(error_of(raw, rc, "cannot open", path));
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, kBusy_ms);
  // No memory map: a disk that fails is an error to us, not a signal. What the file says about itself is not trusted.
  if (auto done = db.execute("PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON"); !done)
    return tl::unexpected(done.error());
  return db;
}

Result<Database> Database::open(const std::string& path) {
  return open_with(path, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<Database> Database::open_readonly(const std::string& path) {
  struct stat wal {};
  const bool has_wal = ::stat((path + "-wal").c_str(), &wal) == 0 && wal.st_size > 0;
  auto db = open_with(path, path, SQLITE_OPEN_READONLY);
  if (db) {
    const auto readable = db->integer("SELECT count(*) FROM sqlite_master");
    if (readable) return db;
    db = tl::unexpected(readable.error());
  }
  // On a disk that cannot be written to, SQLite cannot make its shared-memory file; without a log it needs none.
  if (!has_wal && db.error().code == Error::Code::cannot_open && ::stat(path.c_str(), &wal) == 0) {
    auto immutable = open_with(uri_of(path), path, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    if (immutable && immutable->integer("SELECT count(*) FROM sqlite_master")) return immutable;
  }
  return db;
}

Result<void> Database::execute(const std::string& statements) {
  const int rc = sqlite3_exec(raw_.get(), statements.c_str(), nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return tl::unexpected(error_of(raw_.get(), rc, "SQLite", path_));
  return {};
}

Result<Statement> Database::prepare(std::string_view statement, bool keep) const {
  sqlite3_stmt* raw = nullptr;
  const int rc = sqlite3_prepare_v3(raw_.get(), statement.data(), static_cast<int>(statement.size()),
                                    keep ? SQLITE_PREPARE_PERSISTENT : 0, &raw, nullptr);
  if (rc != SQLITE_OK) return tl::unexpected(error_of(raw_.get(), rc, "SQLite", path_));
  return Statement(raw_.get(), raw, path_);
}

Result<std::int64_t> Database::integer(std::string_view statement) const {
  auto prepared = prepare(statement, false);
  if (!prepared) return tl::unexpected(prepared.error());
  const auto row = prepared->step();
  if (!row) return tl::unexpected(row.error());
  return *row ? prepared->integer(0) : 0;
}

Result<std::string> Database::text(std::string_view statement) const {
  auto prepared = prepare(statement, false);
  if (!prepared) return tl::unexpected(prepared.error());
  const auto row = prepared->step();
  if (!row) return tl::unexpected(row.error());
  return *row ? prepared->text(0) : std::string();
}

void Database::roll_back() {
  if (raw_ && sqlite3_get_autocommit(raw_.get()) == 0)
    sqlite3_exec(raw_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace torugart::journal::sql
