// The one next step of the crossing in focus: the words on the large button at the bottom right, and what it does.
// Pure; may() of kiosk/inspection decides what can be pressed.
//
//   stage        | button                        | does
//   no crossing  | Confirm numbers               | nothing: no truck (by hand: opens a crossing)
//   identify     | Confirm numbers               | ConfirmIdentity
//   assess       | Ask for risk                  | AskRisk (working while the centre is asked)
//   scan         | Go to the scan / State that the area is clear / Ask for scan (held)
//   review       | Look at the picture / Documents in order (held)
//   second_look  | Give the second look (supervisor) / waits
//   examine      | Enter the examination's result
//   release      | Release truck (held)
//   leaving      | Say that it has left (by hand) / waits
#pragma once

#include <optional>
#include <string>

#include "kiosk/lane/lane_view.h"
#include "kiosk/screens/numbers_presenter.h"
#include "kiosk/touch/icons.h"

namespace torugart::screens {

enum class ScreenName { lane, review, queue, records, health };

struct AreaStatement {  // what the inspector has chosen to state, not yet stated
  std::optional<inspection::ClearedHow> how = {};
  std::optional<inspection::DriverPlace> driver = {};
};

struct NextMove {
  std::string words = {}, reason = {};
  bool hold = false, busy = false;
  touch::Icon icon = touch::Icon::forward;
  std::optional<inspection::Command> command = {};  // posted when pressed
  std::optional<ScreenName> go = {};                // or a screen is opened
  bool examination_form = false;                    // or the form of the examination's result
};

// `on`: the screen that asks. `waiting`: an earlier act of this crossing has no answer yet.
NextMove next_move(const lane::LaneView& view, ScreenName on, const std::vector<NumberSlot>& slots,
                   const AreaStatement& statement, bool waiting);

// The step of a scan that nobody requires, on the review screen: state that the area is clear, then ask.
NextMove scan_move(const lane::LaneView& view, const AreaStatement& statement);

}  // namespace torugart::screens
