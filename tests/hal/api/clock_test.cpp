#include "hal/api/clock.h"

#include <gtest/gtest.h>

namespace torugart::hal {
namespace {

TEST(JumpWatch, ASetClockIsSeenOnceAndThenTheNewTimeIsTheTime) {
  JumpWatch watch(0, 1'000'000'000);
  EXPECT_FALSE(watch.jumped(100, 1'000'000'100));
  EXPECT_TRUE(watch.jumped(200, 1'003'600'000));
  EXPECT_FALSE(watch.jumped(300, 1'003'600'100));
  EXPECT_TRUE(watch.jumped(400, 999'000'000)) << "backwards too";
}

TEST(JumpWatch, SlewingIsNoJump) {
  JumpWatch watch(0, 0);
  for (std::int64_t s = 1; s < 100; ++s)
    EXPECT_FALSE(watch.jumped(s * 1'000'000, s * 1'000'500));
  EXPECT_FALSE(watch.jumped(100'000'000, 100'000'000 + 50'000 + 400'000));
}

TEST(SystemClock, MonotonicTimeGrows) {
  const SystemClock clock;
  auto last = clock.now();
  EXPECT_GT(last.wall_us, 1'600'000'000'000'000);
  for (int i = 0; i < 1000; ++i) {
    const auto now = clock.now();
    EXPECT_GE(now.mono_us, last.mono_us);
    last = now;
  }
}

TEST(ManualClock, BothTimesAdvanceAndOnlyTheWallCanBeSet) {
  ManualClock clock(5'000'000);
  clock.advance_us(250);
  EXPECT_EQ(clock.now().mono_us, 250);
  EXPECT_EQ(clock.now().wall_us, 5'000'250);
  clock.set_wall_us(1);
  clock.set_state(ClockState::jumped);
  EXPECT_EQ(clock.now().mono_us, 250);
  EXPECT_EQ(clock.now().wall_us, 1);
  EXPECT_EQ(clock.now().clock, ClockState::jumped);
}

}  // namespace
}  // namespace torugart::hal
