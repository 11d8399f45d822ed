// What the screens want from the disk now and then: today's figures, exported records. A thread of its own, so that
// neither the screen nor the lane waits.
//
// Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "kiosk/app/assembly.h"
#include "kiosk/reports/reports.h"
#include "kiosk/screens/screens.h"

namespace torugart::app {

class Background {
 public:
  // `assembly` must outlive it.
  explicit Background(Assembly& assembly);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // As last computed (every 20 s while somebody asks); null before the first time.
  std::shared_ptr<const reports::ShiftFigures> figures() const;

  // Writes <storage>/export/<crossing>.json. `done` comes on the thread of this object.
  void export_record(const std::string& crossing, std::function<void(screens::ExportResult)> done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The record as one file, written under another name, synced and renamed. Reentrant.
screens::ExportResult export_crossing(Assembly& assembly, const std::string& crossing, const std::string& folder);

}  // namespace torugart::app
