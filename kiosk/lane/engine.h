// The lane engine: the real Lane (lane_engine.h). README.md has the state machines and the rules of focus.
//
//   hal::SystemClock clock;
//   auto ledger = make_ledger(appender, reader, journal_path);
//   auto store = make_store(archive);
//   LaneParts parts{.devices = std::move(devices), .clock = &clock, .ledger = ledger.get(), .store = store.get(),
//                   .centre = centre.get(), .accounts = &accounts, .make_reader = [] { … }};
//   auto engine = LaneEngine::make(config, std::move(parts));   // nothing runs yet
//   (*engine)->start();                                          // folds the journal, opens the devices
//
// Threads: the engine's own, and five workers (reading, imaging, files and devices, records, accounts). Every public
// function is thread-safe but start() and stop(), which belong to the thread that made it. stop() withdraws a running
// scan, closes the devices and ends the threads; the destructor calls it.
//
// Ownership: the devices are the engine's; everything else that is handed in must outlive it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "hal/api/clock.h"
#include "hal/registry/registry.h"
#include "kiosk/central/centre.h"
#include "kiosk/lane/accounts.h"
#include "kiosk/lane/lane_engine.h"
#include "kiosk/lane/ledger.h"

namespace torugart::ocr {
class Engine;
}

namespace torugart::lane {

struct ReadSettings {
  // Preferred, ISO 3166; ranks readings, excludes none. Whose trucks pass the region's lanes most:
  std::vector<std::string> countries{"KZ", "KG", "UZ", "TJ", "TM", "RU", "CN", "MN"};
  std::int64_t every_us = 250'000;         // pause between two frames of one camera
  std::chrono::milliseconds budget{400};   // per frame
  int frames_to_ask = 6;                   // so many frames without a sure vote: what there is is recorded as "ask"
  int most_frames = 60;                    // per camera and crossing; then reading rests
  int most_events = 4;                     // NumberRead per kind and place of one crossing
  int frames_for_arrival = 2;              // a lane without loops: a plate seen so often is an arrival
  std::int64_t not_again_us = 60'000'000;  // the vehicle that has just left does not arrive again within this time
};

struct LaneLimits {
  std::int64_t publish_every_us = 50'000;      // at most 20 views a second, but for answers to commands
  std::int64_t device_settles_us = 1'000'000;  // a device's state is recorded when it has lasted so long
  std::int64_t arrival_gap_us = 300'000;       // shorter gaps on the arrival loop are one vehicle
  double weight_min_kg = 1000;                 // less is an empty bridge
  std::int64_t weight_stable_us = 1'000'000;   // stable for so long, within weight_tolerance_kg
  double weight_tolerance_kg = 60;
  std::int64_t occupancy_silent_us = 15'000'000;  // a portal that says nothing for so long has ended the occupancy
  std::int64_t scan_end_patience_us = 2'000'000;  // after withdraw() the scanner must say "ended" within this time
  std::int64_t barrier_retry_us = 1'000'000;      // lowering is tried again while the loop is not free
  std::int64_t idle_sign_out_us = 0;              // 0: never
  std::int64_t space_every_us = 30'000'000;       // the archive is asked how much still fits
};

struct LaneEngineConfig {
  std::string lane_id;                                               // "kordai-2"
  std::string lane_name;                                             // "Lane 2"
  std::string crossing_point;                                        // "Kordai"
  inspection::Direction direction = inspection::Direction::unknown;  // of what arrives here
  std::string work_folder;  // pictures are written here before they go to the archive; made when missing
  // Pictures to compare with: NAME-high.dcs with NAME-low.dcs beside it, as `torugart image convert` writes them. Empty:
  // none.
  std::string library_folder;
  std::string software_version;
  std::string address;  // of the crossing point, for DICOS; may be empty
  ReadSettings read;
  LaneLimits limits;
  std::string boot;         // empty: made at random; changes with every start of the program
  bool own_threads = true;  // false: nothing runs but in pump(), for tests that move time by hand
};

// Called on the reading worker, once; an error leaves the lane without a reader, and the screen says so.
using ReaderFactory = std::function<tl::expected<std::unique_ptr<ocr::Engine>, Error>()>;

struct LaneParts {
  hal::LaneDevices devices;
  const hal::Clock* clock = nullptr;
  Ledger* ledger = nullptr;
  Store* store = nullptr;
  central::Centre* centre = nullptr;  // null: a lane without a centre; the local rule answers
  Accounts* accounts = nullptr;
  ReaderFactory make_reader;  // empty: nothing is read, numbers are typed
};

class LaneEngine final : public Lane {
 public:
  // Fails when a part is missing, the lane id is not a name, or the work folder cannot be made.
  static tl::expected<std::unique_ptr<LaneEngine>, Error> make(LaneEngineConfig config, LaneParts parts);
  ~LaneEngine() override;

  // Reads the open crossings from the journal (the only time that it waits for the disk) and opens the devices; a
  // device that cannot be opened is shown as faulted, it stops nothing. Fails when the journal cannot be read.
  tl::expected<void, Error> start();
  void stop();

  // Only without own threads: runs the engine and every worker until nothing is left to do at this moment.
  void pump();

  std::vector<AccountName> accounts() const;  // for the sign-in screen

  std::shared_ptr<const LaneView> view() const override;
  void on_change(std::function<void()> listener) override;
  void sign_in(const std::string& account, const std::string& pin) override;
  void sign_out() override;
  std::uint64_t post(const std::string& crossing, inspection::Command command,
                     std::optional<SecondPerson> second = std::nullopt) override;
  void search(const std::string& query) override;
  void open_record(const std::string& crossing) override;
  void close_record() override;
  void want_images(const std::string& crossing) override;
  void want_reference(const std::string& crossing, const std::string& name) override;
  void test_device(const std::string& device) override;
  void verify_journal() override;
  void still_here() override;

 private:
  struct Impl;
  explicit LaneEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::lane
