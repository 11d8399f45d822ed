#include "kiosk/journal/verify.h"

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "kiosk/journal/reader.h"
#include "tests/kiosk/journal/scratch.h"

namespace torugart::journal {
namespace {

using namespace testing;

// Somebody who can write the file and knows SQLite: the triggers do not stop him.
void tamper(const std::string& path, const std::string& statement) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  char* message = nullptr;
  const std::string all =
      "DROP TRIGGER events_in_order; DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;"
      "DROP TRIGGER meta_no_update;" +
      statement;
  EXPECT_EQ(sqlite3_exec(db, all.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  sqlite3_close(db);
}

void tamper_again(const std::string& path, const std::string& statement) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
}

struct Made {
  Scratch scratch;
  std::string head;
  std::int64_t events = 0;
  Made() {
    auto journal = open_or_fail(scratch.path());
    events = journal->append(one_of_each()).value_or(0);
    head = journal->head_hash();
  }
  VerifyReport report(const std::string& expected = {}) const { return verify(scratch.path(), expected).value(); }
};

TEST(Verify, GoodJournal) {
  const Made made;
  const auto report = made.report(made.head);
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.events, made.events);
  EXPECT_EQ(report.head_hash, made.head);
  EXPECT_EQ(report.lane, "kordai-2");
}

TEST(Verify, EmptyJournalIsGood) {
  const Scratch scratch;
  const auto head = open_or_fail(scratch.path())->head_hash();
  EXPECT_TRUE(verify(scratch.path(), head).value().ok);
}

TEST(Verify, FindsAChangedText) {
  const Made made;
  tamper(made.scratch.path(), "UPDATE events SET text = replace(text, 'KZ', 'KG') WHERE seq = 3");
  EXPECT_EQ(made.report().first_bad_seq, 3);
}

TEST(Verify, FindsAChangedHash) {
  const Made made;
  tamper(made.scratch.path(), "UPDATE events SET hash = (SELECT hash FROM events WHERE seq = 9) WHERE seq = 3");
  EXPECT_EQ(made.report().first_bad_seq, 3);
}

TEST(Verify, FindsARemovedRow) {
  const Made made;
  tamper(made.scratch.path(), "DELETE FROM events WHERE seq = 5");
  const auto report = made.report();
  EXPECT_EQ(report.first_bad_seq, 5);
  EXPECT_EQ(report.what, "the event is missing");
}

TEST(Verify, FindsARemovedRowThatWasClosedUp) {
  const Made made;
  tamper(made.scratch.path(),
         "DELETE FROM events WHERE seq = 5; "
         "CREATE TABLE t AS SELECT * FROM events WHERE seq > 5; DELETE FROM events WHERE seq > 5;"
         "INSERT INTO events SELECT seq - 1, text, prev_hash, hash FROM t; DROP TABLE t;");
  EXPECT_EQ(made.report().first_bad_seq, 5);
}

TEST(Verify, FindsSwappedRows) {
  const Made made;
  tamper(made.scratch.path(),
         "CREATE TABLE t AS SELECT * FROM events WHERE seq IN (6, 7);"
         "DELETE FROM events WHERE seq IN (6, 7);"
         "INSERT INTO events SELECT 13 - seq, text, prev_hash, hash FROM t; DROP TABLE t;");
  EXPECT_EQ(made.report().first_bad_seq, 6);
}

TEST(Verify, FindsACutTail) {
  const Made made;
  tamper(made.scratch.path(), "DELETE FROM events WHERE seq > 10");
  EXPECT_EQ(made.report().first_bad_seq, 11) << "the search tables know of more";
}

TEST(Verify, FindsACutTailByTheHeadThatWasNoted) {
  const Made made;
  const auto tenth = Reader::open(made.scratch.path()).value()->events(10, 1).value()[0].hash;
  tamper(made.scratch.path(), "DELETE FROM events WHERE seq > 10; UPDATE index_state SET indexed_to = 10");
  EXPECT_EQ(made.report().first_bad_seq, 11) << "a checkpoint covers more";
  tamper_again(made.scratch.path(), "DROP TRIGGER checkpoints_no_delete; DELETE FROM checkpoints");
  EXPECT_TRUE(made.report().ok) << "from the file alone nobody can tell";
  EXPECT_TRUE(made.report(tenth).ok);
  const auto report = made.report(made.head);
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.first_bad_seq, 11);
}

TEST(Verify, FindsAnotherLanesName) {
  const Made made;
  tamper(made.scratch.path(), "UPDATE meta SET value = 'kordai-3' WHERE key = 'lane'");
  EXPECT_EQ(made.report().first_bad_seq, 1);
}

TEST(Verify, AHeadFromEarlierIsStillGood) {
  const Made made;
  auto journal = open_or_fail(made.scratch.path());
  ASSERT_TRUE(journal->append(one_of_each()).has_value());
  const auto report = made.report(made.head);
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.events, 2 * made.events);
}

// Every byte of the file's pages that hold events, one at a time: whatever is changed, either the change is found or
// all events are still read exactly as they were.
TEST(Verify, NoChangedByteGoesUnnoticed) {
  const Made made;
  const std::string path = made.scratch.path(), copy = made.scratch.path("copy.db");
  std::ifstream in(path, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  const auto text_at = good.find("\"type\":\"arrived\"");
  ASSERT_NE(text_at, std::string::npos);
  std::ostringstream before, ignored;
  ShowOptions all;
  all.hashes = true;
  ASSERT_EQ(journal_show(path, all, before, ignored), 0);
  int found = 0;
  for (std::size_t at = 0; at < good.size(); at += 97) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    std::ofstream(copy, std::ios::binary | std::ios::trunc) << bad;
    const auto report = verify(copy);
    if (!report || !report->ok) {
      ++found;
      continue;
    }
    std::ostringstream after;
    ASSERT_EQ(journal_show(copy, all, after, ignored), 0) << "byte " << at;
    EXPECT_EQ(after.str(), before.str()) << "byte " << at;
  }
  EXPECT_GT(found, 50);
  std::string bad = good;
  bad[text_at + 9] = 'A';
  std::ofstream(copy, std::ios::binary | std::ios::trunc) << bad;
  EXPECT_EQ(verify(copy).value().first_bad_seq, 1);
}

TEST(Verify, TellsWhatCannotBeRead) {
  const Scratch scratch;
  EXPECT_FALSE(verify(scratch.path()).has_value());
  std::ofstream(scratch.path())
      << "this is no database at all, but long enough to have a header of one hundred bytes "
         "and a little more than that, so that SQLite looks at it";
  const auto report = verify(scratch.path());
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, Error::Code::not_ours);
}

TEST(CommandLine, ShowAndVerify) {
  const Made made;
  std::ostringstream out, err;
  ShowOptions options;
  options.from_seq = 2;
  options.limit = 3;
  EXPECT_EQ(journal_show(made.scratch.path(), options, out, err), 0);
  const std::string shown = out.str();
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 3);
  EXPECT_NE(out.str().find("\"type\":\"number_read\""), std::string::npos);
  out.str("");
  options.crossing = "none";
  EXPECT_EQ(journal_show(made.scratch.path(), options, out, err), 0);
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(journal_verify(made.scratch.path(), made.head, out), 0);
  EXPECT_EQ(journal_verify(made.scratch.path(), std::string(64, 'a'), out), 1);
  EXPECT_EQ(journal_verify(made.scratch.path("none.db"), "", out), 2);
  EXPECT_EQ(journal_show(made.scratch.path("none.db"), options, out, err), 2);
  EXPECT_NE(err.str(), "");
}

// An auditor's copy on a disk that cannot be written to.
TEST(CommandLine, VerifiesInAFolderThatCannotBeWritten) {
  const Made made;
  std::filesystem::permissions(made.scratch.folder(),
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  std::ostringstream out;
  EXPECT_EQ(journal_verify(made.scratch.path(), made.head, out), 0) << out.str();
  std::filesystem::permissions(made.scratch.folder(), std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace torugart::journal
