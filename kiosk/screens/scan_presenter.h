// A scan before, while and just after it runs. Pure.
//
//   mode      | when                                         | the picture's place shows
//   nothing   | no truck, or its numbers are not confirmed   | why there is no picture
//   ask       | no picture yet, a scan may be prepared       | contacts, statement that the area is clear
//   scanning  | a request for beam stands                    | the growing picture
//   loading   | a picture exists but is not at hand yet      | working
//   picture   | it can be looked at                          | the picture
#pragma once

#include <string>
#include <vector>

#include "kiosk/lane/lane_view.h"
#include "kiosk/screens/frame_presenter.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

enum class PictureMode { nothing, ask, scanning, loading, picture };
PictureMode picture_mode(const lane::LaneView& view);

struct ContactLine {
  std::string name = {};
  touch::Contact state = touch::Contact::unknown;
};

struct ScanPanel {
  std::vector<ContactLine> contacts = {};
  Status chain = {};      // "All contacts closed" / "Interlock 3 open" / "No fresh reading"
  Status beam = {};       // "Beam off", "Warning: beam in 3 s", "Beam is on"
  float countdown = -1;   // 0 … 1 of the warning that has passed; negative: none runs
  std::string time = {};  // how long the beam is on
  std::string speed = {}, dose = {}, lines = {};
  std::string cleared = {};  // "Area clear: walked, driver is out (A. Ivanova)"; empty when not stated
  std::string ended = {};    // why the last scan is not complete; empty when all is well
};
ScanPanel scan_panel(const lane::LaneView& view);

}  // namespace torugart::screens
