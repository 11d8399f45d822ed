#include "kiosk/screens/lane_screen.h"

#include <algorithm>

#include "kiosk/screens/crossing_presenter.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/image.h"
#include "kiosk/touch/numbers.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using touch::Align;
using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::trf;
using touch::Ui;

void draw_next(Desk& desk, const Rect& r, std::string_view id, const NextMove& move, LaneScreen& lane) {
  if (!touch::next_step(
          desk.ui, id, r,
          {.words = move.words, .reason = move.reason, .hold = move.hold, .busy = move.busy, .icon = move.icon}))
    return;
  if (move.go) desk.screen = *move.go;
  if (move.examination_form) {
    desk.screen = ScreenName::lane;
    lane.open_act({.kind = ActKind::examination});
  }
  if (move.command) desk.act(desk.view->focus ? &*desk.view->focus : nullptr, *move.command);
}

void LaneScreen::follow(const Desk& desk) {
  const auto& focus = desk.view->focus;
  const std::string id = focus ? focus->id : std::string();
  if (id != crossing_) {  // another truck: nothing of the last one may stay
    crossing_ = id;
    choices_.clear();
    panel_.close();
    rows_ = 0;
  }
  slots_ = number_slots(*desk.view, choices_);
  rows_ = rows_needed(desk);
}

void LaneScreen::draw(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  r = r.inset(ui.u(16));
  const float gap = ui.u(16);
  const Rect left = r.cut_left(ui.u(420), gap);
  bottom(desk, r.cut_bottom(ui.u(104), gap));
  const auto& focus = desk.view->focus;
  if (!focus) {
    waiting_column(desk, left);
    cameras(desk, r.cut_top(camera_height(desk, r.w), gap));
    idle_lists(desk, r);
    return;
  }
  crossing_column(desk, left);
  cameras(desk, r.cut_top(camera_height(desk, r.w), gap));
  if (panel_.is_open()) {
    panel_.draw(desk, *focus, r);
    return;
  }
  papers(desk, r.cut_bottom(ui.u(128), gap));
  risk(desk, r);
}

void LaneScreen::waiting_column(Desk& desk, const Rect& area) {
  Ui& ui = desk.ui;
  Rect r = touch::card(ui, area, tr("Lane"));
  touch::label(ui, "lane.free", r.cut_top(ui.u(56), ui.u(4)), tr("Free"), {.face = Face::title});
  touch::label(ui, "", r.cut_top(ui.u(36), ui.u(24)), tr("Waiting for a truck"), {.color = ui.theme().text_dim});
  auto barrier = [](hal::BarrierState s) -> std::string {
    switch (s) {
      case hal::BarrierState::down:
        return tr("down");
      case hal::BarrierState::up:
        return tr("up");
      case hal::BarrierState::moving:
        return tr("moving");
      case hal::BarrierState::unknown:
        break;
    }
    return tr("not known");
  };
  touch::label_value(ui, "lane.barrier.entry", r.cut_top(ui.u(72), ui.u(8)), tr("Entry barrier"),
                     barrier(desk.view->entry_barrier));
  touch::label_value(ui, "lane.barrier.exit", r.cut_top(ui.u(72), ui.u(24)), tr("Exit barrier"),
                     barrier(desk.view->exit_barrier));
  if (desk.view->weight)
    touch::label_value(ui, "lane.weight.live", r.cut_top(ui.u(72), ui.u(24)), tr("Weighbridge"),
                       kilograms(desk.view->weight->gross_kg));
  if (desk.view->radiation.fitted)
    touch::label_value(ui, "lane.background", r.cut_top(ui.u(72), ui.u(24)), tr("Gamma background"),
                       trf(tr("{} counts"), desk.view->radiation.background));
}

void LaneScreen::crossing_column(Desk& desk, const Rect& area) {
  Ui& ui = desk.ui;
  const auto& c = *desk.view->focus;
  Rect r = touch::card(ui, area);
  touch::label(ui, "lane.since", r.cut_top(ui.u(30), ui.u(10)), since_arrival(c, *desk.view),
               {.color = ui.theme().text_dim});
  for (const auto& slot : slots_) {
    if (slot.text.empty()) continue;
    const bool plate = slot.key.kind == inspection::NumberKind::plate;
    const Rect place = r.cut_top(ui.u(plate ? 70 : 56), ui.u(10));
    const touch::NumberChip chip{
        .text = slot.text, .country = slot.country, .doubtful = slot.doubtful, .sure = slot.sure || slot.confirmed};
    if (plate)
      touch::plate(ui, "lane.number." + slot.id, place, chip);
    else
      touch::container(ui, "lane.number." + slot.id, place, chip);
  }
  touch::divider(ui, r.cut_top(ui.u(12), ui.u(4)));
  const auto steps = steps_of(c, *desk.view);
  const float each = std::min(ui.u(64), (r.h - ui.u(4)) / static_cast<float>(steps.size()));
  for (const auto& step : steps)
    touch::step_row(ui, "lane.step." + step.id, r.cut_top(each),
                    {.words = step.words, .state = step.state, .detail = step.detail, .time = step.time});
}

namespace {

constexpr int kMostRows = 3;
// Boxes of readings older than this are of a picture that is gone: the vehicle may have moved on.
constexpr std::int64_t kBoxStays_us = 2'000'000;

bool is_at(const NumberSlot& slot, const std::string& position) {
  return inspection::to_string(slot.key.place) == position ||
         (slot.key.place == inspection::Place::unknown && position == "front");
}

bool has_alternatives(const NumberSlot& slot) {
  return slot.must_check && slot.candidates.size() > 1;
}
}  // namespace

float LaneScreen::camera_height(Desk& desk, float width) const {
  const Ui& ui = desk.ui;
  const auto n = static_cast<float>(std::max<std::size_t>(1, desk.view->cameras.size()));
  const float column = (width - (n - 1) * ui.u(16)) / n;
  float aspect = 16.0F / 9.0F;
  for (const auto& camera : desk.view->cameras)
    if (camera.latest.bgr && camera.latest.height > 0) {
      aspect = static_cast<float>(camera.latest.width) / static_cast<float>(camera.latest.height);
      break;
    }
  const float picture = std::clamp(column / aspect, ui.u(190), ui.u(desk.view->focus ? 300 : 420));
  return picture + static_cast<float>(rows_) * (ui.u(72) + ui.gap());
}

void LaneScreen::cameras(Desk& desk, const Rect& r) {
  Ui& ui = desk.ui;
  const auto& list = desk.view->cameras;
  if (list.empty()) {
    touch::image(ui, "lane.camera.none", r, 0, r.w, r.h, {.missing = tr("No camera is set up")});
    return;
  }
  const bool numbers = desk.view->focus.has_value();
  const float below = static_cast<float>(rows_) * (ui.u(72) + ui.gap());
  const auto columns = r.columns(static_cast<int>(list.size()), ui.u(16));
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& camera = list[i];
    Rect column = columns[i];
    const Rect place = column.cut_top(column.h - below, ui.gap());
    const auto texture = desk.pictures.of("camera." + camera.id, camera.latest);
    std::string caption = camera.position == "front"  ? tr("Front")
                          : camera.position == "rear" ? tr("Rear")
                          : camera.position == "side" ? tr("Side")
                                                      : camera.position;
    const auto shown =
        touch::image(ui, "lane.camera." + camera.position, place, texture.id, texture.width, texture.height,
                     {.fit = touch::Fit::contain, .caption = caption, .missing = tr("No picture")});
    for (const auto& found : camera.found) {
      if (texture.id == 0 || texture.width <= 0) break;
      if (camera.latest.taken.mono_us - camera.found_mono_us > kBoxStays_us) break;
      const auto a = shown.to_screen(
          {static_cast<float>(found.x) / texture.width, static_cast<float>(found.y) / texture.height});
      const auto b = shown.to_screen({static_cast<float>(found.x + found.w) / texture.width,
                                      static_cast<float>(found.y + found.h) / texture.height});
      ui.paint().corners({a.x, a.y, b.x - a.x, b.y - a.y},
                         ui.theme().tone(found.sure ? touch::Tone::green : touch::Tone::yellow).ink, ui.u(3),
                         ui.u(14));
    }
    if (numbers) camera_numbers(desk, column, camera.position);
  }
}

// Rows under the pictures: one per number, then one per number that still has alternatives. Grows while numbers turn
// up and never shrinks before they are confirmed, so that nothing moves away from under a finger.
int LaneScreen::rows_needed(const Desk& desk) const {
  if (!desk.view->focus) return 0;
  int most = 1;
  for (const auto& camera : desk.view->cameras) {
    int rows = 0;
    for (const auto& slot : slots_) {
      if (!is_at(slot, camera.position)) continue;
      rows += 1 + (has_alternatives(slot) ? 1 : 0);
    }
    most = std::max(most, rows);
  }
  most = std::min(most, kMostRows);
  return desk.view->focus->identity_confirmed ? most : std::max({most, rows_, 2});
}

void LaneScreen::camera_numbers(Desk& desk, Rect r, const std::string& position) {
  Ui& ui = desk.ui;
  bool any = false;
  for (const auto& slot : slots_) {
    if (!is_at(slot, position) || r.h < ui.u(64)) continue;
    any = true;
    slot_row(desk, r.cut_top(ui.u(72), ui.gap()), slot);
  }
  for (const auto& slot : slots_) {
    if (!is_at(slot, position) || !has_alternatives(slot) || choices_[slot.key].typing || r.h < ui.u(64)) continue;
    candidate_row(desk, r.cut_top(ui.u(72), ui.gap()), slot);
  }
  if (!any) touch::label(ui, "", r.cut_top(ui.u(72)), tr("No number here"), {.color = ui.theme().text_dim});
}

void LaneScreen::slot_row(Desk& desk, Rect r, const NumberSlot& slot) {
  Ui& ui = desk.ui;
  auto& choice = choices_[slot.key];
  if (choice.typing) {
    const Rect cancel = r.cut_right(ui.u(72), ui.gap());
    const auto field = touch::text_field(ui, "lane.field." + slot.id, r, choice.text,
                                         {.hint = slot.name, .max_characters = 16, .icon = Icon::keyboard});
    if (field.done) {
      choice.text = normalised(choice.text);
      choice.typing = false;
      choice.touched = choice.typed = !choice.text.empty();
      choice.absent = false;
    }
    if (touch::button(ui, "lane.typed.back." + slot.id, cancel, "", {.icon = Icon::cross})) {
      choice = {};
      ui.close_keyboard();
    }
    return;
  }
  const bool confirmed = desk.view->focus->identity_confirmed;
  const Rect action = r.cut_right(ui.u(72), ui.gap());
  // a reading of something that is no number at all: also when the reader was sure
  if (!confirmed && !slot.text.empty() &&
      touch::button(ui, "lane.none." + slot.id, r.cut_right(ui.u(72), ui.gap()), "", {.icon = Icon::cross})) {
    choice = {};
    choice.touched = choice.absent = true;
  }
  const auto texture = desk.pictures.of("crop." + slot.id, slot.crop);
  if (texture.id != 0) {
    const Rect crop = r.cut_left(std::min(ui.u(130), r.w * 0.36F), ui.gap());
    touch::image(ui, "lane.crop." + slot.id, crop, texture.id, texture.width, texture.height, {});
  }
  if (!slot.candidates.empty() && !choice.typed)
    candidate(desk, r, slot, 0);
  else if (slot.text.empty())
    touch::label(ui, "lane.read." + slot.id, r,
                 slot.absent ? trf(tr("{}: none"), slot.name) : trf(tr("{}: nothing read"), slot.name),
                 {.color = ui.theme().text_dim, .max_lines = 2});
  else if (slot.key.kind == inspection::NumberKind::plate)
    touch::plate(ui, "lane.read." + slot.id, r, {.text = slot.text, .country = slot.country});
  else
    touch::container(ui, "lane.read." + slot.id, r, {.text = slot.text});
  if (confirmed) {
    if (slot.confirmed && touch::button(ui, "lane.edit." + slot.id, action, "", {.icon = Icon::edit}))
      if (const auto* number = desk.view->focus->number(slot.key.kind, slot.key.place))
        panel_.open({.kind = ActKind::edit_number, .before = *number});
    return;
  }
  if (touch::button(ui, "lane.type." + slot.id, action, "", {.icon = Icon::keyboard})) {
    choice.typing = true;
    choice.text = slot.text;
    touch::focus_field(ui, "lane.field." + slot.id);
  }
}

void LaneScreen::candidate_row(Desk& desk, const Rect& r, const NumberSlot& slot) {
  const auto places = r.columns(2, desk.ui.gap());
  for (std::size_t i = 1; i < std::min<std::size_t>(3, slot.candidates.size()); ++i)
    candidate(desk, places[i - 1], slot, i);
}

void LaneScreen::candidate(Desk& desk, const Rect& r, const NumberSlot& slot, std::size_t i) {
  const auto& offered = slot.candidates[i];
  const std::string id = "lane.candidate." + slot.id + "." + std::to_string(i);
  const touch::NumberChip chip{
      .text = offered.text,
      .country = offered.country,
      .doubtful = std::span<const int>(slot.doubtful).first(i == 0 ? slot.doubtful.size() : 0),
      .selected = offered.selected,
      .touchable = true};
  const bool tapped = slot.key.kind == inspection::NumberKind::plate ? touch::plate(desk.ui, id, r, chip)
                                                                     : touch::container(desk.ui, id, r, chip);
  if (tapped) choices_[slot.key] = {.touched = true, .text = offered.text, .country = offered.country};
}

void LaneScreen::bottom(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const auto& focus = desk.view->focus;
  const Rect next = r.cut_right(ui.u(460), ui.u(16));
  const bool waiting = desk.waiting(focus ? focus->id : std::string());
  draw_next(desk, next, "lane.next", next_move(*desk.view, ScreenName::lane, slots_, desk.statement, waiting), *this);
  const auto places = r.columns(4, ui.gap());
  const auto acts = offered_acts(*desk.view);
  for (std::size_t i = 0; i < std::min<std::size_t>(4, acts.size()); ++i) {
    const Rect place = places[3 - i];
    if (touch::button(ui, acts[i].id, place, acts[i].words,
                      {.icon = place.w < ui.u(200) ? Icon::none : acts[i].icon}))
      panel_.open(acts[i].act);
  }
  if (!focus && !desk.view->works_by_hand &&
      touch::button(ui, "lane.open", places[3], tr("Open by hand"), {.icon = Icon::plus}))
    desk.act(nullptr, inspection::OpenCrossing{});
}

}  // namespace torugart::screens
