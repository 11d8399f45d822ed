// The lower half of the lane screen: risk, papers, and the lists of an empty lane.
#include <algorithm>

#include "kiosk/screens/crossing_presenter.h"
#include "kiosk/screens/lane_screen.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::trf;
using touch::Ui;
using touch::VAlign;

void LaneScreen::risk(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const auto& c = *desk.view->focus;
  const auto risk = risk_of(c, *desk.view);
  if (!risk.known) {
    Rect inside = touch::card(ui, r, tr("Risk"));
    touch::label(ui, "lane.risk", inside.cut_top(ui.u(40), ui.gap()),
                 risk.waiting           ? tr("The centre is asked …")
                 : c.identity_confirmed ? tr("Not known yet")
                                        : tr("Asked for when the numbers are confirmed"),
                 {.color = ui.theme().text_dim});
    if (risk.waiting) touch::progress(ui, "lane.risk.waits", inside.cut_top(ui.u(24)), -1.0F);
    return;
  }
  Rect inside = touch::card(ui, r, {}, risk.tone);
  Rect colour = inside.cut_left(ui.u(260), ui.u(24));
  touch::badge(ui, "lane.risk", colour.cut_top(ui.u(84), ui.u(10)), risk.tone, risk.word);
  touch::label(ui, "lane.risk.says", colour.cut_top(ui.u(34), ui.u(4)), risk.says, {.face = Face::strong});
  touch::label(ui, "lane.risk.source", colour.cut_top(ui.u(60)), risk.source,
               {.face = Face::small, .color = ui.theme().text_dim, .valign = VAlign::top, .max_lines = 2});
  const float line = ui.u(38), hold_line = ui.u(72);
  const float all = static_cast<float>(risk.profiles.size()) * line +
                    static_cast<float>(risk.holds.size()) * (hold_line + ui.gap());
  touch::ScrollArea area(ui, "lane.risk.list", inside, all);
  Rect list = area.content();
  if (risk.profiles.empty() && risk.holds.empty())
    touch::label(ui, "lane.risk.none", Rect(inside).cut_top(ui.u(48)), tr("No profile has hit, no agency holds it"),
                 {.color = ui.theme().text_dim});
  for (std::size_t i = 0; i < risk.holds.size(); ++i) {
    const auto& hold = risk.holds[i];
    Rect row = list.cut_top(hold_line, ui.gap());
    if (!hold.lifted && touch::button(ui, "lane.hold." + std::to_string(i), row.cut_right(ui.u(200), ui.u(16)),
                                      tr("Lift"), {.icon = Icon::lock}))
      panel_.open({.kind = ActKind::lift_hold, .hold = hold.id});
    touch::status(ui, "", row, hold.lifted ? touch::Tone::green : touch::Tone::red,
                  hold.lifted ? trf(tr("{}: lifted"), hold.agency) : hold.agency + ": " + hold.text);
  }
  for (std::size_t i = 0; i < risk.profiles.size(); ++i)
    touch::label(ui, "lane.profile." + std::to_string(i), list.cut_top(line), "· " + risk.profiles[i]);
}

namespace {

bool paper_tile(Ui& ui, const Rect& area, const char* id, const std::string& name, const std::string& value,
                touch::Tone tone, const char* action, Icon icon, bool offered) {
  Rect r = touch::card(ui, area);
  bool tapped = false;
  if (offered) tapped = touch::button(ui, id, r.cut_right(ui.u(72), ui.u(12)), "", {.icon = icon});
  (void)action;
  touch::label_value(ui, "", r, name, value, tone, Face::strong);
  return tapped;
}
}  // namespace

void LaneScreen::papers(Desk& desk, const Rect& r) {
  Ui& ui = desk.ui;
  const auto& c = *desk.view->focus;
  const auto tiles = r.columns(3, ui.u(16));
  std::string documents = tr("none shown");
  if (!c.documents.empty()) {
    documents = document_word(c.documents.back());
    if (c.documents.size() > 1) documents += trf(tr(" and {} more"), c.documents.size() - 1);
  }
  const bool open = !c.released;
  if (paper_tile(ui, tiles[0], "lane.document.add", tr("Documents"), documents, touch::Tone::neutral, tr("Add"),
                 Icon::plus, open))
    panel_.open({.kind = ActKind::add_document});
  if (paper_tile(ui, tiles[1], "lane.weight.enter", tr("Weight"), weight_words(c), touch::Tone::neutral, tr("Enter"),
                 Icon::edit, open))
    panel_.open({.kind = ActKind::enter_weight});
  const bool alarm = c.radiation_alarm_open();
  if (paper_tile(ui, tiles[2], "lane.radiation.resolve", tr("Radiation"),
                 desk.view->radiation.fitted || c.radiation ? radiation_words(c) : std::string(tr("no portal")),
                 alarm ? touch::Tone::red : touch::Tone::neutral, tr("Resolve"), Icon::radiation, alarm))
    panel_.open({.kind = ActKind::resolve_radiation});
}

void LaneScreen::idle_lists(Desk& desk, const Rect& r) {
  Ui& ui = desk.ui;
  const auto columns = r.columns(3, ui.u(16));
  const float line = ui.u(72);
  Rect next = touch::card(ui, columns[0], tr("Announced"));
  if (desk.view->announced.empty())
    touch::label(ui, "lane.announced.none", next.cut_top(ui.u(36)), tr("The centre announces nobody"),
                 {.color = ui.theme().text_dim});
  for (std::size_t i = 0; i < desk.view->announced.size() && next.h >= line; ++i)
    touch::row(
        ui, "lane.announced." + std::to_string(i), next.cut_top(line, ui.gap()), desk.view->announced[i].title,
        {.right = short_time(desk.view->announced[i].expected_wall_us), .icon = Icon::truck, .touchable = false});

  Rect behind = touch::card(ui, columns[1], tr("Unfinished"));
  if (desk.view->others_open.empty() && desk.view->queue.empty())
    touch::label(ui, "lane.behind.none", behind.cut_top(ui.u(36)), tr("Nothing waits"),
                 {.color = ui.theme().text_dim});
  for (std::size_t i = 0; i < desk.view->others_open.size() && behind.h >= line; ++i) {
    const auto& c = desk.view->others_open[i];
    touch::row(ui, "lane.behind." + std::to_string(i), behind.cut_top(line, ui.gap()), first_number(c.title()),
               {.detail = stage_word(c.stage), .tone = colour_tone(c.colour), .touchable = false});
  }

  Rect last = touch::card(ui, columns[2], tr("Last crossings"));
  if (desk.view->recent.empty())
    touch::label(ui, "lane.recent.none", last.cut_top(ui.u(36)), tr("None in this shift"),
                 {.color = ui.theme().text_dim});
  for (std::size_t i = 0; i < desk.view->recent.size() && last.h >= line; ++i) {
    const auto& c = desk.view->recent[i];
    const std::string how = c.without_release ? tr("left without release")
                            : c.released      ? tr("released")
                                              : tr("closed");
    if (touch::row(ui, "lane.recent." + std::to_string(i), last.cut_top(line, ui.gap()), first_number(c.title),
                   {.detail = how, .right = short_time(c.closed_wall_us), .tone = colour_tone(c.colour)})) {
      desk.lane.open_record(c.id);
      desk.screen = ScreenName::records;
    }
  }
}

}  // namespace torugart::screens
