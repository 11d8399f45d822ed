// kill -9 in the middle of whole inspections, at every kind of call that changes a file: the lane starts again, its
// journal verifies, holds every event that a screen called recorded and every picture that an event names; in the end the
// centre has each event once.
//
// The calls are counted in a first run; then each run is killed at a seeded one. TORUGART_KILLS says how many runs (30).
// They are done in blocks, each with a lane and a centre of its own; with TORUGART_KILL_STATE, a file, blocks that are
// noted there as done are not done again, so that a campaign can be ended at any moment and goes on later.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "kiosk/archive/archive.h"
#include "kiosk/central/http.h"
#include "kiosk/central/sync.h"
#include "kiosk/exchange/bundle_form.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/journal/scratch.h"
#include "tests/support/dev_centre.h"

extern char** environ;

namespace torugart {
namespace {

using central::testing::DevCentre;
using central::testing::Folder;
using Clock = std::chrono::steady_clock;

constexpr int kPerBlock = 15;

struct Ran {
  std::int64_t acknowledged = 0, calls = 0;  // calls: only when it lived
  bool killed = false;
  int status = 0;
};

Ran run_child(std::vector<std::string> arguments) {
  Ran ran;
  int ends[2];
  if (::pipe(ends) != 0) return ran;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  arguments.insert(arguments.begin(), TORUGART_CHILD);
  std::vector<char*> raw;
  for (auto& argument : arguments)
    raw.push_back(argument.data());
  raw.push_back(nullptr);
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, raw[0], &actions, nullptr, raw.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::int64_t said = 0;
  while (failed == 0 && ::read(ends[0], &said, sizeof said) == sizeof said)
    (said < 0 ? ran.calls : ran.acknowledged) = said < 0 ? -said : said;
  ::close(ends[0]);
  if (failed == 0) ::waitpid(pid, &ran.status, 0);
  ran.killed = WIFSIGNALED(ran.status) && WTERMSIG(ran.status) == SIGKILL;
  return ran;
}

struct Sum {
  int runs = 0, killed = 0, lost = 0, wrong = 0;
  std::int64_t events = 0;
  double slowest_start_s = 0;
};

class Block {
 public:
  Block() {
    std::ofstream(folder_ / "rules.toml") << "[default]\ncolour = \"red\"\nscan_required = true\n";
    centre_ = std::make_unique<DevCentre>(folder_ / "central", std::vector<std::string>{"kordai-2"},
                                          std::vector<std::string>{"--rules", folder_ / "rules.toml"});
    std::filesystem::create_directories(folder_ / "lane");
  }
  bool start() { return centre_->start(); }

  Ran run(int number, std::int64_t call) {
    return run_child(
        {folder_ / "lane", std::to_string(number), std::to_string(call), centre_->url(), folder_ / "central/tls"});
  }

  // Looks at what a killed run left. Empty: all is well.
  std::string look(std::int64_t acknowledged, Sum& sum) {
    const std::string path = folder_ / "lane/journal.db";
    const auto as_found = journal::verify(path);
    // Killed before its tables were there: nothing was acknowledged, and the next start makes them.
    if (acknowledged > 0 && (!as_found || !as_found->ok))
      return "as found: " + (as_found ? as_found->what : as_found.error().text());
    const auto began = Clock::now();
    auto journal = journal::Journal::open(path, journal::testing::lane());
    if (!journal) return journal.error().text();
    auto archive = archive::Archive::open(folder_ / "lane/archive");
    if (!archive) return archive.error().text();
    auto outbox = journal::Outbox::open(journal::outbox_path(path));
    if (!outbox) return outbox.error().text();
    sum.slowest_start_s = std::max(sum.slowest_start_s, std::chrono::duration<double>(Clock::now() - began).count());
    if ((*journal)->last_seq() < acknowledged) {
      ++sum.lost;
      return "events up to " + std::to_string(acknowledged) + " were recorded, " +
             std::to_string((*journal)->last_seq()) + " are there";
    }
    const auto proof = journal::verify(path, (*journal)->head_hash());
    if (!proof || !proof->ok) return proof ? proof->what : proof.error().text();
    const auto reader = journal::Reader::open(path).value();
    for (auto from = looked_ + 1; from <= (*journal)->last_seq(); from += 500)
      for (const auto records = reader->events(from, 500).value(); const auto& record : records)
        for (const auto& file : exchange::bundle::files_named_in(record.text))
          if (const auto there = (*archive)->check(file.sha256); !there)
            return "event " + std::to_string(record.event.seq) + ": " + there.error().text();
    looked_ = (*journal)->last_seq();
    return {};
  }

  // Everything is sent; the centre has each event once, each file, and nothing that the lane has not.
  std::string deliver() {
    central::Config config = settings();
    std::ostringstream out;
    if (central::run_sync({config, folder_ / "lane/journal.db", folder_ / "lane/archive", {}}, true, out) != 0)
      return "sync: " + out.str();
    const auto reader = journal::Reader::open(folder_ / "lane/journal.db").value();
    std::map<std::string, std::int64_t> of_crossing;
    const auto last = reader->last_seq().value();
    for (std::int64_t from = 1; from <= last; from += 500)
      for (const auto records = reader->events(from, 500).value(); const auto& record : records)
        if (!record.event.crossing.empty()) ++of_crossing[record.event.crossing];
    central::Http http(config);
    for (const auto& [crossing, events] : of_crossing) {
      const auto answer = http.call({"GET", "/v1/crossings/" + crossing, {}, {}, 30'000}, {});
      const auto held = answer ? nlohmann::json::parse(answer->body, nullptr, false) : nlohmann::json();
      if (!held.is_object()) return "the centre does not know " + crossing;
      // the receipt's own event rides along with the next batch, so it may be on its way
      const auto there = held.value("events", std::int64_t{0});
      if (there > events || there < events - 2)
        return crossing + ": " + std::to_string(events) + " events, the centre has " + std::to_string(there);
      for (const auto& file : held["files"])
        if (!file.value("present", false)) return crossing + ": a file is not at the centre";
    }
    return {};
  }

 private:
  central::Config settings() const {
    central::Config config;
    config.url = centre_->url();
    config.lane = "kordai-2";
    config.ca_file = centre_->tls("ca.pem");
    config.certificate_file = centre_->tls("lane-kordai-2.pem");
    config.key_file = centre_->tls("lane-kordai-2.key");
    config.signing_keys_file = centre_->tls("signing.pub.pem");
    return config;
  }
  Folder folder_;
  std::unique_ptr<DevCentre> centre_;
  std::int64_t looked_ = 0;
};

int kills() {
  const char* text = std::getenv("TORUGART_KILLS");
  return text != nullptr ? std::max(1, std::atoi(text)) : 30;
}

int blocks_done() {
  const char* state = std::getenv("TORUGART_KILL_STATE");
  int done = 0;
  std::ifstream in(state != nullptr ? state : "");
  for (std::string line; std::getline(in, line);)
    ++done;
  return done;
}

void note_block(int block, const Sum& sum) {
  const char* state = std::getenv("TORUGART_KILL_STATE");
  if (state == nullptr) return;
  std::ofstream(state, std::ios::app) << "block " << block << ": " << sum.runs << " runs, " << sum.killed
                                      << " killed, " << sum.lost << " lost, " << sum.wrong << " wrong, " << sum.events
                                      << " events acknowledged, slowest start " << sum.slowest_start_s << " s\n";
}

TEST(Kill, WholeInspectionsSurviveAKillAtAnyCall) {
  for (int block = blocks_done(); block * kPerBlock < kills(); ++block) {
    SCOPED_TRACE("block " + std::to_string(block));
    std::mt19937 random(static_cast<std::uint32_t>(block) + 1);
    Block lane;
    ASSERT_TRUE(lane.start());
    const Ran whole = lane.run(0, 0);
    ASSERT_GT(whole.calls, 100) << "status " << whole.status;
    Sum sum;
    ASSERT_EQ(lane.look(whole.acknowledged, sum), "");
    for (int run = 1; run <= kPerBlock && block * kPerBlock + run <= kills(); ++run) {
      const auto call = 1 + static_cast<std::int64_t>(random()) % whole.calls;
      const Ran ran = lane.run(run, call);
      ++sum.runs;
      sum.killed += ran.killed ? 1 : 0;
      sum.events = std::max(sum.events, ran.acknowledged);
      const auto problem = lane.look(ran.acknowledged, sum);
      sum.wrong += problem.empty() ? 0 : 1;
      EXPECT_EQ(problem, "") << "run " << run << ", call " << call << " of " << whole.calls;
      EXPECT_TRUE(ran.killed || ran.status == 0) << "status " << ran.status;
    }
    EXPECT_GT(sum.killed, sum.runs / 2);
    EXPECT_EQ(lane.deliver(), "");
    std::printf("block %d: %d runs, %d killed, slowest start %.3f s\n", block, sum.runs, sum.killed,
                sum.slowest_start_s);
    if (!HasFailure()) note_block(block, sum);
  }
}

// The proof that the test above can fail.
TEST(Kill, IsNoticedWhenAnEventIsCalledRecordedBeforeItIs) {
  ::setenv("TORUGART_CHILD_BOASTS", "1", 1);
  Block lane;
  ASSERT_TRUE(lane.start());
  const Ran whole = lane.run(0, 0);
  std::mt19937 random(1);
  Sum sum;
  for (int run = 1; run <= 60 && sum.lost == 0; ++run)
    lane.look(
        lane.run(run, 1 + static_cast<std::int64_t>(random()) % std::max<std::int64_t>(1, whole.calls)).acknowledged,
        sum);
  ::unsetenv("TORUGART_CHILD_BOASTS");
  EXPECT_GT(sum.lost, 0);
}

}  // namespace
}  // namespace torugart
