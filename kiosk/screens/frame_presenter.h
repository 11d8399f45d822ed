// What stands around every screen: the bar at the top, the alarm banner, the rail's counts, [Stop scan]. Pure.
#pragma once

#include <optional>
#include <string>

#include "kiosk/lane/lane_view.h"
#include "kiosk/touch/theme.h"

namespace torugart::screens {

struct Status {
  std::string words = {};
  touch::Tone tone = touch::Tone::neutral;
};

struct TopBar {
  std::string lane = {};  // "Lane 2 · Kordai"
  std::string time = {};  // 14:32:07
  Status clock = {}, line = {}, devices = {};
  std::string simulated = {};  // not empty: a device is simulated, and the bar says so
  std::string person = {};
};
TopBar top_bar(const lane::LaneView& view);

struct AlarmBanner {
  std::string title = {}, detail = {};
  std::string what_to_do = {};  // a sentence
};
std::optional<AlarmBanner> alarm_of(const lane::LaneView& view);

// While a request for beam stands; the words of the state in which it is.
struct RunningScan {
  std::string words = {};
};
std::optional<RunningScan> running_scan(const lane::LaneView& view);

struct RailCounts {
  int review = 0;  // pictures that wait for a decision
  int queue = 0;   // second looks
  int health = 0;  // devices that need a hand
};
RailCounts rail_counts(const lane::LaneView& view);

}  // namespace torugart::screens
