// One vehicle's visit, as the fold of its events. Never stored, never changed but by apply().
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kiosk/inspection/event.h"

namespace torugart::inspection {

enum class Stage {  // where the crossing stands; a screen's next step follows from it
  identify,         // numbers are being read, nothing confirmed
  assess,           // confirmed, waiting for risk
  scan,             // a scan is required or asked for
  review,           // a picture is there (or a yellow lane's documents), waiting for the decision
  second_look,      // waiting for a supervisor
  examine,          // sent to physical examination
  release,          // may be released
  leaving,          // released, still in the lane
  closed,           // departed or cancelled
};

struct Mark {
  std::string id;
  RegionMarked region;
  std::string actor;
};

struct StageTime {
  Stage stage = Stage::identify;
  std::int64_t wall_us = 0;  // when the stage began
  std::int64_t mono_us = 0;
};

struct Crossing {
  std::string id;
  Stage stage = Stage::identify;
  std::int64_t first_seq = 0, last_seq = 0;
  std::int64_t arrived_wall_us = 0, arrived_mono_us = 0;
  std::string boot;  // of the arrival
  Direction direction = Direction::unknown;
  bool follows_closely = false;

  std::vector<NumberRead> reads;  // the latest vote per kind and place
  std::vector<Number> numbers;    // confirmed
  bool identity_confirmed = false;
  std::vector<DocumentPresented> documents;
  std::optional<RiskAssessed> risk;
  LaneColour colour = LaneColour::unknown;  // of the assessment, or as re-routed
  bool rerouted = false;
  std::set<std::string> holds_lifted;
  std::vector<Weighed> weights;
  std::optional<RadiationMeasured> radiation;
  bool radiation_resolved = false;

  std::optional<AreaCleared> area_cleared;  // for the pass to come; void after a person was seen or a scan ended
  std::string area_cleared_by;
  std::string scan_requested;  // id of the scan that runs or was asked for; empty otherwise
  int scan_requests = 0;       // how often one was asked for
  std::vector<ScanCompleted> scans;
  std::vector<Mark> marks;
  std::vector<SealChecked> seals;

  std::optional<Decided> decision;
  std::string decided_by;
  bool review_requested = false;
  std::string review_requested_by;
  std::optional<Reviewed> review;
  std::string reviewed_by;
  std::optional<Examined> examination;
  bool detained = false;
  bool released = false;
  bool departed = false;
  bool departed_without_release = false;
  bool cancelled = false;
  std::vector<std::string> handled_by;  // accounts, in order of their first act
  std::int64_t acknowledged_up_to = 0;

  std::vector<StageTime> stage_times;

  // -- questions that rules and screens ask; all derived --
  bool open() const { return !departed && !cancelled; }
  std::vector<Hold> open_holds() const;
  bool radiation_alarm_open() const;         // an alarm that nobody resolved
  bool scan_required() const;                // by colour red, by the assessment, or by an open radiation alarm
  bool usable_scan() const;                  // a scan with a picture exists
  const ScanCompleted* latest_scan() const;  // the last usable one; null when there is none
  bool review_pending() const;               // asked for, or due after a suspect decision, and not given
  bool sent_to_examination() const;          // by the second look
  bool suspect() const;          // the verdict that counts (the second look's before the first's), until an
                                 // examination has found nothing
  bool decision_needed() const;  // a yellow lane, or a picture that somebody has to judge
  const Number* number(NumberKind kind, Place place) const;
  // "123ABC02 · MSKU 123456 5": the best name for lists; the id when nothing is known yet.
  std::string title() const;
};

// Events of other crossings are ignored. Never fails: an event that does not fit the state (a journal from a later
// version, a decision after departure) is kept in what it says and changes no rule's outcome to the lighter side.
void apply(Crossing& crossing, const Event& event);

std::string_view to_string(Stage stage);

}  // namespace torugart::inspection
