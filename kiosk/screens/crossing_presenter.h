// The crossing so far: its steps from arrival to release with the time each took, and what is known of its risk.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "kiosk/lane/lane_view.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

struct StepLine {
  std::string id = {};  // "arrived", "numbers", …
  std::string words = {};
  touch::StepState state = touch::StepState::waiting;
  std::string detail = {};
  std::string time = {};
};

// Always ten, top to bottom: arrived, numbers, documents, risk, weight, radiation, scan, review, decision, release.
std::vector<StepLine> steps_of(const inspection::Crossing& crossing, const lane::LaneView& view);

struct HoldLine {
  std::string id = {}, agency = {}, text = {};
  bool lifted = false;
};

struct RiskBanner {
  bool known = false;    // an assessment is there
  bool waiting = false;  // asked, no answer yet
  touch::Tone tone = touch::Tone::neutral;
  std::string word = {};    // "Red"
  std::string says = {};    // what the colour asks for: "Physical examination"
  std::string source = {};  // "Centre, 4 s ago" / "Watch list of 06:00, offline"
  bool rerouted = false;
  std::vector<std::string> profiles = {};  // one line each
  std::vector<HoldLine> holds = {};
};
RiskBanner risk_of(const inspection::Crossing& crossing, const lane::LaneView& view);

// "Since 14:31:40 · 2:14"
std::string since_arrival(const inspection::Crossing& crossing, const lane::LaneView& view);

std::string weight_words(const inspection::Crossing& crossing);
std::string radiation_words(const inspection::Crossing& crossing);

}  // namespace torugart::screens
