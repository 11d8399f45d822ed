// Records: one search field, the crossing as a time line, what is proven and what still has to leave.
//
// ids: records.search, records.find, records.row.<crossing>, records.event.<seq>, records.picture, records.export,
//      records.proof, records.leaving, records.watched
#pragma once

#include <memory>
#include <mutex>

#include "kiosk/screens/desk.h"
#include "kiosk/screens/xray_pane.h"

namespace torugart::screens {

class RecordsScreen {
 public:
  explicit RecordsScreen(Textures& textures) : pane_(textures, "xray.record") {}
  void draw(Desk& desk, touch::Rect r);
  // Another screen is shown: the record is put away (the engine frees its pictures).
  void leave(Desk& desk);

 private:
  void results(Desk& desk, touch::Rect r);
  void record(Desk& desk, touch::Rect r);
  void events(Desk& desk, const touch::Rect& r);
  void export_button(Desk& desk, const touch::Rect& r);

  struct Export {  // written by the thread that exports, read by the screen
    std::mutex mutex;
    bool running = false;
    std::optional<ExportResult> result = {};
  };
  std::shared_ptr<Export> export_ = std::make_shared<Export>();
  XrayPane pane_;
  std::string query_;
  bool asked_ = false;
};

}  // namespace torugart::screens
