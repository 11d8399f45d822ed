#include "kiosk/journal/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "kiosk/inspection/event_json.h"
#include "kiosk/journal/chain.h"
#include "kiosk/journal/index.h"
#include "kiosk/journal/schema.h"
#include "kiosk/journal/sqlite.h"

namespace torugart::journal {
namespace {

class File {  // a file descriptor with an owner
 public:
  explicit File(int fd = -1) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// The lock ends with the process, however it ends; the empty lock file stays.
Result<File> take_lock(const std::string& path) {
  const std::string name = path + ".lock";
  File file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (file.get() < 0)
    return tl::unexpected(Error{Error::Code::cannot_open, std::strerror(errno), name,
                                "Check that the folder exists and that this user may write in it"});
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return tl::unexpected(Error{Error::Code::locked, "another program is writing this journal", path,
                                "End it first, or leave the work to it"});
  return file;
}

// SQLite syncs a new log's folder entry, but not a new database's.
Result<void> sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0)
    return tl::unexpected(Error{Error::Code::io, std::strerror(errno), folder, "Check the disk"});
  return {};
}

struct Prepared {
  inspection::Event event;
  std::string text, prev_hash, hash;
};

}  // namespace

struct Journal::Impl {
  std::string path;
  Options options;
  File lock;
  sql::Database db;
  sql::Statement insert;
  Index index;
  std::int64_t last_seq = 0;
  std::string head;  // raw

  Result<void> start();
  Result<void> read_head();
  Result<void> catch_up();
  Result<void> write(std::span<const Prepared> rows);
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
    if (done = sync_folder_of(path); !done) return done;
  }
  const auto lane = check_schema(db);
  if (!lane) return tl::unexpected(lane.error());
  if (*lane != options.lane)
    return tl::unexpected(Error{Error::Code::not_ours,
                                fmt::format("this is the journal of lane '{}', not of '{}'", *lane, options.lane),
                                path, "Name the journal of this lane in the configuration"});
  auto prepared = db.prepare("INSERT INTO events(seq, text, prev_hash, hash) VALUES(?1, ?2, ?3, ?4)");
  if (!prepared) return tl::unexpected(prepared.error());
  insert = std::move(*prepared);
  auto made = Index::prepare(db);
  if (!made) return tl::unexpected(made.error());
  index = std::move(*made);
  if (done = read_head(); !done) return done;
  return catch_up();
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

Result<void> Journal::Impl::write(std::span<const Prepared> rows) {
  auto done = db.execute("BEGIN IMMEDIATE");
  for (const Prepared& row : rows) {
    if (done)
      done = insert.bind(1, row.event.seq)
                 .bind(2, std::string_view(row.text))
                 .bind_blob(3, row.prev_hash)
                 .bind_blob(4, row.hash)
                 .run();
    if (done) done = index.add(row.event);
  }
  if (done) done = db.execute("COMMIT");
  if (!done) db.roll_back();
  return done;
}

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() = default;

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
  auto db = sql::Database::open(path, impl->options.vfs);
  if (!db) return tl::unexpected(db.error());
  impl->db = std::move(*db);
  if (auto done = impl->start(); !done) return tl::unexpected(done.error());
  return std::unique_ptr<Journal>(new Journal(std::move(impl)));
}

Result<void> Journal::check(const inspection::Event& event, const std::string& lane) {
  const auto refuse = [&](std::string what, std::string where) {
    return tl::unexpected(Error{Error::Code::refused, std::move(what), std::move(where),
                                "The event cannot be recorded as it is; report this with the journal"});
  };
  if (!event.lane.empty() && event.lane != lane)
    return refuse(fmt::format("an event of lane '{}'", event.lane), "lane");
  // What could not be read again must not be written.
  const auto again = inspection::event_from_text(inspection::canonical_text(event));
  if (!again) return refuse(again.error().what, again.error().where);
  return {};
}

Result<std::int64_t> Journal::append(std::span<const inspection::Event> events) {
  Impl& impl = *impl_;
  if (std::ssize(events) > kMaxBatch)
    return tl::unexpected(Error{Error::Code::refused, "too many events at once", impl.path, "Append them in parts"});
  std::vector<Prepared> rows;
  rows.reserve(events.size());
  for (const inspection::Event& event : events) {
    if (auto good = check(event, impl.options.lane); !good) return tl::unexpected(good.error());
    const std::int64_t next = impl.last_seq + std::ssize(rows) + 1;
    if (event.seq != 0 && event.seq != next)
      return tl::unexpected(Error{Error::Code::sequence,
                                  fmt::format("event {} does not follow event {}", event.seq, next - 1), impl.path,
                                  "Two parts of the program number events; only the appender may"});
    Prepared& row = rows.emplace_back();
    row.event = event;
    row.event.seq = next;
    row.event.lane = impl.options.lane;
    row.text = inspection::canonical_text(row.event);
    row.prev_hash = rows.size() == 1 ? impl.head : rows[rows.size() - 2].hash;
    row.hash = leaf_hash(row.prev_hash, row.text);
  }
  if (rows.empty()) return impl.last_seq;
  if (auto done = impl.write(rows); !done) return tl::unexpected(done.error());
  impl.last_seq = rows.back().event.seq;
  impl.head = rows.back().hash;
  return impl.last_seq;
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
