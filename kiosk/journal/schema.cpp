#include "kiosk/journal/schema.h"

#include <fmt/format.h>

namespace torugart::journal {
namespace {

constexpr const char* kTables = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE events(
  seq       INTEGER PRIMARY KEY CHECK(seq > 0),
  text      TEXT NOT NULL,
  prev_hash BLOB NOT NULL CHECK(length(prev_hash) = 32),
  hash      BLOB NOT NULL CHECK(length(hash) = 32)) STRICT;

CREATE TRIGGER events_in_order BEFORE INSERT ON events
  WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events)
  BEGIN SELECT raise(ABORT, 'the journal takes events in order only'); END;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;

-- derived from events; can be made again at any time
CREATE TABLE index_state(one INTEGER PRIMARY KEY CHECK(one = 1), indexed_to INTEGER NOT NULL) STRICT;
CREATE TABLE crossing_index(
  crossing        TEXT PRIMARY KEY NOT NULL,
  first_seq       INTEGER NOT NULL,
  last_seq        INTEGER NOT NULL,
  arrived_wall_us INTEGER NOT NULL,
  last_wall_us    INTEGER NOT NULL,
  open            INTEGER NOT NULL,
  review          INTEGER NOT NULL) STRICT;
CREATE INDEX crossing_index_first ON crossing_index(first_seq);
CREATE INDEX crossing_index_open ON crossing_index(first_seq) WHERE open = 1;
CREATE TABLE crossing_events(crossing TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(crossing, seq))
  STRICT, WITHOUT ROWID;
CREATE TABLE crossing_numbers(crossing TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY(crossing, number))
  STRICT, WITHOUT ROWID;
INSERT INTO index_state VALUES(1, 0);
)sql";

// What schema 2 added.
constexpr const char* kProofTables = R"sql(
CREATE TABLE checkpoint_keys(from_size INTEGER PRIMARY KEY CHECK(from_size >= 0), vkey TEXT NOT NULL) STRICT;
CREATE TABLE checkpoints(size INTEGER PRIMARY KEY CHECK(size > 0), note TEXT NOT NULL) STRICT;
CREATE TRIGGER keys_in_order BEFORE INSERT ON checkpoint_keys
  WHEN NEW.from_size <= (SELECT coalesce(max(from_size), -1) FROM checkpoint_keys)
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER keys_no_update BEFORE UPDATE ON checkpoint_keys
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER keys_no_delete BEFORE DELETE ON checkpoint_keys
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER checkpoints_in_order BEFORE INSERT ON checkpoints
  WHEN NEW.size <= (SELECT coalesce(max(size), 0) FROM checkpoints)
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
-- derived from events
CREATE TABLE tree_tiles(level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL CHECK(length(hash) = 32),
  PRIMARY KEY(level, idx)) STRICT, WITHOUT ROWID;
)sql";

Error not_ours(const sql::Database& db, std::string what) {
  return Error{Error::Code::not_ours, std::move(what), db.path(),
               "Name the journal of this lane in the configuration"};
}

}  // namespace

Result<void> make_schema(sql::Database& db, const std::string& lane) {
  auto done = db.execute("BEGIN IMMEDIATE");
  if (done) done = db.execute(kTables);
  if (done) done = db.execute(kProofTables);
  if (done)
    done =
        db.execute(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, kSchemaVersion));
  if (done) {
    auto insert = db.prepare("INSERT INTO meta VALUES(?1, ?2)", false);
    if (!insert) {
      done = tl::unexpected(insert.error());
    } else {
      done = insert->bind(1, std::string_view("lane")).bind(2, std::string_view(lane)).run();
      if (done) done = insert->bind(1, std::string_view("hash")).bind(2, std::string_view("SHA-256")).run();
    }
  }
  if (done) done = db.execute("COMMIT");
  if (!done) db.roll_back();
  return done;
}

Result<void> add_proof_tables(sql::Database& db) {
  return db.execute(kProofTables + fmt::format("PRAGMA user_version={}", kSchemaVersion));
}

Result<std::string> check_schema(const sql::Database& db) {
  const auto id = db.integer("PRAGMA application_id");
  if (!id) return tl::unexpected(id.error());
  if (*id != kApplicationId) return tl::unexpected(not_ours(db, "this is a database, but no journal of a lane"));
  const auto version = db.integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (*version < kOldestSchema || *version > kSchemaVersion)
    return tl::unexpected(not_ours(db, fmt::format("the journal has schema {}, this program reads schemas {} to {}",
                                                   *version, kOldestSchema, kSchemaVersion)));
  auto lane = db.text("SELECT value FROM meta WHERE key = 'lane'");
  if (lane && lane->empty()) return tl::unexpected(not_ours(db, "the journal does not say which lane it is of"));
  return lane;
}

}  // namespace torugart::journal
