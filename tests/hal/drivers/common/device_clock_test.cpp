#include "hal/drivers/common/device_clock.h"

#include <gtest/gtest.h>

namespace torugart::hal::drivers {
namespace {

TEST(DeviceClock, TheQuickestMessageTellsHowTheClocksStand) {
  DeviceClock clock;
  // The device's clock is 5 s ahead; messages need 300 µs, every third one 20 ms.
  std::int64_t last = 0;
  for (int i = 0; i < 300; ++i) {
    const std::int64_t made = i * 2500LL;
    const auto at = clock.map(made + 5'000'000, made + (i % 3 == 0 ? 20'000 : 300));
    EXPECT_GE(at, last);
    if (i > 12) {  // the first message was slow, and time does not go back
      EXPECT_NEAR(static_cast<double>(at), static_cast<double>(made + 300), 10) << i;
    }
    last = at;
  }
  EXPECT_GT(clock.error_us(), 1000);
  EXPECT_EQ(clock.leaps(), 0);
}

TEST(DeviceClock, ADriftIsFollowedInBothDirections) {
  for (const int ppm : {50, -50}) {
    DeviceClock clock;
    for (std::int64_t i = 0; i < 100'000; ++i) {
      const std::int64_t lane = i * 10'000;
      const auto at = clock.map(lane + lane * ppm / 1'000'000, lane + 200);
      if (i > 10) {
        ASSERT_NEAR(static_cast<double>(at), static_cast<double>(lane + 200), 200) << ppm;
      }
    }
    EXPECT_EQ(clock.leaps(), 0);
  }
}

TEST(DeviceClock, AClockThatWasSetIsLearntAnewAndTimeDoesNotGoBack) {
  DeviceClock clock;
  std::int64_t last = clock.map(1'000'000, 10'000);
  for (const std::int64_t set : {90'000'000'000LL, 0LL, -5'000'000LL}) {
    for (int i = 1; i < 10; ++i) {
      const auto arrival = last + 2000;
      const auto at = clock.map(set + i * 2000, arrival);
      EXPECT_GE(at, last);
      EXPECT_LE(at, arrival);
      last = at;
    }
  }
  EXPECT_EQ(clock.leaps(), 3);
}

}  // namespace
}  // namespace torugart::hal::drivers
