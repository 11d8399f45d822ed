// Builds a lane from its configuration: clock, devices, journal, archive, the centre's client, accounts, engine; and
// takes it down again in the right order. The only code that names concrete drivers.
//
// Thread-bound: made, started and stopped by one thread; engine() itself is thread-safe.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "kiosk/app/config.h"
#include "kiosk/archive/archive.h"

namespace torugart::hal::sim {
class World;
}
namespace torugart::hal::replay {
class Player;
}
namespace torugart::journal {
class Reader;
}
namespace torugart::central {
class Retention;
}
namespace torugart::lane {
class LaneEngine;
}
namespace torugart::ocr {
struct EngineSettings;
}

namespace torugart::app {

struct Problem {
  std::string what, where, remedy;
  std::string text() const;
};

struct AssemblyOptions {
  std::string record_to;     // a folder: every crossing is recorded there too
  bool hold_trucks = false;  // simulated trucks wait until somebody lets them come
};

// What the readers of numbers are made of: the configuration's files, or those that came with the program.
ocr::EngineSettings reading_settings(const Config& config);

// The devices of a lane and what moves the simulated or recorded ones. Made alone by `doctor`.
struct Devices {
  std::shared_ptr<hal::sim::World> world;       // null unless a device is simulated
  std::shared_ptr<hal::replay::Player> player;  // null unless a device is replayed
  hal::LaneDevices lane;
};
tl::expected<Devices, Problem> make_devices(const Config& config, const hal::Clock& clock);

class Assembly {
 public:
  // Nothing runs yet. Fails when a device cannot be made, or a file of the storage cannot be opened.
  static tl::expected<std::unique_ptr<Assembly>, Problem> build(const Config& config, const AssemblyOptions& options);
  ~Assembly();
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  // The engine folds the journal and opens the devices; then trucks may come.
  tl::expected<void, Problem> start();
  // Withdraws what was asked for, writes what waits, closes everything. Idempotent.
  void stop();

  lane::LaneEngine& engine();
  central::Retention* retention();  // one thread at a time; null for a lane without a line
  journal::Reader& reader();        // for reports and exports
  hal::sim::World* world();
  hal::replay::Player* player();
  const Config& config() const;
  std::string journal_path() const;
  std::string archive_path() const;

 private:
  struct Impl;
  explicit Assembly(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

std::string journal_path(const Config& config);
std::string archive_path(const Config& config);
archive::Options archive_options(const Config& config);

}  // namespace torugart::app
