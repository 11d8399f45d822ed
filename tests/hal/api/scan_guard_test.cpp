// What safety_chain.md draws, arrow by arrow.
#include "hal/api/scan_guard.h"

#include <gtest/gtest.h>

namespace torugart::hal {
namespace {

using K = ContactKind;
using S = ContactState;

class Chain : public testing::Test {
 protected:
  bool read(S door, S stop, S key, std::int64_t age_us = 0) {
    ChainReading r;
    r.at.mono_us = now_ - age_us;
    r.contacts = {{"Door 1", K::door, door}, {"E-stop cabin", K::emergency_stop, stop}, {"Key", K::key, key}};
    return guard_.read(r, now_);
  }
  void pass(std::int64_t us) { now_ += us; }

  ChainGuard guard_;
  std::int64_t now_ = 1'000'000;
};

TEST_F(Chain, IsUnreadUntilItIsReadAndWhenItIsStale) {
  EXPECT_EQ(guard_.state(), ChainState::unread);
  EXPECT_FALSE(guard_.may_ask());
  EXPECT_TRUE(read(S::closed, S::closed, S::closed));
  EXPECT_TRUE(guard_.may_ask());
  pass(500'000);
  EXPECT_FALSE(guard_.look(now_));
  EXPECT_TRUE(guard_.may_ask());
  pass(1);
  EXPECT_TRUE(guard_.look(now_));
  EXPECT_EQ(guard_.state(), ChainState::unread);
  EXPECT_TRUE(read(S::closed, S::closed, S::closed)) << "a fresh reading is enough: nothing was pressed";
  EXPECT_TRUE(guard_.may_ask());
}

TEST_F(Chain, NamesTheContactThatIsNotClosed) {
  read(S::open, S::closed, S::closed);
  EXPECT_EQ(guard_.state(), ChainState::open);
  EXPECT_EQ(guard_.says(), "Door 1 open");
  read(S::closed, S::closed, S::unknown);
  EXPECT_EQ(guard_.says(), "Key unknown");
  EXPECT_FALSE(guard_.may_ask());
}

TEST_F(Chain, AnEmptyChainIsUnread) {
  guard_.read({{now_, 0, ClockState::unknown}, {}, {}}, now_);
  EXPECT_EQ(guard_.state(), ChainState::unread);
  EXPECT_EQ(guard_.says(), "The safety chain has no contacts");
}

TEST_F(Chain, AfterAnEmergencyStopTheKeyHasToBeTurned) {
  read(S::closed, S::open, S::closed);
  EXPECT_EQ(guard_.lock(), ChainGuard::Lock::pressed);
  read(S::closed, S::closed, S::closed);
  EXPECT_EQ(guard_.state(), ChainState::locked_out);
  EXPECT_EQ(guard_.says(), "Key to be turned after the emergency stop");
  read(S::closed, S::closed, S::open);
  EXPECT_EQ(guard_.state(), ChainState::open);
  read(S::closed, S::closed, S::closed);
  EXPECT_TRUE(guard_.may_ask());
}

TEST_F(Chain, AKeyTurnedWhileTheStopIsPressedDoesNotCount) {
  read(S::closed, S::open, S::closed);
  read(S::closed, S::open, S::open);
  read(S::closed, S::open, S::closed);
  read(S::closed, S::closed, S::closed);
  EXPECT_EQ(guard_.state(), ChainState::locked_out);
}

TEST_F(Chain, AKeyThatWasTakenOutAndComesBackAfterTheStopIsPulledCounts) {
  read(S::closed, S::open, S::open);
  read(S::closed, S::closed, S::open);
  read(S::closed, S::closed, S::closed);
  EXPECT_TRUE(guard_.may_ask());
}

TEST_F(Chain, AnUnreadKeyIsNoTurn) {
  read(S::closed, S::open, S::closed);
  read(S::closed, S::closed, S::unknown);
  read(S::closed, S::closed, S::closed);
  EXPECT_EQ(guard_.state(), ChainState::locked_out);
}

TEST_F(Chain, ALockOutlivesSilenceAndARestart) {
  read(S::closed, S::open, S::closed);
  pass(10'000'000);
  guard_.look(now_);
  read(S::closed, S::closed, S::closed);
  EXPECT_EQ(guard_.state(), ChainState::locked_out);
  ChainGuard after_restart;
  after_restart.restore_lock();
  guard_ = after_restart;
  read(S::closed, S::closed, S::closed);
  EXPECT_EQ(guard_.state(), ChainState::locked_out);
}

class Lease : public testing::Test {
 protected:
  std::optional<BeamLease::Change> step(std::int64_t us, bool closed = true, bool beam = false) {
    now_ += us;
    return lease_.step(now_, closed, beam);
  }
  // Renewed every 100 ms, stepped every 20.
  std::optional<BeamLease::Change> hold(std::int64_t us, bool beam = false) {
    for (std::int64_t t = 0; t < us; t += 20'000) {
      if (t % 100'000 == 0) lease_.renew();
      if (auto change = step(20'000, true, beam)) return change;
    }
    return std::nullopt;
  }
  void to_beam() {
    ASSERT_TRUE(lease_.ask(now_));
    EXPECT_FALSE(hold(5'000'000));
    const auto change = hold(100'000, true);
    ASSERT_TRUE(change);
    ASSERT_EQ(change->phase, ScanPhase::beam_on);
  }
  BeamLease lease_;
  std::int64_t now_ = 0;
};

TEST_F(Lease, FiveSecondsOfWarningComeFirst) {
  EXPECT_EQ(lease_.output(), (BeamLease::Output{false, false}));
  ASSERT_TRUE(lease_.ask(now_));
  EXPECT_FALSE(lease_.ask(now_)) << "one at a time";
  EXPECT_FALSE(hold(4'980'000));
  EXPECT_EQ(lease_.output(), (BeamLease::Output{true, false}));
  EXPECT_FALSE(hold(20'000));
  EXPECT_EQ(lease_.output(), (BeamLease::Output{true, true}));
}

TEST_F(Lease, AShorterWarningCannotBeSet) {
  BeamLease::Limits limits;
  limits.warning_us = 1000;
  lease_ = BeamLease(limits);
  lease_.ask(now_);
  EXPECT_FALSE(hold(4'980'000));
  EXPECT_FALSE(lease_.output().request);
}

TEST_F(Lease, EndsThreeHundredMillisecondsAfterTheLastRenewal) {
  to_beam();
  lease_.renew();
  EXPECT_FALSE(step(290'000, true, true));
  const auto change = step(10'000, true, true);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->end, ScanEnd::lease_expired);
  EXPECT_EQ(lease_.output(), (BeamLease::Output{}));
  EXPECT_FALSE(lease_.renew()) << "it never comes back by itself";
}

TEST_F(Lease, AProcessThatWasStoppedWakesUpWithoutIt) {
  to_beam();
  now_ += 60'000'000;
  lease_.renew();  // the engine was quicker than the thread
  const auto change = step(0, true, true);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->end, ScanEnd::lease_expired);
}

TEST_F(Lease, AnOpenChainEndsItInTheSameStep) {
  to_beam();
  const auto change = step(20'000, false, true);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->end, ScanEnd::chain_opened);
  EXPECT_FALSE(lease_.output().request);
}

TEST_F(Lease, WithdrawTakesTheOutputsAwayBeforeTheNextStep) {
  to_beam();
  lease_.withdraw(ScanEnd::withdrawn, "Stopped");
  EXPECT_EQ(lease_.output(), (BeamLease::Output{}));
  EXPECT_FALSE(lease_.renew());
  const auto change = step(20'000, true, true);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->end, ScanEnd::withdrawn);
  EXPECT_EQ(change->why, "Stopped");
}

TEST_F(Lease, BeamThatDoesNotComeOrGoesByItselfIsAFault) {
  lease_.ask(now_);
  hold(5'000'000);
  auto change = hold(5'100'000);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->end, ScanEnd::device_fault);
  to_beam();
  change = hold(100'000, false);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->end, ScanEnd::device_fault);
}

TEST_F(Lease, ATruckThatStandsInTheBeamIsNotScannedForEver) {
  BeamLease::Limits limits;
  limits.longest_beam_us = 2'000'000;
  lease_ = BeamLease(limits);
  to_beam();
  const auto change = hold(2'100'000, true);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->end, ScanEnd::timeout);
}

}  // namespace
}  // namespace torugart::hal
