#include "kiosk/journal/reader.h"

#include <fmt/format.h>

#include <mutex>

#include "kiosk/inspection/event_json.h"
#include "kiosk/journal/chain.h"
#include "kiosk/journal/schema.h"
#include "kiosk/journal/sqlite.h"

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

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path, const std::string& vfs) {
  auto db = sql::Database::open_readonly(path, vfs);
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

}  // namespace torugart::journal
