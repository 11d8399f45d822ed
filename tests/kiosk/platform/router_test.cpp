// The router alone: what each frame hears.
#include <gtest/gtest.h>

#include "kiosk/platform/frame_stats.h"
#include "kiosk/platform/input_router.h"

namespace torugart::platform {
namespace {

TEST(InputRouter, AFingerHoversThenPressesThenLiftsAndThePointerStays) {
  InputRouter router;
  EXPECT_TRUE(router.next_frame().away);
  router.finger_down(7, 10, 20);
  router.finger_up(7, 11, 21);
  PointerFrame f = router.next_frame();
  EXPECT_FALSE(f.away);
  EXPECT_FALSE(f.down);
  EXPECT_EQ(f.x, 10);
  f = router.next_frame();
  EXPECT_TRUE(f.down);
  f = router.next_frame();
  EXPECT_FALSE(f.down);
  EXPECT_EQ(f.x, 11);
  EXPECT_FALSE(router.pending());
  f = router.next_frame();
  EXPECT_EQ(f.x, 11);
  EXPECT_FALSE(f.away);
  EXPECT_FALSE(f.event);
}

TEST(InputRouter, MovementsBetweenTwoFramesAreOne) {
  InputRouter router;
  router.finger_down(1, 0, 0);
  router.next_frame(), router.next_frame();
  for (int i = 1; i <= 50; ++i)
    router.finger_move(1, static_cast<float>(i), 0);
  EXPECT_EQ(router.next_frame().x, 50);
  EXPECT_FALSE(router.pending());
}

TEST(InputRouter, TwoQuickTapsAreTwo) {
  InputRouter router;
  for (int i = 0; i < 2; ++i)
    router.finger_down(1, 5, 5), router.finger_up(1, 5, 5);
  int presses = 0;
  bool down = false;
  while (router.pending()) {
    const PointerFrame f = router.next_frame();
    presses += f.down && !down ? 1 : 0;
    down = f.down;
  }
  EXPECT_EQ(presses, 2);
}

TEST(InputRouter, ASecondFingerCallsThePressOffAndPinches) {
  InputRouter router;
  router.finger_down(1, 100, 100);
  router.next_frame(), router.next_frame();
  router.finger_down(2, 200, 100);
  PointerFrame f = router.next_frame();
  EXPECT_TRUE(f.away);
  EXPECT_FALSE(f.down);
  f = router.next_frame();
  EXPECT_TRUE(f.gesture.active);
  EXPECT_EQ(f.gesture.center_x, 150);
  router.finger_move(2, 300, 120);
  f = router.next_frame();
  EXPECT_NEAR(f.gesture.zoom, 2.0F, 0.03F);
  EXPECT_EQ(f.gesture.pan_x, 50);
  EXPECT_EQ(f.gesture.pan_y, 10);
  f = router.next_frame();
  EXPECT_TRUE(f.gesture.active);
  EXPECT_EQ(f.gesture.zoom, 1.0F);
  router.finger_up(2, 300, 120);
  EXPECT_FALSE(router.next_frame().gesture.active);
  // the finger that is left presses nothing until it has been lifted
  router.finger_move(1, 120, 100);
  EXPECT_FALSE(router.pending());
  router.finger_up(1, 120, 100);
  router.finger_down(3, 10, 10);
  router.next_frame();
  EXPECT_TRUE(router.next_frame().down);
}

TEST(InputRouter, LosingTheWindowLiftsEveryFinger) {
  InputRouter router;
  router.finger_down(1, 100, 100);
  router.next_frame(), router.next_frame();
  router.cancel();
  const PointerFrame f = router.next_frame();
  EXPECT_FALSE(f.down);
  EXPECT_TRUE(f.away);
  router.finger_up(1, 100, 100);
  EXPECT_FALSE(router.pending());
}

TEST(InputRouter, TheMouseIsAFinger) {
  InputRouter router;
  router.mouse_move(3, 4);
  EXPECT_EQ(router.next_frame().x, 3);
  router.mouse_down(3, 4);
  router.next_frame();
  EXPECT_TRUE(router.next_frame().down);
  router.mouse_move(9, 4);
  EXPECT_EQ(router.next_frame().x, 9);
  router.mouse_up(9, 4);
  EXPECT_FALSE(router.next_frame().down);
  router.wheel(2);
  EXPECT_EQ(router.next_frame().wheel, 2);
  EXPECT_EQ(router.next_frame().wheel, 0);
}

TEST(FrameStats, QuantilesOfTheLastFrames) {
  FrameStats stats;
  EXPECT_EQ(stats.p95_ms(), 0);
  for (int i = 1; i <= 100; ++i)
    stats.add(i * 1e-3);
  EXPECT_NEAR(stats.p50_ms(), 50, 0.01);
  EXPECT_NEAR(stats.p95_ms(), 95, 0.01);
  EXPECT_NEAR(stats.longest_ms(), 100, 0.01);
  for (int i = 0; i < 600; ++i)
    stats.add(2e-3);
  EXPECT_NEAR(stats.p95_ms(), 2, 0.01);
  EXPECT_EQ(stats.frames, 700U);
}

}  // namespace
}  // namespace torugart::platform
