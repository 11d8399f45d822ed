// What a finger does: through SDL's events, the router, the widgets.
#include <gmock/gmock.h>

#include "kiosk/touch/image.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/sheet.h"
#include "kiosk/touch/text_field.h"
#include "kiosk/touch/widgets.h"
#include "tests/kiosk/touch/fixture.h"

namespace torugart::tests {
namespace {

using touch::Point;
using touch::Rect;
using touch::Ui;

const Rect place{100, 100, 300, 80};

class Finger : public TouchTest {};

TEST_F(Finger, OneTapIsOneClick) {
  int clicks = 0;
  show([&](Ui& ui) { clicks += touch::button(ui, "b", place, "Read again") ? 1 : 0; });
  ASSERT_TRUE(finger->tap("b")) << finger->problem();
  finger->frames(5);
  EXPECT_EQ(clicks, 1);
  for (int i = 0; i < 10; ++i)
    finger->tap("b");
  finger->frames(3);
  EXPECT_EQ(clicks, 11);
  EXPECT_EQ(finger->touches(), 11);
}

TEST_F(Finger, DownAndUpBetweenTwoFramesIsStillOneClick) {
  int clicks = 0;
  show([&](Ui& ui) { clicks += touch::button(ui, "b", place, "Read again") ? 1 : 0; });
  const Point p = place.center();
  screen->window().inject_finger_down(1, p.x, p.y);
  screen->window().inject_finger_up(1, p.x, p.y);
  finger->frames(6);
  EXPECT_EQ(clicks, 1);
}

TEST_F(Finger, TheMouseClicksToo) {
  int clicks = 0;
  show([&](Ui& ui) { clicks += touch::button(ui, "b", place, "Read again") ? 1 : 0; });
  const Point p = place.center();
  screen->window().inject_mouse_move(p.x, p.y);
  screen->window().inject_mouse_button(true, p.x, p.y);
  finger->frames(4);
  screen->window().inject_mouse_button(false, p.x, p.y);
  finger->frames(4);
  EXPECT_EQ(clicks, 1);
}

TEST_F(Finger, LiftedOutsideNothingHappens) {
  int clicks = 0;
  show([&](Ui& ui) { clicks += touch::button(ui, "b", place, "Read again") ? 1 : 0; });
  finger->drag("b", 0, 300);
  EXPECT_EQ(clicks, 0);
}

TEST_F(Finger, APressBelongsToWhatWasPressedEvenIfItMoves) {
  int first = 0, second = 0;
  Rect at = place;
  show([&](Ui& ui) {
    first += touch::button(ui, "first", at, "First") ? 1 : 0;
    second += touch::button(ui, "second", at.moved(0, -200), "Second") ? 1 : 0;
  });
  const Point p = place.center();
  screen->window().inject_finger_down(1, p.x, p.y);
  finger->frames(3);
  at = at.moved(0, 200);  // now "second" lies under the finger
  finger->frames(2);
  screen->window().inject_finger_up(1, p.x, p.y);
  finger->frames(3);
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 0);
}

TEST_F(Finger, WhatCannotBePressedSaysWhyAndDoesNothing) {
  int clicks = 0;
  show([&](Ui& ui) {
    clicks += touch::next_step(ui, "next", place, {.words = "Ask for scan", .reason = "Interlock 3 open"}) ? 1 : 0;
  });
  EXPECT_FALSE(finger->tap("next"));
  EXPECT_THAT(finger->problem(), testing::HasSubstr("Interlock 3 open"));
  finger->tap_at(place.center());
  EXPECT_EQ(clicks, 0);
}

TEST_F(Finger, HoldCompletesOnceAndOnlyAfterItsTime) {
  int done = 0;
  show([&](Ui& ui) { done += touch::hold_button(ui, "h", place, "Release truck") ? 1 : 0; });
  ASSERT_TRUE(finger->hold("h", touch::hold_time_s - 0.1));
  EXPECT_EQ(done, 0);
  ASSERT_TRUE(finger->hold("h", touch::hold_time_s + 0.5));
  EXPECT_EQ(done, 1);
  ASSERT_TRUE(finger->tap("h"));
  EXPECT_EQ(done, 1);
}

TEST_F(Finger, HoldIsLostWhenTheFingerLeaves) {
  int done = 0;
  show([&](Ui& ui) { done += touch::hold_button(ui, "h", place, "Release truck") ? 1 : 0; });
  const Point p = place.center();
  screen->window().inject_finger_down(1, p.x, p.y);
  finger->frames(20);
  screen->window().inject_finger_move(1, p.x, p.y + 200);
  finger->frames(2);
  screen->window().inject_finger_move(1, p.x, p.y);
  finger->frames(60);
  screen->window().inject_finger_up(1, p.x, p.y);
  finger->frames(3);
  EXPECT_EQ(done, 0);
}

TEST_F(Finger, DraggingAListScrollsAndTapsNothing) {
  int taps = 0;
  show([&](Ui& ui) {
    touch::ScrollArea area(ui, "list", {100, 100, 400, 400}, 40 * 80);
    Rect content = area.content();
    for (int i = 0; i < 40; ++i)
      taps += touch::row(ui, "row." + std::to_string(i), content.cut_top(72, 8), "row") ? 1 : 0;
  });
  finger->drag("row.3", 0, -200);
  EXPECT_EQ(taps, 0);
  EXPECT_NEAR(touch::scroll_offset(screen->ui(), "list"), 200, 40);
  // a finger that trembles is a tap
  finger->drag("row.6", 0, -6);
  EXPECT_EQ(taps, 1);
  ASSERT_TRUE(finger->scroll_to("list", "row.39")) << finger->problem();
  ASSERT_TRUE(finger->tap("row.39"));
  EXPECT_EQ(taps, 2);
  // what is scrolled away cannot be tapped
  EXPECT_FALSE(finger->tap("row.0"));
}

TEST_F(Finger, ASheetTakesEveryTouchOfWhatItCovers) {
  int below = 0, cancelled = 0;
  show([&](Ui& ui) {
    below += touch::button(ui, "below", {10, 10, 200, 80}, "Below") ? 1 : 0;
    touch::Sheet sheet(ui, "second", 500, 400, "A second person agrees");
    cancelled += sheet.cancelled() ? 1 : 0;
  });
  finger->tap_at({60, 50});
  EXPECT_EQ(below, 0);
  EXPECT_FALSE(finger->tap("below"));
  EXPECT_THAT(finger->problem(), testing::HasSubstr("covered"));
  ASSERT_TRUE(finger->tap("second.cancel"));
  EXPECT_EQ(cancelled, 1);
}

TEST_F(Finger, KeyboardTypesBothAlphabetsAndDigits) {
  std::string name, code, number;
  bool done = false;
  show([&](Ui& ui) {
    touch::text_field(ui, "name", {50, 20, 500, 60}, name, {.name = "Name"});
    touch::text_field(ui, "code", {50, 100, 500, 60}, code, {.kind = touch::FieldKind::code, .max_characters = 6});
    done =
        touch::text_field(ui, "number", {50, 180, 500, 60}, number, {.kind = touch::FieldKind::number}).done || done;
  });
  ASSERT_TRUE(finger->tap("name"));
  ASSERT_TRUE(finger->type_on_keyboard("Asel Иванова 7")) << finger->problem();
  finger->frames(2);
  EXPECT_EQ(name, "Asel Иванова 7");
  ASSERT_TRUE(finger->tap("key.back"));
  finger->frames(2);
  EXPECT_EQ(name, "Asel Иванова ");
  ASSERT_TRUE(finger->tap("code"));
  ASSERT_TRUE(finger->type_on_keyboard("kz123456")) << finger->problem();
  finger->frames(2);
  EXPECT_EQ(code, "KZ1234");
  ASSERT_TRUE(finger->tap("number"));
  finger->frames(2);
  EXPECT_FALSE(finger->type_on_keyboard("q"));
  ASSERT_TRUE(finger->type_on_keyboard("38.5"));
  ASSERT_TRUE(finger->tap("key.done"));
  finger->frames(3);
  EXPECT_EQ(number, "38.5");
  EXPECT_TRUE(done);
  EXPECT_FALSE(screen->ui().keyboard_open());
}

TEST_F(Finger, AMaskedFieldIsNotInTheRegistry) {
  std::string secret;
  show([&](Ui& ui) { touch::text_field(ui, "secret", {50, 20, 500, 60}, secret, {.masked = true}); });
  finger->tap("secret");
  finger->type_on_keyboard("4711");
  finger->frames(2);
  ASSERT_EQ(secret, "4711");
  for (const touch::WidgetRecord& r : screen->ui().registry().all()) {
    EXPECT_THAT(r.value, testing::Not(testing::HasSubstr("4711"))) << r.id;
    EXPECT_THAT(r.label, testing::Not(testing::HasSubstr("4711"))) << r.id;
  }
}

TEST_F(Finger, PinPadConfirmsOnlyEnoughDigits) {
  std::string pin;
  int confirmed = 0;
  show([&](Ui& ui) { confirmed += touch::pin_pad(ui, "pin", {300, 60, 420, 640}, pin) ? 1 : 0; });
  for (const char* key : {"pin.4", "pin.7", "pin.1"})
    ASSERT_TRUE(finger->tap(key));
  EXPECT_FALSE(finger->tap("pin.ok"));
  ASSERT_TRUE(finger->tap("pin.back"));
  for (const char* key : {"pin.0", "pin.9"})
    ASSERT_TRUE(finger->tap(key));
  ASSERT_TRUE(finger->tap("pin.ok"));
  EXPECT_EQ(pin, "4709");
  EXPECT_EQ(confirmed, 1);
}

TEST_F(Finger, TwoFingersZoomAPictureAndPressNothing) {
  float zoom = 1;
  int taps = 0;
  touch::Point moved;
  show([&](Ui& ui) {
    const touch::ImageResult r =
        touch::image(ui, "picture", {100, 100, 900, 600}, 0, 0, 0, {.touchable = true, .drag = true});
    zoom *= r.touch.pinch.zoom;
    moved = moved + r.touch.drag;
    taps += r.touch.tapped ? 1 : 0;
  });
  ASSERT_TRUE(finger->pinch("picture", 2.0F));
  EXPECT_NEAR(zoom, 2.0F, 0.02F);
  EXPECT_EQ(taps, 0);
  EXPECT_EQ(moved, (Point{0, 0}));
  ASSERT_TRUE(finger->pinch("picture", 0.5F));
  EXPECT_NEAR(zoom, 1.0F, 0.02F);
  ASSERT_TRUE(finger->drag("picture", 120, 40));
  EXPECT_NEAR(moved.x, 120, 1);
  EXPECT_NEAR(moved.y, 40, 1);
}

TEST_F(Finger, ASecondFingerCallsOffAHold) {
  int done = 0;
  show([&](Ui& ui) { done += touch::hold_button(ui, "h", place, "Release truck") ? 1 : 0; });
  const Point p = place.center();
  screen->window().inject_finger_down(1, p.x, p.y);
  finger->frames(10);
  screen->window().inject_finger_down(2, p.x + 40, p.y);
  finger->frames(60);
  screen->window().inject_finger_up(2, p.x + 40, p.y);
  screen->window().inject_finger_up(1, p.x, p.y);
  finger->frames(4);
  EXPECT_EQ(done, 0);
}

TEST_F(Finger, SliderAndToneWindowFollowTheFinger) {
  float value = 0.1F, low = 0.2F, high = 0.8F;
  show([&](Ui& ui) {
    touch::slider(ui, "s", {100, 100, 500, 80}, value, "Edge");
    touch::tone_window(ui, "t", {100, 300, 800, 80}, {}, low, high);
  });
  finger->drag_within("s", {0.2F, 0.5F}, {0.5F, 0.5F});
  EXPECT_NEAR(value, 0.5F, 0.02F);
  finger->drag_within("t", {0.5F, 0.5F}, {0.6F, 0.5F});  // the part between the handles
  EXPECT_NEAR(low, 0.3F, 0.02F);
  EXPECT_NEAR(high, 0.9F, 0.02F);
  finger->drag_within("t", {0.3F, 0.5F}, {0.5F, 0.5F});  // the left handle
  EXPECT_NEAR(low, 0.5F, 0.04F);
  EXPECT_NEAR(high, 0.9F, 0.02F);
}

}  // namespace
}  // namespace torugart::tests
