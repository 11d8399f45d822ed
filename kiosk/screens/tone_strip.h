// The strip below every x-ray picture: histogram of the visible part with a window that is dragged, inversion,
// enhancement; and the row of presets. The same place and the same behaviour on every picture.
//
// ids: <base>.window, <base>.auto, <base>.invert, <base>.enhance, <base>.preset.<1…9>
#pragma once

#include "kiosk/screens/desk.h"
#include "kiosk/screens/xray_pane.h"

namespace torugart::screens {

class ToneStrip {
 public:
  void draw(Desk& desk, XrayPane& pane, touch::Rect r, const std::string& base);
  void draw_presets(Desk& desk, XrayPane& pane, touch::Rect r, const std::string& base);
  void choose(XrayPane& pane, int preset);  // 1 … 9

 private:
  int preset_ = 0;
};

// Position 0 … 1 on the strip of a transmission, and back (the histogram's scale).
float strip_position(float transmission);
float strip_transmission(float position);

}  // namespace torugart::screens
