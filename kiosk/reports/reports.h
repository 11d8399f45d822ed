// Figures about what happened at the lane, from its events alone: how long each activity of a crossing took, what a
// shift did, how often a second look agreed with the first.
//
// CPMM is the CAREC corridors' performance measurement: per truck, a list of activities with their start and end.
// Here every time comes from an event, so the source is always "automatic".
//
// Threads: reentrant; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kiosk/inspection/crossing.h"
#include "kiosk/inspection/event.h"

namespace torugart::reports {

struct ActivityRow {
  std::string crossing;
  std::string activity;  // a stage as a word, or "whole" for arrival to departure
  std::int64_t start_wall_us = 0;
  std::optional<std::int64_t> end_wall_us;  // nothing while it goes on
  // From the monotonic clock where one start of the program saw both ends, else from the wall clock.
  std::optional<double> seconds;
  bool by_monotonic_clock = false;
  std::string source = "automatic";
};

// In order of time; the row "whole" last. `events`: of one crossing, ascending.
std::vector<ActivityRow> activities(std::span<const inspection::Event> events);

// "crossing,activity,start,end,seconds,source": a header and one line per row, times as ISO 8601 UTC, RFC 4180.
std::string activities_csv(std::span<const ActivityRow> rows);

struct StageFigure {
  std::string activity;
  int count = 0;
  double median_s = 0, p90_s = 0;
};

struct Agreement {
  int reviewed = 0;   // second looks given
  int agreed = 0;     // the supervisor's own verdict, given blind, was the inspector's
  int disagreed = 0;  // it was the other one
  int missed = 0;     // inspector clear, supervisor suspect
  int examined = 0;   // second looks whose truck was physically examined
  int found = 0;      // of these, with a find
};

struct ShiftFigures {
  std::int64_t from_wall_us = 0, to_wall_us = 0;
  int arrived = 0, departed = 0, cancelled = 0, open = 0, without_release = 0;
  int scanned = 0, suspect = 0, exceptional_releases = 0;
  std::vector<StageFigure> stages;
  Agreement agreement;
};

// Crossings that arrived in [from, to). `events`: of the lane, ascending, at least those of these crossings.
ShiftFigures shift_figures(std::span<const inspection::Event> events, std::int64_t from_wall_us,
                           std::int64_t to_wall_us);

}  // namespace torugart::reports
