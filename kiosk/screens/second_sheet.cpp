#include "kiosk/screens/second_sheet.h"

#include <algorithm>

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/sheet.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::trf;
using touch::Ui;

namespace {

// Rules that name no grounds of their own: the command says what is at stake.
std::string stake_of(const inspection::Command& command) {
  using namespace inspection;
  if (const auto* e = std::get_if<EditNumber>(&command))
    return trf(tr("{}: {} becomes {}"), slot_word(e->before.kind, e->before.place), e->before.text, e->after.text);
  if (const auto* r = std::get_if<Reroute>(&command)) return trf(tr("The lane becomes {}"), colour_word(r->to));
  if (std::holds_alternative<LiftHold>(command)) return tr("The hold of an agency is lifted");
  if (std::holds_alternative<ResolveRadiation>(command)) return tr("The radiation alarm is resolved");
  if (std::holds_alternative<Cancel>(command)) return tr("A crossing with confirmed numbers is cancelled");
  return tr("This needs two persons");
}
}  // namespace

SecondView second_view(const lane::LaneView& view, const std::vector<lane::AccountName>& accounts,
                       const PendingSecond& pending) {
  SecondView out;
  for (const auto& key : pending.against)
    out.against.push_back(against_word(key));
  if (out.against.empty()) out.against.push_back(stake_of(pending.command));
  const auto& first = view.session.actor;
  for (const auto& a : accounts) {
    const bool other = !first || a.account != first->account;
    const bool role = (first && first->role != inspection::Role::inspector) || a.role != inspection::Role::inspector;
    if (other) out.people.push_back({a.account, a.name, role_word(a.role), role, a.account == pending.account});
  }
  std::stable_partition(out.people.begin(), out.people.end(), [](const auto& p) { return p.enabled; });
  const bool checking = pending.ticket != 0;
  out.pin_enabled = !pending.account.empty() && !checking;
  if (checking) {
    out.message = tr("Checking …");
  } else if (!pending.problem.empty()) {
    out.message = pending.problem;
    out.message_bad = true;
  } else {
    out.message = pending.account.empty() ? tr("Choose who agrees") : tr("Type your PIN");
  }
  return out;
}

void draw_second(Desk& desk) {
  if (!desk.second) return;
  Ui& ui = desk.ui;
  auto& pending = *desk.second;
  const auto shown = second_view(*desk.view, desk.accounts, pending);
  touch::Sheet sheet(ui, "second", 1240, 860, trf(tr("A second person agrees: {}"), pending.title));
  Rect r = sheet.content();
  const Rect pin = r.cut_right(ui.u(500), ui.u(24));
  touch::heading(ui, r.cut_top(ui.u(40), ui.gap()), tr("What is overridden"));
  for (std::size_t i = 0; i < shown.against.size(); ++i)
    touch::status(ui, "second.against." + std::to_string(i), r.cut_top(ui.u(48), ui.u(4)), touch::Tone::red,
                  shown.against[i], Face::strong);
  touch::heading(ui, r.cut_top(ui.u(56), ui.gap()), tr("Who agrees"));
  {
    const float each = ui.u(84);
    touch::ScrollArea area(ui, "second.people", r, static_cast<float>(shown.people.size()) * (each + ui.gap()));
    Rect list = area.content();
    for (const auto& person : shown.people) {
      if (touch::row(
              ui, "second.account." + person.account, list.cut_top(each, ui.gap()), person.name,
              {.detail = person.role, .icon = Icon::user, .selected = person.selected, .enabled = person.enabled})) {
        pending.account = person.account;
        pending.pin.clear();
        pending.problem.clear();
      }
    }
  }
  if (touch::pin_pad(ui, "second.pin", pin, pending.pin,
                     {.enabled = shown.pin_enabled,
                      .message = shown.message,
                      .message_tone = shown.message_bad ? touch::Tone::red : touch::Tone::neutral,
                      .confirm = tr("Agree")}))
    desk.confirm_second();
  if (sheet.cancelled()) desk.second.reset();
}

}  // namespace torugart::screens
