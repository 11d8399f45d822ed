// The little of SQLite that the journal needs, with owners. Internal to kiosk/journal.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "kiosk/journal/error.h"

namespace torugart::journal::sql {

Error error_of(sqlite3* db, int rc, std::string_view doing, std::string_view where);

// Thread-bound.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* db, sqlite3_stmt* raw, std::string where) : db_(db), raw_(raw), where_(std::move(where)) {}

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view text);        // as TEXT; copied
  Statement& bind_blob(int index, std::string_view bytes);  // copied
  Result<bool> step();                                      // true: there is a row
  Result<void> run();                                       // step until done, then reset
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(raw_.get(), column); }
  std::string text(int column) const;  // TEXT or BLOB, as bytes

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* raw) const { sqlite3_finalize(raw); }
  };
  sqlite3* db_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalize> raw_;
  std::string where_;
  int bind_error_ = SQLITE_OK;
};

// Thread-bound.
class Database {
 public:
  Database() = default;
  static Result<Database> open(const std::string& path);
  // For a reader: of a folder that cannot be written to, too.
  static Result<Database> open_readonly(const std::string& path);

  Result<void> execute(const std::string& statements);
  Result<Statement> prepare(std::string_view statement, bool keep = true) const;
  Result<std::int64_t> integer(std::string_view statement) const;  // the first column of the first row; 0 when none
  Result<std::string> text(std::string_view statement) const;
  void roll_back();  // when a transaction is open
  const std::string& path() const { return path_; }
  sqlite3* raw() const { return raw_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* raw) const { sqlite3_close_v2(raw); }
  };
  static Result<Database> open_with(const std::string& name, const std::string& path, int flags);
  std::unique_ptr<sqlite3, Close> raw_;
  std::string path_;
};

}  // namespace torugart::journal::sql
