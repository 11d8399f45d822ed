// Health of the lane: devices left, what the lane needs to go on right.
//
// ids: health.device.<id>, health.test.<id>, health.fact.<fact>, health.verify
#pragma once

#include "kiosk/screens/desk.h"

namespace torugart::screens {

class HealthScreen {
 public:
  void draw(Desk& desk, touch::Rect r);

 private:
  void devices(Desk& desk, const touch::Rect& r);
  void facts(Desk& desk, const touch::Rect& r);
};

}  // namespace torugart::screens
