#include "kiosk/screens/desk.h"

#include <algorithm>

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using touch::tr;

void Desk::refresh() {
  view = lane.view();
  for (const auto& outcome : view->outcomes)
    if (outcome.done) settle(outcome);
}

void Desk::settle(const lane::Outcome& outcome) {
  if (second && second->ticket == outcome.ticket) {
    if (outcome.ok) {
      second.reset();
    } else {
      second->ticket = 0;
      second->problem = why(outcome.why_not, outcome.detail);
    }
  }
  for (auto it = tickets_.begin(); it != tickets_.end(); ++it) {
    if (it->second != outcome.ticket) continue;
    if (!outcome.ok && !second) ui.toast(why(outcome.why_not, outcome.detail), touch::Tone::alarm);
    tickets_.erase(it);
    return;
  }
}

inspection::Permission Desk::may(const inspection::Command& command, const inspection::Crossing* c) const {
  if (!actor()) {
    inspection::Permission no;
    no.why_not = N_("Nobody is signed in");
    return no;
  }
  return inspection::may(command, c, *actor(), view->facts);
}

bool Desk::act(const inspection::Crossing* c, inspection::Command command) {
  const auto permission = may(command, c);
  const std::string id = c ? c->id : std::string();
  if (permission.needs_second) {
    second = PendingSecond{
        .crossing = id, .title = title_of(command), .command = std::move(command), .against = permission.against};
    return true;
  }
  if (!permission.allowed) {
    ui.toast(why(permission), touch::Tone::yellow);
    return false;
  }
  tickets_[id] = lane.post(id, std::move(command));
  return true;
}

void Desk::confirm_second() {
  if (!second || second->ticket != 0) return;
  second->problem.clear();
  second->ticket = lane.post(second->crossing, second->command, lane::SecondPerson{second->account, second->pin});
  tickets_[second->crossing] = second->ticket;
  second->pin.assign(second->pin.size(), '\0');
  second->pin.clear();
}

const inspection::Crossing* Desk::crossing(const std::string& id) const {
  if (view->focus && view->focus->id == id) return &*view->focus;
  for (const auto* list : {&view->others_open, &view->queue})
    for (const auto& c : *list)
      if (c.id == id) return &c;
  return nullptr;
}

const lane::ImageView* Desk::image(const std::string& id) const {
  const lane::ImageView* found = nullptr;
  for (const auto& image : view->images)
    if (image.crossing == id && image.earlier_of.empty() && image.image) found = &image;
  return found;
}

std::string title_of(const inspection::Command& command) {
  using namespace inspection;
  if (std::holds_alternative<EditNumber>(command)) return tr("Change number");
  if (std::holds_alternative<Reroute>(command)) return tr("Re-route");
  if (std::holds_alternative<Release>(command)) return tr("Release truck");
  if (std::holds_alternative<LiftHold>(command)) return tr("Lift the hold");
  return tr("Act");
}

}  // namespace torugart::screens
