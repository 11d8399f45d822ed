#include "kiosk/journal/verify.h"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <ostream>

#include "kiosk/journal/chain.h"
#include "kiosk/journal/journal.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/schema.h"
#include "kiosk/journal/sqlite.h"
#include "kiosk/journal/verify_walk.h"

namespace torugart::journal {
namespace {

std::string utc(std::int64_t unix_s) {
  const std::time_t time = unix_s;
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return fmt::format("{} s", unix_s);
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

Result<sql::Database> open_journal(const std::string& path, std::string& lane) {
  auto db = sql::Database::open_readonly(path);
  if (!db) return db;
  const auto checked = check_schema(*db);
  if (!checked) return tl::unexpected(checked.error());
  lane = *checked;
  return db;
}

}  // namespace

Result<VerifyReport> verify(const std::string& path, const std::string& expected_head) {
  VerifyOptions options;
  options.head = expected_head;
  return verify(path, options);
}

Result<VerifyReport> verify(const std::string& path, const VerifyOptions& options) {
  VerifyReport report;
  if (!options.key.empty() && !parse_vkey(options.key))
    return tl::unexpected(Error{Error::Code::refused, "this is no public key of a journal", options.key,
                                "Give it as it was printed: name+8 digits+base64"});
  auto db = open_journal(path, report.lane);
  if (!db) return tl::unexpected(db.error());
  if (auto begun = db->execute("BEGIN"); !begun) return tl::unexpected(begun.error());  // one state for all of it
  const auto walked = walk(*db, options, lower(options.head), report);
  if (!walked && report.what.empty()) {
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
  VerifyOptions options;
  options.head = expected_head;
  return journal_verify(path, options, out);
}

int journal_verify(const std::string& path, const VerifyOptions& options, std::ostream& out) {
  const auto report = verify(path, options);
  if (!report) {
    out << "cannot be verified: " << report.error().text() << "\n";
    return 2;
  }
  if (!report->ok) {
    out << fmt::format("NOT GOOD: event {}: {}\nlane {}, good up to event {}, whose hash is {}\n",
                       report->first_bad_seq, report->what, report->lane, report->events, report->head_hash);
    if (report->signed_to > 0)
      out << fmt::format("signed and good up to event {}, by {}\n", report->signed_to, report->key);
    return 1;
  }
  out << fmt::format("good: lane {}, {} events, head {}\n", report->lane, report->events, report->head_hash);
  out << fmt::format("proven: every event is what was hashed, none is missing or moved; root {}\n", report->root);
  if (report->signed_to > 0)
    out << fmt::format("proven: {} checkpoints, the last over {} events, signed by {}{}\n", report->checkpoints,
                       report->signed_to, report->key, report->key_from_outside ? ", the key that was given" : "");
  if (report->noted_to > 0)
    out << fmt::format("proven: the journal continues the checkpoint noted elsewhere, over {} events\n",
                       report->noted_to);
  if (report->witnessed_to > 0)
    out << fmt::format("proven: witnessed up to event {} by the centre at {}; self-attested after\n",
                       report->witnessed_to, utc(report->witnessed_unix_s));
  if (options.file)
    out << fmt::format("proven: {} files, {} of them freed against a receipt, the others as recorded\n",
                       report->files, report->files_freed);
  for (const auto& line : report->not_proven)
    out << "not proven: " << line << "\n";
  return 0;
}

int journal_checkpoint(const std::string& path, std::ostream& out, std::ostream& err) {
  const auto reader = Reader::open(path);
  const auto checkpoint = reader ? (*reader)->newest_checkpoint() : tl::unexpected(reader.error());
  if (!checkpoint || !*checkpoint) {
    err << (checkpoint ? "the journal has no checkpoint yet" : checkpoint.error().text()) << "\n";
    return 2;
  }
  out << (*checkpoint)->note;
  return 0;
}

int journal_rotate_key(const std::string& path, const std::string& lane, std::ostream& out, std::ostream& err) {
  Options options;
  options.lane = lane;
  auto journal = Journal::open(path, options);
  const auto done = journal ? (*journal)->rotate_key() : tl::unexpected(journal.error());
  if (!done) {
    err << done.error().text() << "\n";
    return 2;
  }
  out << (*journal)->public_key() << "\n";
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
