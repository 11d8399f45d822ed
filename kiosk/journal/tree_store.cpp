#include "kiosk/journal/tree_store.h"

#include <memory>

namespace torugart::journal {
namespace {

class Stored {
 public:
  Stored(const sql::Database& db, bool tiles) {
    if (auto leaf = db.prepare("SELECT hash FROM events WHERE seq = ?1")) leaf_ = std::move(*leaf);
    if (auto tile = db.prepare("SELECT hash FROM tree_tiles WHERE level = ?1 AND idx = ?2"); tile && tiles) {
      tile_ = std::move(*tile);
      tiles_ = true;
    }
  }

  std::optional<merkle::Hash> at(int level, std::int64_t index) {
    if (level < 0 || level > 61 || index < 0) return std::nullopt;
    if (level == 0) return one(leaf_.bind(1, index + 1), leaf_);
    if (tiles_ && level % kTileStep == 0) return one(tile_.bind(1, std::int64_t{level}).bind(2, index), tile_);
    const auto left = at(level - 1, 2 * index);
    if (!left) return std::nullopt;
    const auto right = at(level - 1, 2 * index + 1);
    if (!right) return std::nullopt;
    return merkle::node_hash(*left, *right);
  }

 private:
  static std::optional<merkle::Hash> one(sql::Statement& bound, sql::Statement& statement) {
    const auto row = bound.step();
    std::optional<merkle::Hash> hash;
    if (row && *row) hash = merkle::from_bytes(statement.text(0));
    statement.reset();
    return hash;
  }

  sql::Statement leaf_, tile_;
  bool tiles_ = false;
};

}  // namespace

merkle::Subtree stored_subtree(const sql::Database& db, bool tiles) {
  return [stored = std::make_shared<Stored>(db, tiles)](int level, std::int64_t index) {
    return stored->at(level, index);
  };
}

Result<TileWriter> TileWriter::prepare(const sql::Database& db) {
  auto insert = db.prepare("INSERT INTO tree_tiles(level, idx, hash) VALUES(?1, ?2, ?3)");
  if (!insert) return tl::unexpected(insert.error());
  TileWriter writer;
  writer.insert_ = std::move(*insert);
  return writer;
}

Result<void> TileWriter::add(const merkle::Frontier& after_append) {
  for (int level = kTileStep;; level += kTileStep) {
    const auto hash = after_append.completed(level);
    if (!hash) return {};
    const std::int64_t index = (after_append.size() >> level) - 1;
    if (auto done = insert_.bind(1, std::int64_t{level}).bind(2, index).bind_blob(3, merkle::to_bytes(*hash)).run();
        !done)
      return done;
  }
}

Result<merkle::Frontier> rebuild_tiles(sql::Database& db) {
  if (auto done = db.execute("DELETE FROM tree_tiles"); !done) return tl::unexpected(done.error());
  auto writer = TileWriter::prepare(db);
  if (!writer) return tl::unexpected(writer.error());
  auto rows = db.prepare("SELECT hash FROM events ORDER BY seq", false);
  if (!rows) return tl::unexpected(rows.error());
  merkle::Frontier frontier;
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return frontier;
    const auto hash = merkle::from_bytes(rows->text(0));
    if (!hash)
      return tl::unexpected(
          Error{Error::Code::damaged, "an event has no hash", db.path(),
                "Keep the file as it is, run 'torugart journal verify', and call the administrator"});
    frontier.append(*hash);
    if (auto done = writer->add(frontier); !done) return tl::unexpected(done.error());
  }
}

Result<std::optional<merkle::Frontier>> checked_frontier(const sql::Database& db, std::int64_t size,
                                                         std::int64_t known_size, const merkle::Hash& known_root) {
  auto frontier = merkle::Frontier::of(known_size, stored_subtree(db, true));
  if (!frontier || frontier->root() != known_root) return std::nullopt;
  auto rows = db.prepare("SELECT hash FROM events WHERE seq > ?1 ORDER BY seq", false);
  if (!rows) return tl::unexpected(rows.error());
  rows->bind(1, known_size);
  auto tile = db.prepare("SELECT hash FROM tree_tiles WHERE level = ?1 AND idx = ?2", false);
  if (!tile) return tl::unexpected(tile.error());
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const auto hash = merkle::from_bytes(rows->text(0));
    if (!hash) return std::nullopt;
    frontier->append(*hash);
    for (int level = kTileStep; frontier->completed(level); level += kTileStep) {
      tile->reset();
      const auto there = tile->bind(1, std::int64_t{level}).bind(2, (frontier->size() >> level) - 1).step();
      if (!there) return tl::unexpected(there.error());
      if (!*there || tile->text(0) != merkle::to_bytes(*frontier->completed(level))) return std::nullopt;
    }
  }
  if (frontier->size() != size) return std::nullopt;
  return frontier;
}

}  // namespace torugart::journal
