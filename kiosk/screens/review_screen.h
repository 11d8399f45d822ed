// Scan and review: one screen. Before the scan the picture's place holds the contacts and the statement that the area
// is clear; then the picture grows there; when the scan ends it is the review, without a jump.
//
// ids: review.picture, review.map, review.zoom.in, review.zoom.out, review.zoom.fit, review.tool.<tool>, review.undo,
//      review.drawer, review.item.<item>, review.tone.… (tone_strip.h), review.layers.… (layers_panel.h), review.lens.… (lens.h),
//      review.compare.… (comparison.h), review.mark.shape.<0 box, 1 outline, 2 point>, review.mark.certainty.<0…2>,
//      review.mark.note, review.mark.kind.<kind>,
//      review.decide.clear, review.decide.suspect, review.suspect.back, review.decide.second_look, review.next,
//      review.again, scan.how.<n>, scan.driver.<n>, scan.contact.<n>, scan.area, scan.ask, act.…
#pragma once

#include "kiosk/screens/act_panel.h"
#include "kiosk/screens/comparison.h"
#include "kiosk/screens/desk.h"
#include "kiosk/screens/lane_screen.h"
#include "kiosk/screens/layers_panel.h"
#include "kiosk/screens/lens.h"
#include "kiosk/screens/review_presenter.h"
#include "kiosk/screens/scan_presenter.h"
#include "kiosk/screens/tone_strip.h"
#include "kiosk/screens/xray_pane.h"

namespace torugart::screens {

enum class Tool { move, magnify, measure, mark };
enum class MarkShape { box, outline, point };

// A place that has no kind yet.
struct PendingMark {
  imaging::Rect box;
  std::vector<imaging::ImagePoint> outline = {};  // empty: the box
};

class ReviewScreen {
 public:
  explicit ReviewScreen(Textures& textures) : pane_(textures, "xray.review"), compare_(textures) {}

  void draw(Desk& desk, touch::Rect r, LaneScreen& lane);
  // "scan" until there is a picture to review, then "review".
  const char* name(const lane::LaneView& view) const;

 private:
  void follow(Desk& desk);
  void feed(Desk& desk);
  void picture(Desk& desk, touch::Rect r);
  void scan_place(Desk& desk, const touch::Rect& r, LaneScreen& lane);
  void scan_strip(Desk& desk, touch::Rect r);
  void tools(Desk& desk, touch::Rect r);
  void bottom(Desk& desk, touch::Rect r, LaneScreen& lane);
  void decisions(Desk& desk, const touch::Rect& r, const DecisionBar& bar);
  void overlays(Desk& desk, const touch::Rect& r);
  void drawer(Desk& desk, const touch::Rect& r);
  void drawer_part(Desk& desk, touch::Rect& list, const char* title, const std::vector<DrawerItem>& items);
  void legend(Desk& desk, touch::Rect r);
  // review_marks.cpp
  void touch_tool(Desk& desk, const touch::Interaction& touch);
  void draw_marks(Desk& desk);
  void kinds(Desk& desk, touch::Rect r);
  void mark(Desk& desk, inspection::MarkKind kind);
  void finish_stroke();
  void measure_line(Desk& desk);

  std::string crossing_;
  PictureMode mode_ = PictureMode::nothing;
  XrayPane pane_;
  Comparison compare_;
  Lens lens_;
  LayersPanel layers_panel_;
  ToneStrip strip_;
  ActPanel panel_;
  Tool tool_ = Tool::move;
  bool drawer_ = false, layers_ = false, suspect_ = false, again_ = false;
  bool dragging_ = false;
  imaging::ImagePoint from_, to_;                 // of the box or line under the finger
  std::vector<imaging::ImagePoint> stroke_ = {};  // of an outline under the finger
  MarkShape shape_ = MarkShape::box;
  inspection::Certainty certainty_ = inspection::Certainty::medium;
  std::string note_ = {};
  std::optional<PendingMark> pending_;
  std::optional<std::pair<imaging::ImagePoint, imaging::ImagePoint>> measured_;
};

// Marks of a crossing on a pane, each named in place. `base`: "review.marked".
void draw_named_marks(Desk& desk, const XrayPane& pane, const touch::Rect& area, const inspection::Crossing& crossing,
                      const std::string& scan, const std::string& base, bool own_only);

}  // namespace torugart::screens
