// The Merkle tree over the events as it lies in the database. The leaves are the events' own hashes. Of the nodes
// above them only every eighth level is kept ("tiles" of 256), which is enough to make any proof with a few hundred
// reads and small enough to be forgotten: the table is derived from the events and is made again whenever it does not
// fit a signed checkpoint. Internal to kiosk/journal.
#pragma once

#include <cstdint>

#include "kiosk/journal/merkle.h"
#include "kiosk/journal/sqlite.h"

namespace torugart::journal {

inline constexpr int kTileStep = 8;  // levels 8, 16, 24 … are kept

// Reads leaves and tiles of `db`, which must outlive it; thread-bound to the thread of the database. With `tiles`
// false it takes the leaves alone, which is slow (all leaves under a node) and trusts nothing derived.
merkle::Subtree stored_subtree(const sql::Database& db, bool tiles);

// Writes the tiles that a tree's last append completed. Thread-bound.
class TileWriter {
 public:
  static Result<TileWriter> prepare(const sql::Database& db);
  Result<void> add(const merkle::Frontier& after_append);

 private:
  sql::Statement insert_;
};

// Empties the table and makes it again from the leaves; inside the caller's transaction. The tree's end.
Result<merkle::Frontier> rebuild_tiles(sql::Database& db);

// The frontier of the `size` events, when the tiles up to `known_size` give `known_root` and those after it follow
// from the leaves; nothing when the table is wrong in any way that matters.
Result<std::optional<merkle::Frontier>> checked_frontier(const sql::Database& db, std::int64_t size,
                                                         std::int64_t known_size, const merkle::Hash& known_root);

}  // namespace torugart::journal
