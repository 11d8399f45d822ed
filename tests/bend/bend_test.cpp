// Changes to the evidence, one at a time and seeded: one bit anywhere in database, archive, bundle or checkpoint; an event
// removed, inserted, moved, rewritten with the chain and the stored tree made to fit; an older copy put back. Every change
// to what the evidence says must be found; a bit that says nothing (a free page, a search table) is proven to leave every
// event, checkpoint and key as it was, and is counted apart. The Python verifier must say the same each time.
// TORUGART_BENDS says how many bits (240).
#include <gtest/gtest.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <sstream>

#include "kiosk/archive/archive.h"
#include "kiosk/exchange/bundle.h"
#include "kiosk/journal/note.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/journal/scratch.h"

extern char** environ;

namespace torugart {
namespace {

using journal::testing::open_or_fail;
using journal::testing::Scratch;
namespace merkle = journal::merkle;

int bends() {
  const char* text = std::getenv("TORUGART_BENDS");
  return text != nullptr ? std::max(1, std::atoi(text)) : 240;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The second verifier, kept running.
class Python {
 public:
  Python() {
    int in[2], out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    for (const int fd : {in[0], in[1], out[0], out[1]})
      posix_spawn_file_actions_addclose(&actions, fd);
    std::string program = "python3", script = std::string(TORUGART_SOURCE_DIR) + "/tests/support/verify_evidence.py",
                batch = "batch";
    char* arguments[] = {program.data(), script.data(), batch.data(), nullptr};
    if (::posix_spawnp(&pid_, "python3", &actions, nullptr, arguments, environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    to_ = ::fdopen(in[1], "w");
    from_ = ::fdopen(out[0], "r");
  }
  ~Python() {
    if (to_ != nullptr) std::fclose(to_);
    if (from_ != nullptr) std::fclose(from_);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }
  Python(const Python&) = delete;
  Python& operator=(const Python&) = delete;

  std::string ask(const std::string& arguments) {
    std::fprintf(to_, "%s\n", arguments.c_str());
    std::fflush(to_);
    char line[4096];
    std::string answer = std::fgets(line, sizeof line, from_) != nullptr ? line : "no answer";
    if (answer.ends_with('\n')) answer.pop_back();
    return answer;
  }
  static bool good(const std::string& answer) { return answer.starts_with("good"); }

 private:
  pid_t pid_ = -1;
  FILE* to_ = nullptr;
  FILE* from_ = nullptr;
};

// Everything that the journal says, in text.
std::string content_of(const std::string& path) {
  std::ostringstream out, err;
  journal::ShowOptions all;
  all.hashes = true;
  if (journal::journal_show(path, all, out, err) != 0) return "unreadable " + err.str();
  const auto reader = journal::Reader::open(path);
  if (!reader) return "unreadable";
  const auto keys = (*reader)->keys();
  if (!keys) return "unreadable";
  for (const auto& key : *keys)
    out << key.from_size << " " << key.vkey << "\n";
  for (std::int64_t size = 1;;) {
    const auto checkpoint = (*reader)->checkpoint_from(size);
    if (!checkpoint) return "unreadable";
    if (!*checkpoint) return out.str();
    out << (*checkpoint)->size << " " << (*checkpoint)->note << "\n";
    size = (*checkpoint)->size + 1;
  }
}

// A lane's evidence: some crossings, pictures in the archive, a change of keys, a bundle, a checkpoint noted elsewhere.
class Evidence : public ::testing::Test {
 protected:
  Scratch scratch_;
  std::unique_ptr<archive::Archive> archive_;
  std::string key_, checkpoint_, older_copy_, bundle_;
  std::vector<std::string> pictures_;
  Python python_;
  std::mt19937 random_{20'261'124};

  std::string journal_path() const { return scratch_.path(); }
  std::string copy_path() const { return scratch_.path("bent.db"); }

  void SetUp() override {
    archive::Options roomy;
    roomy.reserve_bytes = 0;
    archive_ = archive::Archive::open(scratch_.path("archive"), roomy).value();
    {
      auto journal = open_or_fail(journal_path());
      key_ = journal->public_key();
      for (int truck = 0; truck < 12; ++truck) {
        pass(*journal, truck);
        if (truck == 5) {
          ASSERT_TRUE(journal->rotate_key().has_value());
        }
        if (truck == 7) {
          ASSERT_TRUE(journal->checkpoint().has_value());
          older_copy_ = scratch_.path("older.db");
          copy_with_sqlite(journal_path(), older_copy_);
        }
      }
    }
    const auto reader = journal::Reader::open(journal_path()).value();
    checkpoint_ = reader->newest_checkpoint().value()->note;
    write(scratch_.path("noted.txt"), checkpoint_);
    bundle_ = scratch_.path("c3.zip");
    exchange::BundleWish wish;
    wish.crossing = "c3";
    wish.file = [this](const inspection::FileRef& file) -> std::optional<std::string> {
      const auto bytes = archive_->get(file.sha256);
      if (!bytes) return std::nullopt;
      return std::string(bytes->begin(), bytes->end());
    };
    bool made = false;
    const auto key = journal::signing_key_from_file(journal::key_path(journal_path()), made).value();
    ASSERT_TRUE(exchange::write_bundle(*reader, key, wish, bundle_).has_value());
  }

  void pass(journal::Journal& journal, int truck) {
    using namespace inspection;  // NOLINT(google-build-using-namespace)
    const std::string crossing = "c" + std::to_string(truck);
    std::string picture(2000, 'x');
    for (char& c : picture)
      c = static_cast<char>(random_());
    const auto kept = archive_->put(picture, "application/dicom").value();
    pictures_.push_back(kept.sha256);
    auto scan = samples::scan(crossing + "-scan");
    scan.files = {{"xray_high", kept.sha256, kept.bytes, "application/dicom"}};
    NumberRead number;
    number.text = "123ABC02";
    std::vector<Event> events;
    for (Payload payload :
         std::vector<Payload>{Arrived{}, number, IdentityConfirmed{{samples::plate()}},
                              samples::risk(LaneColour::red), AreaCleared{}, scan, Decided{}, Released{}, Departed{}})
      events.push_back(samples::event(crossing, std::move(payload)));
    // In two parts, so that there are events between checkpoints.
    ASSERT_TRUE(journal.append({events.data(), 4}).has_value());
    ASSERT_TRUE(journal.append({events.data() + 4, events.size() - 4}).has_value());
  }

  static void copy_with_sqlite(const std::string& from, const std::string& to) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(from.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, ("VACUUM INTO '" + to + "'").c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
  }

  journal::VerifyOptions options(const std::string& checkpoint) const {
    journal::VerifyOptions out;
    out.key = key_;
    out.checkpoint = checkpoint;
    out.file = [this](const inspection::FileRef& file) {
      if (!archive_->has(file.sha256)) return journal::FileState::missing;
      return archive_->check(file.sha256) ? journal::FileState::good : journal::FileState::damaged;
    };
    return out;
  }
  bool journal_good(const std::string& path, const std::string& checkpoint, std::string* why = nullptr) const {
    const auto report = journal::verify(path, options(checkpoint));
    if (why != nullptr) *why = report ? report->what : report.error().text();
    return report && report->ok;
  }
  std::string ask_journal(const std::string& path) {
    return python_.ask("journal " + path + " --key " + key_ + " --checkpoint " + scratch_.path("noted.txt"));
  }
  bool bundle_good(const std::string& bytes) const { return exchange::verify_bundle(bytes, {key_, {}}).ok; }

  // Whatever was done to the copy: found by both.
  void expect_found(const std::string& what) {
    std::string why;
    EXPECT_FALSE(journal_good(copy_path(), checkpoint_, &why)) << what;
    const auto answer = ask_journal(copy_path());
    EXPECT_FALSE(Python::good(answer)) << what << ": " << answer;
  }

  // With the triggers gone.
  void tamper(const std::string& statements) const {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(copy_path().c_str(), &db), SQLITE_OK);
    char* message = nullptr;
    const std::string all =
        "PRAGMA journal_mode=DELETE; DROP TRIGGER events_in_order; DROP TRIGGER events_no_update; DROP TRIGGER "
        "events_no_delete;" +
        statements;
    EXPECT_EQ(sqlite3_exec(db, all.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message << ": " << statements;
    sqlite3_close(db);
  }
  // Numbers, chain and stored tree made to fit the texts, as somebody would who knows the formats but has no key.
  void make_fit() const {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(copy_path().c_str(), &db), SQLITE_OK);
    sqlite3_exec(db, "BEGIN; DELETE FROM tree_tiles", nullptr, nullptr, nullptr);
    sqlite3_stmt *rows = nullptr, *update = nullptr;
    sqlite3_prepare_v2(db, "SELECT seq, text FROM events ORDER BY seq", -1, &rows, nullptr);
    sqlite3_prepare_v2(db, "UPDATE events SET prev_hash = ?1, hash = ?2 WHERE seq = ?3", -1, &update, nullptr);
    std::string head = merkle::to_bytes(merkle::sha256(std::string("\x01torugart journal 1\nkordai-2")));
    while (sqlite3_step(rows) == SQLITE_ROW) {
      const std::string text(reinterpret_cast<const char*>(sqlite3_column_text(rows, 1)));
      const auto hash = merkle::to_bytes(merkle::leaf_hash(head, text));
      sqlite3_bind_blob(update, 1, head.data(), 32, SQLITE_TRANSIENT);
      sqlite3_bind_blob(update, 2, hash.data(), 32, SQLITE_TRANSIENT);
      sqlite3_bind_int64(update, 3, sqlite3_column_int64(rows, 0));
      sqlite3_step(update);
      sqlite3_reset(update);
      head = hash;
    }
    sqlite3_finalize(rows);
    sqlite3_finalize(update);
    sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
    sqlite3_close(db);
  }
};

TEST_F(Evidence, IsGoodAsItIs) {
  std::string why;
  EXPECT_TRUE(journal_good(journal_path(), checkpoint_, &why)) << why;
  const auto answer = ask_journal(journal_path());
  EXPECT_TRUE(Python::good(answer)) << answer;
  EXPECT_TRUE(bundle_good(read(bundle_)));
  const auto about_bundle = python_.ask("bundle " + bundle_ + " --key " + key_);
  EXPECT_TRUE(Python::good(about_bundle)) << about_bundle;
}

TEST_F(Evidence, OneBitAnywhere) {
  const std::string database = read(journal_path()), bundle = read(bundle_), content = content_of(journal_path());
  int found[4] = {}, same_content = 0, disagree = 0;
  const auto flip = [&](std::string bytes) {
    const auto at = random_() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random_() % 8)));
    return bytes;
  };
  for (int i = 0; i < bends(); ++i) {
    const int target = i % 4;
    SCOPED_TRACE("bend " + std::to_string(i));
    if (target == 0) {  // a page of the database
      write(copy_path(), flip(database));
      std::string why;
      const bool good = journal_good(copy_path(), checkpoint_, &why);
      const auto answer = ask_journal(copy_path());
      if (good != Python::good(answer)) {
        ++disagree;
        ADD_FAILURE() << "one says '" << why << "', the other '" << answer << "'";
      }
      if (good) {
        ++same_content;
        EXPECT_EQ(content_of(copy_path()), content) << "a change of what the journal says was not found";
      } else {
        ++found[target];
      }
      for (const char* beside : {"-wal", "-shm", "-journal"})
        std::filesystem::remove(copy_path() + beside);
    } else if (target == 1) {  // a picture
      const auto& sha256 = pictures_[random_() % pictures_.size()];
      const auto path = archive_->path(sha256);
      const auto before = read(path);
      std::filesystem::permissions(path, std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
      write(path, flip(before));
      EXPECT_FALSE(journal_good(journal_path(), checkpoint_)) << sha256;
      ++found[target];
      write(path, before);
    } else if (target == 2) {  // a bundle
      const auto bent = flip(bundle);
      EXPECT_FALSE(bundle_good(bent));
      write(scratch_.path("bent.zip"), bent);
      const auto answer = python_.ask("bundle " + scratch_.path("bent.zip") + " --key " + key_);
      EXPECT_FALSE(Python::good(answer)) << answer;
      ++found[target];
    } else {  // the checkpoint that was noted
      const auto bent = flip(checkpoint_);
      EXPECT_FALSE(journal_good(journal_path(), bent));
      write(scratch_.path("bent.txt"), bent);
      const auto answer = python_.ask("journal " + journal_path() + " --checkpoint " + scratch_.path("bent.txt"));
      EXPECT_FALSE(Python::good(answer)) << answer;
      ++found[target];
    }
  }
  std::cout << bends() << " bits: found in the database " << found[0] << ", in pictures " << found[1]
            << ", in bundles " << found[2] << ", in checkpoints " << found[3] << "; without meaning " << same_content
            << "; disagreed " << disagree << "\n";
  EXPECT_GT(found[0], 0);
}

TEST_F(Evidence, RowsRemovedInsertedMovedRewritten) {
  const std::string database = read(journal_path()), content = content_of(journal_path());
  const auto last = journal::Reader::open(journal_path()).value()->last_seq().value();
  const int rounds = std::max(2, bends() / 40);
  for (int i = 0; i < rounds; ++i) {
    const auto seq = std::to_string(2 + static_cast<int>(random_() % static_cast<std::uint32_t>(last - 3)));
    const struct {
      std::string what, statements;
    } changes[] = {
        {"removed", "DELETE FROM events WHERE seq = " + seq},
        {"removed and closed up",
         "CREATE TABLE t AS SELECT * FROM events WHERE seq > " + seq + "; DELETE FROM events WHERE seq >= " + seq +
             "; INSERT INTO events SELECT seq - 1, replace(text, '\"seq\":' || seq || ',', '\"seq\":' || (seq - 1) "
             "|| "
             "','), prev_hash, hash FROM t; DROP TABLE t; UPDATE index_state SET indexed_to = " +
             std::to_string(last - 1)},
        {"inserted", "CREATE TABLE t AS SELECT * FROM events WHERE seq >= " + seq +
                         "; DELETE FROM events WHERE seq > " + seq +
                         "; INSERT INTO events SELECT seq + 1, replace(text, '\"seq\":' || seq || ',', '\"seq\":' || "
                         "(seq + 1) || "
                         "','), prev_hash, hash FROM t; DROP TABLE t"},
        {"swapped with the next", "CREATE TABLE t AS SELECT * FROM events WHERE seq IN (" + seq + ", " + seq +
                                      " + 1); DELETE FROM events WHERE "
                                      "seq IN (" +
                                      seq + ", " + seq + " + 1); INSERT INTO events SELECT 2 * " + seq +
                                      " + 1 - seq, replace(text, '\"seq\":' || seq || ',', '\"seq\":' || (2 * " +
                                      seq + " + 1 - seq) || ','), prev_hash, hash FROM t; DROP TABLE t"},
        {"rewritten", "UPDATE events SET text = replace(text, 'lane', 'line') WHERE seq = " + seq},
        {"another time",
         "UPDATE events SET text = replace(text, '1700000005000000', '1700000006000000') WHERE seq = " + seq},
        {"the end cut off", "DELETE FROM events WHERE seq > " + seq + "; UPDATE index_state SET indexed_to = " + seq},
    };
    for (const auto& change : changes)
      for (const bool fit : {false, true}) {
        write(copy_path(), database);
        tamper(change.statements);
        if (content_of(copy_path()) == content) continue;  // what should be replaced does not stand in this event
        if (fit) make_fit();
        expect_found(change.what + " at " + seq + (fit ? ", made to fit" : ""));
      }
  }
}

TEST_F(Evidence, AnOlderCopyIsFoundByTheCheckpointThatWasNoted) {
  std::string why;
  EXPECT_TRUE(journal_good(older_copy_, "", &why)) << "from the file alone nobody can tell: " << why;
  EXPECT_FALSE(journal_good(older_copy_, checkpoint_));
  const auto answer = ask_journal(older_copy_);
  EXPECT_FALSE(Python::good(answer)) << answer;
}

// A whole new history by somebody who has the key, too: the pages are consistent; only what was noted elsewhere tells.
TEST_F(Evidence, ANewHistoryWithTheRightKeyIsFoundByTheCheckpointThatWasNoted) {
  std::filesystem::copy_file(journal::key_path(journal_path()), journal::key_path(copy_path()));
  {
    auto journal = open_or_fail(copy_path());
    for (int truck = 0; truck < 13; ++truck)
      pass(*journal, truck % 7);
  }
  const auto report = journal::verify(copy_path(), journal::VerifyOptions{});
  EXPECT_TRUE(report && report->ok);
  EXPECT_FALSE(journal_good(copy_path(), checkpoint_));
}

}  // namespace
}  // namespace torugart
