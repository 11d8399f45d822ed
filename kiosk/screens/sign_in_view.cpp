#include "kiosk/screens/sign_in_view.h"

#include "kiosk/screens/frame_presenter.h"
#include "kiosk/screens/sign_in_presenter.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using touch::Align;
using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::Ui;

namespace {

void top(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const auto bar = top_bar(*desk.view);
  touch::bar(ui, r);
  r = r.inset(ui.u(24), 0);
  touch::label(ui, "signin.lane", r.cut_left(ui.u(300), ui.u(16)), bar.lane, {.face = Face::strong});
  touch::label(ui, "signin.time", r.cut_left(ui.u(110), ui.u(12)), short_time(desk.view->now.wall_us),
               {.face = Face::strong});
  touch::status(ui, "signin.clock", r.cut_left(ui.u(280), ui.u(12)), bar.clock.tone, bar.clock.words);
  if (running_scan(*desk.view)) {
    if (touch::button(ui, "frame.stop_scan", r.cut_right(ui.u(500), ui.u(12)),
                      tr("Stop scan · not the emergency stop"), {.icon = Icon::stop, .look = touch::Look::danger}))
      desk.lane.post(desk.view->scan.crossing, inspection::StopScan{});
  } else {
    touch::status(ui, "signin.devices", r.cut_right(ui.u(240), ui.u(12)), bar.devices.tone, bar.devices.words);
    touch::status(ui, "signin.line", r, bar.line.tone, bar.line.words);
  }
}
}  // namespace

void SignInScreen::draw(Desk& desk) {
  Ui& ui = desk.ui;
  Rect r = ui.screen();
  top(desk, r.cut_top(ui.u(64)));
  const auto shown = sign_in(*desk.view, desk.accounts, account_);

  const float width = std::min(r.w - 2 * ui.u(32), ui.u(1520));
  r = r.centered(width, std::min(r.h - 2 * ui.u(32), ui.u(900)));
  const Rect pin_card = touch::card(ui, r.cut_right(ui.u(520), ui.u(24)), tr("PIN"));
  Rect left = r;

  // What the next person must know before touching anything.
  Rect below = left.cut_bottom(ui.u(300), ui.u(24));
  Rect language = below.cut_right(ui.u(300), ui.u(24));
  Rect known = touch::card(ui, below, tr("At this lane"));
  touch::label(ui, "signin.last", known.cut_top(ui.u(36), ui.u(8)), shown.last);
  if (shown.unfinished.empty())
    touch::status(ui, "signin.unfinished", known.cut_top(ui.u(36)), touch::Tone::green, tr("Nothing is unfinished"));
  int line = 0;
  for (const auto& words : shown.unfinished) {
    if (known.h < ui.u(36)) break;
    touch::status(ui, "signin.unfinished." + std::to_string(line++), known.cut_top(ui.u(36), ui.u(4)),
                  touch::Tone::yellow, words);
  }
  Rect words = touch::card(ui, language, tr("Language"));
  for (const auto& l : touch::languages())
    if (touch::button(ui, "signin.lang." + l.code, words.cut_top(ui.u(72), ui.gap()), l.name,
                      {.selected = l.code == touch::current_language()}))
      touch::set_language(l.code);

  const Rect people = touch::card(ui, left, tr("Who works here now?"));
  const float row = ui.u(84);
  const float all = static_cast<float>(shown.people.size()) * (row + ui.gap());
  {
    touch::ScrollArea area(ui, "signin.people", people, all);
    Rect list = area.content();
    for (const auto& person : shown.people)
      if (touch::row(ui, "signin.account." + person.account, list.cut_top(row, ui.gap()), person.name,
                     {.detail = person.role, .icon = Icon::user, .selected = person.selected})) {
        account_ = person.account;
        pin_.clear();
      }
  }
  const bool typed = touch::pin_pad(ui, "signin.pin", pin_card, pin_,
                                    {.enabled = shown.pin_enabled,
                                     .message = shown.message,
                                     .message_tone = shown.message_bad ? touch::Tone::red : touch::Tone::neutral});
  if (typed && !account_.empty()) {
    desk.lane.sign_in(account_, pin_);
    pin_.assign(pin_.size(), '\0');
    pin_.clear();
  }
}

}  // namespace torugart::screens
