// The fold: what each event changes. README.md has the table of stages.
#include <algorithm>

#include "kiosk/inspection/crossing.h"

namespace torugart::inspection {
namespace {

Stage stage_of(const Crossing& c) {
  if (!c.open()) return Stage::closed;
  if (c.released) return Stage::leaving;
  if (c.detained) return Stage::examine;
  if (!c.identity_confirmed) return Stage::identify;
  if (!c.risk) return Stage::assess;
  if (c.review_pending()) return Stage::second_look;
  if (c.suspect()) return Stage::examine;
  if (c.sent_to_examination() && c.examination) return Stage::release;  // and nothing was found
  if (!c.scan_requested.empty() || (c.scan_required() && !c.usable_scan())) return Stage::scan;
  if (c.decision_needed()) return Stage::review;
  return Stage::release;
}

// central > watch list > local rule
int weight_of(RiskSource source) {
  return 3 - static_cast<int>(source);
}

// An answer of a lesser source (the line was cut, somebody asked again) only adds to what a better one had said.
void merge(RiskAssessed& risk, const RiskAssessed& lesser) {
  risk.scan_required = risk.scan_required || lesser.scan_required;
  for (const Profile& profile : lesser.profiles)
    if (std::find(risk.profiles.begin(), risk.profiles.end(), profile) == risk.profiles.end())
      risk.profiles.push_back(profile);
  for (const Hold& hold : lesser.holds)
    if (std::find(risk.holds.begin(), risk.holds.end(), hold) == risk.holds.end()) risk.holds.push_back(hold);
  if (lesser.colour != LaneColour::unknown) risk.colour = std::max(risk.colour, lesser.colour);
}

struct Folder {
  Crossing& c;
  const Event& event;

  void operator()(const Arrived& p) {
    c.direction = p.direction;
    c.follows_closely = p.follows_closely;
  }

  void operator()(const NumberRead& p) {
    const auto same = std::find_if(c.reads.begin(), c.reads.end(),
                                   [&](const NumberRead& r) { return r.kind == p.kind && r.place == p.place; });
    if (same == c.reads.end()) {
      c.reads.push_back(p);
    } else {
      *same = p;
    }
  }

  void operator()(const IdentityConfirmed& p) {
    c.numbers = p.numbers;
    c.identity_confirmed = true;
  }

  // The risk was that of another number: it has to be asked for again, and until then it is unknown.
  void operator()(const NumberEdited& p) {
    const auto same = std::find_if(c.numbers.begin(), c.numbers.end(), [&](const Number& n) {
      return n.kind == p.before.kind && n.place == p.before.place && n.text == p.before.text;
    });
    if (same == c.numbers.end()) {
      if (!p.after.text.empty()) c.numbers.push_back(p.after);
    } else if (p.after.text.empty()) {
      c.numbers.erase(same);
    } else {
      *same = p.after;
    }
    c.risk.reset();
    c.colour = LaneColour::unknown;
    c.rerouted = false;
  }

  void operator()(const DocumentPresented& p) { c.documents.push_back(p); }

  void operator()(const RiskAssessed& p) {
    const bool lesser = c.risk && weight_of(p.source) < weight_of(c.risk->source);
    if (lesser) {
      merge(*c.risk, p);
      if (p.colour != LaneColour::unknown) c.colour = std::max(c.colour, p.colour);
    } else {
      c.risk = p;
      // What people have decided about the lane is not undone by a lighter answer.
      c.colour = c.rerouted ? std::max(c.colour, p.colour) : p.colour;
    }
  }

  void operator()(const LaneRerouted& p) {
    c.colour = p.to;
    c.rerouted = true;
  }

  void operator()(const HoldLifted& p) { c.holds_lifted.insert(p.hold); }
  void operator()(const Weighed& p) { c.weights.push_back(p); }

  // An alarm is closed by a person, never by a later passage that was quiet.
  void operator()(const RadiationMeasured& p) {
    const bool alarm = p.gamma_alarm || p.neutron_alarm;
    if (c.radiation_alarm_open() && !alarm) return;
    c.radiation = p;
    c.radiation_resolved = false;
  }
  void operator()(const RadiationResolved&) { c.radiation_resolved = true; }

  void operator()(const AreaCleared& p) {
    c.area_cleared = p;
    c.area_cleared_by = event.actor;
  }
  void operator()(const AreaClearanceVoided&) { void_clearance(); }

  void operator()(const ScanRequested& p) {
    c.scan_requested = p.scan;
    ++c.scan_requests;
  }

  void operator()(const ScanCompleted& p) {
    c.scans.push_back(p);
    c.scan_requested.clear();
    void_clearance();
    // "clear" was said of an older picture; nobody has looked at this one. A suspicion stays.
    if (p.usable() && !c.suspect() && !c.review_pending()) {
      c.decision.reset();
      c.decided_by.clear();
      forget_second_look();
    }
  }

  void operator()(const RegionMarked& p) {
    std::erase_if(c.marks, [&](const Mark& m) { return m.id == p.mark; });
    c.marks.push_back({p.mark, p, event.actor});
  }
  void operator()(const RegionUnmarked& p) {
    std::erase_if(c.marks, [&](const Mark& m) { return m.id == p.mark; });
  }

  void operator()(const SealChecked& p) {
    std::erase_if(c.seals, [&](const SealChecked& s) { return s.number == p.number; });
    c.seals.push_back(p);
  }

  void operator()(const Decided& p) {
    if (c.suspect() && p.verdict == Verdict::clear) return;  // only a second look or an examination can say so
    if (p.verdict == Verdict::suspect && !c.suspect()) forget_second_look();  // it was of what is now in doubt
    c.decision = p;
    c.decided_by = event.actor;
  }

  void operator()(const ReviewRequested&) {
    if (c.sent_to_examination()) return;
    c.review_requested = true;
    c.review_requested_by = event.actor;
    c.review.reset();
    c.reviewed_by.clear();
  }

  void operator()(const Reviewed& p) {
    const bool own = event.actor.empty() || event.actor == c.decided_by ||
                     (c.decided_by.empty() && event.actor == c.review_requested_by);
    if (own || c.sent_to_examination()) return;
    c.review = p;
    c.reviewed_by = event.actor;
  }

  void operator()(const Examined& p) {
    if (c.examination && c.examination->contraband_found) return;
    if (p.contraband_found || c.sent_to_examination()) c.examination = p;
  }

  void operator()(const Released&) { c.released = true; }
  void operator()(const Detained&) {
    c.detained = true;
    c.released = false;  // the release is withdrawn
  }

  void operator()(const Departed& p) {
    c.departed = true;
    c.departed_without_release = p.without_release;
  }
  void operator()(const Cancelled&) { c.cancelled = true; }
  void operator()(const HandedOver& p) { handled_by(p.to); }
  void operator()(const Acknowledged& p) { c.acknowledged_up_to = std::max(c.acknowledged_up_to, p.up_to); }

  void operator()(const DeviceChanged&) {}
  void operator()(const SignedIn&) {}
  void operator()(const SignedOut&) {}
  void operator()(const RecordViewed&) {}
  void operator()(const ClockJumped&) {}
  void operator()(const JournalKeyChanged&) {}
  void operator()(const Uploaded&) {}

  void forget_second_look() {
    c.review_requested = false;
    c.review_requested_by.clear();
    c.review.reset();
    c.reviewed_by.clear();
    c.examination.reset();
  }

  void void_clearance() {
    c.area_cleared.reset();
    c.area_cleared_by.clear();
  }

  void handled_by(const std::string& account) {
    if (account.empty() || account == kLaneAccount) return;
    if (std::find(c.handled_by.begin(), c.handled_by.end(), account) == c.handled_by.end())
      c.handled_by.push_back(account);
  }
};

}  // namespace

void apply(Crossing& crossing, const Event& event) {
  if (event.crossing.empty()) return;
  const bool first = crossing.id.empty();
  if (first) {
    crossing.id = event.crossing;
    crossing.first_seq = event.seq;
    crossing.arrived_wall_us = event.wall_us;
    crossing.arrived_mono_us = event.mono_us;
    crossing.boot = event.boot;
  }
  if (event.crossing != crossing.id) return;
  crossing.last_seq = event.seq;

  Folder folder{crossing, event};
  // Who looked at a record has not handled the truck.
  if (!std::holds_alternative<RecordViewed>(event.payload)) {
    folder.handled_by(event.actor);
    folder.handled_by(event.second);
  }
  std::visit(folder, event.payload);

  const Stage stage = stage_of(crossing);
  if (first || stage != crossing.stage) crossing.stage_times.push_back({stage, event.wall_us, event.mono_us});
  crossing.stage = stage;
}

}  // namespace torugart::inspection
