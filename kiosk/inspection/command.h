// What people may do, and what follows. A screen asks may() to know whether a button can be pressed and which words
// to put in it; the lane engine asks may() again and then apply_command(). Both are pure.
//
// Rules (README.md has the table with reasons):
//  - Two persons: re-routing to a lighter colour, editing a confirmed number, and releasing with a suspect image, an
//    unresolved radiation alarm, a required scan missing, an open hold or an unknown risk. Also what would take such
//    a reason away: resolving an alarm, lifting a hold, cancelling a crossing whose numbers are confirmed. The second
//    person is another account, at least a supervisor where the first is not one, who authenticates at that moment.
//  - A scan may be asked for only with area_cleared for this pass, the whole chain closed and fresh, and no scan
//  running.
//  - A second look is given by another account than the one that decided, with the role supervisor or above.
//  - Nothing may be done to a crossing that is closed, but to look.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/inspection/crossing.h"
#include "kiosk/inspection/event.h"
#include "kiosk/inspection/people.h"

namespace torugart::inspection {

struct OpenCrossing {  // by hand: no loop, no camera
  Direction direction = Direction::unknown;
};
struct ConfirmIdentity {
  std::vector<Number> numbers;
};
struct EditNumber {
  Number before, after;
  std::string reason;
};
struct PresentDocument {
  DocumentPresented document;
};
struct AskRisk {};  // ask the centre again
struct EnterWeight {
  double gross_kg = 0;
};
struct ResolveRadiation {
  std::string how, reason;
};
struct Reroute {
  LaneColour to = LaneColour::unknown;
  std::string reason;
};
struct LiftHold {
  std::string hold, reason;
};
struct ClearArea {
  ClearedHow how = ClearedHow::walked;
  DriverPlace driver = DriverPlace::out;
};
struct AskScan {};
struct StopScan {};
struct MarkRegion {
  RegionMarked region;
};
struct UnmarkRegion {
  std::string mark;
};
struct CheckSeal {
  SealChecked seal;
};
struct Decide {
  Verdict verdict = Verdict::clear;
  std::string note;
};
struct RequestReview {
  std::string reason;
};
struct Review {
  Verdict own_verdict = Verdict::clear;
  ReviewOutcome outcome = ReviewOutcome::agree;
  std::string reason;
};
struct RecordExamination {
  bool contraband_found = false;
  std::string result;
};
struct Release {};
struct Detain {
  std::string reason;
};
struct SayDeparted {};  // by hand
struct Cancel {
  std::string reason;
};

using Command =
    std::variant<OpenCrossing, ConfirmIdentity, EditNumber, PresentDocument, AskRisk, EnterWeight, ResolveRadiation,
                 Reroute, LiftHold, ClearArea, AskScan, StopScan, MarkRegion, UnmarkRegion, CheckSeal, Decide,
                 RequestReview, Review, RecordExamination, Release, Detain, SayDeparted, Cancel>;

// What the rules need to know beside the crossing itself.
struct LaneFacts {
  bool chain_closed = false;  // hal::ChainReading::closed() at this moment
  std::string chain_says;     // the contact that is not closed, in words ("Interlock 3 open"); empty when closed
  bool scanner_ready = false;
  bool scan_running = false;
  std::optional<Actor> second;  // the second person who has just authenticated
  bool works_by_hand = false;   // signals dead: departure is said by hand
  bool disk_full = false;       // less than one more truck fits
};

struct Permission {
  bool allowed = false;
  // Allowed, but only with a second person. While LaneFacts::second is empty, `allowed` says whether it is worth
  // asking somebody; apply_command() gives nothing yet. With somebody who does not do, `allowed` is false.
  bool needs_second = false;
  std::string why_not;  // an English sentence for the screen, a key of the translations; empty when allowed
  std::string detail;   // fills the {} of why_not, if it has one: a contact, a hold's agency
  std::vector<std::string> against;  // what the second person overrides: "suspect_image", "radiation_alarm",
                                     // "scan_missing", "open_hold", "unknown_risk"
};

// Reentrant. `crossing` is null only for OpenCrossing.
Permission may(const Command& command, const Crossing* crossing, const Actor& actor, const LaneFacts& facts);

// The payloads that follow, in order. Call only when may() allowed it with the same arguments (else empty).
// Some commands have effects of their own in the lane engine beside their events (asking the scanner, the barrier).
std::vector<Payload> apply_command(const Command& command, const Crossing* crossing, const Actor& actor,
                                   const LaneFacts& facts);

std::string_view name_of(const Command& command);  // "confirm_identity", …

// The local rule for a risk when neither the centre nor a watch list answers: unknown colour, scan required.
RiskAssessed local_rule(std::int64_t wall_us);

}  // namespace torugart::inspection
