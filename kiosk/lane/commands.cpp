// What people ask for: may() again, then events and what follows from them.
#include <algorithm>
#include <utility>

#include "kiosk/lane/core.h"

namespace torugart::lane {
namespace {

constexpr std::size_t kOutcomes = 32;

}  // namespace

inspection::LaneFacts Core::facts(const std::optional<inspection::Actor>& second) const {
  inspection::LaneFacts out;
  const auto now = clock_.now().mono_us;
  out.second = second;
  auto guard = guard_;
  guard.look(now);
  out.chain_closed = guard.may_ask();
  out.chain_says = parts_.devices.safety ? guard.says() : "This lane has no safety chain";
  out.scanner_ready = parts_.devices.xray && state_of(parts_.devices.xray.get()) == hal::DeviceState::ready;
  out.scan_running = scan_.active;
  out.disk_full = space_.known && space_.trucks < 1;
  out.works_by_hand = works_by_hand();
  return out;
}

Outcome& Core::outcome(std::uint64_t ticket) {
  const auto it =
      std::find_if(outcomes_.begin(), outcomes_.end(), [&](const Outcome& o) { return o.ticket == ticket; });
  if (it != outcomes_.end()) return *it;
  if (outcomes_.size() == kOutcomes) outcomes_.pop_front();
  outcomes_.push_back({});
  outcomes_.back().ticket = ticket;
  return outcomes_.back();
}

void Core::refuse(std::uint64_t ticket, std::string why_not, std::string detail) {
  auto& answer = outcome(ticket);
  answer.done = true;
  answer.ok = false;
  answer.why_not = std::move(why_not);
  answer.detail = std::move(detail);
  changed(true);
}

void Core::command(std::uint64_t ticket, const std::string& crossing, inspection::Command command,
                   const std::optional<std::pair<std::string, Secret>>& second) {
  outcome(ticket);
  still_here();
  changed(true);
  if (!session_.actor) {
    refuse(ticket, "Sign in first");
    return;
  }
  Act act{ticket, crossing, std::move(command), *session_.actor, std::nullopt};
  if (!second) {
    execute(std::move(act));
    return;
  }
  if (second->first == act.actor.account) {
    refuse(ticket, "The second person must be somebody else");
    return;
  }
  account_worker_.post([this, act = std::move(act), second = *second]() mutable {
    const auto check = parts_.accounts->check(second.first, second.second);
    second.second = Secret();
    inbox_.post([this, act, check]() mutable {
      if (!check.actor) {
        refuse(act.ticket, check.problem);
        return;
      }
      act.second = check.actor;
      execute(std::move(act));
    });
  });
}

bool Core::permitted(const Act& act, const Visit* v) {
  if (!held_.empty()) {
    refuse(act.ticket, "The record cannot be written: the disk refuses",
           journal_refusal_ ? journal_refusal_->what : "");
    return false;
  }
  const auto permission =
      inspection::may(act.command, v != nullptr ? &v->fold : nullptr, act.actor, facts(act.second));
  if (!permission.allowed) {
    refuse(act.ticket, permission.why_not, permission.detail);
    return false;
  }
  if (permission.needs_second && !act.second) {
    refuse(act.ticket, "A second person must agree");
    return false;
  }
  return true;
}

void Core::execute(Act act) {
  auto* v = visit(act.crossing);
  const bool closed = v == nullptr && !act.crossing.empty() &&
                      !std::holds_alternative<inspection::OpenCrossing>(act.command) &&
                      !std::holds_alternative<inspection::StopScan>(act.command);
  if (closed) {
    refuse(act.ticket, "This crossing is closed");
    return;
  }
  if (!permitted(act, v)) return;
  const auto who = by_person(act.actor, act.second);
  if (const auto* open = std::get_if<inspection::OpenCrossing>(&act.command)) {
    arrive(inspection::ArrivedBy::hand, open->direction, who, act.ticket);
    return;
  }
  if (std::holds_alternative<inspection::StopScan>(act.command)) withdraw("Stopped by " + act.actor.name);
  if (v == nullptr) {
    auto& answer = outcome(act.ticket);
    answer.done = answer.ok = true;
    return;
  }
  if (std::holds_alternative<inspection::Decide>(act.command)) {
    decide(std::move(act), *v);
    return;
  }
  if (std::holds_alternative<inspection::ConfirmIdentity>(act.command)) note_reads(*v, true);
  auto payloads = inspection::apply_command(act.command, &v->fold, act.actor, facts(act.second));
  if (std::holds_alternative<inspection::AskScan>(act.command)) {
    const auto refused = ask_scan(*v, std::get<inspection::ScanRequested>(payloads.at(0)).scan);
    if (refused) {
      refuse(act.ticket, refused->what, refused->remedy);
      return;
    }
  }
  if (payloads.empty()) {  // only effects
    auto& answer = outcome(act.ticket);
    answer.done = answer.ok = true;
  } else {
    record(v->id, std::move(payloads), who, act.ticket);
  }
  follow(act, *v);
  changed(true);
}

// What a command does beside its events.
void Core::follow(const Act& act, Visit& v) {
  using namespace inspection;
  const auto& command = act.command;
  if (std::holds_alternative<ConfirmIdentity>(command) || std::holds_alternative<EditNumber>(command) ||
      std::holds_alternative<AskRisk>(command)) {
    ask_risk(v);
  } else if (std::holds_alternative<Release>(command)) {
    v.moved_on = true;
    let_out(v.id, act.ticket);
  } else if (std::holds_alternative<Detain>(command)) {
    show_lights();
    lower_exit_barrier();
  } else if (std::holds_alternative<SayDeparted>(command) || std::holds_alternative<Cancel>(command)) {
    close_visits();
    lower_exit_barrier();
  }
}

}  // namespace torugart::lane
