// A power cut takes what was not synced. With synchronous=FULL no acknowledged event may be lost; with OFF the same
// test must lose some, or it would prove nothing.
#include <gtest/gtest.h>

#include <random>

#include "kiosk/journal/verify.h"
#include "tests/kiosk/journal/scratch.h"
#include "tests/support/fault_vfs.h"

namespace torugart::journal {
namespace {

using namespace testing;

struct Outcome {
  int cuts = 0, lost = 0, broken = 0;  // cuts; with an acknowledged event lost; that did not open or verify
};

// One journal, written under a disk that notes its state at a seeded write or sync; then opened as it was there.
void cut_once(std::uint32_t seed, bool synchronous_full, Outcome& outcome) {
  const Scratch scratch;
  torugart::testing::FaultVfs disk("torugart-power");
  Options options = lane();
  options.vfs = "torugart-power";
  options.synchronous_full = synchronous_full;
  std::mt19937 random(seed);
  std::int64_t acknowledged = 0, acknowledged_at_cut = 0;
  {
    auto journal = open_or_fail(scratch.path(), options);
    ASSERT_NE(journal, nullptr);
    disk.cut_at(1 + random() % 1200, [&] { acknowledged_at_cut = acknowledged; });
    for (int i = 0; i < 400 && !disk.was_cut(); ++i) {
      std::vector<inspection::Event> events(
          1 + random() % 4,
          inspection::samples::event("c1", inspection::ReviewRequested{std::string(random() % 900, 'n')}));
      const auto seq = journal->append(events);
      ASSERT_TRUE(seq.has_value()) << seq.error().text();
      acknowledged = *seq;
    }
    if (!disk.was_cut()) {
      disk.cut_now();
      acknowledged_at_cut = acknowledged;
    }
  }
  const std::string after = scratch.path("after.db");
  disk.restore(scratch.path(), after, seed);
  ++outcome.cuts;
  const auto journal = Journal::open(after, lane());
  const auto report = verify(after);
  if (!journal || !report || !report->ok) {
    ++outcome.broken;
    return;
  }
  if ((*journal)->last_seq() < acknowledged_at_cut) ++outcome.lost;
}

Outcome cut(int times, bool synchronous_full) {
  Outcome outcome;
  for (int seed = 1; seed <= times; ++seed)
    cut_once(static_cast<std::uint32_t>(seed), synchronous_full, outcome);
  return outcome;
}

TEST(PowerCut, LosesNoAcknowledgedEvent) {
  const Outcome outcome = cut(40, true);
  EXPECT_EQ(outcome.cuts, 40);
  EXPECT_EQ(outcome.lost, 0);
  EXPECT_EQ(outcome.broken, 0);
}

TEST(PowerCut, TheTestSeesTheLossWhenNothingIsSynced) {
  const Outcome outcome = cut(10, false);
  EXPECT_EQ(outcome.cuts, 10);
  EXPECT_GT(outcome.lost + outcome.broken, 5);
}

}  // namespace
}  // namespace torugart::journal
