// An area whose content is taller than itself: the finger drags it. No inertia (a list that runs on after the finger
// has left is a list that is tapped wrongly), a threshold before a press turns into a drag, and a bar that shows
// where one is.
#pragma once
#include <string_view>

#include "kiosk/touch/ui.h"

namespace torugart::touch {

/// Between construction and destruction everything is clipped to the area.
///   ScrollArea area(ui, "records.list", rect, rows * row_height);
///   Rect line = area.content();  line.cut_top(…)
class ScrollArea {
 public:
  /// `content_height`: pixels that everything inside needs. `follow_end`: keeps showing the end while the list grows,
  /// unless a finger has scrolled away from it.
  ScrollArea(Ui& ui, std::string_view id, const Rect& r, float content_height, bool follow_end = false);
  ~ScrollArea();
  ScrollArea(const ScrollArea&) = delete;
  ScrollArea& operator=(const ScrollArea&) = delete;

  /// Where the content stands now: as wide as the area (less the bar), content_height high, moved by the offset.
  Rect content() const { return content_; }
  bool visible(const Rect& r) const { return !r.intersect(area_).empty(); }

 private:
  Ui& ui_;
  Rect area_, content_;
};

/// Moves an area so that its content's pixel `y` is visible at the top (used by "jump to item").
void scroll_to(Ui& ui, std::string_view id, float y);
float scroll_offset(Ui& ui, std::string_view id);

}  // namespace torugart::touch
