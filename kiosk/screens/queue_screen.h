// The supervisor's queue and the blind second look.
//
// ids: queue.card.<crossing>, queue.picture, queue.verdict.clear, queue.verdict.suspect, queue.agree, queue.disagree,
//      queue.reason.<n>, queue.examine, queue.first, queue.marked.<n>, queue.tone.… (tone_strip.h), queue.zoom.…
#pragma once

#include "kiosk/screens/desk.h"
#include "kiosk/screens/tone_strip.h"
#include "kiosk/screens/xray_pane.h"

namespace torugart::screens {

class QueueScreen {
 public:
  explicit QueueScreen(Textures& textures) : pane_(textures, "xray.queue") {}
  void draw(Desk& desk, touch::Rect r);

 private:
  void select(Desk& desk, const std::string& crossing);
  void cards(Desk& desk, const touch::Rect& r);
  void figures(Desk& desk, const touch::Rect& r);
  void look(Desk& desk, touch::Rect r, const inspection::Crossing& c);
  void answers(Desk& desk, touch::Rect r, const inspection::Crossing& c);
  touch::TextureId thumbnail(Desk& desk, const inspection::Crossing& c, touch::Rect place);

  XrayPane pane_;
  ToneStrip strip_;
  std::string selected_;
  std::optional<inspection::Verdict> own_;
  int reason_ = -1;
  bool disagree_ = false;
  struct Thumb {
    const void* image = nullptr;
    touch::TextureId texture = 0;
    int w = 0, h = 0;
  };
  std::map<std::string, Thumb> thumbs_;
  imaging::Renderer thumb_renderer_;
};

}  // namespace torugart::screens
