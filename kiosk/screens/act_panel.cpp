#include "kiosk/screens/act_panel.h"

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using namespace inspection;
using touch::Face;
using touch::Icon;
using touch::tr;
using touch::Ui;
using touch::VAlign;

void ActPanel::open(Act act) {
  act_ = std::move(act);
  input_ = {};
  if (act_->kind == ActKind::edit_number) input_.text = act_->before.text;  // mostly one character is wrong
}

void ActPanel::draw(Desk& desk, const Crossing& crossing, const touch::Rect& area) {
  if (!act_) return;
  Ui& ui = desk.ui;
  const auto form = form_of(*act_, crossing);
  const std::string base = "act." + form.id;
  input_.picked.resize(form.groups.size(), -1);

  touch::Rect r = touch::card(ui, area, form.title);
  touch::Rect buttons = r.cut_bottom(ui.u(80), ui.u(16));
  if (!form.explains.empty())
    touch::label(ui, base + ".explains", r.cut_top(ui.u(32), ui.u(12)), form.explains,
                 {.color = ui.theme().text_dim, .valign = VAlign::top});
  const auto line_of = [&](const std::string& name) {  // the name left, what is picked or typed right of it
    touch::Rect line = r.cut_top(ui.u(72), ui.u(12));
    touch::label(ui, "", line.cut_left(ui.u(170), ui.u(12)), name, {.color = ui.theme().text_dim, .max_lines = 2});
    return line;
  };
  for (std::size_t g = 0; g < form.groups.size(); ++g)
    if (const auto picked = touch::segmented(ui, base + "." + std::to_string(g), line_of(form.groups[g].name),
                                             form.groups[g].options, input_.picked[g]))
      input_.picked[g] = *picked;
  if (form.field)
    touch::text_field(ui, base + ".text", line_of(form.field->name), input_.text,
                      {.kind = form.field->kind, .hint = form.field->hint});

  const auto ready = command_of(*act_, input_, crossing);
  std::string reason = ready.missing;
  if (ready.command && reason.empty()) reason = why(desk.may(*ready.command, &crossing));
  const touch::Rect doing = buttons.cut_right(ui.u(420), ui.u(16));
  const touch::ButtonOptions options{.look = touch::Look::strong, .enabled = reason.empty(), .reason = reason};
  const bool pressed = form.hold ? touch::hold_button(ui, base + ".do", doing, form.confirm, options)
                                 : touch::button(ui, base + ".do", doing, form.confirm, options);
  if (touch::button(ui, base + ".back", buttons.cut_left(ui.u(200)), tr("Back"), {.icon = Icon::back})) {
    ui.close_keyboard();
    close();
    return;
  }
  if (pressed && ready.command && desk.act(&crossing, *ready.command)) {
    ui.close_keyboard();
    close();
  }
}

std::vector<OfferedAct> offered_acts(const lane::LaneView& view) {
  std::vector<OfferedAct> out;
  if (!view.focus || !view.session.actor) return out;
  const auto& c = *view.focus;
  auto can = [&](Command command) { return inspection::may(command, &c, *view.session.actor, view.facts).allowed; };
  const auto release = inspection::may(Release{}, &c, *view.session.actor, view.facts);
  if (release.needs_second && c.stage != Stage::release)
    out.push_back({{.kind = ActKind::release_anyway}, "lane.act.release", tr("Release anyway"), Icon::truck});
  if (c.decision || c.usable_scan() || c.stage == Stage::review)
    if (can(RequestReview{"-"}))
      out.push_back({{.kind = ActKind::ask_second_look}, "lane.act.second_look", tr("Second look"), Icon::queue});
  const auto other = c.colour == LaneColour::red ? LaneColour::yellow : LaneColour::red;
  if (c.risk && can(Reroute{other, "-"}))
    out.push_back({{.kind = ActKind::reroute}, "lane.act.reroute", tr("Re-route"), Icon::lane});
  if (view.works_by_hand && can(SayDeparted{}))
    out.push_back({{.kind = ActKind::departed}, "lane.act.departed", tr("Has left"), Icon::forward});
  if (c.identity_confirmed && can(CheckSeal{{.number = "-"}}))
    out.push_back({{.kind = ActKind::check_seal}, "lane.act.seal", tr("Seal"), Icon::lock});
  if (c.identity_confirmed && can(Detain{"-"}))
    out.push_back({{.kind = ActKind::detain}, "lane.act.detain", tr("Detain"), Icon::flag});
  if (can(Cancel{"-"})) out.push_back({{.kind = ActKind::cancel}, "lane.act.cancel", tr("Cancel"), Icon::cross});
  return out;
}

}  // namespace torugart::screens
