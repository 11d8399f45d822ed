#include <algorithm>
#include <map>

#include "kiosk/reports/reports.h"

namespace torugart::reports {

using namespace inspection;

namespace {

// Nearest rank: always a time that was really measured.
double percentile(std::vector<double>& sorted, int percent) {
  if (sorted.empty()) return 0;
  const std::size_t rank = (sorted.size() * static_cast<std::size_t>(percent) + 99) / 100;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

void count_second_look(const Crossing& c, Agreement& agreement) {
  if (!c.review) return;
  ++agreement.reviewed;
  if (c.decision) {
    const bool same = c.review->own_verdict == c.decision->verdict;
    ++(same ? agreement.agreed : agreement.disagreed);
    if (!same && c.decision->verdict == Verdict::clear) ++agreement.missed;
  }
  if (c.examination) {
    ++agreement.examined;
    if (c.examination->contraband_found) ++agreement.found;
  }
}

void count(const Crossing& c, bool exceptional, ShiftFigures& figures) {
  ++figures.arrived;
  if (c.open()) ++figures.open;
  if (c.departed) ++figures.departed;
  if (c.cancelled) ++figures.cancelled;
  if (c.departed_without_release) ++figures.without_release;
  if (c.usable_scan()) ++figures.scanned;
  if (c.decision && c.decision->verdict == Verdict::suspect) ++figures.suspect;
  if (exceptional) ++figures.exceptional_releases;
  count_second_look(c, figures.agreement);
}

}  // namespace

ShiftFigures shift_figures(std::span<const Event> events, std::int64_t from_wall_us, std::int64_t to_wall_us) {
  std::map<std::string, std::vector<Event>> crossings;
  for (const Event& event : events)
    if (!event.crossing.empty()) crossings[event.crossing].push_back(event);

  ShiftFigures figures;
  figures.from_wall_us = from_wall_us;
  figures.to_wall_us = to_wall_us;
  std::map<std::string, std::vector<double>> seconds;
  for (const auto& [id, own] : crossings) {
    if (own.front().wall_us < from_wall_us || own.front().wall_us >= to_wall_us) continue;
    Crossing crossing;
    bool exceptional = false;
    for (const Event& event : own) {
      apply(crossing, event);
      if (const auto* released = std::get_if<Released>(&event.payload)) exceptional = released->exceptional;
    }
    count(crossing, exceptional, figures);
    for (const ActivityRow& row : activities(own))
      if (row.seconds) seconds[row.activity].push_back(*row.seconds);
  }
  for (auto& [activity, all] : seconds) {
    std::sort(all.begin(), all.end());
    figures.stages.push_back({activity, static_cast<int>(all.size()), percentile(all, 50), percentile(all, 90)});
  }
  return figures;
}

}  // namespace torugart::reports
