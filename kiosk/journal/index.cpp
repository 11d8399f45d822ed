#include "kiosk/journal/index.h"

#include "kiosk/journal/reader.h"

namespace torugart::journal {
namespace {

using namespace inspection;

std::vector<std::string> numbers_of(const Payload& payload) {
  std::vector<std::string> numbers;
  if (const auto* read = std::get_if<NumberRead>(&payload)) numbers.push_back(read->text);
  if (const auto* confirmed = std::get_if<IdentityConfirmed>(&payload))
    for (const Number& number : confirmed->numbers)
      numbers.push_back(number.text);
  if (const auto* edited = std::get_if<NumberEdited>(&payload)) numbers.push_back(edited->after.text);
  if (const auto* document = std::get_if<DocumentPresented>(&payload)) numbers.push_back(document->number);
  if (const auto* seal = std::get_if<SealChecked>(&payload)) numbers.push_back(seal->number);
  return numbers;
}

// What an event says about a flag: 1, 0, or −1 for nothing.
int open_after(const Payload& payload) {
  return std::holds_alternative<Departed>(payload) || std::holds_alternative<Cancelled>(payload) ? 0 : -1;
}
int review_after(const Payload& payload) {
  if (std::holds_alternative<ReviewRequested>(payload)) return 1;
  return std::holds_alternative<Reviewed>(payload) ? 0 : -1;
}

}  // namespace

Result<Index> Index::prepare(const sql::Database& db) {
  Index index;
  const struct {
    sql::Statement& statement;
    const char* text;
  } all[] = {
      {index.crossing_,
       "INSERT INTO crossing_index VALUES(?1, ?2, ?2, ?3, ?3, CASE ?4 WHEN 0 THEN 0 ELSE 1 END,"
       " CASE ?5 WHEN 1 THEN 1 ELSE 0 END)"
       " ON CONFLICT(crossing) DO UPDATE SET last_seq = ?2, last_wall_us = ?3,"
       " open = CASE ?4 WHEN -1 THEN open ELSE ?4 END, review = CASE ?5 WHEN -1 THEN review ELSE ?5 END"},
      {index.event_, "INSERT OR IGNORE INTO crossing_events VALUES(?1, ?2)"},
      {index.number_, "INSERT OR IGNORE INTO crossing_numbers VALUES(?1, ?2)"},
      {index.state_, "UPDATE index_state SET indexed_to = ?1"},
  };
  for (const auto& one : all) {
    auto prepared = db.prepare(one.text);
    if (!prepared) return tl::unexpected(prepared.error());
    one.statement = std::move(*prepared);
  }
  return index;
}

Result<void> Index::add(const Event& event) {
  if (auto done = state_.bind(1, event.seq).run(); !done) return done;
  if (event.crossing.empty()) return {};
  const std::string_view crossing = event.crossing;
  auto done = crossing_.bind(1, crossing)
                  .bind(2, event.seq)
                  .bind(3, event.wall_us)
                  .bind(4, std::int64_t{open_after(event.payload)})
                  .bind(5, std::int64_t{review_after(event.payload)})
                  .run();
  if (done) done = event_.bind(1, crossing).bind(2, event.seq).run();
  for (const std::string& number : numbers_of(event.payload)) {
    const std::string normal = normalise_number(number);
    if (done && !normal.empty()) done = number_.bind(1, crossing).bind(2, std::string_view(normal)).run();
  }
  return done;
}

}  // namespace torugart::journal
