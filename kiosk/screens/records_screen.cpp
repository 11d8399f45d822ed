#include "kiosk/screens/records_screen.h"

#include "kiosk/screens/records_presenter.h"
#include "kiosk/screens/review_screen.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/text_field.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using touch::Face;
using touch::Icon;
using touch::Rect;
using touch::tr;
using touch::trf;
using touch::Ui;

void RecordsScreen::leave(Desk& desk) {
  if (!desk.view->record.crossing.empty()) desk.lane.close_record();
  asked_ = false;
}

void RecordsScreen::draw(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  if (!asked_) {  // the newest first, before anybody types
    asked_ = true;
    desk.lane.search(query_);
  }
  r = r.inset(ui.u(16));
  results(desk, r.cut_left(ui.u(560), ui.u(16)));
  record(desk, r);
}

void RecordsScreen::results(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  Rect line = r.cut_top(ui.u(104), ui.u(12));
  const Rect find = line.cut_right(ui.u(140), ui.gap());
  const auto field = touch::text_field(ui, "records.search", line, query_,
                                       {.kind = touch::FieldKind::code,
                                        .name = tr("Plate, container or document"),
                                        .hint = tr("Any number"),
                                        .icon = Icon::search});
  const Rect button{find.x, find.bottom() - ui.u(72), find.w, ui.u(72)};
  if (touch::button(ui, "records.find", button, tr("Find"), {.icon = Icon::search}) || field.done)
    desk.lane.search(query_);
  touch::label(ui, "records.watched", r.cut_bottom(ui.u(56)), tr("Looking at a record is recorded."),
               {.face = Face::small, .color = ui.theme().text_dim, .max_lines = 2});
  const auto rows = record_rows(*desk.view);
  if (desk.view->search.running) touch::progress(ui, "records.searching", r.cut_top(ui.u(24), ui.gap()), -1.0F);
  if (rows.empty() && !desk.view->search.running)
    touch::label(ui, "records.none", r.cut_top(ui.u(48)), tr("Nothing was found"), {.color = ui.theme().text_dim});
  const float each = ui.u(84);
  touch::ScrollArea area(ui, "records.list", r, static_cast<float>(rows.size()) * (each + ui.gap()));
  Rect list = area.content();
  for (const auto& row : rows) {
    const Rect place = list.cut_top(each, ui.gap());
    if (area.visible(place) &&
        touch::row(
            ui, "records.row." + row.crossing, place, row.title,
            {.detail = row.detail, .right = row.when, .tone = row.tone, .selected = row.selected, .chevron = true})) {
      desk.lane.open_record(row.crossing);
      desk.lane.verify_journal();  // what stands below the record as proven is proven now
      desk.lane.want_images(row.crossing);
    }
  }
}

void RecordsScreen::record(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const auto& record = desk.view->record;
  if (record.crossing.empty()) {
    touch::label(ui, "records.pick", r, tr("Pick a crossing"),
                 {.face = Face::title, .color = ui.theme().text_dim, .align = touch::Align::center});
    return;
  }
  if (record.loading || !record.fold) {
    touch::label(ui, "records.loading", r,
                 record.problem.empty() ? tr("The record is being read") : tr(record.problem),
                 {.face = Face::title, .color = ui.theme().text_dim, .align = touch::Align::center});
    return;
  }
  Rect top = r.cut_top(ui.u(72), ui.u(12));
  export_button(desk, top.cut_right(ui.u(330), ui.u(16)));
  touch::label(ui, "records.title", top, record.fold->title(), {.face = Face::strong, .max_lines = 2});
  const auto* image = desk.image(record.crossing);
  if (image) {
    const Rect place = r.cut_top(std::min(ui.u(330), r.h * 0.4F), ui.u(12));
    pane_.show_image(image->scan, image->image, image->materials);
    pane_.options = imaging::preset(1).options;
    pane_.draw(ui, "records.picture", place, true, "");
    draw_named_marks(desk, pane_, place, *record.fold, image->scan, "records.marked", false);
  }
  const auto proof = proof_of(*desk.view);
  Rect proofs = r.cut_bottom(ui.u(48), ui.u(8));
  touch::status(ui, "records.proof", proofs.cut_left(proofs.w / 2, ui.u(16)), proof.verified_tone, proof.verified);
  touch::status(ui, "records.leaving", proofs, proof.leaving_tone, proof.leaving);
  events(desk, r);
}

void RecordsScreen::events(Desk& desk, const Rect& r) {
  Ui& ui = desk.ui;
  const auto& record = desk.view->record;
  const auto rows = time_line(record, desk.view->devices);
  const float each = ui.u(56);
  const Rect inside = touch::card(ui, r, tr("What happened"));
  touch::ScrollArea area(ui, "records.events", inside, static_cast<float>(rows.size()) * each);
  Rect list = area.content();
  for (const auto& row : rows) {
    Rect line = list.cut_top(each);
    if (!area.visible(line)) continue;
    ui.note("records.event." + row.id, line, touch::Role::row, row.words, row.detail);
    touch::label(ui, "", line.cut_left(ui.u(110), ui.u(12)), row.when, {.color = ui.theme().text_dim});
    touch::label(ui, "", line.cut_right(std::min(ui.u(200), line.w * 0.25F), ui.u(12)), row.who,
                 {.color = ui.theme().text_dim, .align = touch::Align::right, .max_lines = 2});
    const Rect beside = line.cut_right(ui.u(150), ui.u(12)).inset(0, ui.u(3));  // kept free in every row: one column
    for (const auto& [hash, picture] : record.pictures) {
      if (row.picture.empty() || hash != row.picture) continue;
      const auto texture = desk.pictures.of("record." + hash, picture);
      if (texture.id == 0) continue;
      const Rect place = beside.fitted(texture.width / texture.height);
      ui.paint().picture(place, texture.id);
    }
    Rect words = line.cut_left(line.w * 0.5F, ui.u(12));
    if (row.tone == touch::Tone::neutral)
      touch::label(ui, "", words, row.words, {.max_lines = 2});
    else
      touch::status(ui, "", words, row.tone, row.words);
    touch::label(ui, "", line, row.detail, {.color = ui.theme().text_dim, .max_lines = 2});
  }
}

void RecordsScreen::export_button(Desk& desk, const Rect& r) {
  Ui& ui = desk.ui;
  bool running = false;
  {
    const std::lock_guard lock(export_->mutex);
    if (export_->result) {
      ui.toast(export_->result->words, export_->result->ok ? touch::Tone::green : touch::Tone::red);
      export_->result.reset();
    }
    running = export_->running;
  }
  const bool can = static_cast<bool>(desk.options.export_record);
  const std::string reason = !can ? tr("No folder is set") : running ? tr("Being written") : "";
  if (!touch::button(ui, "records.export", r, tr("Export for audit"),
                     {.icon = Icon::export_file, .enabled = reason.empty(), .reason = reason}))
    return;
  {
    const std::lock_guard lock(export_->mutex);
    export_->running = true;
  }
  desk.options.export_record(desk.view->record.crossing, [shared = export_](ExportResult result) {
    const std::lock_guard lock(shared->mutex);
    shared->running = false;
    shared->result = std::move(result);
  });
}

}  // namespace torugart::screens
