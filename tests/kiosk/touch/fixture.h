// One offscreen window for all tests of this program (opening one takes longer than a test) and a finger on it. Time
// stands still but for what the finger needs.
#pragma once
#include <gtest/gtest.h>

#include <memory>

#include "tests/support/ui_driver.h"
#include "tests/support/ui_screen.h"

namespace torugart::tests {

class TouchTest : public testing::Test {
 protected:
  void SetUp() override {
    static platform::Result<std::unique_ptr<UiScreen>> opened = UiScreen::open({.width = 1280, .height = 800}, {});
    ASSERT_TRUE(opened) << opened.error().text();
    screen = opened->get();
    finger = std::make_unique<UiDriver>(
        screen->window(), screen->ui(), [this] { screen->frame(); }, [this](double s) { screen->advance(s); });
    finger->set_patience(0.2);
  }
  void TearDown() override {
    screen->ui().close_keyboard();
    screen->set_draw({});
    finger->frames(2);
  }
  void show(UiScreen::Draw draw) {
    screen->set_draw(std::move(draw));
    finger->frames(2);
  }

  UiScreen* screen = nullptr;
  std::unique_ptr<UiDriver> finger;
};

}  // namespace torugart::tests
