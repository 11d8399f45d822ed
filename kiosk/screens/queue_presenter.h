// The supervisor's queue: who waits, and a second look that stays blind until the supervisor's own verdict. Pure.
//
//   phase    | shown                                    | offered
//   own      | the picture; not who, what, why          | [Clear] [Suspect]
//   answer   | the first one's verdict and marks as well| [Agree] [Disagree: reason] [Physical examination]
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiosk/lane/lane_view.h"
#include "kiosk/reports/reports.h"
#include "kiosk/touch/theme.h"

namespace torugart::screens {

struct QueueCard {
  std::string crossing = {}, title = {};
  touch::Tone tone = touch::Tone::neutral;
  std::string colour = {};
  std::string waits = {};  // "waits 4 min"
  bool alarm = false;
  bool selected = false;
};
std::vector<QueueCard> queue_cards(const lane::LaneView& view, const std::string& selected);

struct SecondLook {
  bool may_look = false;
  std::string why_not = {};  // in words
  bool revealed = false;
  std::string first_verdict = {}, first_by = {};  // filled only when revealed
  bool agree_offered = false;
  std::string agree_why_not = {};
};
SecondLook second_look(const lane::LaneView& view, const inspection::Crossing& crossing,
                       std::optional<inspection::Verdict> own);

struct FigureLine {
  std::string name = {}, value = {};
};
// Today's figures; empty when there are none.
std::vector<FigureLine> figure_lines(const reports::ShiftFigures* figures);

}  // namespace torugart::screens
