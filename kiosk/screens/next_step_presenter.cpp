#include "kiosk/screens/next_step_presenter.h"

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using inspection::Stage;
using touch::Icon;
using touch::tr;
using touch::trc;

namespace {

// A move that posts a command: greyed with may()'s own words when it is not allowed.
NextMove commanded(const lane::LaneView& view, const char* words, inspection::Command command, bool hold, Icon icon) {
  NextMove move{.words = words, .hold = hold, .icon = icon};
  const auto* crossing = view.focus ? &*view.focus : nullptr;
  if (!view.session.actor) {
    move.reason = tr("Nobody is signed in");
    return move;
  }
  move.reason = why(inspection::may(command, crossing, *view.session.actor, view.facts));
  if (move.reason.empty()) move.command = std::move(command);
  return move;
}

NextMove without_crossing(const lane::LaneView& view) {
  if (view.works_by_hand)
    return commanded(view, tr("Open a crossing"), inspection::OpenCrossing{}, false, Icon::plus);
  return {.words = tr("Confirm numbers"), .reason = tr("No truck in the lane"), .icon = Icon::check};
}

NextMove identify(const lane::LaneView& view, const std::vector<NumberSlot>& slots) {
  const std::string not_yet = why_not_confirm(slots);
  if (!not_yet.empty()) return {.words = tr("Confirm numbers"), .reason = not_yet, .icon = Icon::check};
  return commanded(view, tr("Confirm numbers"), inspection::ConfirmIdentity{numbers_to_confirm(slots)}, false,
                   Icon::check);
}

NextMove assess(const lane::LaneView& view) {
  if (view.assessing) return {.words = tr("Asking for risk"), .busy = true, .icon = Icon::wait};
  return commanded(view, tr("Ask for risk"), inspection::AskRisk{}, false, Icon::upload);
}

NextMove scan(const lane::LaneView& view, ScreenName on, const AreaStatement& statement) {
  if (view.facts.scan_running || !view.focus->scan_requested.empty()) {
    if (on == ScreenName::review) return {.words = tr("Scan is running"), .busy = true, .icon = Icon::scan};
    return {.words = tr("Watch the scan"), .icon = Icon::scan, .go = ScreenName::review};
  }
  if (on != ScreenName::review) return {.words = tr("Go to the scan"), .icon = Icon::scan, .go = ScreenName::review};
  if (view.focus->area_cleared) return commanded(view, tr("Ask for scan"), inspection::AskScan{}, true, Icon::scan);
  NextMove move{.words = tr("State that the area is clear"), .icon = Icon::check};
  if (!statement.how)
    move.reason = tr("Say how it was cleared");
  else if (!statement.driver)
    move.reason = tr("Say where the driver is");
  else
    return commanded(view, move.words.c_str(), inspection::ClearArea{*statement.how, *statement.driver}, false,
                     Icon::check);
  return move;
}

NextMove review(const lane::LaneView& view, ScreenName on) {
  const bool picture = view.focus->usable_scan();
  if (picture && on != ScreenName::review)
    return {.words = tr("Look at the picture"), .icon = Icon::review, .go = ScreenName::review};
  return commanded(view, picture ? trc("verdict", "Clear") : tr("Documents in order"),
                   inspection::Decide{inspection::Verdict::clear, {}}, true, Icon::check);
}

NextMove second_look(const lane::LaneView& view) {
  const auto& actor = view.session.actor;
  if (actor && inspection::may(inspection::Review{}, &*view.focus, *actor, view.facts).allowed)
    return {.words = tr("Give the second look"), .icon = Icon::queue, .go = ScreenName::queue};
  return {.words = tr("Second look"), .reason = tr("Waits for a supervisor"), .icon = Icon::wait};
}
}  // namespace

NextMove next_move(const lane::LaneView& view, ScreenName on, const std::vector<NumberSlot>& slots,
                   const AreaStatement& statement, bool waiting) {
  if (!view.focus) {
    auto move = without_crossing(view);
    move.busy = waiting && move.command.has_value();
    return move;
  }
  NextMove move;
  switch (view.focus->stage) {
    case Stage::identify:
      move = identify(view, slots);
      break;
    case Stage::assess:
      move = assess(view);
      break;
    case Stage::scan:
      move = scan(view, on, statement);
      break;
    case Stage::review:
      move = review(view, on);
      break;
    case Stage::second_look:
      move = second_look(view);
      break;
    case Stage::examine:
      move = {.words = tr("Enter the result"), .icon = Icon::edit, .examination_form = true};
      break;
    case Stage::release:
      move = commanded(view, tr("Release truck"), inspection::Release{}, true, Icon::truck);
      break;
    case Stage::leaving:
    case Stage::closed: {
      move = commanded(view, tr("Say that it has left"), inspection::SayDeparted{}, true, Icon::forward);
      if (!move.command) move = {.words = tr("Released"), .reason = tr("The truck is leaving"), .icon = Icon::wait};
      break;
    }
  }
  if (waiting && move.command) {
    move.busy = true;
    move.command.reset();
  }
  return move;
}

NextMove scan_move(const lane::LaneView& view, const AreaStatement& statement) {
  return view.focus ? scan(view, ScreenName::review, statement) : NextMove{};
}

}  // namespace torugart::screens
