// Every widget of the kit on a few pages, with words of a lane: to look at, to audit, to measure.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "kiosk/touch/ui.h"

namespace torugart::tests {

class Gallery {
 public:
  enum class Page { lane, controls, meanings, review, list, sheet, keyboard };
  static constexpr int page_count = 7;
  static const char* name_of(Page page);

  void draw(touch::Ui& ui);

  Page page = Page::lane;
  touch::TextureId picture = 0;  ///< an x-ray-like texture of 1200 × 400, made by the caller

  // state of the controls, and what the fingers did
  int rail = 0, segment = 1, tab = 0, taps = 0, holds = 0, steps_done = 0, tapped_row = -1;
  bool toggle_on = true, other_on = false, sheet_cancelled = false, pin_confirmed = false;
  float slide = 0.4F, low = 0.22F, high = 0.78F, zoom = 1, pan_x = 0, pan_y = 0;
  std::string pin, number, name, code = "KZ";

 private:
  void frame(touch::Ui& ui, touch::Rect& content);
  void lane(touch::Ui& ui, touch::Rect r);
  void controls(touch::Ui& ui, touch::Rect r);
  void meanings(touch::Ui& ui, touch::Rect r);
  void review(touch::Ui& ui, touch::Rect r);
  void list(touch::Ui& ui, touch::Rect r);
  void sheet(touch::Ui& ui);
  void keyboard(touch::Ui& ui, touch::Rect r);
};

/// RGBA, 1200 × 400: a made-up cargo, for the picture widget.
std::vector<unsigned char> gallery_picture();

}  // namespace torugart::tests
