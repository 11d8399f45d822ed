#include "kiosk/screens/queue_screen.h"

#include <algorithm>
#include <cmath>

#include "kiosk/screens/act_form.h"
#include "kiosk/screens/queue_presenter.h"
#include "kiosk/screens/review_screen.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using inspection::ReviewOutcome;
using inspection::Verdict;
using touch::Face;
using touch::Icon;
using touch::Look;
using touch::Rect;
using touch::tr;
using touch::trc;
using touch::trf;
using touch::Ui;

void QueueScreen::select(Desk& desk, const std::string& crossing) {
  if (selected_ == crossing) return;
  selected_ = crossing;
  own_.reset();
  reason_ = -1;
  disagree_ = false;
  pane_.options = imaging::preset(1).options;
  if (!desk.image(crossing)) desk.lane.want_images(crossing);
}

void QueueScreen::draw(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const inspection::Crossing* c = nullptr;
  for (const auto& waiting : desk.view->queue)
    if (waiting.id == selected_) c = &waiting;
  if (!c) selected_.clear();
  Rect left = r.cut_left(ui.u(420));
  left = left.inset(ui.u(16));
  cards(desk, left);
  if (c) {
    look(desk, r, *c);
  } else {
    figures(desk, Rect{r.x, r.y + ui.u(16), r.w - ui.u(16), r.h - ui.u(32)});
  }
}

touch::TextureId QueueScreen::thumbnail(Desk& desk, const inspection::Crossing& c, Rect place) {
  const auto* image = desk.image(c.id);
  if (!image) return 0;
  auto& thumb = thumbs_[c.id];
  const int w = static_cast<int>(std::lround(place.w)), h = static_cast<int>(std::lround(place.h));
  if (thumb.image == image->image.get() && thumb.w == w && thumb.h == h) return thumb.texture;
  imaging::RasterRgba pixels;
  const auto fit = imaging::Viewport::fit(image->image->columns(), image->image->rows(), w, h);
  if (!thumb_renderer_.render(image->image->view, fit, imaging::preset(1).options, pixels)) return 0;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(pixels.samples().data());
  thumb = {image->image.get(), desk.textures.upload("thumb." + c.id, {bytes, pixels.samples().size() * 4}, w, h), w,
           h};
  return thumb.texture;
}

void QueueScreen::cards(Desk& desk, const Rect& area) {
  Ui& ui = desk.ui;
  const auto list = queue_cards(*desk.view, selected_);
  Rect r = area;
  touch::heading(ui, r.cut_top(ui.u(44), ui.gap()), tr("Second looks"),
                 list.empty() ? "" : std::to_string(list.size()));
  if (list.empty())
    touch::label(ui, "queue.none", r.cut_top(ui.u(48)), tr("Nobody waits"), {.color = ui.theme().text_dim});
  const float each = ui.u(212);
  touch::ScrollArea scroll(ui, "queue.list", r, static_cast<float>(list.size()) * (each + ui.gap()));
  Rect content = scroll.content();
  for (const auto& card : list) {
    Rect place = content.cut_top(each, ui.gap());
    const std::string id = "queue.card." + card.crossing;
    const auto touch = ui.interact({.id = id, .rect = place, .role = touch::Role::row, .label = card.title});
    const auto& theme = ui.theme();
    ui.paint().fill(place, touch.down ? theme.pressed : theme.raised, ui.u(8));
    ui.paint().outline(place, card.selected ? theme.accent : theme.control_edge, ui.u(card.selected ? 3 : 1),
                       ui.u(8));
    if (touch.tapped) select(desk, card.crossing);
    Rect inside = place.inset(ui.u(12));
    const Rect picture = inside.cut_top(ui.u(92), ui.u(8));
    ui.paint().fill(picture, theme.picture, ui.u(4));
    for (const auto& c : desk.view->queue)
      if (c.id == card.crossing)
        if (const auto texture = thumbnail(desk, c, picture)) ui.paint().picture(picture, texture);
    touch::label(ui, "", inside.cut_top(ui.u(34), ui.u(6)), card.title, {.face = Face::strong});
    Rect last = inside.cut_top(ui.u(40));
    touch::label(ui, "", last.cut_right(ui.u(150)), card.waits,
                 {.color = theme.text_dim, .align = touch::Align::right});
    const std::string word = card.alarm ? std::string(tr("Radiation alarm")) : card.colour;
    touch::status(ui, "", last, card.alarm ? touch::Tone::alarm : card.tone, word);
  }
}

void QueueScreen::figures(Desk& desk, const Rect& area) {
  Ui& ui = desk.ui;
  const auto figures = desk.options.figures ? desk.options.figures() : nullptr;
  const auto lines = figure_lines(figures.get());
  Rect r = touch::card(ui, area, tr("Today"));
  if (lines.empty()) {
    touch::label(ui, "queue.figures.none", r.cut_top(ui.u(48)), tr("No figures yet"), {.color = ui.theme().text_dim});
  } else {
    const int columns = 4;
    const auto rows = r.cut_top(ui.u(120) * static_cast<float>((lines.size() + 3) / 4));
    const auto bands = rows.rows(static_cast<int>((lines.size() + 3) / 4), ui.u(16));
    for (std::size_t i = 0; i < lines.size(); ++i)
      touch::label_value(ui, "queue.figure." + std::to_string(i),
                         bands[i / columns].columns(columns, ui.u(24))[i % columns], lines[i].name, lines[i].value,
                         touch::Tone::neutral, Face::title);
    if (!figures->stages.empty()) {
      r.cut_top(ui.u(24));
      touch::heading(ui, r.cut_top(ui.u(44), ui.gap()), tr("Time per stage"), tr("median · nine of ten within"));
      for (const auto& stage : figures->stages) {
        if (r.h < ui.u(48)) break;
        Rect line = r.cut_top(ui.u(48));
        touch::label(ui, "", line.cut_right(ui.u(160)), duration(static_cast<std::int64_t>(stage.p90_s * 1e6)),
                     {.color = ui.theme().text_dim, .align = touch::Align::right});
        touch::label(ui, "", line.cut_right(ui.u(160)), duration(static_cast<std::int64_t>(stage.median_s * 1e6)),
                     {.face = Face::strong, .align = touch::Align::right});
        touch::label(ui, "", line, activity_word(stage.activity));
      }
    }
  }
}

void QueueScreen::look(Desk& desk, Rect r, const inspection::Crossing& c) {
  Ui& ui = desk.ui;
  const auto shown = second_look(*desk.view, c, own_);
  answers(desk, r.cut_bottom(shown.revealed ? ui.u(184) : ui.u(112)), c);
  const Rect strip = r.cut_bottom(ui.u(112));
  touch::bar(ui, strip);
  if (const auto* image = desk.image(c.id))
    pane_.show_image(image->scan, image->image, image->materials);
  else
    pane_.show_nothing();
  pane_.draw(ui, "queue.picture", r, true,
             c.usable_scan() ? tr("The picture is being fetched") : tr("No picture was taken"));
  if (shown.revealed)
    if (const auto* scan = c.latest_scan()) draw_named_marks(desk, pane_, r, c, scan->scan, "queue.marked", false);
  if (pane_.has_picture()) {
    Rect over = r.inset(ui.u(12));
    Rect top = over.cut_top(ui.u(104), ui.u(12));
    pane_.draw_map(ui, "queue.map", top.cut_left(ui.u(360), ui.u(12)));
    const auto zooms = top.cut_left(ui.u(240)).cut_top(ui.u(72)).columns(3, ui.gap());
    if (touch::button(ui, "queue.zoom.out", zooms[0], "", {.icon = Icon::minus})) pane_.zoom(1 / 1.5);
    if (touch::button(ui, "queue.zoom.in", zooms[1], "", {.icon = Icon::plus})) pane_.zoom(1.5);
    if (touch::button(ui, "queue.zoom.fit", zooms[2], "", {.icon = Icon::fit})) pane_.fit();
    strip_.draw_presets(desk, pane_, over.cut_bottom(ui.u(64)), "queue.tone");
  }
  if (const int key = ui.digit_key(); key != 0 && pane_.has_picture()) strip_.choose(pane_, key);
  strip_.draw(desk, pane_, strip.inset(ui.u(12), ui.u(8)), "queue.tone");
}

void QueueScreen::answers(Desk& desk, Rect r, const inspection::Crossing& c) {
  Ui& ui = desk.ui;
  touch::bar(ui, r);
  r = r.inset(ui.u(12), ui.u(8));
  const auto shown = second_look(*desk.view, c, own_);
  const bool busy = desk.waiting(c.id);
  if (!shown.revealed) {
    const auto two = r.cut_right(ui.u(560), ui.u(16)).columns(2, ui.gap());
    touch::label(ui, "queue.ask", r,
                 shown.may_look ? tr("Your own verdict first. The first inspector's comes after it.") : shown.why_not,
                 {.face = Face::strong, .max_lines = 2});
    if (touch::button(ui, "queue.verdict.suspect", two[0], trc("verdict", "Suspect"),
                      {.icon = Icon::flag, .enabled = shown.may_look}))
      own_ = Verdict::suspect;
    if (touch::button(ui, "queue.verdict.clear", two[1], trc("verdict", "Clear"),
                      {.icon = Icon::check, .enabled = shown.may_look}))
      own_ = Verdict::clear;
    return;
  }
  Rect words = r.cut_top(ui.u(64), ui.gap());
  if (disagree_) {
    if (const auto i = touch::segmented(ui, "queue.reason", words, disagreement_reasons(), reason_)) reason_ = *i;
  } else {
    touch::label(ui, "queue.own", words.cut_left(words.w / 2), trf(tr("Your verdict: {}"), verdict_word(*own_)),
                 {.face = Face::strong});
    touch::label(
        ui, "queue.first", words,
        trf(tr("First inspector: {} ({})"), shown.first_verdict, shown.first_by.empty() ? "–" : shown.first_by),
        {.face = Face::strong});
  }
  const auto places = r.columns(3, ui.gap());
  auto answer = [&](ReviewOutcome outcome, const std::string& reason) {
    if (desk.act(&c, inspection::Review{*own_, outcome, reason})) disagree_ = false;
  };
  if (disagree_) {
    if (touch::button(ui, "queue.back", places[0], tr("Back"), {.icon = Icon::back})) disagree_ = false;
    const Rect wide{places[1].x, places[1].y, places[2].right() - places[1].x, places[1].h};
    const std::string reason = reason_ < 0 ? tr("Pick a reason") : "";
    if (touch::hold_button(ui, "queue.disagree", wide, tr("Disagree"),
                           {.look = Look::strong, .enabled = reason.empty() && !busy, .reason = reason}))
      answer(ReviewOutcome::disagree, disagreement_reason(static_cast<std::size_t>(reason_)));
    return;
  }
  if (touch::hold_button(ui, "queue.examine", places[0], tr("Physical examination"),
                         {.icon = Icon::search, .enabled = !busy}))
    answer(ReviewOutcome::physical_examination, "Physical examination");
  if (touch::button(ui, "queue.disagree.open", places[1], tr("Disagree …"), {.icon = Icon::cross, .enabled = !busy}))
    disagree_ = true;
  if (touch::hold_button(ui, "queue.agree", places[2], tr("Agree"),
                         {.icon = Icon::check,
                          .look = Look::strong,
                          .enabled = shown.agree_offered && !busy,
                          .reason = shown.agree_why_not}))
    answer(ReviewOutcome::agree, {});
}

}  // namespace torugart::screens
