// Health: each device in a word, and what the lane itself needs to go on. Pure.
#pragma once

#include <string>
#include <vector>

#include "kiosk/lane/lane_view.h"
#include "kiosk/touch/theme.h"

namespace torugart::screens {

struct DeviceLine {
  std::string id = {}, name = {}, word = {}, since = {};
  std::string says = {};    // its own summary
  std::string remedy = {};  // what to do; empty when nothing is
  touch::Tone tone = touch::Tone::neutral;
  bool simulated = false;
};
std::vector<DeviceLine> device_lines(const lane::LaneView& view);  // those that need a hand first

struct HealthFact {
  std::string id = {};  // "storage", "line", …
  std::string name = {}, value = {}, detail = {};
  touch::Tone tone = touch::Tone::green;
};
// Storage, line, waiting, certificate, calibration, journal, clock; always in this order.
std::vector<HealthFact> health_facts(const lane::LaneView& view);

}  // namespace torugart::screens
