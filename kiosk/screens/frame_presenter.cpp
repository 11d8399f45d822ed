#include "kiosk/screens/frame_presenter.h"

#include <algorithm>

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using touch::Tone;
using touch::tr;
using touch::trf;
using touch::trn;

namespace {

bool bad(const hal::Health& health) {
  return health.state == hal::DeviceState::faulted || health.state == hal::DeviceState::recovering ||
         health.state == hal::DeviceState::closed;
}

Status line_status(const lane::LaneView& view) {
  const auto& line = view.line;
  if (!line.configured) return {tr("no centre set"), Tone::neutral};
  const auto waiting = line.events_waiting + line.files_waiting;
  if (line.online) {
    if (waiting == 0) return {tr("line ok"), Tone::green};
    return {trf(trn("line ok · {} to send", "line ok · {} to send", static_cast<unsigned long>(waiting)), waiting),
            Tone::green};
  }
  const std::string since = trf(tr("offline since {}"), short_time(line.since_wall_us));
  return {waiting > 0 ? trf(tr("{} · {} waiting"), since, waiting) : since, Tone::yellow};
}

Status devices_status(const lane::LaneView& view) {
  const auto broken = std::count_if(view.devices.begin(), view.devices.end(),
                                    [](const lane::DeviceView& d) { return bad(d.health); });
  if (!view.storage.trouble.empty()) return {tr("disk trouble"), Tone::red};
  if (view.storage.full) return {tr("disk full: no new scan"), Tone::red};
  if (broken == 0) return {tr("devices ok"), Tone::green};
  return {trf(trn("{} device down", "{} devices down", static_cast<unsigned long>(broken)), broken), Tone::red};
}
}  // namespace

TopBar top_bar(const lane::LaneView& view) {
  TopBar bar;
  bar.lane = view.crossing_point.empty() ? view.lane_name : view.lane_name + " · " + view.crossing_point;
  bar.time = time_of_day(view.now.wall_us);
  bar.clock = {clock_word(view.now.clock),
               view.now.clock == hal::ClockState::synchronised ? Tone::green : Tone::yellow};
  bar.line = line_status(view);
  bar.devices = devices_status(view);
  if (view.simulated) bar.simulated = tr("SIMULATED");
  if (view.session.actor) bar.person = initials(view.session.actor->name);
  return bar;
}

std::optional<AlarmBanner> alarm_of(const lane::LaneView& view) {
  if (!view.radiation.alarm) return {};
  const auto& r = view.radiation;
  AlarmBanner out{.title = r.neutron ? tr("RADIATION ALARM: NEUTRONS") : tr("RADIATION ALARM")};
  out.detail = r.neutron ? std::string(tr("neutrons")) : trf(tr("gamma {:.1f} σ"), r.sigma);
  if (r.detector > 0) out.detail += " · " + trf(tr("detector {}"), r.detector);
  out.detail += " · " + time_of_day(r.since_wall_us);
  out.what_to_do = tr("Keep the truck and people apart. Measure again with the hand meter, then resolve the alarm.");
  return out;
}

std::optional<RunningScan> running_scan(const lane::LaneView& view) {
  switch (view.scan.state) {
    case lane::ScanState::requested:
      return RunningScan{tr("Scan asked for")};
    case lane::ScanState::warning:
      return RunningScan{tr("Warning before beam")};
    case lane::ScanState::beam:
      return RunningScan{tr("Beam is on")};
    case lane::ScanState::idle:
    case lane::ScanState::ended:
      break;
  }
  return {};
}

RailCounts rail_counts(const lane::LaneView& view) {
  RailCounts out;
  out.queue = static_cast<int>(view.queue.size());
  out.review = view.focus && view.focus->stage == inspection::Stage::review && view.focus->usable_scan() ? 1 : 0;
  out.health = static_cast<int>(std::count_if(view.devices.begin(), view.devices.end(),
                                              [](const lane::DeviceView& d) { return bad(d.health); }));
  return out;
}

}  // namespace torugart::screens
