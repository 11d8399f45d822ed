// The power goes at any moment of a lane's life: what had been said to be saved is there, provable, and nothing else is
// wrong. A story is told once on a disk that notes every write, sync and rename (tests/support/traced_disk.h); then the
// disk is made as it would be after a cut at one call, with what was not synced lost, torn or out of order, and opened again.
//
// The same test turns red when SQLite does not sync (synchronous=OFF) and when the syncs of any one place are left out.
// TORUGART_CUTS says how many cuts (200).
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <random>

#include "kiosk/archive/archive.h"
#include "kiosk/journal/backup.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/journal/scratch.h"
#include "tests/support/traced_disk.h"

namespace torugart {
namespace {

// Where a sync costs nothing: what is opened after a cut is synced by the programs, and that is not what is looked at.
[[maybe_unused]] const int kQuickFolder =
    std::filesystem::is_directory("/dev/shm") ? ::setenv("TMPDIR", "/dev/shm", 0) : 0;

using journal::testing::Scratch;
using torugart::testing::TracedDisk;

struct Lane {  // what a start finds
  std::string folder;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<journal::Reader> reader;
  std::unique_ptr<archive::Archive> archive;
  std::unique_ptr<journal::Outbox> outbox;
};

// What was said to be saved, from which call on, and how a lane is looked at for it. Empty: it is there.
struct Said {
  std::size_t call;
  std::function<std::string(const Lane&)> missing;
};

archive::Options small_disk() {
  archive::Options options;
  options.reserve_bytes = 0;
  return options;
}

class Story {
 public:
  explicit Story(std::uint32_t seed, bool synchronous = true) : random_(seed) {
    std::filesystem::create_directory(scratch_.path("lane"));
    disk_ = std::make_unique<TracedDisk>(scratch_.path("lane"));
    tell(synchronous);
    calls_ = disk_->calls();
  }

  std::size_t calls() const { return calls_; }
  const TracedDisk& disk() const { return *disk_; }

  // The disk after a cut at `call`, opened. Says what is wrong with it.
  std::string after(std::size_t call, std::uint32_t seed, const std::string* without = nullptr) const {
    const Scratch after;
    const std::string folder = after.path("lane");
    disk_->at(call, seed, folder, without);
    Lane lane;
    lane.folder = folder;
    // Before a start has added its own: what was decided is signed.
    if (!said_.empty() && said_.front().call <= call) {
      const auto as_found = journal::verify(folder + "/journal.db");
      if (!as_found || !as_found->ok) return "as found: " + (as_found ? as_found->what : as_found.error().text());
    }
    auto files = archive::Archive::open(folder + "/archive", small_disk());
    if (!files) return "the archive: " + files.error().text();
    auto opened = journal::Journal::open(folder + "/journal.db", journal::testing::lane());
    if (!opened) return "the journal: " + opened.error().text();
    auto outbox = journal::Outbox::open(folder + "/journal.state.db");
    if (!outbox) return "the outbox: " + outbox.error().text();
    lane.archive = std::move(*files);
    lane.journal = std::move(*opened);
    lane.outbox = std::move(*outbox);
    const auto proof = journal::verify(folder + "/journal.db", lane.journal->head_hash());
    if (!proof || !proof->ok) return "verify: " + (proof ? proof->what : proof.error().text());
    lane.reader = std::move(*journal::Reader::open(folder + "/journal.db"));
    for (const auto& said : said_)
      if (said.call <= call)
        if (auto missing = said.missing(lane); !missing.empty()) return missing;
    return {};
  }

 private:
  void tell(bool synchronous) {
    auto options = journal::testing::lane();
    options.synchronous_full = synchronous;
    const std::string folder = scratch_.path("lane");
    auto journal = journal::testing::open_or_fail(folder + "/journal.db", options);
    auto archive = archive::Archive::open(folder + "/archive", small_disk()).value();
    auto outbox = journal::Outbox::open(folder + "/journal.state.db").value();
    say([](const Lane& lane) { return changes_of_key(lane, "lost") == 0 ? "" : "the signing key was lost"; });
    int rotated = 0;
    std::vector<std::string> kept;
    for (int truck = 0; truck < 16; ++truck) {
      for (int i = 0; i < 3; ++i) {
        const auto file =
            archive->put(std::string(random_() % 5000, static_cast<char>('a' + truck)) + std::to_string(i), "x");
        ASSERT_TRUE(file.has_value()) << file.error().text();
        kept.push_back(file->sha256);
        say([sha256 = file->sha256](const Lane& lane) {
          const auto there = lane.archive->check(sha256);
          return there || there.error().code == archive::Error::Code::freed ? ""
                                                                            : "a picture: " + there.error().text();
        });
        record(*journal, "truck " + std::to_string(truck) + "." + std::to_string(i), i == 2);
      }
      const std::string value = std::to_string(truck);
      ASSERT_TRUE(outbox->put("central/sent", value).has_value());
      say([truck](const Lane& lane) {
        const auto is = lane.outbox->get("central/sent");
        return is && *is && std::stoi(**is) >= truck ? "" : "what the uploader must remember";
      });
      if (truck == 4 || truck == 9) {
        ASSERT_TRUE(journal->rotate_key().has_value());
        say([n = ++rotated](const Lane& lane) {
          return changes_of_key(lane, "rotated") >= n ? "" : "a change of the signing key";
        });
      }
      if (truck == 6) {
        const auto to = folder + "/copy.db";
        ASSERT_TRUE(journal::backup(folder + "/journal.db", to).has_value());
        say([](const Lane& lane) {
          const auto proof = journal::verify(lane.folder + "/copy.db");
          return proof && proof->ok && proof->events > 15 ? "" : "the copy of the journal";
        });
      }
      if (truck % 3 == 2) {
        const auto gone = kept[random_() % kept.size()];
        const bool had = archive->has(gone);
        if (had) {
          ASSERT_TRUE(archive->free_with_receipt(gone, {"R", {gone}}).has_value());
        }
      }
    }
  }

  void record(journal::Journal& journal, const std::string& note, bool decision) {
    const auto reason = note + std::string(random_() % 4'000, 'n');
    std::vector<inspection::Event> events(1 + random_() % 9,
                                          inspection::samples::event("c1", inspection::ReviewRequested{reason}));
    if (decision) events.push_back(inspection::samples::event("c1", inspection::Decided{}));
    const auto last = journal.append(events);
    ASSERT_TRUE(last.has_value()) << last.error().text();
    say([last = *last, first = *last - std::ssize(events) + 1, reason](const Lane& lane) -> std::string {
      const auto there = lane.reader->events(first, static_cast<int>(last - first + 1));
      if (!there || std::ssize(*there) != last - first + 1)
        return "event " + std::to_string(last) + " was recorded and is gone";
      const auto* asked = std::get_if<inspection::ReviewRequested>(&there->front().event.payload);
      if (asked == nullptr || asked->reason != reason) return "event " + std::to_string(first) + " is another one";
      return {};
    });
  }

  static int changes_of_key(const Lane& lane, const std::string& reason) {
    int found = 0;
    const auto all = lane.reader->events(1, 10'000);
    if (all)
      for (const auto& record : *all)
        if (const auto* change = std::get_if<inspection::JournalKeyChanged>(&record.event.payload))
          found += change->reason == reason ? 1 : 0;
    return found;
  }

  void say(std::function<std::string(const Lane&)> missing) { said_.push_back({disk_->calls(), std::move(missing)}); }

  std::mt19937 random_;
  Scratch scratch_;
  std::unique_ptr<TracedDisk> disk_;
  std::vector<Said> said_;
  std::size_t calls_ = 0;
};

int cuts() {
  const char* text = std::getenv("TORUGART_CUTS");
  return text != nullptr ? std::max(1, std::atoi(text)) : 200;
}

TEST(Power, NothingThatWasSavedIsGone) {
  constexpr int kPerStory = 50;
  int done = 0, wrong = 0;
  for (std::uint32_t seed = 1; done < cuts(); ++seed) {
    const Story story(seed);
    std::mt19937 random(seed);
    for (int i = 0; i < kPerStory && done < cuts(); ++i, ++done) {
      const std::size_t call = random() % (story.calls() + 1);
      const auto problem = story.after(call, static_cast<std::uint32_t>(random()));
      if (!problem.empty()) ++wrong;
      EXPECT_EQ(problem, "") << "story " << seed << ", call " << call;
    }
  }
  std::printf("%d cuts, %d wrong\n", done, wrong);
}

// The proof that the test above can fail.
bool notices(const Story& story, const std::string* without, int tries) {
  std::mt19937 random(7);
  for (int i = 0; i < tries; ++i)
    if (!story.after(random() % (story.calls() + 1), static_cast<std::uint32_t>(random()), without).empty())
      return true;
  return false;
}

TEST(Power, IsNoticedWhenSqliteDoesNotSync) {
  EXPECT_TRUE(notices(Story(1, false), nullptr, 20));
}

// Syncs that nobody would miss: they protect what has not been said to be saved, or what is durable already.
bool is_needless(const std::string& site) {
  return site.ends_with("-journal")  // SQLite's, while it makes tables or a copy that has no name yet
         || site == "journal.key" || site == "journal.key.next";  // synced when made; a new name syncs them again
}

TEST(Power, IsNoticedWhereverASyncIsLeftOut) {
  const Story story(1);
  int needed = 0;
  for (const auto& site : story.disk().sync_sites()) {
    if (is_needless(site)) continue;
    ++needed;
    EXPECT_TRUE(notices(story, &site, 400)) << "nobody misses the sync of '" << site << "'";
  }
  EXPECT_GE(needed, 10);
}

}  // namespace
}  // namespace torugart
