#include "kiosk/screens/records_presenter.h"

#include <algorithm>
#include <string_view>

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using namespace inspection;  // every event is named here
using touch::Tone;
using touch::tr;
using touch::trf;

namespace {

struct Said {
  std::string words = {}, detail = {};
  Tone tone = Tone::neutral;
  std::string picture = {};
};

// Each number once: a container is read from the side and from behind.
std::string list_of(const std::vector<Number>& numbers) {
  std::string out = {};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool said = std::any_of(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(i),
                                  [&](const Number& n) { return n.text == numbers[i].text; });
    if (!said) out += (out.empty() ? "" : ", ") + numbers[i].text;
  }
  return out;
}

struct Teller {
  std::optional<Said> operator()(const Arrived& e) const {
    return Said{tr("Arrived"), e.follows_closely ? tr("close behind another") : ""};
  }
  std::optional<Said> operator()(const NumberRead& e) const {
    return Said{trf(tr("Read: {}"), slot_word(e.kind, e.place)),
                e.text + (e.verdict == ReadVerdict::accepted ? "" : std::string(" · ") + tr("check")), Tone::neutral,
                e.crop ? e.crop->sha256 : std::string()};
  }
  std::optional<Said> operator()(const IdentityConfirmed& e) const {
    return Said{tr("Numbers confirmed"), list_of(e.numbers), Tone::green};
  }
  std::optional<Said> operator()(const NumberEdited& e) const {
    return Said{tr("Number changed"), trf(tr("{} to {}: {}"), e.before.text, e.after.text, tr(e.reason)),
                Tone::yellow};
  }
  std::optional<Said> operator()(const DocumentPresented& e) const {
    return Said{tr("Document shown"), document_word(e)};
  }
  std::optional<Said> operator()(const RiskAssessed& e) const {
    return Said{trf(tr("Risk: {}"), colour_word(e.colour)), source_word(e.source), colour_tone(e.colour)};
  }
  std::optional<Said> operator()(const LaneRerouted& e) const {
    return Said{tr("Re-routed"), trf(tr("{} to {}: {}"), colour_word(e.from), colour_word(e.to), tr(e.reason)),
                colour_tone(e.to)};
  }
  std::optional<Said> operator()(const HoldLifted& e) const {
    return Said{tr("Hold lifted"), tr(e.reason), Tone::yellow};
  }
  std::optional<Said> operator()(const Weighed& e) const {
    return Said{tr("Weighed"), e.typed ? trf(tr("{}, typed"), kilograms(e.gross_kg)) : kilograms(e.gross_kg)};
  }
  std::optional<Said> operator()(const RadiationMeasured& e) const {
    const bool alarm = e.gamma_alarm || e.neutron_alarm;
    return Said{tr("Radiation measured"),
                e.neutron_alarm ? tr("neutron alarm")
                : e.gamma_alarm ? trf(tr("gamma alarm, {:.1f} σ"), e.max_sigma)
                                : tr("no alarm"),
                alarm ? Tone::red : Tone::neutral};
  }
  std::optional<Said> operator()(const RadiationResolved& e) const {
    return Said{tr("Radiation alarm resolved"), std::string(tr(e.how)) + " · " + tr(e.reason), Tone::yellow};
  }
  std::optional<Said> operator()(const AreaCleared& e) const {
    return Said{tr("Area stated clear"), cleared_word(e.how) + " · " + driver_word(e.driver)};
  }
  std::optional<Said> operator()(const AreaClearanceVoided& e) const {
    return Said{tr("Area no longer clear"), tr(e.reason), Tone::yellow};
  }
  std::optional<Said> operator()(const ScanRequested&) const { return Said{tr("Scan asked for"), {}}; }
  std::optional<Said> operator()(const ScanCompleted& e) const {
    return Said{e.end == "complete" ? tr("Scan complete") : tr("Scan ended early"),
                e.usable() ? trf(tr("{} × {} pixels"), e.columns, e.rows) : std::string(tr("no picture")),
                e.end == "complete" ? Tone::green : Tone::yellow};
  }
  std::optional<Said> operator()(const RegionMarked& e) const {
    return Said{tr("Marked"), mark_word(e.kind), Tone::red};
  }
  std::optional<Said> operator()(const RegionUnmarked&) const { return Said{tr("Mark taken back"), {}}; }
  std::optional<Said> operator()(const SealChecked& e) const {
    const char* state = e.state == SealState::intact    ? tr("Intact")
                        : e.state == SealState::broken  ? tr("Broken")
                        : e.state == SealState::missing ? tr("Missing")
                                                        : tr("Replaced");
    return Said{tr("Seal checked"), e.number + " · " + state,
                e.state == SealState::intact ? Tone::neutral : Tone::yellow};
  }
  std::optional<Said> operator()(const Decided& e) const {
    return Said{
        trf(tr("Decided: {}"), verdict_word(e.verdict)), {}, e.verdict == Verdict::clear ? Tone::green : Tone::red};
  }
  std::optional<Said> operator()(const ReviewRequested& e) const {
    return Said{tr("Second look asked for"), tr(e.reason)};
  }
  std::optional<Said> operator()(const Reviewed& e) const {
    return Said{trf(tr("Second look: {}"), outcome_word(e.outcome)),
                verdict_word(e.own_verdict) + (e.reason.empty() ? "" : std::string(" · ") + tr(e.reason)),
                e.outcome == ReviewOutcome::agree ? Tone::green : Tone::yellow};
  }
  std::optional<Said> operator()(const Examined& e) const {
    return Said{tr("Examined"), tr(e.result), e.contraband_found ? Tone::red : Tone::green};
  }
  std::optional<Said> operator()(const Released& e) const {
    std::string against = {};
    for (const auto& key : e.overridden)
      against += (against.empty() ? "" : ", ") + against_word(key);
    return Said{e.exceptional ? tr("Released with a second person") : tr("Released"), against,
                e.exceptional ? Tone::yellow : Tone::green};
  }
  std::optional<Said> operator()(const Detained& e) const { return Said{tr("Detained"), tr(e.reason), Tone::red}; }
  std::optional<Said> operator()(const Departed& e) const {
    return Said{e.without_release ? tr("Left without release") : tr("Left"), e.by_hand ? tr("said by hand") : "",
                e.without_release ? Tone::red : Tone::neutral};
  }
  std::optional<Said> operator()(const Cancelled& e) const {
    return Said{tr("Cancelled"), tr(e.reason), Tone::yellow};
  }
  std::optional<Said> operator()(const HandedOver& e) const {
    return Said{tr("Handed over"), trf(tr("{} to {}"), e.from, e.to)};
  }
  std::optional<Said> operator()(const DeviceChanged& e) const {
    return Said{trf(tr("Device: {}"), e.device), tr(e.summary)};
  }
  std::optional<Said> operator()(const ClockJumped& e) const {
    return Said{tr("Clock has jumped"), trf(tr("by {:.1f} s"), static_cast<double>(e.by_us) / 1e6), Tone::yellow};
  }
  std::optional<Said> operator()(const Acknowledged& e) const {
    return Said{tr("Receipt of the centre"), e.receipt, Tone::green};
  }
  std::optional<Said> operator()(const Uploaded&) const { return Said{tr("Sent to the centre"), {}}; }
  std::optional<Said> operator()(const RecordViewed&) const { return Said{tr("Record was looked at"), {}}; }
  std::optional<Said> operator()(const JournalKeyChanged&) const { return {}; }
  std::optional<Said> operator()(const SignedIn&) const { return {}; }
  std::optional<Said> operator()(const SignedOut&) const { return {}; }
};

std::string named(const std::string& device, const std::vector<lane::DeviceView>& devices) {
  if (device.empty()) return tr("lane");
  const auto it = std::find_if(devices.begin(), devices.end(), [&](const auto& d) { return d.info.id == device; });
  return it == devices.end() ? device : device_name(it->info);
}

// Of the numbers in a title the one that was searched for; the first where none was.
std::string number_asked_for(const std::string& title, const std::string& query) {
  for (std::size_t at = 0; at < title.size() && !query.empty();) {
    const std::size_t end = std::min(title.find(" · ", at), title.size());
    const std::string number = title.substr(at, end - at);
    std::string bare = number;
    std::erase(bare, ' ');
    if (bare.find(query) != std::string::npos) return number;
    at = end + std::string_view(" · ").size();
  }
  return first_number(title);
}
}  // namespace

std::vector<RecordRow> record_rows(const lane::LaneView& view) {
  std::vector<RecordRow> out = {};
  for (const auto& row : view.search.rows) {
    std::string detail = row.without_release  ? tr("left without release")
                         : row.released       ? tr("released")
                         : row.closed_wall_us ? tr("closed")
                                              : stage_word(row.stage);
    if (row.suspect) detail = trf(tr("suspect, {}"), detail);
    if (!row.acknowledged) detail += std::string(" · ") + tr("not yet sent");
    out.push_back({row.id, number_asked_for(row.title, view.search.query), detail, day_and_time(row.arrived_wall_us),
                   colour_tone(row.colour), row.id == view.record.crossing});
  }
  return out;
}

std::optional<TimeLineRow> time_line_row(const Event& event, const std::vector<lane::DeviceView>& devices) {
  const auto said = std::visit(Teller{}, event.payload);
  if (!said) return {};
  TimeLineRow row{.id = std::to_string(event.seq),
                  .when = time_of_day(event.wall_us),
                  .words = said->words,
                  .detail = said->detail,
                  .who = event.actor == kLaneAccount ? named(event.device, devices) : event.actor,
                  .tone = said->tone,
                  .picture = said->picture};
  if (!event.second.empty()) row.who += " + " + event.second;
  return row;
}

std::vector<TimeLineRow> time_line(const lane::RecordView& record, const std::vector<lane::DeviceView>& devices) {
  std::vector<TimeLineRow> out = {};
  for (const auto& event : record.events)
    if (auto row = time_line_row(event, devices)) out.push_back(std::move(*row));
  return out;
}

Proof proof_of(const lane::LaneView& view) {
  Proof out;
  if (!view.journal_problem.empty()) {
    out.verified = trf(tr("Journal: {}"), tr(view.journal_problem));
    out.verified_tone = Tone::red;
  } else if (view.journal_verified) {
    out.verified = trf(tr("Journal verified up to event {}"), view.journal_verified_up_to);
  } else {
    out.verified = tr("Journal not verified yet");
    out.verified_tone = Tone::yellow;
  }
  if (!view.record.fold || view.record.events.empty()) return out;
  const auto last = view.record.fold->last_seq;
  if (view.record.fold->acknowledged_up_to >= last) {
    out.leaving = tr("The centre holds all of it");
  } else {
    out.leaving = tr("Not all of it has left the lane");
    out.leaving_tone = Tone::yellow;
  }
  return out;
}

}  // namespace torugart::screens
