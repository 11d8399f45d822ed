#include "kiosk/journal/reader.h"

#include <fmt/format.h>

#include <mutex>

#include "kiosk/inspection/event_json.h"
#include "kiosk/journal/chain.h"
#include "kiosk/journal/note.h"
#include "kiosk/journal/schema.h"
#include "kiosk/journal/sqlite.h"
#include "kiosk/journal/tree_store.h"

namespace torugart::journal {
namespace {

constexpr int kMaxLimit = 10'000;
constexpr const char* kRow =
    "SELECT crossing, first_seq, last_seq, arrived_wall_us, last_wall_us, open, review FROM crossing_index ";

}  // namespace

struct Reader::Impl {
  sql::Database db;
  std::string lane;
  mutable std::mutex mutex;

  Result<std::vector<Record>> records(sql::Statement& statement) const;
  Result<std::vector<CrossingRow>> rows(sql::Statement& statement) const;
  Result<std::vector<CrossingRow>> rows(std::string_view text) const;
  Result<bool> has_proofs() const;
  Result<std::optional<StoredCheckpoint>> checkpoint(std::string_view query, std::int64_t size) const;
};

Result<std::vector<Record>> Reader::Impl::records(sql::Statement& statement) const {
  std::vector<Record> list;
  for (;;) {
    const auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return list;
    Record& record = list.emplace_back();
    record.text = statement.text(1);
    record.prev_hash = hex(statement.text(2));
    record.hash = hex(statement.text(3));
    auto event = inspection::event_from_text(record.text);
    if (!event)
      return tl::unexpected(Error{Error::Code::unreadable, event.error().what,
                                  fmt::format("{}, event {}{}", db.path(), statement.integer(0), event.error().where),
                                  event.error().remedy});
    record.event = std::move(*event);
  }
}

Result<std::vector<CrossingRow>> Reader::Impl::rows(sql::Statement& statement) const {
  auto numbers = db.prepare("SELECT number FROM crossing_numbers WHERE crossing = ?1 ORDER BY number", false);
  if (!numbers) return tl::unexpected(numbers.error());
  std::vector<CrossingRow> list;
  for (;;) {
    const auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return list;
    CrossingRow& crossing = list.emplace_back();
    crossing.id = statement.text(0);
    crossing.first_seq = statement.integer(1);
    crossing.last_seq = statement.integer(2);
    crossing.arrived_wall_us = statement.integer(3);
    crossing.last_wall_us = statement.integer(4);
    crossing.open = statement.integer(5) != 0;
    crossing.review_requested = statement.integer(6) != 0;
    numbers->reset();
    numbers->bind(1, std::string_view(crossing.id));
    for (auto number = numbers->step();; number = numbers->step()) {
      if (!number) return tl::unexpected(number.error());
      if (!*number) break;
      crossing.numbers.push_back(numbers->text(0));
    }
  }
}

Result<std::vector<CrossingRow>> Reader::Impl::rows(std::string_view text) const {
  auto statement = db.prepare(text, false);
  if (!statement) return tl::unexpected(statement.error());
  return rows(*statement);
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path) {
  auto db = sql::Database::open_readonly(path);
  if (!db) return tl::unexpected(db.error());
  const auto lane = check_schema(*db);
  if (!lane) return tl::unexpected(lane.error());
  auto impl = std::make_unique<Impl>();
  impl->db = std::move(*db);
  impl->lane = *lane;
  return std::unique_ptr<Reader>(new Reader(std::move(impl)));
}

Result<std::vector<Record>> Reader::events(std::int64_t from_seq, int limit) const {
  if (limit < 1 || limit > kMaxLimit)
    return tl::unexpected(Error{Error::Code::refused, fmt::format("a limit of {} events", limit), impl_->db.path(),
                                "Ask for 1 to 10 000 events at once"});
  const std::lock_guard lock(impl_->mutex);
  auto statement =
      impl_->db.prepare("SELECT seq, text, prev_hash, hash FROM events WHERE seq >= ?1 ORDER BY seq LIMIT ?2", false);
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(1, from_seq).bind(2, std::int64_t{limit});
  return impl_->records(*statement);
}

Result<std::vector<Record>> Reader::events_of(const std::string& crossing) const {
  const std::lock_guard lock(impl_->mutex);
  auto statement = impl_->db.prepare(
      "SELECT e.seq, e.text, e.prev_hash, e.hash FROM crossing_events c JOIN events e ON e.seq = c.seq"
      " WHERE c.crossing = ?1 ORDER BY c.seq",
      false);
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(1, std::string_view(crossing));
  return impl_->records(*statement);
}

Result<std::optional<inspection::Crossing>> Reader::crossing(const std::string& id) const {
  const auto records = events_of(id);
  if (!records) return tl::unexpected(records.error());
  std::optional<inspection::Crossing> crossing;
  if (!records->empty()) crossing.emplace();
  for (const Record& record : *records)
    apply(*crossing, record.event);
  return crossing;
}

Result<std::vector<CrossingRow>> Reader::crossings(std::string_view query, int limit, int offset) const {
  if (limit < 1 || limit > kMaxLimit || offset < 0)
    return tl::unexpected(Error{Error::Code::refused, fmt::format("{} crossings from {}", limit, offset),
                                impl_->db.path(), "Ask for 1 to 10 000 crossings at once"});
  const std::string part = normalise_number(query);
  const std::lock_guard lock(impl_->mutex);
  std::string text = kRow;
  if (!part.empty())
    text += "WHERE crossing = ?4 OR crossing IN (SELECT crossing FROM crossing_numbers WHERE instr(number, ?3) > 0) ";
  text += "ORDER BY first_seq DESC LIMIT ?1 OFFSET ?2";
  auto statement = impl_->db.prepare(text, false);
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(1, std::int64_t{limit}).bind(2, std::int64_t{offset});
  if (!part.empty()) statement->bind(3, std::string_view(part)).bind(4, query);
  return impl_->rows(*statement);
}

Result<std::vector<CrossingRow>> Reader::open_crossings() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->rows(std::string(kRow) + "WHERE open = 1 ORDER BY first_seq");
}

Result<std::vector<CrossingRow>> Reader::waiting_for_review() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->rows(std::string(kRow) + "WHERE open = 1 AND review = 1 ORDER BY first_seq");
}

Result<std::int64_t> Reader::last_seq() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->db.integer("SELECT max(seq) FROM events");
}

Result<std::string> Reader::head_hash() const {
  const std::lock_guard lock(impl_->mutex);
  auto hash = impl_->db.text("SELECT hash FROM events ORDER BY seq DESC LIMIT 1");
  if (!hash) return hash;
  return hex(hash->empty() ? genesis_hash(impl_->lane) : *hash);
}

Result<std::string> Reader::lane() const {
  return impl_->lane;
}

Result<bool> Reader::Impl::has_proofs() const {
  const auto version = db.integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  return *version >= 2;
}

Result<std::optional<StoredCheckpoint>> Reader::Impl::checkpoint(std::string_view query, std::int64_t size) const {
  const auto has = has_proofs();
  if (!has) return tl::unexpected(has.error());
  if (!*has) return std::nullopt;
  auto statement = db.prepare(query, false);
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->bind(1, size).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return StoredCheckpoint{statement->integer(0), statement->text(1)};
}

Result<std::vector<StoredKey>> Reader::keys() const {
  const std::lock_guard lock(impl_->mutex);
  const auto has = impl_->has_proofs();
  if (!has) return tl::unexpected(has.error());
  std::vector<StoredKey> list;
  if (!*has) return list;
  auto statement = impl_->db.prepare("SELECT from_size, vkey FROM checkpoint_keys ORDER BY from_size", false);
  if (!statement) return tl::unexpected(statement.error());
  for (;;) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return list;
    list.push_back({statement->integer(0), statement->text(1)});
  }
}

Result<std::optional<StoredCheckpoint>> Reader::newest_checkpoint() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->checkpoint("SELECT size, note FROM checkpoints WHERE size >= ?1 ORDER BY size DESC LIMIT 1", 0);
}

Result<std::optional<StoredCheckpoint>> Reader::checkpoint_from(std::int64_t size) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->checkpoint("SELECT size, note FROM checkpoints WHERE size >= ?1 ORDER BY size LIMIT 1", size);
}

namespace {

Error no_proof(const std::string& path) {
  return {Error::Code::refused, "the journal does not have so many events, or no tree over them", path,
          "Run 'torugart journal verify'"};
}

// Of the first `size` events as they were signed, when they were signed at just that size.
std::optional<merkle::Hash> signed_root(const sql::Database& db, std::int64_t size) {
  auto statement = db.prepare("SELECT note FROM checkpoints WHERE size = ?1", false);
  if (!statement) return std::nullopt;  // an older schema
  const auto row = statement->bind(1, size).step();
  const auto note = row && *row ? parse_note(statement->text(0)) : std::nullopt;
  const auto checkpoint = note ? parse_checkpoint(note->text) : std::nullopt;
  return checkpoint ? std::optional(checkpoint->root) : std::nullopt;
}

// Made from the stored tree when that gives the root that was signed, else from the leaves alone.
template <typename Make>
Result<merkle::Proof> proof_that_holds(const sql::Database& db, std::int64_t size, const Make& make) {
  const auto expected = signed_root(db, size);
  for (const bool tiles : {true, false}) {
    const auto tree = stored_subtree(db, tiles);
    const auto top = merkle::root(size, tree);
    if (!top || (expected && *top != *expected)) continue;
    auto proof = make(tree, *top);
    if (proof) return std::move(*proof);
  }
  return tl::unexpected(no_proof(db.path()));
}

}  // namespace

Result<merkle::Proof> Reader::inclusion_proof(std::int64_t seq, std::int64_t size) const {
  const std::lock_guard lock(impl_->mutex);
  return proof_that_holds(impl_->db, size, [&](const merkle::Subtree& tree, const merkle::Hash& top) {
    auto proof = merkle::inclusion_proof(seq - 1, size, tree);
    const auto leaf = tree(0, seq - 1);
    if (proof && (!leaf || !merkle::verify_inclusion(seq - 1, size, *leaf, *proof, top))) proof.reset();
    return proof;
  });
}

Result<merkle::Proof> Reader::consistency_proof(std::int64_t old_size, std::int64_t size) const {
  const std::lock_guard lock(impl_->mutex);
  return proof_that_holds(impl_->db, size, [&](const merkle::Subtree& tree, const merkle::Hash& top) {
    auto proof = merkle::consistency_proof(old_size, size, tree);
    const auto old = merkle::root(old_size, tree);
    if (proof && (!old || !merkle::verify_consistency(old_size, size, *old, top, *proof))) proof.reset();
    return proof;
  });
}

}  // namespace torugart::journal
