// The one kind of modal: a sheet in the middle of the screen, where a second person must act. While it is there,
// nothing below it can be touched.
#pragma once
#include <string_view>

#include "kiosk/touch/ui.h"

namespace torugart::touch {

/// Open from construction to destruction; draw its content in between.
///   Sheet sheet(ui, "second", 720, 820, tr("A second person agrees"));
///   if (sheet.cancelled()) open = false;
class Sheet {
 public:
  /// Sizes in design pixels (cut to the screen). The cancel button ("<id>.cancel") stands at the top right.
  Sheet(Ui& ui, std::string_view id, float width, float height, std::string_view title, bool can_cancel = true);
  ~Sheet();
  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;

  Rect content() const { return content_; }
  bool cancelled() const { return cancelled_; }

 private:
  Ui& ui_;
  Rect content_;
  bool cancelled_ = false;
};

}  // namespace torugart::touch
