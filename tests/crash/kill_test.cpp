// kill -9 at seeded points: the journal opens again, verifies, and holds every event that was acknowledged.
// TORUGART_KILLS says how many times (30).
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <random>

#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/journal/scratch.h"

extern char** environ;

namespace torugart::journal {
namespace {

class Child {
 public:
  Child(const std::string& path, int seed) {
    int ends[2];
    if (::pipe(ends) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::string program = TORUGART_CHILD, journal = path, number = std::to_string(seed);
    char* arguments[] = {program.data(), journal.data(), number.data(), nullptr};
    if (::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    pipe_ = ends[0];
  }
  ~Child() {
    kill_9();
    if (pipe_ >= 0) ::close(pipe_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next acknowledged number; −1 at the end of the pipe.
  std::int64_t acknowledged() const {
    std::int64_t seq = -1;
    return ::read(pipe_, &seq, sizeof seq) == sizeof seq ? seq : -1;
  }

  void kill_9() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, &status_, 0);
    pid_ = -1;
  }
  bool was_killed() const { return WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL; }

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  int status_ = 0;
};

int kills() {
  const char* text = std::getenv("TORUGART_KILLS");
  return text != nullptr ? std::max(1, std::atoi(text)) : 30;
}

TEST(Kill, LosesNoAcknowledgedEvent) {
  const testing::Scratch scratch;
  std::mt19937 random(20'240'501);
  std::int64_t acknowledged = 0;
  for (int round = 0; round < kills(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    {
      Child child(scratch.path(), round);
      // The point: after so many acknowledgements and so many microseconds more.
      const auto after = random() % 40;
      for (std::uint32_t i = 0; i < after; ++i) {
        const std::int64_t seq = child.acknowledged();
        ASSERT_GT(seq, 0) << "the child ended by itself";
        acknowledged = std::max(acknowledged, seq);
      }
      ::usleep(static_cast<useconds_t>(random() % 3000));
      child.kill_9();
      ASSERT_TRUE(child.was_killed());
      for (std::int64_t seq = child.acknowledged(); seq > 0; seq = child.acknowledged())
        acknowledged = std::max(acknowledged, seq);
    }
    const auto journal = testing::open_or_fail(scratch.path());
    ASSERT_NE(journal, nullptr);
    ASSERT_GE(journal->last_seq(), acknowledged);
    const auto report = verify(scratch.path(), journal->head_hash());
    ASSERT_TRUE(report && report->ok) << (report ? report->what : report.error().text());
  }
  EXPECT_GT(acknowledged, 0);
  const auto reader = Reader::open(scratch.path()).value();
  const std::int64_t last = reader->last_seq().value();
  for (std::int64_t from = 1; from <= last; from += 1000) {
    const auto records = reader->events(from, 1000).value();
    for (const auto& record : records)
      ASSERT_EQ(std::get<inspection::ReviewRequested>(record.event.payload).reason,
                "event " + std::to_string(record.event.seq));
  }
  std::size_t found = 0;  // the search tables followed, too
  const auto rows = reader->crossings("", 10'000, 0).value();
  for (const auto& row : rows)
    found += reader->events_of(row.id).value().size();
  EXPECT_EQ(found, static_cast<std::size_t>(last));
}

}  // namespace
}  // namespace torugart::journal
