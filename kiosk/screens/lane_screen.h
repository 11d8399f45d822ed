// The lane: the crossing so far, the cameras with what was read, the risk, the next step.
//
// ids: lane.next, lane.camera.<position>, lane.candidate.<place>.<kind>.<n>, lane.number.<place>.<kind>,
//      lane.type.<place>.<kind>, lane.none.<place>.<kind>, lane.edit.<place>.<kind>, lane.field.<place>.<kind>,
//      lane.step.<step>, lane.risk, lane.hold.<n>, lane.document.add, lane.weight.enter, lane.radiation.resolve,
//      lane.act.<act>, lane.open, lane.recent.<n>, act.… (act_panel.h)
#pragma once

#include "kiosk/screens/act_panel.h"
#include "kiosk/screens/desk.h"
#include "kiosk/screens/numbers_presenter.h"

namespace torugart::screens {

class LaneScreen {
 public:
  void draw(Desk& desk, touch::Rect r);
  void open_act(Act act) { panel_.open(std::move(act)); }
  const std::vector<NumberSlot>& slots() const { return slots_; }
  // Takes what belongs to the crossing in focus; called by every screen that draws the next step.
  void follow(const Desk& desk);

 private:
  void crossing_column(Desk& desk, const touch::Rect& r);
  void waiting_column(Desk& desk, const touch::Rect& r);
  float camera_height(Desk& desk, float width) const;  // with the numbers under them
  void cameras(Desk& desk, const touch::Rect& r);
  int rows_needed(const Desk& desk) const;
  void camera_numbers(Desk& desk, touch::Rect r, const std::string& position);
  void slot_row(Desk& desk, touch::Rect r, const NumberSlot& slot);
  void candidate(Desk& desk, const touch::Rect& r, const NumberSlot& slot, std::size_t i);
  void candidate_row(Desk& desk, const touch::Rect& r, const NumberSlot& slot);
  void risk(Desk& desk, touch::Rect r);
  void papers(Desk& desk, const touch::Rect& r);
  void idle_lists(Desk& desk, const touch::Rect& r);
  void bottom(Desk& desk, touch::Rect r);

  std::string crossing_;
  SlotChoices choices_;
  std::vector<NumberSlot> slots_;
  int rows_ = 0;  // of numbers under the pictures
  ActPanel panel_;
};

// Draws the next step into its place and does it when it was pressed. Used by lane and review.
void draw_next(Desk& desk, const touch::Rect& r, std::string_view id, const NextMove& move, LaneScreen& lane);

}  // namespace torugart::screens
