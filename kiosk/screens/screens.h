// What people see: every screen of the lane behind one class, one call per frame.
//
//   Screens screens(lane, accounts, textures, options);
//   window->step([&](const platform::Frame& f) { const auto out = screens.draw(input_of(f)); return wish_of(out); });
//
// It reads the lane's snapshot, draws it with kiosk/touch and calls back into `Lane`; it knows no device, no disk, no
// line, and waits for nothing. State that lives here is only that of the screen (what is open, picked, typed); it may
// be lost at any moment without loss of what happened at the lane.
//
// Widget ids are listed in README.md; tests and the demo tap by them.
//
// Thread-bound: UI thread, with a current Dear ImGui context (platform::Window). `lane` and `textures` must outlive
// it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "imaging/display/options.h"
#include "kiosk/lane/lane_engine.h"
#include "kiosk/reports/reports.h"
#include "kiosk/screens/textures.h"
#include "kiosk/touch/ui.h"

namespace torugart::screens {

struct ExportResult {
  bool ok = false;
  std::string words = {};  // where it lies now, or why not, in words
};

struct Options {
  std::string language = "en";  // of the lane: at sign-in, and for accounts that have none
  bool dark = true;
  // Today's figures, as last computed on another thread; empty function or null: the screen says that there are none.
  std::function<std::shared_ptr<const reports::ShiftFigures>()> figures;
  // Bands of densities that were kept on this lane, and where new ones go (called on the UI thread, returns at once). Empty:
  // the program's own, and they last as long as it runs.
  std::vector<imaging::DensityBand> bands = {};
  std::function<void(const std::vector<imaging::DensityBand>&)> keep_bands = {};
  // Writes the record of a crossing for an auditor; returns at once and calls `done` later, on any thread. Empty: the
  // button says that no folder for exports is set.
  std::function<void(const std::string& crossing, std::function<void(ExportResult)> done)> export_record;
};

class Screens {
 public:
  Screens(lane::Lane& lane, std::vector<lane::AccountName> accounts, Textures& textures, Options options);
  ~Screens();
  Screens(const Screens&) = delete;
  Screens& operator=(const Screens&) = delete;

  // Draws one frame and acts on what the finger did.
  touch::FrameOutput draw(const touch::FrameInput& input);

  // "signin", "lane", "scan", "review", "queue", "records", "health".
  std::string_view active() const;

  // The touch interface: registry for taps by id, audit of targets and texts.
  touch::Ui& ui();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace torugart::screens
