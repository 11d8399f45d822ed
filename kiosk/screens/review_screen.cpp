#include "kiosk/screens/review_screen.h"

#include <algorithm>
#include <array>

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/widgets.h"

namespace torugart::screens {

using touch::Face;
using touch::Icon;
using touch::Look;
using touch::Rect;
using touch::tr;
using touch::trc;
using touch::Ui;

const char* ReviewScreen::name(const lane::LaneView& view) const {
  const auto mode = picture_mode(view);
  return mode == PictureMode::picture || mode == PictureMode::loading ? "review" : "scan";
}

void ReviewScreen::follow(Desk& desk) {
  const auto& focus = desk.view->focus;
  const std::string id = focus ? focus->id : std::string();
  if (id != crossing_) {  // another truck: the last one's boxes, tools and answers must not stay
    crossing_ = id;
    tool_ = Tool::move;
    suspect_ = drawer_ = layers_ = again_ = dragging_ = false;
    compare_.close();
    lens_.put_away();
    pending_.reset();
    note_.clear();
    certainty_ = inspection::Certainty::medium;
    measured_.reset();
    panel_.close();
    pane_.options = imaging::preset(1).options;
  }
  mode_ = picture_mode(*desk.view);
  if (mode_ == PictureMode::scanning) again_ = false;
  if (again_) mode_ = PictureMode::ask;
  if (mode_ == PictureMode::loading && desk.images_asked != id) {
    desk.images_asked = id;
    desk.lane.want_images(id);
  }
}

void ReviewScreen::feed(Desk& desk) {
  const auto& view = *desk.view;
  if (mode_ == PictureMode::scanning && view.scan.growing) {
    pane_.show_growing(view.scan.scan, view.scan.growing);
  } else if (mode_ == PictureMode::picture) {
    const auto* scan = view.focus->latest_scan();
    for (const auto& image : view.images)
      if (image.crossing == view.focus->id && image.scan == scan->scan && image.image)
        pane_.show_image(image.scan, image.image, image.materials);
  } else if (mode_ != PictureMode::loading) {
    pane_.show_nothing();
  }
}

void ReviewScreen::draw(Desk& desk, Rect r, LaneScreen& lane) {
  Ui& ui = desk.ui;
  follow(desk);
  feed(desk);
  if (const int key = ui.digit_key(); key != 0 && mode_ == PictureMode::picture) strip_.choose(pane_, key);
  const Rect below = r.cut_bottom(ui.u(112));
  const Rect right = r.cut_right(ui.u(96));
  if (mode_ == PictureMode::ask || mode_ == PictureMode::nothing)
    scan_place(desk, r, lane);
  else
    picture(desk, r);
  tools(desk, right);
  bottom(desk, below, lane);
}

void ReviewScreen::picture(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  const bool scanning = mode_ == PictureMode::scanning;
  const Rect whole = r;
  // Two pictures have no room to spare below them: what is chosen stands under both, not on one.
  if (compare_.on() && mode_ == PictureMode::picture && !panel_.is_open())
    r.cut_bottom(ui.u(64 + 24 + Comparison::kControls));
  const auto instead = mode_ == PictureMode::picture ? compare_.draw(desk, pane_, r, crossing_) : 0;
  const bool pan = tool_ == Tool::move && !suspect_ && !compare_.shifting();
  const auto touch =
      pane_.draw(ui, "review.picture", r, pan,
                 scanning ? tr("Waiting for the first line") : tr("The picture is being fetched"), instead);
  compare_.follow(pane_, touch);
  touch_tool(desk, touch);
  draw_marks(desk);
  measure_line(desk);
  overlays(desk, whole);
}

void ReviewScreen::tools(Desk& desk, Rect r) {
  Ui& ui = desk.ui;
  touch::bar(ui, r);
  r = r.inset(ui.u(4), ui.gap());
  const bool picture = mode_ == PictureMode::picture;
  const auto* image = pane_.image();
  const float each = std::min(ui.u(100), (r.h - 8 * ui.gap()) / 9);
  auto tool = [&](const char* id, Icon icon, const char* words, bool on, bool enabled) {
    return touch::tool_button(ui, id, r.cut_top(each, ui.gap()), icon, words, on, enabled);
  };
  auto pick = [&](Tool t) {
    tool_ = t;
    lens_.put_away();
    measured_.reset();
    pending_.reset();
  };
  if (tool("review.tool.move", Icon::move, tr("Move"), tool_ == Tool::move && !suspect_, pane_.has_picture())) {
    pick(Tool::move);
    suspect_ = false;
  }
  if (tool("review.tool.magnify", Icon::zoom, tr("Lens"), tool_ == Tool::magnify, pane_.has_picture()))
    pick(Tool::magnify);
  // Millimetres only where the geometry is calibrated: else there is no such tool to be misled by.
  const bool true_size = image && image->statistics.geometry_calibrated && image->statistics.pixel_mm > 0;
  if (tool("review.tool.measure", Icon::measure, tr("Measure"), tool_ == Tool::measure, picture && true_size))
    pick(Tool::measure);
  const auto* focus = desk.view->focus ? &*desk.view->focus : nullptr;
  const bool may_mark = picture && focus && !focus->decision && !focus->review;
  if (tool("review.tool.mark", Icon::mark, tr("Mark"), tool_ == Tool::mark, may_mark)) pick(Tool::mark);
  const bool colours = pane_.has_materials();
  const bool material = imaging::shows_material(pane_.options.palette);
  if (tool("review.tool.material", Icon::material, trc("tool", "Material"), material, colours))
    pane_.options.palette = material ? imaging::Palette::grey : imaging::Palette::material_safe;
  const bool layers = layers_ || pane_.options.strip != imaging::Strip::none || pane_.options.band.has_value();
  if (tool("review.tool.layers", Icon::tone, trc("tool", "Layers"), layers, picture)) layers_ = !layers_;
  if (tool("review.tool.compare", Icon::compare, trc("tool", "Compare"), compare_.on(), picture)) {
    if (compare_.on())
      compare_.close();
    else if (compare_sources(*desk.view, crossing_).empty())
      ui.toast(tr("No earlier scan of this number, and the library is empty"));
    else
      compare_.open();
  }
  const auto* mark = focus && desk.actor() ? last_own_mark(*focus, *desk.actor()) : nullptr;
  const bool undo = pending_.has_value() || measured_.has_value() || (mark && may_mark);
  if (tool("review.undo", Icon::back, tr("Undo"), false, undo)) {
    if (pending_)
      pending_.reset();
    else if (measured_)
      measured_.reset();
    else if (mark)
      desk.act(focus, inspection::UnmarkRegion{mark->id});
  }
  if (tool("review.drawer", Icon::list, tr("Load"), drawer_, picture)) drawer_ = !drawer_;
}

void ReviewScreen::bottom(Desk& desk, Rect r, LaneScreen& lane) {
  Ui& ui = desk.ui;
  touch::bar(ui, r);
  r = r.inset(ui.u(12), ui.u(8));
  const auto bar = decision_bar(*desk.view);
  const bool decide = mode_ == PictureMode::picture && bar.open;
  const Rect right = r.cut_right(decide ? ui.u(726) : ui.u(460), ui.u(16));
  if (decide) {
    decisions(desk, right, bar);
  } else {
    const bool waiting = desk.waiting(crossing_);
    draw_next(desk, right, "review.next",
              next_move(*desk.view, ScreenName::review, lane.slots(), desk.statement, waiting), lane);
  }
  if (!decide && !bar.decided.empty())
    touch::label(ui, "review.decided", r.cut_right(ui.u(320), ui.u(16)), bar.decided,
                 {.face = Face::strong, .align = touch::Align::right, .max_lines = 2});
  if (mode_ == PictureMode::scanning)
    scan_strip(desk, r);  // nothing may lie on a growing picture; its tone is for the review
  else if (pane_.has_picture())
    strip_.draw(desk, pane_, r, "review.tone");
}

void ReviewScreen::decisions(Desk& desk, const Rect& r, const DecisionBar& bar) {
  Ui& ui = desk.ui;
  const auto* focus = &*desk.view->focus;
  Rect rest = r;
  const Rect right = rest.cut_right(ui.u(290), ui.gap());  // held: its words and "press and hold" need the room
  const std::array<Rect, 3> places = {rest.cut_left((rest.w - ui.gap()) / 2, ui.gap()), rest, right};
  const bool busy = desk.waiting(focus->id);
  if (suspect_) {
    if (touch::button(ui, "review.suspect.back", places[0], tr("Back"), {.icon = Icon::back})) {
      suspect_ = false;
      tool_ = Tool::move;
      pending_.reset();
    }
    const Rect wide{places[1].x, places[1].y, places[2].right() - places[1].x, places[1].h};
    const bool marked = desk.actor() && last_own_mark(*focus, *desk.actor()) != nullptr;
    const std::string reason = marked     ? bar.suspect.reason
                               : pending_ ? std::string(tr("Say what it is"))
                                          : std::string(tr("Mark the place first"));
    if (touch::hold_button(ui, "review.decide.suspect", wide, trc("verdict", "Suspect"),
                           {.look = Look::danger, .enabled = reason.empty() && !busy, .reason = reason})) {
      if (desk.act(focus, inspection::Decide{inspection::Verdict::suspect, {}})) {
        suspect_ = false;
        tool_ = Tool::move;
      }
    }
    return;
  }
  if (touch::hold_button(ui, "review.decide.clear", places[2], trc("verdict", "Clear"),
                         {.icon = Icon::check,
                          .look = Look::strong,
                          .enabled = bar.clear.enabled && !busy,
                          .reason = bar.clear.reason}))
    desk.act(focus, inspection::Decide{inspection::Verdict::clear, {}});
  if (touch::button(ui, "review.decide.suspect.open", places[1], tr("Suspect …"),
                    {.icon = Icon::flag, .enabled = bar.suspect.enabled && !busy, .reason = bar.suspect.reason})) {
    suspect_ = true;
    tool_ = Tool::mark;
    panel_.close();
  }
  if (touch::button(
          ui, "review.decide.second_look", places[0], tr("Second look"),
          {.icon = Icon::users, .enabled = bar.second_look.enabled && !busy, .reason = bar.second_look.reason}))
    panel_.open({.kind = ActKind::ask_second_look});
}

}  // namespace torugart::screens
