#include "kiosk/journal/verify.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "kiosk/inspection/event_json.h"
#include "kiosk/journal/chain.h"
#include "kiosk/journal/schema.h"
#include "kiosk/journal/sqlite.h"

namespace torugart::journal {
namespace {

using nlohmann::json;

// What is wrong with the text of event `seq`, as far as its hash does not say it. It need not be an event that this
// version knows.
std::string wrong_with(const std::string& text, std::int64_t seq, const std::string& lane) {
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded() || !parsed.is_object()) return "the text is not a JSON object";
  if (parsed.dump(-1, ' ', false, json::error_handler_t::replace) != text) return "the text is not canonical JSON";
  if (parsed.value("seq", json()) != json(seq)) return "the text bears another number";
  if (parsed.value("lane", json()) != json(lane)) return "the text is of another lane";
  return {};
}

// Fills in everything but `ok`; an error when SQLite could not go on.
Result<void> walk(const sql::Database& db, const std::string& expected, bool& seen, VerifyReport& report) {
  std::string head = genesis_hash(report.lane);
  report.head_hash = hex(head);
  seen = expected.empty() || report.head_hash == expected;
  auto rows = db.prepare("SELECT seq, text, prev_hash, hash FROM events ORDER BY seq", false);
  if (!rows) return tl::unexpected(rows.error());
  const auto bad = [&](std::int64_t seq, std::string what) {
    report.first_bad_seq = seq;
    report.what = std::move(what);
    return Result<void>();
  };
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    const std::int64_t seq = report.events + 1;
    if (!*row) break;
    if (rows->integer(0) != seq) return bad(seq, "the event is missing");
    const std::string text = rows->text(1), prev = rows->text(2), hash = rows->text(3);
    if (prev != head) return bad(seq, "it does not continue the event before it");
    if (leaf_hash(prev, text) != hash) return bad(seq, "its text is not what was hashed");
    if (std::string what = wrong_with(text, seq, report.lane); !what.empty()) return bad(seq, std::move(what));
    head = hash;
    report.events = seq;
    report.head_hash = hex(head);
    seen = seen || report.head_hash == expected;
  }
  const auto indexed = db.integer("SELECT indexed_to FROM index_state");
  if (indexed && *indexed > report.events)
    return bad(report.events + 1, fmt::format("events are missing at the end: there were {}", *indexed));
  if (!seen)
    return bad(report.events + 1,
               "the chain does not go through the expected head: its end was cut off, or it was made anew");
  return {};
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

Result<sql::Database> open_journal(const std::string& path, std::string& lane) {
  auto db = sql::Database::open_readonly(path, {});
  if (!db) return db;
  const auto checked = check_schema(*db);
  if (!checked) return tl::unexpected(checked.error());
  lane = *checked;
  return db;
}

}  // namespace

Result<VerifyReport> verify(const std::string& path, const std::string& expected_head) {
  VerifyReport report;
  auto db = open_journal(path, report.lane);
  if (!db) return tl::unexpected(db.error());
  if (auto begun = db->execute("BEGIN"); !begun) return tl::unexpected(begun.error());  // one state for all of it
  bool seen = false;
  const auto walked = walk(*db, lower(expected_head), seen, report);
  if (!walked) {
    report.first_bad_seq = report.events + 1;
    report.what = walked.error().what;
  }
  if (report.what.empty()) {
    const auto pages = db->text("PRAGMA quick_check(1)");
    if (!pages || *pages != "ok") {
      report.first_bad_seq = report.events + 1;
      report.what = "the events are good, but the file is damaged: " + (pages ? *pages : pages.error().what);
    }
  }
  db->roll_back();
  report.ok = report.what.empty();
  return report;
}

int journal_verify(const std::string& path, const std::string& expected_head, std::ostream& out) {
  const auto report = verify(path, expected_head);
  if (!report) {
    out << "cannot be verified: " << report.error().text() << "\n";
    return 2;
  }
  if (!report->ok) {
    out << fmt::format("NOT GOOD: event {}: {}\nlane {}, good up to event {}, whose hash is {}\n",
                       report->first_bad_seq, report->what, report->lane, report->events, report->head_hash);
    return 1;
  }
  out << fmt::format("good: lane {}, {} events, head {}\n", report->lane, report->events, report->head_hash);
  return 0;
}

int journal_show(const std::string& path, const ShowOptions& options, std::ostream& out, std::ostream& err) {
  const auto failed = [&](const Error& error) {
    err << error.text() << "\n";
    return 2;
  };
  std::string lane;
  auto db = open_journal(path, lane);
  if (!db) return failed(db.error());
  auto rows = db->prepare(
      "SELECT text, prev_hash, hash FROM events WHERE seq >= ?1"
      " AND (?2 = '' OR seq IN (SELECT seq FROM crossing_events WHERE crossing = ?2)) ORDER BY seq LIMIT ?3",
      false);
  if (!rows) return failed(rows.error());
  rows->bind(1, options.from_seq)
      .bind(2, std::string_view(options.crossing))
      .bind(3, options.limit > 0 ? options.limit : std::int64_t{-1});
  for (;;) {
    const auto row = rows->step();
    if (!row) return failed(row.error());
    if (!*row) return 0;
    if (options.hashes) {
      out << R"({"event":)" << rows->text(0) << R"(,"hash":")" << hex(rows->text(2)) << R"(","prev_hash":")"
          << hex(rows->text(1)) << "\"}\n";
    } else {
      out << rows->text(0) << "\n";
    }
  }
}

}  // namespace torugart::journal
