#include "kiosk/screens/health_screen.h"

#include "kiosk/screens/health_presenter.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::Ui;

void HealthScreen::draw(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  r = r.inset(ui.u(16));
  facts(desk, r.cut_right(ui.u(620), ui.u(16)));
  devices(desk, r);
}

void HealthScreen::devices(Desk& desk, const Rect& r) {
  Ui& ui = desk.ui;
  const auto lines = device_lines(*desk.view);
  const Rect inside = touch::card(ui, r, tr("Devices"));
  const float each = ui.u(104);
  touch::ScrollArea area(ui, "health.devices", inside, static_cast<float>(lines.size()) * (each + ui.gap()));
  Rect list = area.content();
  for (const auto& line : lines) {
    Rect row = list.cut_top(each, ui.gap());
    if (!area.visible(row)) continue;
    ui.note("health.device." + line.id, row, touch::Role::row, line.name, line.word);
    ui.paint().fill(row, ui.theme().raised, ui.u(8));
    row = row.inset(ui.u(16), ui.u(10));
    if (touch::button(ui, "health.test." + line.id, row.cut_right(ui.u(150), ui.u(16)).centered(ui.u(150), ui.u(72)),
                      tr("Test")))
      desk.lane.test_device(line.id);
    Rect state = row.cut_right(ui.u(220), ui.u(16));
    touch::status(ui, "", state.cut_top(state.h / 2), line.tone, line.word, Face::strong);
    touch::label(ui, "", state, line.simulated ? line.since + " · " + tr("simulated") : line.since,
                 {.face = Face::small, .color = ui.theme().text_dim});
    touch::label(ui, "", row.cut_top(row.h * 0.42F), line.name, {.face = Face::strong});
    const std::string words = line.remedy.empty() ? line.says : line.says + " – " + line.remedy;
    touch::label(ui, "", row, words,
                 {.face = Face::small, .color = ui.theme().text_dim, .valign = touch::VAlign::top, .max_lines = 2});
  }
}

void HealthScreen::facts(Desk& desk, const Rect& r) {
  Ui& ui = desk.ui;
  Rect inside = touch::card(ui, r, tr("The lane itself"));
  if (touch::button(ui, "health.verify", inside.cut_bottom(ui.u(80), ui.u(16)), tr("Verify the journal now"),
                    {.icon = Icon::check}))
    desk.lane.verify_journal();
  const auto facts = health_facts(*desk.view);
  const auto rows = inside.rows(static_cast<int>(facts.size()), ui.gap());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    Rect row = rows[i];
    ui.note("health.fact." + facts[i].id, row, touch::Role::value, facts[i].name, facts[i].value);
    Rect name = row.cut_left(ui.u(200), ui.u(16));
    const float half = row.h * 0.44F;
    touch::label(ui, "", name.cut_top(std::max(half, ui.u(48))), facts[i].name,
                 {.color = ui.theme().text_dim, .max_lines = 2});
    if (facts[i].tone == touch::Tone::neutral)
      touch::label(ui, "", row.cut_top(half), facts[i].value, {.face = Face::strong});
    else
      touch::status(ui, "", row.cut_top(half), facts[i].tone, facts[i].value, Face::strong);
    touch::label(ui, "", row, facts[i].detail,
                 {.face = Face::small, .color = ui.theme().text_dim, .valign = touch::VAlign::top, .max_lines = 2});
  }
}

}  // namespace torugart::screens
