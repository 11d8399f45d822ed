// Draws what stands around every screen and keeps its few states (account menu, what-to-do of an alarm).
//
// ids: frame.stop_scan, frame.alarm, frame.alarm.help, frame.alarm.take, frame.person, frame.menu.theme,
//      frame.menu.lang.<code>, frame.menu.sign_out, rail.lane, rail.review, rail.queue, rail.records, rail.health
#pragma once

#include "kiosk/screens/desk.h"

namespace torugart::screens {

class FrameView {
 public:
  // Returns the rectangle of the screen proper.
  touch::Rect draw(Desk& desk);
  // What lies over the screen; after it was drawn.
  void draw_menu(Desk& desk);
  // An alarm's [Take over] was pressed: the lane opens the form that resolves it.
  bool take_over_wanted = false;

 private:
  void bar(Desk& desk, touch::Rect r);
  void stop_button(Desk& desk, const touch::Rect& r);
  touch::Rect alarm(Desk& desk, touch::Rect r);
  bool menu_ = false, help_ = false, dark_ = true, dark_known_ = false;
  touch::Rect person_;
};

}  // namespace torugart::screens
