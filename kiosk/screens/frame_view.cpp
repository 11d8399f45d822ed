#include "kiosk/screens/frame_view.h"

#include <array>

#include "kiosk/screens/frame_presenter.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using touch::Align;
using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::trf;
using touch::Ui;

void FrameView::stop_button(Desk& desk, const Rect& r) {
  if (touch::button(desk.ui, "frame.stop_scan", r, tr("Stop scan · not the emergency stop"),
                    {.icon = Icon::stop, .look = touch::Look::danger})) {
    const auto* crossing = desk.crossing(desk.view->scan.crossing);
    desk.act(crossing ? crossing : (desk.view->focus ? &*desk.view->focus : nullptr), inspection::StopScan{});
  }
}

void FrameView::bar(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const auto bar = top_bar(*desk.view);
  const auto running = running_scan(*desk.view);
  touch::bar(ui, r);
  person_ = r.cut_right(ui.u(230));
  if (touch::button(ui, "frame.person", person_, bar.person, {.icon = Icon::user, .look = touch::Look::quiet}))
    menu_ = !menu_;
  r = r.inset(ui.u(20), 0);
  auto lane = r.cut_left(ui.u(250), ui.u(16));
  if (!bar.simulated.empty()) {
    // Said always and in plain sight: a picture of a simulated truck must never pass for a real one.
    const float w = touch::badge(ui, "", {lane.x, lane.y, 0, lane.h}, touch::Tone::yellow, bar.simulated);
    auto badge = r.cut_left(w, ui.u(16));
    touch::badge(ui, "frame.simulated", badge.centered(badge.w, ui.u(36)), touch::Tone::yellow, bar.simulated);
  }
  touch::label(ui, "frame.lane", lane, bar.lane, {.face = Face::strong});
  touch::label(ui, "frame.time", r.cut_left(ui.u(110), ui.u(12)), bar.time, {.face = Face::strong});
  if (running) {  // while beam may come, the bar has nothing more important to say
    stop_button(desk, r.cut_right(ui.u(500), ui.u(12)));
    touch::status(ui, "frame.scan", r, touch::Tone::yellow, running->words);
    return;
  }
  touch::status(ui, "frame.devices", r.cut_right(ui.u(230), ui.u(12)), bar.devices.tone, bar.devices.words);
  touch::status(ui, "frame.clock", r.cut_left(ui.u(270), ui.u(12)), bar.clock.tone, bar.clock.words);
  touch::status(ui, "frame.line", r, bar.line.tone, bar.line.words);
}

Rect FrameView::alarm(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const auto alarm = alarm_of(*desk.view);
  if (!alarm) {
    help_ = false;
    return r;
  }
  r.cut_top(ui.u(4));  // its buttons keep their distance from the bar's
  const Rect strip = r.cut_top(ui.u(72));
  const Rect buttons = touch::banner(ui, "frame.alarm", strip, touch::Tone::alarm, alarm->title,
                                     help_ ? alarm->what_to_do : alarm->detail, 540);
  const auto two = buttons.columns(2, ui.gap());
  if (touch::button(ui, "frame.alarm.help", two[0], help_ ? tr("Back") : tr("What to do"), {.icon = Icon::info}))
    help_ = !help_;
  if (touch::button(ui, "frame.alarm.take", two[1], tr("Take over"), {.icon = Icon::radiation})) {
    take_over_wanted = true;
    desk.screen = ScreenName::lane;
  }
  return r;
}

Rect FrameView::draw(Desk& desk) {
  Ui& ui = desk.ui;
  if (!dark_known_) {
    dark_ = desk.options.dark;
    dark_known_ = true;
  }
  Rect r = ui.screen();
  bar(desk, r.cut_top(ui.u(64)));
  r = alarm(desk, r);
  const Rect rail = r.cut_left(ui.u(96));
  const auto counts = rail_counts(*desk.view);
  const std::string lane = tr("Lane"), review = touch::trc("rail", "Review"), queue = tr("Queue"),
                    records = tr("Records"), health = touch::trc("rail", "Health");
  const std::array<touch::RailItem, 5> items = {
      {{"rail.lane", Icon::lane, lane},
       {"rail.review", Icon::review, review, counts.review},
       {"rail.queue", Icon::queue, queue, counts.queue},
       {"rail.records", Icon::records, records},
       {"rail.health", Icon::health, health, counts.health, touch::Tone::red}}};
  if (const auto picked = touch::rail(ui, rail, items, static_cast<int>(desk.screen)))
    desk.screen = static_cast<ScreenName>(*picked);
  return r;
}

void FrameView::draw_menu(Desk& desk) {
  if (!menu_) return;
  Ui& ui = desk.ui;
  const auto& languages = touch::languages();
  const float line = ui.u(72);
  const float rows = 2 + static_cast<float>(languages.size());
  const Rect box{ui.screen().right() - ui.u(340) - ui.gap(), person_.bottom() + ui.gap(), ui.u(340),
                 rows * line + (rows - 1) * ui.gap() + 2 * ui.u(16)};
  ui.push_layer(box);
  touch::card(ui, box);
  Rect r = box.inset(ui.u(16));
  if (touch::button(ui, "frame.menu.theme", r.cut_top(line, ui.gap()),
                    dark_ ? tr("Light colours") : tr("Dark colours"), {.icon = dark_ ? Icon::sun : Icon::moon})) {
    dark_ = !dark_;
    ui.set_theme(dark_ ? touch::dark_theme() : touch::light_theme());
    menu_ = false;
  }
  for (const auto& language : languages)
    if (touch::button(ui, "frame.menu.lang." + language.code, r.cut_top(line, ui.gap()), language.name,
                      {.icon = Icon::globe, .selected = language.code == touch::current_language()})) {
      touch::set_language(language.code);
      menu_ = false;
    }
  if (touch::button(ui, "frame.menu.sign_out", r.cut_top(line), tr("Sign out"), {.icon = Icon::sign_out})) {
    desk.lane.sign_out();
    menu_ = false;
  }
  ui.pop_layer();
}

}  // namespace torugart::screens
