// A form of act_form.h, drawn in place. One per screen that acts.
//
// ids: act.<form>.<group>.<option>, act.<form>.text, act.<form>.do, act.<form>.back
#pragma once

#include "kiosk/screens/act_form.h"
#include "kiosk/screens/desk.h"

namespace torugart::screens {

class ActPanel {
 public:
  void open(Act act);
  void close() { act_.reset(); }
  bool is_open() const { return act_.has_value(); }
  void draw(Desk& desk, const inspection::Crossing& crossing, const touch::Rect& r);

 private:
  std::optional<Act> act_;
  ActInput input_;
};

// Acts that are offered beside the next step now, most useful first.
struct OfferedAct {
  Act act;
  std::string id = {};  // "lane.act.reroute"
  std::string words = {};
  touch::Icon icon = touch::Icon::none;
};
std::vector<OfferedAct> offered_acts(const lane::LaneView& view);

}  // namespace torugart::screens
