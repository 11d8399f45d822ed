// What lies on the picture or in its place: map, drawer, presets, the scan's figures, the statement before a scan.
#include <algorithm>
#include <array>

#include "kiosk/screens/review_screen.h"
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

void ReviewScreen::overlays(Desk& desk, const Rect& area) {
  Ui& ui = desk.ui;
  if (!pane_.has_picture()) return;
  Rect r = area.inset(ui.u(12));
  Rect top = r.cut_top(ui.u(104), ui.u(12));
  pane_.draw_map(ui, "review.map", top.cut_left(ui.u(400), ui.u(12)));
  Rect zooms = top.cut_left(ui.u(240)).cut_top(ui.u(72));
  const auto places = zooms.columns(3, ui.gap());
  if (touch::button(ui, "review.zoom.out", places[0], "", {.icon = Icon::minus})) pane_.zoom(1 / 1.5);
  if (touch::button(ui, "review.zoom.in", places[1], "", {.icon = Icon::plus})) pane_.zoom(1.5);
  if (touch::button(ui, "review.zoom.fit", places[2], "", {.icon = Icon::fit})) pane_.fit();

  const auto panel = scan_panel(*desk.view);
  const auto* focus = desk.view->focus ? &*desk.view->focus : nullptr;
  if (!panel.ended.empty() && mode_ == PictureMode::picture && focus && !focus->decision) {
    const Rect note = top.cut_right(std::min(top.w, ui.u(720))).cut_top(ui.u(72));
    const Rect button = touch::banner(ui, "scan.ended", note, touch::Tone::yellow, panel.ended, {}, 200);
    if (touch::button(ui, "review.again", button, tr("Scan again"), {.icon = Icon::scan})) again_ = true;
  } else if (const auto* image = pane_.image(); image && !image->statistics.calibrated) {
    const std::string note = tr("Not calibrated");
    const float w = touch::badge(ui, "", {0, 0, 0, ui.u(40)}, touch::Tone::yellow, note);
    touch::badge(ui, "review.uncalibrated", top.cut_right(w).cut_top(ui.u(40)), touch::Tone::yellow, note);
  }
  if (panel_.is_open() && focus) {
    Rect sheet = r.cut_bottom(ui.u(360)).cut_right(std::min(r.w, ui.u(960)));
    ui.push_layer(sheet);
    panel_.draw(desk, *focus, sheet);
    ui.pop_layer();
    return;
  }
  const bool marking = suspect_ || pending_ || tool_ == Tool::mark;
  if (marking && focus && !focus->decision && mode_ == PictureMode::picture) {
    kinds(desk, r.cut_bottom(ui.u(176), ui.u(12)));
  } else if (mode_ == PictureMode::picture) {
    strip_.draw_presets(desk, pane_, r.cut_bottom(ui.u(64), ui.u(12)), "review.tone");
    compare_.controls(desk, pane_, r, crossing_);
    if (layers_)
      layers_panel_.draw(desk, pane_, r.cut_bottom(ui.u(LayersPanel::kHeight), ui.u(12)).cut_left(ui.u(1400)),
                         "review.layers");
  }
  if (imaging::shows_material(pane_.options.palette)) legend(desk, r.cut_bottom(ui.u(48), ui.u(12)));
  if (drawer_) drawer(desk, r);
}

void ReviewScreen::legend(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  using imaging::MaterialClass;
  constexpr std::array kShown = {MaterialClass::organic, MaterialClass::light, MaterialClass::steel,
                                 MaterialClass::heavy, MaterialClass::ambiguous};
  for (const auto material : kShown) {
    const std::string word = tr(imaging::to_string(material));
    Rect place = r.cut_left(ui.paint().text_width(word, Face::small) + ui.u(64), ui.gap());
    if (place.w < ui.u(80)) return;
    ui.paint().fill(place, ui.theme().surface.with_alpha(0.85F), ui.u(6));
    const std::uint32_t rgba = imaging::legend_colour(material, pane_.options.palette);
    const Rect dot = place.cut_left(ui.u(48)).centered(ui.u(24), ui.u(24));
    ui.paint().fill(dot,
                    {static_cast<std::uint8_t>(rgba), static_cast<std::uint8_t>(rgba >> 8U),
                     static_cast<std::uint8_t>(rgba >> 16U), 255},
                    ui.u(4));
    touch::label(ui, "", place, word, {.face = Face::small});
  }
}

void ReviewScreen::drawer_part(Desk& desk, Rect& list, const char* title, const std::vector<DrawerItem>& items) {
  Ui& ui = desk.ui;
  touch::heading(ui, list.cut_top(ui.u(44)), title);
  for (const auto& item : items) {
    const bool there = item.at.has_value();
    if (touch::row(ui, "review.item." + item.id, list.cut_top(ui.u(76), ui.gap()), item.words,
                   {.detail = item.detail, .tone = item.tone, .touchable = there, .chevron = there}))
      pane_.center_on(*item.at);
  }
}

void ReviewScreen::drawer(Desk& desk, const Rect& area) {
  Ui& ui = desk.ui;
  const auto& c = *desk.view->focus;
  const bool blind = desk.actor() && must_stay_blind(c, *desk.actor());
  const auto shown = drawer_of(*desk.view, c, desk.image(c.id), !blind);
  Rect box = area;
  box = box.cut_left(ui.u(400));
  ui.push_layer(box);
  Rect inside = touch::card(ui, box);
  const auto lines = static_cast<float>(shown.load.size() + shown.aids.size() + shown.marks.size());
  const float all =
      lines * ui.u(84) + 3 * ui.u(44) + (shown.aids.empty() ? ui.u(40) : 0) + (shown.marks.empty() ? ui.u(40) : 0);
  {
    touch::ScrollArea scroll(ui, "review.drawer.list", inside, all);
    Rect list = scroll.content();
    drawer_part(desk, list, tr("Declared"), shown.load);
    drawer_part(desk, list, tr("Aids propose"), shown.aids);
    if (shown.aids.empty())
      touch::label(ui, "review.aids.none", list.cut_top(ui.u(40)), shown.aids_note, {.color = ui.theme().text_dim});
    drawer_part(desk, list, tr("Marks"), shown.marks);
    if (shown.marks.empty())
      touch::label(ui, "review.marks.none", list.cut_top(ui.u(40)),
                   blind ? tr("Hidden until your verdict") : tr("None"), {.color = ui.theme().text_dim});
  }
  ui.pop_layer();
}

namespace {
constexpr std::size_t kContactsInRow = 4;

// Contacts in a row: a closed one is a small closed line, any other one names itself.
void contact_row(Ui& ui, Rect r, const std::vector<ContactLine>& contacts) {
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    const std::string id = "scan.contact." + std::to_string(i);
    if (contacts[i].state != touch::Contact::closed) {
      touch::contact(ui, id, r.cut_left(std::min(r.w, ui.u(220)), ui.gap()), contacts[i].name, contacts[i].state);
      continue;
    }
    const Rect place = r.cut_left(ui.u(40), ui.gap());
    if (place.w < ui.u(36)) return;
    ui.note(id, place, touch::Role::value, contacts[i].name, touch::trc("contact", "closed"));
    const auto ink = ui.theme().tone(touch::Tone::green).ink;
    const touch::Point a{place.x + ui.u(6), place.center().y}, b{place.right() - ui.u(6), place.center().y};
    ui.paint().line(a, b, ink, ui.u(3));
    ui.paint().circle(a, ui.u(5), ink);
    ui.paint().circle(b, ui.u(5), ink);
  }
}
}  // namespace

void ReviewScreen::scan_strip(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const auto panel = scan_panel(*desk.view);
  Rect beam = r.cut_left(ui.u(250), ui.u(16));
  touch::status(ui, "scan.beam", beam.cut_top(beam.h / 2), panel.beam.tone, panel.beam.words, Face::strong);
  if (panel.countdown >= 0)
    touch::progress(ui, "scan.countdown", beam.centered(beam.w, ui.u(24)), panel.countdown);
  else
    touch::label(ui, "scan.time", beam, panel.time, {.face = Face::strong});
  const Rect lines = r.cut_right(ui.u(150), ui.gap()), dose = r.cut_right(ui.u(170), ui.gap()),
             speed = r.cut_right(ui.u(140), ui.u(16));
  touch::label_value(ui, "scan.speed", speed, tr("Speed"), panel.speed, touch::Tone::neutral, Face::strong);
  touch::label_value(ui, "scan.dose", dose, tr("Dose rate here"), panel.dose, touch::Tone::neutral, Face::strong);
  touch::label_value(ui, "scan.lines", lines, tr("Lines"), panel.lines, touch::Tone::neutral, Face::strong);
  Rect chain = r;
  touch::label(ui, "scan.chain", chain.cut_top(chain.h / 2), panel.chain.words,
               {.face = Face::small, .color = ui.theme().text_dim});
  contact_row(ui, chain, panel.contacts);
}

void ReviewScreen::scan_place(Desk& desk, const Rect& area, LaneScreen& lane) {
  (void)lane;
  Ui& ui = desk.ui;
  ui.paint().fill(area, ui.theme().picture);
  if (mode_ == PictureMode::nothing) {
    const auto& focus = desk.view->focus;
    touch::label(ui, "scan.nothing", area,
                 !focus                       ? tr("No truck in the lane")
                 : !focus->identity_confirmed ? tr("Confirm the numbers first")
                                              : tr("There is no picture of this truck"),
                 {.face = Face::title, .color = ui.theme().text_dim, .align = touch::Align::center});
    return;
  }
  const auto& c = *desk.view->focus;
  const auto panel = scan_panel(*desk.view);
  auto& said = desk.statement;
  const bool own_step = c.stage == inspection::Stage::scan && !again_;  // the next step of the screen does it
  const auto contact_rows = static_cast<float>((panel.contacts.size() + kContactsInRow - 1) / kContactsInRow);
  const float height = ui.u(266.0F + 88.0F * contact_rows + (panel.cleared.empty() ? 270.0F : 70.0F) +
                            (own_step ? 0.0F : 96.0F) + (panel.ended.empty() ? 0.0F : 56.0F));
  Rect r = area.centered(std::min(area.w - ui.u(48), ui.u(1200)), std::min(area.h - ui.u(48), height));
  r = touch::card(ui, r, tr("Before the scan"));
  touch::label(
      ui, "scan.required", r.cut_top(ui.u(40), ui.u(12)),
      c.scan_required() ? tr("A scan is required for this truck") : tr("A scan is not required for this truck"),
      {.color = ui.theme().text_dim});
  if (!panel.ended.empty())
    touch::status(ui, "scan.ended", r.cut_top(ui.u(44), ui.u(12)), touch::Tone::yellow, panel.ended);
  touch::status(ui, "scan.chain", r.cut_top(ui.u(44), ui.u(8)), panel.chain.tone, panel.chain.words, Face::strong);
  if (!panel.contacts.empty()) {
    // four to a row: their names, as on the lane's plan, are long
    for (std::size_t first = 0; first < panel.contacts.size(); first += kContactsInRow) {
      const auto places = r.cut_top(ui.u(80), ui.gap()).columns(static_cast<int>(kContactsInRow), ui.gap());
      for (std::size_t i = first; i < std::min(first + kContactsInRow, panel.contacts.size()); ++i)
        touch::contact(ui, "scan.contact." + std::to_string(i), places[i - first], panel.contacts[i].name,
                       panel.contacts[i].state);
    }
    r.cut_top(ui.u(16));
  }
  const std::string by = desk.actor() ? desk.actor()->name : std::string();
  if (!panel.cleared.empty()) {
    touch::status(ui, "scan.cleared", r.cut_top(ui.u(56), ui.u(12)), touch::Tone::green, panel.cleared, Face::strong);
  } else {
    touch::label(ui, "", r.cut_top(ui.u(32), ui.u(8)), trf(tr("{} states that nobody is in the area"), by));
    const std::vector<std::string> how = {cleared_word(inspection::ClearedHow::walked),
                                          cleared_word(inspection::ClearedHow::cameras),
                                          cleared_word(inspection::ClearedHow::both)};
    if (const auto i = touch::segmented(ui, "scan.how", r.cut_top(ui.u(80), ui.u(16)), how,
                                        said.how ? static_cast<int>(*said.how) : -1))
      said.how = static_cast<inspection::ClearedHow>(*i);
    const std::vector<std::string> driver = {driver_word(inspection::DriverPlace::out),
                                             driver_word(inspection::DriverPlace::in_cab)};
    const int at = !said.driver ? -1 : *said.driver == inspection::DriverPlace::out ? 0 : 1;
    if (const auto i = touch::segmented(ui, "scan.driver", r.cut_top(ui.u(80), ui.u(16)), driver, at))
      said.driver = *i == 0 ? inspection::DriverPlace::out : inspection::DriverPlace::in_cab;
    if (said.driver == inspection::DriverPlace::in_cab)
      touch::label(ui, "scan.cab", r.cut_top(ui.u(36)), tr("The cab stays out of the beam"),
                   {.color = ui.theme().text_dim});
  }
  // Where a scan is not the next step anyway, it is asked for from here.
  if (own_step) return;
  const auto move = scan_move(*desk.view, said);
  const Rect place = r.cut_bottom(ui.u(88)).cut_right(ui.u(460));
  const touch::ButtonOptions options{.icon = move.icon, .enabled = move.command.has_value(), .reason = move.reason};
  const bool pressed = move.hold ? touch::hold_button(ui, "scan.ask", place, move.words, options)
                                 : touch::button(ui, "scan.area", place, move.words, options);
  if (pressed && move.command) desk.act(&c, *move.command);
}

}  // namespace torugart::screens
