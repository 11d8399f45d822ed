#include "kiosk/journal/journal.h"

#include <sqlite3.h>

#include "kiosk/inspection/event_json.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/journal/scratch.h"
#include "tests/support/traced_disk.h"

namespace torugart::journal {
namespace {

using namespace testing;
using inspection::samples::event;

// What another program answers that opens the file with SQLite.
std::string try_sql(const std::string& path, const std::string& statement) {
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  char* message = nullptr;
  const int rc = sqlite3_exec(db, statement.c_str(), nullptr, nullptr, &message);
  std::string text = rc == SQLITE_OK ? "" : message;
  sqlite3_free(message);
  sqlite3_close(db);
  return text;
}

TEST(Journal, KeepsWhatWasAppendedOverARestart) {
  const Scratch scratch;
  std::string head;
  {
    auto journal = open_or_fail(scratch.path());
    EXPECT_EQ(journal->last_seq(), 0);
    const auto events = one_of_each();
    EXPECT_EQ(journal->append(events).value(), std::ssize(events));
    head = journal->head_hash();
  }
  auto journal = open_or_fail(scratch.path());
  EXPECT_EQ(journal->last_seq(), std::ssize(one_of_each()));
  EXPECT_EQ(journal->head_hash(), head);

  auto reader = Reader::open(scratch.path()).value();
  const auto records = reader->events(1, 1000).value();
  auto expected = one_of_each();
  ASSERT_EQ(records.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expected[i].seq = static_cast<std::int64_t>(i) + 1;
    expected[i].lane = "kordai-2";
    EXPECT_EQ(records[i].text, inspection::canonical_text(expected[i]));
    EXPECT_EQ(inspection::canonical_text(records[i].event), records[i].text);
    if (i > 0) {
      EXPECT_EQ(records[i].prev_hash, records[i - 1].hash);
    }
  }
  EXPECT_EQ(reader->head_hash().value(), head);
  EXPECT_EQ(reader->last_seq().value(), std::ssize(expected));
}

TEST(Journal, NumbersAreWithoutGaps) {
  const Scratch scratch;
  auto journal = open_or_fail(scratch.path());
  std::vector<inspection::Event> events{event("c1", inspection::Arrived{}),
                                        event("c1", inspection::ReviewRequested{})};
  events[0].seq = 1;
  events[1].seq = 2;
  EXPECT_EQ(journal->append(events).value(), 2);
  EXPECT_EQ(journal->append(events).error().code, Error::Code::sequence);
  events[0].seq = 4;
  EXPECT_EQ(journal->append(events).error().code, Error::Code::sequence);
  events[0].seq = 3;
  events[1].seq = 5;
  EXPECT_EQ(journal->append(events).error().code, Error::Code::sequence) << "all or nothing";
  EXPECT_EQ(journal->last_seq(), 2);
  EXPECT_TRUE(verify(scratch.path()).value().ok);
}

TEST(Journal, RefusesWhatItCouldNotGiveBack) {
  const Scratch scratch;
  auto journal = open_or_fail(scratch.path());
  auto other_lane = event("c1", inspection::Arrived{});
  other_lane.lane = "kordai-3";
  EXPECT_EQ(journal->append({&other_lane, 1}).error().code, Error::Code::refused);
  const auto too_long = event("c1", inspection::Cancelled{std::string(5000, 'x')});
  const auto refused = journal->append({&too_long, 1});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Error::Code::refused);
  EXPECT_EQ(refused.error().where, "/payload/reason");
  const auto key = event("", inspection::JournalKeyChanged{});
  EXPECT_EQ(journal->append({&key, 1}).error().code, Error::Code::refused) << "only rotate_key() writes it";
  const std::vector<inspection::Event> many(Journal::kMaxBatch + 1, event("c1", inspection::Arrived{}));
  EXPECT_EQ(journal->append(many).error().code, Error::Code::refused);
  EXPECT_EQ(journal->last_seq(), 0);
}

TEST(Journal, HasOneWriter) {
  const Scratch scratch;
  auto journal = open_or_fail(scratch.path());
  const auto second = Journal::open(scratch.path(), lane());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Error::Code::locked);
  journal.reset();
  EXPECT_TRUE(Journal::open(scratch.path(), lane()).has_value());
}

TEST(Journal, SaysWhatItCannotOpen) {
  const Scratch scratch;
  EXPECT_EQ(Journal::open(scratch.path("none/journal.db"), lane()).error().code, Error::Code::cannot_open);
  EXPECT_EQ(Journal::open(scratch.path(), lane("")).error().code, Error::Code::refused);
  open_or_fail(scratch.path()).reset();
  EXPECT_EQ(Journal::open(scratch.path(), lane("kordai-3")).error().code, Error::Code::not_ours);
  try_sql(scratch.path("other.db"), "CREATE TABLE t(x)");
  EXPECT_EQ(Journal::open(scratch.path("other.db"), lane()).error().code, Error::Code::not_ours);
  EXPECT_EQ(Reader::open(scratch.path("other.db")).error().code, Error::Code::not_ours);
  EXPECT_EQ(Reader::open(scratch.path("none.db")).error().code, Error::Code::cannot_open);
  EXPECT_FALSE(std::filesystem::exists(scratch.path("none.db"))) << "a reader makes no file";
  try_sql(scratch.path(), "PRAGMA user_version=99");
  EXPECT_EQ(Journal::open(scratch.path(), lane()).error().code, Error::Code::not_ours);
}

TEST(Journal, OtherProgramsCannotChangeIt) {
  const Scratch scratch;
  auto journal = open_or_fail(scratch.path());
  const auto events = one_of_each();
  ASSERT_TRUE(journal->append(events).has_value());
  for (const char* statement :
       {"UPDATE events SET text = '{}' WHERE seq = 2", "DELETE FROM events WHERE seq = 2", "DELETE FROM events",
        "INSERT INTO events SELECT 99, text, prev_hash, hash FROM events WHERE seq = 1",
        "INSERT OR REPLACE INTO events SELECT 2, text, prev_hash, hash FROM events WHERE seq = 1",
        "UPDATE meta SET value = 'kordai-3'", "DELETE FROM meta"})
    EXPECT_NE(try_sql(scratch.path(), statement), "") << statement;
  EXPECT_TRUE(verify(scratch.path()).value().ok);
}

TEST(Journal, SearchTablesCanBeMadeAgain) {
  const Scratch scratch;
  {
    auto journal = open_or_fail(scratch.path());
    ASSERT_TRUE(journal->append(one_of_each()).has_value());
  }
  const auto rows_before = Reader::open(scratch.path()).value()->crossings("MSKU", 10, 0).value();
  ASSERT_EQ(rows_before.size(), 1U);
  EXPECT_EQ(try_sql(scratch.path(),
                    "DELETE FROM crossing_index; DELETE FROM crossing_numbers; DELETE FROM crossing_events;"
                    "UPDATE index_state SET indexed_to = 0"),
            "");
  EXPECT_TRUE(Reader::open(scratch.path()).value()->crossings("MSKU", 10, 0).value().empty());
  auto journal = open_or_fail(scratch.path());
  const auto rows = Reader::open(scratch.path()).value()->crossings("MSKU", 10, 0).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].numbers, rows_before[0].numbers);
  EXPECT_TRUE(journal->rebuild_index().has_value());
  EXPECT_EQ(Reader::open(scratch.path()).value()->crossings("", 10, 0).value().size(), 1U);
}

TEST(Journal, ADiskThatIsFullLosesNothingAndWritesAgain) {
  const Scratch scratch;
  torugart::testing::TracedDisk disk(scratch.folder());
  auto journal = open_or_fail(scratch.path());
  const auto first = event("c1", inspection::Arrived{});
  ASSERT_TRUE(journal->append({&first, 1}).has_value());
  const std::string head = journal->head_hash();
  disk.refuse_changes(ENOSPC);
  const auto full = journal->append({&first, 1});
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, Error::Code::disk_full);
  EXPECT_NE(full.error().remedy, "");
  EXPECT_EQ(journal->last_seq(), 1);
  EXPECT_EQ(journal->head_hash(), head);
  disk.allow();
  disk.refuse_changes(EIO);
  EXPECT_EQ(journal->append({&first, 1}).error().code, Error::Code::io);
  disk.allow();
  EXPECT_EQ(journal->append({&first, 1}).value(), 2);
  EXPECT_TRUE(verify(scratch.path()).value().ok);
}

}  // namespace
}  // namespace torugart::journal
