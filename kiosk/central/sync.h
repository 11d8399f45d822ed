// The uploader alone: `torugart sync`, for a lane whose kiosk is switched off or that brings its journal on a disk.
#pragma once

#include <iosfwd>
#include <stop_token>
#include <string>

#include "kiosk/archive/archive.h"
#include "kiosk/central/config.h"

namespace torugart::central {

struct SyncConfig {
  Config centre;
  std::string journal_path;  // as the kiosk's
  std::string archive_path;
  archive::Options archive = {};
};

// Uploads everything that waits and journals the receipts (as actor "lane", device "sync"). `once`: return when
// nothing is left or at the first failure that patience does not mend; else go on until `stop`.
//
// A journal has one writer. Receipts are events, so sync opens the journal for writing and takes its lock; when the
// kiosk is running (it uploads by itself) sync says so and does nothing.
//
// Prints what a person at a terminal wants to see. Returns the process's exit code: 0 everything is with the centre,
// 1 something still waits, 2 settings or journal cannot be used, 3 the kiosk holds the journal.
int run_sync(const SyncConfig& config, bool once, std::ostream& out, std::stop_token stop = {});

}  // namespace torugart::central
