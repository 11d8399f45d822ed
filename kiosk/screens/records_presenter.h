// Records: rows found, and one crossing as the time line of its events. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiosk/lane/lane_view.h"
#include "kiosk/touch/theme.h"

namespace torugart::screens {

struct RecordRow {
  std::string crossing = {}, title = {}, detail = {}, when = {};
  touch::Tone tone = touch::Tone::neutral;
  bool selected = false;
};
std::vector<RecordRow> record_rows(const lane::LaneView& view);

struct TimeLineRow {
  std::string id = {};    // "12": the event's number in the journal
  std::string when = {};  // 14:32:07
  std::string words = {}, detail = {};
  std::string who = {};  // account, and the second person's
  touch::Tone tone = touch::Tone::neutral;
  std::string picture = {};  // sha256 of a small picture that belongs to it; may be empty
};
// One event as a person says it; nothing for events that say nothing about the crossing itself. A device of this lane
// goes by its name, one that is no longer among `devices` by the id that the event carries.
std::optional<TimeLineRow> time_line_row(const inspection::Event& event,
                                         const std::vector<lane::DeviceView>& devices);
std::vector<TimeLineRow> time_line(const lane::RecordView& record, const std::vector<lane::DeviceView>& devices);

// "Journal verified up to event 412" and what has not left the lane yet.
struct Proof {
  std::string verified = {}, leaving = {};
  touch::Tone verified_tone = touch::Tone::green, leaving_tone = touch::Tone::green;
};
Proof proof_of(const lane::LaneView& view);

}  // namespace torugart::screens
