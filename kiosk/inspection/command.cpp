// apply_command(): what follows from a command that the rules allow.
#include "kiosk/inspection/command.h"

#include <fmt/format.h>

#include <array>

namespace torugart::inspection {
namespace {

struct Effects {
  const Crossing* crossing;
  const LaneFacts& facts;
  const Permission& permission;
  using List = std::vector<Payload>;

  List operator()(const OpenCrossing& command) const { return {Arrived{command.direction, ArrivedBy::hand, false}}; }
  List operator()(const ConfirmIdentity& command) const { return {IdentityConfirmed{command.numbers}}; }
  List operator()(const EditNumber& command) const {
    Number after = command.after;
    after.corrected = true;
    return {NumberEdited{command.before, std::move(after), command.reason}};
  }
  List operator()(const PresentDocument& command) const { return {command.document}; }
  List operator()(const AskRisk&) const { return {}; }
  List operator()(const EnterWeight& command) const { return {Weighed{command.gross_kg, true, true}}; }
  List operator()(const ResolveRadiation& command) const { return {RadiationResolved{command.how, command.reason}}; }
  List operator()(const Reroute& command) const {
    return {LaneRerouted{crossing->colour, command.to, command.reason}};
  }
  List operator()(const LiftHold& command) const { return {HoldLifted{command.hold, command.reason}}; }
  List operator()(const ClearArea& command) const { return {AreaCleared{command.how, command.driver}}; }
  List operator()(const AskScan&) const {
    return {ScanRequested{fmt::format("{}-scan-{}", crossing->id, crossing->scan_requests + 1)}};
  }
  List operator()(const StopScan&) const { return {}; }
  List operator()(const MarkRegion& command) const {
    RegionMarked region = command.region;
    // last_seq grows with every event, so the id is never used twice, not even after the mark is taken back.
    if (region.mark.empty()) region.mark = fmt::format("m{}", crossing->last_seq + 1);
    return {std::move(region)};
  }
  List operator()(const UnmarkRegion& command) const { return {RegionUnmarked{command.mark}}; }
  List operator()(const CheckSeal& command) const { return {command.seal}; }

  List operator()(const Decide& command) const {
    Decided decided;
    decided.verdict = command.verdict;
    decided.note = command.note;
    if (const ScanCompleted* scan = crossing->latest_scan()) {
      decided.scan = scan->scan;
      for (const FileRef& file : scan->files)
        if (file.role == "xray_high") decided.image_sha256 = file.sha256;
    }
    List list{std::move(decided)};
    if (command.verdict == Verdict::suspect) list.emplace_back(ReviewRequested{"suspect"});
    return list;
  }

  List operator()(const RequestReview& command) const { return {ReviewRequested{command.reason}}; }
  List operator()(const Review& command) const {
    return {Reviewed{command.own_verdict, command.outcome, command.reason}};
  }
  List operator()(const RecordExamination& command) const {
    return {Examined{command.contraband_found, command.result}};
  }
  // Where nothing asked for a decision before, letting the truck go is one: the record says who cleared it.
  List operator()(const Release&) const {
    List list;
    if (permission.against.empty() && !crossing->decision && !crossing->review) list.emplace_back(Decided{});
    list.emplace_back(Released{!permission.against.empty(), permission.against});
    return list;
  }
  List operator()(const Detain& command) const { return {Detained{command.reason}}; }
  List operator()(const SayDeparted&) const { return {Departed{!crossing->released && !crossing->detained, true}}; }
  List operator()(const Cancel& command) const { return {Cancelled{command.reason}}; }
};

constexpr std::array<std::string_view, std::variant_size_v<Command>> kNames{
    "open_crossing",      "confirm_identity", "edit_number", "present_document", "ask_risk",       "enter_weight",
    "resolve_radiation",  "reroute",          "lift_hold",   "clear_area",       "ask_scan",       "stop_scan",
    "mark_region",        "unmark_region",    "check_seal",  "decide",           "request_review", "review",
    "record_examination", "release",          "detain",      "say_departed",     "cancel"};

}  // namespace

std::vector<Payload> apply_command(const Command& command, const Crossing* crossing, const Actor& actor,
                                   const LaneFacts& facts) {
  const Permission permission = may(command, crossing, actor, facts);
  if (!permission.allowed || (permission.needs_second && !facts.second)) return {};
  return std::visit(Effects{crossing, facts, permission}, command);
}

std::string_view name_of(const Command& command) {
  return kNames.at(command.index());
}

RiskAssessed local_rule(std::int64_t wall_us) {
  RiskAssessed risk;
  risk.source = RiskSource::local_rule;
  risk.colour = LaneColour::unknown;
  risk.scan_required = true;
  risk.as_of_wall_us = wall_us;
  return risk;
}

}  // namespace torugart::inspection
