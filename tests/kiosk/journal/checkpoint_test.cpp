// Checkpoints: when they are made, what they cover, that none contradicts an earlier one; keys and their changes; what
// verify says about all of it; journals of the older schema.
#include <sqlite3.h>

#include <map>
#include <sstream>
#include <thread>

#include "kiosk/inspection/event_json.h"
#include "kiosk/journal/appender.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/journal/scratch.h"

namespace torugart::journal {
namespace {

using namespace testing;
using inspection::samples::event;

void sql(const std::string& path, const std::string& statements) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(db, statements.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  sqlite3_close(db);
}

// Somebody who drops the triggers first.
void tamper(const std::string& path, const std::string& statements) {
  sql(path,
      "DROP TRIGGER events_in_order; DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;"
      "DROP TRIGGER keys_in_order; DROP TRIGGER keys_no_update; DROP TRIGGER keys_no_delete;"
      "DROP TRIGGER checkpoints_in_order; DROP TRIGGER checkpoints_no_update; DROP TRIGGER checkpoints_no_delete;" +
          statements);
}

inspection::Event noted(int i) {
  return event("c" + std::to_string(i / 10), inspection::ReviewRequested{"event " + std::to_string(i)});
}
void append(Journal& journal, int n) {
  for (int i = 0; i < n; ++i) {
    const auto one = noted(i);
    ASSERT_TRUE(journal.append({&one, 1}).has_value());
  }
}
void decide(Journal& journal) {
  const auto one = event("c1", inspection::Decided{});
  ASSERT_TRUE(journal.append({&one, 1}).has_value());
}

// The tree that follows from the events as they can be read.
std::vector<merkle::Hash> leaves_of(const Reader& reader) {
  std::vector<merkle::Hash> leaves;
  const auto last = reader.last_seq().value();
  for (std::int64_t from = 1; from <= last; from += 1000) {
    const auto records = reader.events(from, 1000).value();
    for (const auto& record : records)
      leaves.push_back(merkle::from_hex(record.hash).value());
  }
  return leaves;
}

TEST(Checkpoint, WithEveryDecisionAndAtTheEnd) {
  const Scratch scratch;
  {
    auto journal = open_or_fail(scratch.path());
    append(*journal, 3);
    EXPECT_EQ(journal->signed_seq(), 0);
    decide(*journal);
    EXPECT_EQ(journal->signed_seq(), 4) << "in the same transaction";
    append(*journal, 2);
    EXPECT_EQ(journal->signed_seq(), 4);
    EXPECT_EQ(journal->checkpoint().value(), 6);
    EXPECT_EQ(journal->checkpoint().value(), 6);
    append(*journal, 1);
  }
  const auto reader = Reader::open(scratch.path()).value();
  const auto leaves = leaves_of(*reader);
  const auto key = parse_vkey(reader->keys().value().at(0).vkey).value();
  std::int64_t previous = 0;
  for (const std::int64_t size : {4, 6, 7}) {
    const auto stored = reader->checkpoint_from(previous + 1).value().value();
    EXPECT_EQ(stored.size, size);
    const auto note = parse_note(stored.note).value();
    EXPECT_TRUE(signed_by(note, key));
    const auto checkpoint = parse_checkpoint(note.text).value();
    EXPECT_EQ(checkpoint.origin, "torugart.journal/kordai-2");
    EXPECT_EQ(checkpoint.size, size);
    EXPECT_EQ(checkpoint.previous, previous);
    EXPECT_EQ(checkpoint.root, merkle::root(size, merkle::subtree_of(leaves)));
    previous = size;
  }
  EXPECT_EQ(reader->newest_checkpoint().value()->size, 7);
  EXPECT_FALSE(reader->checkpoint_from(8).value().has_value());
}

TEST(Checkpoint, AtTheLatestAMinuteAfterTheFirstEventWithoutOne) {
  const Scratch scratch;
  std::int64_t now = 1'000'000;
  Options options = lane();
  options.mono_us = [&] { return now; };
  auto journal = open_or_fail(scratch.path(), options);
  append(*journal, 1);
  now += 59'000'000;
  append(*journal, 1);
  EXPECT_EQ(journal->signed_seq(), 0);
  now += 1'000'000;
  append(*journal, 1);
  EXPECT_EQ(journal->signed_seq(), 3);
  now += 3'600'000'000;
  append(*journal, 1);
  EXPECT_EQ(journal->signed_seq(), 3) << "the hour brought no events";
}

TEST(Checkpoint, TheAppenderSignsWhenNothingMoreComes) {
  const Scratch scratch;
  Appender::Options options;
  options.checkpoint_every = std::chrono::milliseconds(1);
  Appender appender(open_or_fail(scratch.path()), options);
  ASSERT_TRUE(appender.append({noted(1), noted(2)}).has_value());
  ASSERT_TRUE(appender.flush(std::chrono::seconds(60)));
  const auto reader = Reader::open(scratch.path()).value();
  for (int i = 0; i < 6000 && !reader->newest_checkpoint().value(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(reader->newest_checkpoint().value()->size, 2);
}

TEST(Checkpoint, ProofsHoldForEveryEventAndEveryPair) {
  const Scratch scratch;
  auto journal = open_or_fail(scratch.path());
  append(*journal, 30);
  decide(*journal);
  // More than two tiles of 256.
  const std::vector<inspection::Event> many(600, noted(7));
  ASSERT_TRUE(journal->append(many).has_value());
  ASSERT_TRUE(journal->checkpoint().has_value());
  const auto reader = Reader::open(scratch.path()).value();
  const auto leaves = leaves_of(*reader);
  const auto size = static_cast<std::int64_t>(leaves.size());
  const auto top = merkle::root(size, merkle::subtree_of(leaves)).value();
  EXPECT_EQ(parse_checkpoint(parse_note(reader->newest_checkpoint().value()->note)->text)->root, top);
  for (std::int64_t seq = 1; seq <= size; seq += 13) {
    const auto proof = reader->inclusion_proof(seq, size).value();
    EXPECT_TRUE(merkle::verify_inclusion(seq - 1, size, leaves[static_cast<std::size_t>(seq - 1)], proof, top));
    const auto old = merkle::root(seq, merkle::subtree_of(leaves)).value();
    EXPECT_TRUE(merkle::verify_consistency(seq, size, old, top, reader->consistency_proof(seq, size).value()));
  }
  EXPECT_FALSE(reader->inclusion_proof(size + 1, size).has_value());
  EXPECT_FALSE(reader->consistency_proof(1, size + 1).has_value());
}

TEST(Checkpoint, AWrongStoredTreeIsFoundAndMadeAgain) {
  const Scratch scratch;
  {
    auto journal = open_or_fail(scratch.path());
    const std::vector<inspection::Event> many(700, noted(7));
    ASSERT_TRUE(journal->append(many).has_value());
  }
  sql(scratch.path(), "UPDATE tree_tiles SET hash = zeroblob(32) WHERE level = 8 AND idx = 1");
  const auto report = verify(scratch.path()).value();
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.first_bad_seq, 512);
  const auto reader = Reader::open(scratch.path()).value();
  const auto leaves = leaves_of(*reader);
  EXPECT_TRUE(merkle::verify_inclusion(299, 700, leaves[299], reader->inclusion_proof(300, 700).value(),
                                       merkle::root(700, merkle::subtree_of(leaves)).value()))
      << "proofs do without it";
  open_or_fail(scratch.path())->last_seq();
  EXPECT_TRUE(verify(scratch.path()).value().ok);
  sql(scratch.path(), "DELETE FROM tree_tiles");
  open_or_fail(scratch.path())->last_seq();
  EXPECT_TRUE(verify(scratch.path()).value().ok);
}

TEST(Checkpoint, NothingIsSignedThatContradictsWhatWasSigned) {
  const Scratch scratch;
  {
    auto journal = open_or_fail(scratch.path());
    append(*journal, 20);
  }
  // A whole new history of the same length: what the chain alone could not tell.
  const Scratch other;
  {
    auto journal = open_or_fail(other.path());
    append(*journal, 19);
    decide(*journal);
  }
  tamper(scratch.path(), "DELETE FROM events; ATTACH '" + other.path() +
                             "' AS other; INSERT INTO main.events SELECT * FROM other.events;");
  const auto journal = Journal::open(scratch.path(), lane());
  ASSERT_FALSE(journal.has_value());
  EXPECT_EQ(journal.error().code, Error::Code::damaged);
  EXPECT_EQ(verify(scratch.path()).value().first_bad_seq, 20);
}

TEST(Checkpoint, AJournalThatIsShorterThanWhatWasSignedIsNotOpened) {
  const Scratch scratch;
  {
    auto journal = open_or_fail(scratch.path());
    append(*journal, 20);
  }
  tamper(scratch.path(), "DELETE FROM events WHERE seq > 15; UPDATE index_state SET indexed_to = 15");
  EXPECT_EQ(Journal::open(scratch.path(), lane()).error().code, Error::Code::damaged);
  const auto report = verify(scratch.path()).value();
  EXPECT_EQ(report.first_bad_seq, 16);
}

TEST(Keys, AChangeIsAnEventAndSignedByBoth) {
  const Scratch scratch;
  std::string first, second, third;
  {
    auto journal = open_or_fail(scratch.path());
    first = journal->public_key();
    append(*journal, 3);
    ASSERT_TRUE(journal->rotate_key().has_value());
    second = journal->public_key();
    append(*journal, 3);
    ASSERT_TRUE(journal->rotate_key().has_value());
    third = journal->public_key();
    append(*journal, 3);
  }
  EXPECT_NE(first, second);
  EXPECT_NE(second, third);
  EXPECT_EQ(open_or_fail(scratch.path())->public_key(), third);
  const auto reader = Reader::open(scratch.path()).value();
  const auto keys = reader->keys().value();
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_EQ(keys[1].from_size, 4);
  const auto change = reader->events(4, 1).value().at(0).event;
  const auto payload = std::get<inspection::JournalKeyChanged>(change.payload);
  EXPECT_EQ(payload.key, second);
  EXPECT_EQ(payload.previous, first);
  EXPECT_EQ(payload.reason, "rotated");
  const auto note = parse_note(reader->checkpoint_from(4).value()->note).value();
  EXPECT_TRUE(signed_by(note, parse_vkey(first).value()));
  EXPECT_TRUE(signed_by(note, parse_vkey(second).value()));
  for (const auto& key : {first, second, third}) {
    VerifyOptions options;
    options.key = key;
    const auto report = verify(scratch.path(), options).value();
    EXPECT_TRUE(report.ok) << report.what;
    EXPECT_TRUE(report.key_from_outside) << "each vouches for the next";
    EXPECT_EQ(report.key, third);
  }
  VerifyOptions stranger;
  stranger.key = SigningKey::generate().value().public_key("torugart.journal/kordai-2").vkey();
  EXPECT_FALSE(verify(scratch.path(), stranger).value().ok);
}

TEST(Keys, AChangeThatWasCutOffIsBroughtToItsEnd) {
  const Scratch scratch;
  const auto key = key_path(scratch.path());
  std::string second;
  {
    auto journal = open_or_fail(scratch.path());
    append(*journal, 3);
    std::filesystem::copy_file(key, key + ".before");
    ASSERT_TRUE(journal->rotate_key().has_value());
    second = journal->public_key();
  }
  // As after a cut between the commit and the renaming.
  std::filesystem::rename(key, key + ".next");
  std::filesystem::rename(key + ".before", key);
  EXPECT_EQ(open_or_fail(scratch.path())->public_key(), second);
  EXPECT_FALSE(std::filesystem::exists(key + ".next"));
  EXPECT_TRUE(verify(scratch.path()).value().ok);
  // As after a cut before the commit: a key that nobody ever used.
  bool made = false;
  ASSERT_TRUE(signing_key_from_file(key + ".next", made).has_value());
  EXPECT_EQ(open_or_fail(scratch.path())->public_key(), second);
  EXPECT_FALSE(std::filesystem::exists(key + ".next"));
}

TEST(Keys, ALostKeyIsReplacedAndSaidSo) {
  const Scratch scratch;
  std::string first;
  {
    auto journal = open_or_fail(scratch.path());
    first = journal->public_key();
    append(*journal, 3);
  }
  std::filesystem::remove(key_path(scratch.path()));
  {
    auto journal = open_or_fail(scratch.path());
    EXPECT_EQ(journal->last_seq(), 4);
    EXPECT_EQ(journal->signed_seq(), 4);
    EXPECT_NE(journal->public_key(), first);
    append(*journal, 1);
  }
  VerifyOptions options;
  options.key = first;
  const auto report = verify(scratch.path(), options).value();
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_FALSE(report.key_from_outside);
  ASSERT_FALSE(report.not_proven.empty());
  EXPECT_NE(report.not_proven[0].find("event 4"), std::string::npos);
}

TEST(VerifyCheckpoints, SaysWhatIsProvenAndWhatIsNot) {
  const Scratch scratch;
  auto journal = open_or_fail(scratch.path());
  append(*journal, 5);
  decide(*journal);
  const std::string noted_early = Reader::open(scratch.path()).value()->newest_checkpoint().value()->note;
  append(*journal, 4);
  VerifyOptions options;
  options.checkpoint = noted_early;
  options.key = journal->public_key();
  const auto report = verify(scratch.path(), options).value();
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.events, 10);
  EXPECT_EQ(report.signed_to, 6);
  EXPECT_EQ(report.noted_to, 6);
  EXPECT_EQ(report.checkpoints, 1);
  EXPECT_TRUE(report.key_from_outside);
  std::ostringstream out;
  EXPECT_EQ(journal_verify(scratch.path(), options, out), 0);
  EXPECT_NE(out.str().find("not proven: that events 7 to 10 are the only history"), std::string::npos) << out.str();
}

TEST(VerifyCheckpoints, WitnessedUpTo) {
  const Scratch scratch;
  auto journal = open_or_fail(scratch.path());
  append(*journal, 5);
  ASSERT_TRUE(journal->checkpoint().has_value());
  const auto witness = SigningKey::generate().value();
  auto note = parse_note(Reader::open(scratch.path()).value()->newest_checkpoint().value()->note).value();
  note.signatures.push_back(witness.cosign(note.text, "centre.example", 1'700'000'000).value());
  append(*journal, 5);
  VerifyOptions options;
  options.witnessed = to_text(note);
  options.witnesses = {witness.public_key("", PublicKey::kCosignature)};
  auto report = verify(scratch.path(), options).value();
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.witnessed_to, 5);
  EXPECT_EQ(report.witnessed_unix_s, 1'700'000'000);
  std::ostringstream out;
  EXPECT_EQ(journal_verify(scratch.path(), options, out), 0);
  EXPECT_NE(out.str().find("witnessed up to event 5"), std::string::npos) << out.str();
  options.witnesses = {SigningKey::generate().value().public_key("", PublicKey::kCosignature)};
  report = verify(scratch.path(), options).value();
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.witnessed_to, 0);
}

TEST(VerifyCheckpoints, ARollbackIsFoundByACheckpointFromElsewhere) {
  const Scratch scratch;
  {
    auto journal = open_or_fail(scratch.path());
    append(*journal, 5);
  }
  std::filesystem::copy_file(scratch.path(), scratch.path("old.db"));
  {
    auto journal = open_or_fail(scratch.path());
    append(*journal, 5);
  }
  VerifyOptions options;
  options.checkpoint = Reader::open(scratch.path()).value()->newest_checkpoint().value()->note;
  EXPECT_TRUE(verify(scratch.path("old.db")).value().ok) << "from the file alone nobody can tell";
  const auto report = verify(scratch.path("old.db"), options).value();
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.first_bad_seq, 6);
  EXPECT_NE(report.what.find("older copy"), std::string::npos);
}

TEST(VerifyCheckpoints, FindsWhatWasDoneToCheckpointsAndKeys) {
  const struct {
    const char* what;
    const char* statements;
  } attacks[] = {
      {"one removed from the middle", "DELETE FROM checkpoints WHERE size = 8"},
      {"the last removed", "DELETE FROM checkpoints WHERE size = 16"},
      {"all removed", "DELETE FROM checkpoints"},
      {"one moved", "UPDATE checkpoints SET size = 9 WHERE size = 8"},
      {"one put in another's place",
       "UPDATE checkpoints SET note = (SELECT note FROM checkpoints WHERE size = 4) WHERE size = 8"},
      {"the signature cut off",
       "UPDATE checkpoints SET note = substr(note, 1, instr(note, char(10) || char(10)) + 1)"},
      {"one more signature",
       "UPDATE checkpoints SET note = note || substr(note, instr(note, char(10) || char(10)) + 2) WHERE size = 8"},
      {"the key replaced",
       "UPDATE checkpoint_keys SET vkey = "
       "'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'"},
      {"the key removed", "DELETE FROM checkpoint_keys"},
      {"a key added",
       "INSERT INTO checkpoint_keys VALUES(8, "
       "'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')"},
  };
  for (const auto& attack : attacks) {
    const Scratch scratch;
    {
      auto journal = open_or_fail(scratch.path());
      for (int i = 0; i < 4; ++i) {
        append(*journal, 3);
        decide(*journal);
      }
    }
    ASSERT_TRUE(verify(scratch.path()).value().ok) << verify(scratch.path()).value().what;
    tamper(scratch.path(), attack.statements);
    const auto report = verify(scratch.path()).value();
    EXPECT_FALSE(report.ok) << attack.what;
  }
}

TEST(VerifyFiles, LooksAtTheArchive) {
  const Scratch scratch;
  {
    auto journal = open_or_fail(scratch.path());
    ASSERT_TRUE(journal->append(one_of_each()).has_value());
  }
  std::map<std::string, FileState> states;
  VerifyOptions options;
  options.file = [&](const inspection::FileRef& file) {
    const auto found = states.find(file.sha256);
    return found == states.end() ? FileState::good : found->second;
  };
  auto report = verify(scratch.path(), options).value();
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.files, 5);
  states[std::string(64, 'a')] = FileState::freed;  // the sample receipt names it
  report = verify(scratch.path(), options).value();
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.files_freed, 1);
  states[std::string(64, 'b')] = FileState::freed;
  EXPECT_FALSE(verify(scratch.path(), options).value().ok) << "freed without a receipt";
  states[std::string(64, 'b')] = FileState::damaged;
  EXPECT_FALSE(verify(scratch.path(), options).value().ok);
  states[std::string(64, 'b')] = FileState::missing;
  EXPECT_FALSE(verify(scratch.path(), options).value().ok);
}

// ---- a journal of schema 1, as an earlier version made it

void back_to_schema_1(const std::string& path) {
  sql(path,
      "DROP TABLE checkpoint_keys; DROP TABLE checkpoints; DROP TABLE tree_tiles; PRAGMA user_version = 1; VACUUM;");
  std::filesystem::remove(key_path(path));
}

TEST(Migration, KeepsACopyAndEveryEvent) {
  const Scratch scratch;
  std::string head;
  {
    auto journal = open_or_fail(scratch.path());
    append(*journal, 300);
    decide(*journal);
    head = journal->head_hash();
  }
  back_to_schema_1(scratch.path());
  {
    const auto report = verify(scratch.path(), head).value();
    EXPECT_TRUE(report.ok) << report.what;
    EXPECT_EQ(report.signed_to, 0);
    const auto reader = Reader::open(scratch.path()).value();
    EXPECT_EQ(reader->last_seq().value(), 301);
    EXPECT_FALSE(reader->newest_checkpoint().value().has_value());
  }
  {
    auto journal = open_or_fail(scratch.path());
    EXPECT_EQ(journal->last_seq(), 301);
    EXPECT_EQ(journal->head_hash(), head);
    EXPECT_EQ(journal->signed_seq(), 301);
    append(*journal, 5);
  }
  EXPECT_TRUE(verify(scratch.path(), head).value().ok);
  const auto copy = scratch.path() + ".schema-1";
  const auto kept = verify(copy, head).value();
  EXPECT_TRUE(kept.ok) << kept.what;
  EXPECT_EQ(kept.events, 301);
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(copy.c_str(), &db), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, nullptr);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_int(statement, 0), 1) << "the copy is as it was";
  sqlite3_finalize(statement);
  sqlite3_close(db);
}

TEST(Migration, WithoutRoomForTheCopyNothingIsChanged) {
  const Scratch scratch;
  {
    auto journal = open_or_fail(scratch.path());
    append(*journal, 10);
  }
  back_to_schema_1(scratch.path());
  std::filesystem::create_directories(scratch.path() + ".schema-1/full");  // the copy cannot get its name
  EXPECT_FALSE(Journal::open(scratch.path(), lane()).has_value());
  EXPECT_TRUE(verify(scratch.path()).value().ok);
  std::filesystem::remove_all(scratch.path() + ".schema-1");
  EXPECT_EQ(open_or_fail(scratch.path())->last_seq(), 10);
}

}  // namespace
}  // namespace torugart::journal
