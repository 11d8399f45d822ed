#include "kiosk/journal/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <vector>

#include "kiosk/inspection/event_json.h"
#include "kiosk/journal/chain.h"
#include "kiosk/journal/disk_error.h"
#include "kiosk/journal/index.h"
#include "kiosk/journal/schema.h"
#include "kiosk/journal/signer.h"
#include "kiosk/journal/sqlite.h"
#include "kiosk/journal/tree_store.h"

namespace torugart::journal {
namespace {

// The lock ends with the process, however it ends; the empty lock file stays.
Result<disk::File> take_lock(const std::string& path) {
  const std::string name = path + ".lock";
  auto file = disk::open_file(name, O_RDWR | O_CREAT, 0640);
  if (!file)
    return tl::unexpected(Error{Error::Code::cannot_open, file.error().reason(), name,
                                "Check that the folder exists and that this user may write in it"});
  if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0)
    return tl::unexpected(Error{Error::Code::locked, "another program is writing this journal", path,
                                "End it first, or leave the work to it"});
  return std::move(*file);
}

struct Prepared {
  inspection::Event event;
  std::string text, prev_hash;
  merkle::Hash hash{};
};

struct KeyChange {  // what is written with the event that says so
  const SigningKey& next;
  bool lost = false;
};

tl::unexpected<Error> refuse(std::string what, std::string where) {
  return tl::unexpected(Error{Error::Code::refused, std::move(what), std::move(where),
                              "The event cannot be recorded as it is; report this with the journal"});
}

// What could not be read again must not be written.
Result<void> readable(const inspection::Event& event, const std::string& lane) {
  if (!event.lane.empty() && event.lane != lane)
    return refuse(fmt::format("an event of lane '{}'", event.lane), "lane");
  const auto again = inspection::event_from_text(inspection::canonical_text(event));
  if (!again) return refuse(again.error().what, again.error().where);
  return {};
}

std::int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t system_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

bool is_decision(const inspection::Payload& payload) {
  using namespace inspection;  // NOLINT(google-build-using-namespace)
  return std::holds_alternative<Decided>(payload) || std::holds_alternative<Reviewed>(payload) ||
         std::holds_alternative<Released>(payload) || std::holds_alternative<Detained>(payload);
}

struct Journal::Impl {
  std::string path;
  Options options;
  disk::File lock;
  sql::Database db;
  sql::Statement insert;
  Index index;
  TileWriter tiles;
  std::optional<Signer> signer;
  merkle::Frontier tree;
  std::int64_t last_seq = 0;
  std::string head;                    // raw
  std::int64_t unsigned_since_us = 0;  // monotonic; of the oldest event that no checkpoint covers

  Result<void> start();
  Result<void> read_head();
  Result<void> catch_up();
  Result<void> open_tree();
  Result<void> first_signature();
  Prepared prepare(const inspection::Event& event, std::int64_t seq, const std::string& prev_hash) const;
  Result<void> write(std::span<const Prepared> rows, bool sign, const KeyChange* change);
  Result<void> change_key(const SigningKey& next, std::string reason);
};

Result<void> Journal::Impl::start() {
  // synchronous=FULL in WAL mode: every commit waits until the log is on the disk.
  auto done = db.execute(fmt::format("PRAGMA journal_mode=WAL; PRAGMA synchronous={}; PRAGMA wal_autocheckpoint=1000",
                                     options.synchronous_full ? "FULL" : "OFF"));
  if (!done) return done;
  const auto tables = db.integer("SELECT count(*) FROM sqlite_master");
  if (!tables) return tl::unexpected(tables.error());
  if (*tables == 0) {
    if (done = make_schema(db, options.lane); !done) return done;
    if (done = told(disk::sync_folder_of(path)); !done) return done;
  }
  const auto lane = check_schema(db);
  if (!lane) return tl::unexpected(lane.error());
  if (*lane != options.lane)
    return tl::unexpected(Error{Error::Code::not_ours,
                                fmt::format("this is the journal of lane '{}', not of '{}'", *lane, options.lane),
                                path, "Name the journal of this lane in the configuration"});
  if (done = migrate(db); !done) return done;
  auto prepared = db.prepare("INSERT INTO events(seq, text, prev_hash, hash) VALUES(?1, ?2, ?3, ?4)");
  if (!prepared) return tl::unexpected(prepared.error());
  insert = std::move(*prepared);
  auto made = Index::prepare(db);
  if (!made) return tl::unexpected(made.error());
  index = std::move(*made);
  auto writer = TileWriter::prepare(db);
  if (!writer) return tl::unexpected(writer.error());
  tiles = std::move(*writer);
  if (done = read_head(); !done) return done;
  if (done = catch_up(); !done) return done;
  if (done = open_tree(); !done) return done;
  return first_signature();
}

// The tree as the tiles have it, when they fit what was signed; made again from the events when they do not. When even
// that does not give the root that was signed, the events are not the ones that were signed.
Result<void> Journal::Impl::open_tree() {
  auto opened = Signer::open(db, options.lane, options.key_file.empty() ? key_path(path) : options.key_file);
  if (!opened) return tl::unexpected(opened.error());
  signer = std::move(*opened);
  const auto damaged = [&](std::string what) {
    return tl::unexpected(Error{Error::Code::damaged, std::move(what), path,
                                "Keep the file as it is, run 'torugart journal verify', and call the administrator"});
  };
  if (signer->signed_size() > last_seq)
    return damaged(
        fmt::format("events {} to {} were signed and are missing at the end", last_seq + 1, signer->signed_size()));
  if (signer->signed_root()) {
    auto checked = checked_frontier(db, last_seq, signer->signed_size(), *signer->signed_root());
    if (!checked) return tl::unexpected(checked.error());
    if (*checked) {
      tree = std::move(**checked);
      return {};
    }
  }
  auto done = db.execute("BEGIN IMMEDIATE");
  if (done) {
    auto rebuilt = rebuild_tiles(db);
    if (rebuilt) tree = std::move(*rebuilt);
    done = rebuilt ? db.execute("COMMIT") : Result<void>(tl::unexpected(rebuilt.error()));
  }
  if (!done) {
    db.roll_back();
    return done;
  }
  if (signer->signed_root() && merkle::root(signer->signed_size(), stored_subtree(db, true)) != signer->signed_root())
    return damaged(fmt::format("the events up to {} are not those that were signed", signer->signed_size()));
  return {};
}

// The first key of a new journal; a key that is not the one before; what an earlier run did not come to sign.
Result<void> Journal::Impl::first_signature() {
  const auto key = signer->public_key().vkey();
  if (signer->recorded_vkey().empty()) {
    auto done = db.execute("BEGIN IMMEDIATE");
    if (done) done = signer->record_first_key();
    if (done && last_seq > 0) done = signer->sign(tree);
    if (done) done = db.execute("COMMIT");
    if (!done) {
      db.roll_back();
      signer->rolled_back();
      return done;
    }
    signer->committed();
    return done;
  }
  if (signer->recorded_vkey() == key) return write({}, true, nullptr);
  bool made = false;
  const auto next = signing_key_from_file(options.key_file.empty() ? key_path(path) : options.key_file, made);
  if (!next) return tl::unexpected(next.error());
  return change_key(*next, "lost");
}

Result<void> Journal::Impl::change_key(const SigningKey& next, std::string reason) {
  inspection::Event event;
  event.actor = inspection::kLaneAccount;
  event.device = "journal";
  event.mono_us = options.mono_us ? options.mono_us() : steady_us();
  event.wall_us = options.wall_us ? options.wall_us() : system_us();
  event.clock = "unknown";
  const bool lost = reason == "lost";
  event.lane = options.lane;
  event.payload = inspection::JournalKeyChanged{next.public_key(origin_of(options.lane)).vkey(),
                                                signer->recorded_vkey(), std::move(reason)};
  if (auto good = readable(event, options.lane); !good) return good;
  const Prepared row = prepare(event, last_seq + 1, head);
  const KeyChange change{next, lost};
  return write(std::span(&row, 1), true, &change);
}

Result<void> Journal::Impl::read_head() {
  head = genesis_hash(options.lane);
  auto last = db.prepare("SELECT seq, text, prev_hash, hash FROM events ORDER BY seq DESC LIMIT 1", false);
  if (!last) return tl::unexpected(last.error());
  const auto row = last->step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return {};
  last_seq = last->integer(0);
  head = last->text(3);
  if (leaf_hash(last->text(2), last->text(1)) != head)
    return tl::unexpected(Error{Error::Code::damaged, "the last event does not have its hash",
                                fmt::format("{}, event {}", path, last_seq),
                                "Keep the file as it is, run 'torugart journal verify', and call the administrator"});
  return {};
}

// Adds to the search tables the events that they do not have yet: none, unless somebody emptied them.
Result<void> Journal::Impl::catch_up() {
  const auto indexed = db.integer("SELECT indexed_to FROM index_state");
  if (!indexed) return tl::unexpected(indexed.error());
  if (*indexed > last_seq)
    return tl::unexpected(Error{Error::Code::damaged,
                                fmt::format("events {} to {} are missing at the end", last_seq + 1, *indexed), path,
                                "Keep the file as it is, run 'torugart journal verify', and call the administrator"});
  if (*indexed == last_seq) return {};
  auto rows = db.prepare("SELECT text FROM events WHERE seq > ?1 ORDER BY seq", false);
  if (!rows) return tl::unexpected(rows.error());
  rows->bind(1, *indexed);
  auto done = db.execute("BEGIN IMMEDIATE");
  while (done) {
    const auto row = rows->step();
    if (!row) done = tl::unexpected(row.error());
    if (!row || !*row) break;
    const auto event = inspection::event_from_text(rows->text(0));
    // What this version cannot read, it cannot search for either; the event itself stays as it is.
    if (event) done = index.add(*event);
  }
  rows->reset();
  if (done) {
    auto state = db.prepare("UPDATE index_state SET indexed_to = ?1", false);
    done = state ? state->bind(1, last_seq).run() : Result<void>(tl::unexpected(state.error()));
  }
  if (done) done = db.execute("COMMIT");
  if (!done) db.roll_back();
  return done;
}

Prepared Journal::Impl::prepare(const inspection::Event& event, std::int64_t seq,
                                const std::string& prev_hash) const {
  Prepared row;
  row.event = event;
  row.event.seq = seq;
  row.event.lane = options.lane;
  row.text = inspection::canonical_text(row.event);
  row.prev_hash = prev_hash;
  row.hash = merkle::leaf_hash(row.prev_hash, row.text);
  return row;
}

// Events, tiles, search tables and checkpoint in one transaction: all of it is durable afterwards, or nothing.
Result<void> Journal::Impl::write(std::span<const Prepared> rows, bool sign, const KeyChange* change) {
  if (rows.empty() && (!sign || signer->signed_size() == last_seq)) return {};
  merkle::Frontier grown = tree;
  auto done = db.execute("BEGIN IMMEDIATE");
  for (const Prepared& row : rows) {
    if (done)
      done = insert.bind(1, row.event.seq)
                 .bind(2, std::string_view(row.text))
                 .bind_blob(3, row.prev_hash)
                 .bind_blob(4, merkle::to_bytes(row.hash))
                 .run();
    grown.append(row.hash);
    if (done) done = tiles.add(grown);
    if (done) done = index.add(row.event);
  }
  if (done && change != nullptr) {
    done = signer->sign_change(grown, change->next, change->lost);
  } else if (done && sign) {
    done = signer->sign(grown);
  }
  if (done) done = db.execute("COMMIT");
  if (!done) {
    db.roll_back();
    signer->rolled_back();
    return done;
  }
  if (change != nullptr || sign) signer->committed();
  tree = std::move(grown);
  if (!rows.empty()) {
    last_seq = rows.back().event.seq;
    head = merkle::to_bytes(rows.back().hash);
  }
  return done;
}

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() {
  // As far as the disk lets us: what is not signed here, the next start signs.
  if (impl_->signer) (void)impl_->write({}, true, nullptr);
}

Result<std::unique_ptr<Journal>> Journal::open(const std::string& path, Options options) {
  if (options.lane.empty() || options.lane.size() > 256)
    return tl::unexpected(Error{Error::Code::refused, "a journal needs the name of its lane", path,
                                "Give the lane a name in the configuration"});
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->options = std::move(options);
  auto lock = take_lock(path);
  if (!lock) return tl::unexpected(lock.error());
  impl->lock = std::move(*lock);
  auto db = sql::Database::open(path);
  if (!db) return tl::unexpected(db.error());
  impl->db = std::move(*db);
  if (auto done = impl->start(); !done) return tl::unexpected(done.error());
  return std::unique_ptr<Journal>(new Journal(std::move(impl)));
}

Result<void> Journal::check(const inspection::Event& event, const std::string& lane) {
  if (std::holds_alternative<inspection::JournalKeyChanged>(event.payload))
    return refuse("only the journal itself changes its key", "type");
  return readable(event, lane);
}

Result<std::int64_t> Journal::append(std::span<const inspection::Event> events) {
  Impl& impl = *impl_;
  if (std::ssize(events) > kMaxBatch)
    return tl::unexpected(Error{Error::Code::refused, "too many events at once", impl.path, "Append them in parts"});
  std::vector<Prepared> rows;
  rows.reserve(events.size());
  bool sign = false;
  for (const inspection::Event& event : events) {
    const std::int64_t next = impl.last_seq + std::ssize(rows) + 1;
    if (event.seq != 0 && event.seq != next)
      return tl::unexpected(Error{Error::Code::sequence,
                                  fmt::format("event {} does not follow event {}", event.seq, next - 1), impl.path,
                                  "Two parts of the program number events; only the appender may"});
    if (auto good = check(event, impl.options.lane); !good) return tl::unexpected(good.error());
    rows.push_back(impl.prepare(event, next, rows.empty() ? impl.head : merkle::to_bytes(rows.back().hash)));
    sign = sign || is_decision(event.payload);
  }
  if (rows.empty()) return impl.last_seq;
  const std::int64_t now = impl.options.mono_us ? impl.options.mono_us() : steady_us();
  if (impl.signer->signed_size() == impl.last_seq) impl.unsigned_since_us = now;
  sign = sign || now - impl.unsigned_since_us >= impl.options.checkpoint_every_s * 1'000'000;
  if (auto done = impl.write(rows, sign, nullptr); !done) return tl::unexpected(done.error());
  return impl.last_seq;
}

Result<std::int64_t> Journal::checkpoint() {
  if (auto done = impl_->write({}, true, nullptr); !done) return tl::unexpected(done.error());
  return impl_->signer->signed_size();
}

std::int64_t Journal::signed_seq() const {
  return impl_->signer->signed_size();
}
std::string Journal::public_key() const {
  return impl_->signer->recorded_vkey();
}

Result<void> Journal::rotate_key() {
  Impl& impl = *impl_;
  const std::string file = impl.options.key_file.empty() ? key_path(impl.path) : impl.options.key_file;
  const auto next = make_next_key(file);
  if (!next) return tl::unexpected(next.error());
  if (auto done = impl.change_key(*next, "rotated"); !done) return done;
  // Recorded: whatever happens now, the next start takes the new key.
  if (auto done = adopt_next_key(file, origin_of(impl.options.lane)); !done) return done;
  auto again = Signer::open(impl.db, impl.options.lane, file);
  if (!again) return tl::unexpected(again.error());
  impl.signer = std::move(*again);
  return {};
}

std::int64_t Journal::last_seq() const {
  return impl_->last_seq;
}
std::string Journal::head_hash() const {
  return hex(impl_->head);
}
const std::string& Journal::lane() const {
  return impl_->options.lane;
}
const std::string& Journal::path() const {
  return impl_->path;
}

Result<void> Journal::rebuild_index() {
  auto done = impl_->db.execute(
      "BEGIN IMMEDIATE; DELETE FROM crossing_index; DELETE FROM crossing_events; DELETE FROM crossing_numbers;"
      "UPDATE index_state SET indexed_to = 0; COMMIT");
  if (!done) {
    impl_->db.roll_back();
    return done;
  }
  return impl_->catch_up();
}

}  // namespace torugart::journal
