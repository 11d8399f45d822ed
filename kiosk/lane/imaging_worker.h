// The growing picture, on a thread of its own: lines in, snapshots out, and at the end the files.
//
//   begin(scan) -> add(line)* -> finish(scan, …) -> on_picture (can be looked at) -> on_stored (files are in the
//   archive)
//              \-> drop(scan)   the scanner refused
//
// Thread-safe; nothing waits. The callbacks are called on the imaging thread, in order. A scan of which no object
// line came gives on_stored with no columns.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hal/api/clock.h"
#include "hal/api/xray_scanner.h"
#include "imaging/core/scan_image.h"
#include "imaging/files/dicos.h"
#include "imaging/scan/scan_builder.h"
#include "kiosk/inspection/event.h"
#include "kiosk/lane/ledger.h"
#include "kiosk/lane/worker.h"

namespace torugart::lane {

struct GrowingScan {
  std::string scan;
  std::shared_ptr<const imaging::ScanView> view;
  int lines = 0, missing = 0;
  double speed_mm_s = 0;
};

struct StoredScan {
  std::string scan;
  imaging::ScanImagePtr picture;               // null when no object line came
  imaging::ScanStatistics statistics;          // of what came, also without a picture
  std::vector<inspection::FileRef> files;      // in the archive; empty when storing failed
  std::vector<imaging::StoredObject> objects;  // DICOS objects of the corrected picture, for a later TDR
  std::string problem;                         // in words: why there is no picture, or no files
};

class ImagingWorker {
 public:
  struct Callbacks {
    std::function<void(GrowingScan)> on_growing;  // at most about 12 a second
    std::function<void(std::string scan, imaging::ScanImagePtr)> on_picture;
    std::function<void(StoredScan)> on_stored;
  };
  ImagingWorker(Store& store, const hal::Clock& clock, std::string work_folder, bool own_thread, Callbacks callbacks);
  ~ImagingWorker();

  void begin(const std::string& scan, const hal::ScannerGeometry& geometry);
  void add(const hal::ScanLine& line);
  void finish(const std::string& scan, imaging::ScanMetadata metadata);
  void drop(const std::string& scan);

  bool run_one() { return worker_.run_one(); }
  void stop() { worker_.stop(); }

 private:
  void drain();
  void do_finish(const std::string& scan, const imaging::ScanMetadata& metadata);
  bool store(const imaging::ScanImage& image, const imaging::ScanMetadata& metadata, bool raw, StoredScan& out);

  Store& store_;
  const hal::Clock& clock_;
  const std::string folder_;
  const Callbacks callbacks_;

  std::mutex mutex_;
  std::vector<hal::ScanLine> lines_;  // not yet taken
  std::string offered_;               // the scan that they belong to

  // of the imaging thread
  std::string scan_;
  std::unique_ptr<imaging::ScanBuilder> builder_;
  std::optional<imaging::Calibration> calibration_;  // of the scan before
  std::int64_t last_snapshot_mono_us_ = 0;
  double speed_mm_s_ = 0;

  Worker worker_;  // last: its thread uses the others
};

}  // namespace torugart::lane
