// may(): README.md has the table with reasons. Every sentence here is a key of the translations.
#include <algorithm>
#include <cmath>

#include "kiosk/inspection/command.h"

namespace torugart::inspection {
namespace {

constexpr double kMaxGross_kg = 200'000;

Permission yes() {
  return {true, false, {}, {}, {}};
}
Permission no(std::string why, std::string detail = {}) {
  return {false, false, std::move(why), std::move(detail), {}};
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool well_formed(const Number& number) {
  return !number.text.empty() && number.text.size() <= 32 &&
         std::none_of(number.text.begin(), number.text.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

// Allowed with another person, who is at least a supervisor where the first is not one.
Permission with_second(const Actor& first, const LaneFacts& facts, std::vector<std::string> against = {}) {
  Permission permission{true, true, {}, {}, std::move(against)};
  if (!facts.second) return permission;
  const Actor& second = *facts.second;
  if (second.account.empty() || second.account == kLaneAccount || second.account == first.account) {
    permission.allowed = false;
    permission.why_not = "The second person must be somebody else";
  } else if (first.role == Role::inspector && second.role == Role::inspector) {
    permission.allowed = false;
    permission.why_not = "The second person must be a supervisor";
  }
  return permission;
}

bool scan_under_way(const Crossing& c, const LaneFacts& facts) {
  return facts.scan_running || !c.scan_requested.empty();
}

struct Rules {
  const Crossing& c;
  const Actor& actor;
  const LaneFacts& facts;

  Permission operator()(const OpenCrossing&) const { return yes(); }

  Permission operator()(const ConfirmIdentity& command) const {
    if (c.identity_confirmed) return no("The numbers are confirmed already");
    if (command.numbers.empty()) return no("Type at least one number");
    if (!std::all_of(command.numbers.begin(), command.numbers.end(), well_formed))
      return no("A number is empty or has a space in it");
    return yes();
  }

  Permission operator()(const EditNumber& command) const {
    if (!c.identity_confirmed) return no("Confirm the numbers first");
    if (command.before.text.empty() && command.after.text.empty()) return no("Type the number");
    if (!command.after.text.empty() && !well_formed(command.after))
      return no("A number is empty or has a space in it");
    if (command.before == command.after) return no("Nothing was changed");
    if (!command.before.text.empty()) {
      const auto& before = command.before;
      if (std::none_of(c.numbers.begin(), c.numbers.end(), [&](const Number& n) {
            return n.kind == before.kind && n.place == before.place && n.text == before.text;
          }))
        return no("This crossing has no number {}", before.text);
      if (command.after.text.empty() && c.numbers.size() == 1) return no("Type at least one number");
    }
    if (blank(command.reason)) return no("Say why");
    return with_second(actor, facts);
  }

  Permission operator()(const PresentDocument& command) const {
    if (blank(command.document.kind) || blank(command.document.number)) return no("Type the document's number");
    return yes();
  }

  Permission operator()(const AskRisk&) const {
    return c.identity_confirmed ? yes() : no("Confirm the numbers first");
  }

  Permission operator()(const EnterWeight& command) const {
    const double kg = command.gross_kg;
    return std::isfinite(kg) && kg > 0 && kg <= kMaxGross_kg ? yes()
                                                             : no("The weight must be between 1 and 200 000 kg");
  }

  // Two persons, as for the release that it makes possible.
  Permission operator()(const ResolveRadiation& command) const {
    if (!c.radiation_alarm_open()) return no("There is no open radiation alarm");
    if (blank(command.how) || blank(command.reason)) return no("Say how and why");
    return with_second(actor, facts);
  }

  Permission operator()(const Reroute& command) const {
    if (!c.identity_confirmed) return no("Confirm the numbers first");
    if (command.to == LaneColour::unknown) return no("Choose a lane");
    if (command.to == c.colour) return no("It is in this lane already");
    if (blank(command.reason)) return no("Say why");
    return command.to > c.colour ? yes() : with_second(actor, facts);
  }

  Permission operator()(const LiftHold& command) const {
    const auto holds = c.open_holds();
    if (std::none_of(holds.begin(), holds.end(), [&](const Hold& hold) { return hold.id == command.hold; }))
      return no("There is no such hold");
    if (blank(command.reason)) return no("Say why");
    return with_second(actor, facts);
  }

  Permission operator()(const ClearArea&) const { return scan_under_way(c, facts) ? no("A scan is running") : yes(); }

  Permission operator()(const AskScan&) const {
    if (!c.identity_confirmed) return no("Confirm the numbers first");
    if (scan_under_way(c, facts)) return no("A scan is running");
    if (!c.area_cleared) return no("Say first that the area is clear");
    if (!facts.chain_closed)
      return facts.chain_says.empty() ? no("The safety chain is not closed") : no("{}", facts.chain_says);
    if (!facts.scanner_ready) return no("The scanner is not ready");
    if (facts.disk_full) return no("The disk is full: no new scan until the centre has taken pictures");
    return yes();
  }

  Permission operator()(const StopScan&) const { return scan_under_way(c, facts) ? yes() : no("No scan is running"); }

  Permission operator()(const MarkRegion& command) const {
    const RegionMarked& r = command.region;
    const auto scan = std::find_if(c.scans.begin(), c.scans.end(),
                                   [&](const ScanCompleted& s) { return s.usable() && s.scan == r.scan; });
    if (scan == c.scans.end()) return no("There is no picture to mark");
    if (r.x < 0 || r.y < 0 || r.w <= 0 || r.h <= 0 || r.w > scan->columns || r.h > scan->rows ||
        r.x > scan->columns - r.w || r.y > scan->rows - r.h)
      return no("The mark is outside of the picture");
    if (r.outline) {
      const auto& corners = *r.outline;
      constexpr std::size_t kMostNumbers = 256;
      bool inside = corners.size() >= 6 && corners.size() % 2 == 0 && corners.size() <= kMostNumbers;
      for (std::size_t i = 0; inside && i < corners.size(); i += 2)
        inside = corners[i] >= r.x && corners[i] - r.x <= r.w && corners[i + 1] >= r.y && corners[i + 1] - r.y <= r.h;
      if (!inside) return no("The outline does not fit its mark");
    }
    if (!r.mark.empty() && has_mark(r.mark)) return no("This mark exists already");
    return yes();
  }

  Permission operator()(const UnmarkRegion& command) const {
    const auto mark =
        std::find_if(c.marks.begin(), c.marks.end(), [&](const Mark& m) { return m.id == command.mark; });
    if (mark == c.marks.end()) return no("There is no such mark");
    if (mark->actor != actor.account) return no("This is somebody else's mark");
    if (c.decision && actor.account == c.decided_by) return no("It was decided with this mark");
    if (c.review && actor.account == c.reviewed_by) return no("It was decided with this mark");
    return yes();
  }

  Permission operator()(const CheckSeal& command) const {
    if (blank(command.seal.number) && command.seal.state != SealState::missing) return no("Type the seal's number");
    return yes();
  }

  Permission operator()(const Decide& command) const {
    if (!c.identity_confirmed) return no("Confirm the numbers first");
    if (scan_under_way(c, facts)) return no("A scan is running");
    if (command.verdict == Verdict::suspect) return c.suspect() ? no("It is decided already") : yes();
    if (c.suspect() || c.review_pending() || c.decision || c.review) return no("It is decided already");
    if (!c.risk) return no("The risk is not known yet");
    if (c.scan_required() && !c.usable_scan()) return no("The scan that is required is missing");
    if (c.colour == LaneColour::yellow && c.documents.empty()) return no("Check the documents first");
    return yes();
  }

  Permission operator()(const RequestReview&) const {
    if (!c.identity_confirmed) return no("Confirm the numbers first");
    if (scan_under_way(c, facts)) return no("A scan is running");
    if (c.review_pending()) return no("A second look has been asked for already");
    if (c.review) return no("A second look was given already");
    return yes();
  }

  Permission operator()(const Review& command) const {
    if (actor.role == Role::inspector) return no("Only a supervisor gives a second look");
    if (!c.review_pending()) return no("Nobody has asked for a second look");
    if (actor.account == c.decided_by || (c.decided_by.empty() && actor.account == c.review_requested_by))
      return no("The second look is somebody else's");
    if (command.outcome != ReviewOutcome::agree && blank(command.reason)) return no("Say why");
    if (command.outcome == ReviewOutcome::agree && command.own_verdict == Verdict::suspect && c.decision &&
        c.decision->verdict == Verdict::clear)
      return no("Your own verdict was suspect: disagree, or send it to examination");
    return yes();
  }

  Permission operator()(const RecordExamination& command) const {
    if (!c.sent_to_examination()) return no("It was not sent to examination");
    if (c.examination) return no("The examination is recorded already");
    if (blank(command.result)) return no("Say what was found");
    return yes();
  }

  Permission operator()(const Release&) const {
    if (!c.identity_confirmed) return no("Confirm the numbers first");
    if (c.detained) return no("The truck is detained");
    if (scan_under_way(c, facts)) return no("A scan is running");
    if (c.review_pending()) return no("It waits for a second look");
    if (c.decision_needed()) return no("Decide first");
    std::vector<std::string> against;
    if (c.suspect()) against.emplace_back("suspect_image");
    if (c.radiation_alarm_open()) against.emplace_back("radiation_alarm");
    if (c.scan_required() && !c.usable_scan()) against.emplace_back("scan_missing");
    if (!c.open_holds().empty()) against.emplace_back("open_hold");
    if (!c.risk || c.colour == LaneColour::unknown) against.emplace_back("unknown_risk");
    return against.empty() ? yes() : with_second(actor, facts, std::move(against));
  }

  Permission operator()(const Detain& command) const {
    if (c.detained) return no("The truck is detained");
    return blank(command.reason) ? no("Say why") : yes();
  }

  Permission operator()(const SayDeparted&) const {
    if (scan_under_way(c, facts)) return no("A scan is running");
    if (!facts.works_by_hand && !c.released && !c.detained) return no("Release or detain the truck first");
    return yes();
  }

  // For what was no truck. Where somebody has confirmed numbers, two must say so; where it was inspected, nobody can.
  Permission operator()(const Cancel& command) const {
    if (scan_under_way(c, facts)) return no("A scan is running");
    if (c.usable_scan() || c.decision || c.review_requested || c.radiation_alarm_open() || c.detained)
      return no("The truck was inspected: release or detain it");
    if (blank(command.reason)) return no("Say why");
    return c.identity_confirmed ? with_second(actor, facts) : yes();
  }

  bool has_mark(const std::string& id) const {
    return std::any_of(c.marks.begin(), c.marks.end(), [&](const Mark& m) { return m.id == id; });
  }
};

// What may still be done to a truck that was released and has not left yet.
bool fits_leaving(const Command& command) {
  return std::holds_alternative<SayDeparted>(command) || std::holds_alternative<Detain>(command);
}

}  // namespace

Permission may(const Command& command, const Crossing* crossing, const Actor& actor, const LaneFacts& facts) {
  if (actor.account.empty() || actor.account == kLaneAccount) return no("Sign in first");
  if (std::holds_alternative<OpenCrossing>(command)) return yes();
  // Stopping is never refused for what the crossing is, or because there is none.
  if (std::holds_alternative<StopScan>(command) && facts.scan_running) return yes();
  if (crossing == nullptr) return no("There is no truck");
  if (!crossing->open()) return no("This crossing is closed");
  if (crossing->released && !fits_leaving(command)) return no("The truck is released");
  return std::visit(Rules{*crossing, actor, facts}, command);
}

}  // namespace torugart::inspection
