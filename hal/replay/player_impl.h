// The player's state, shared by player.cpp (what happens when) and devices.cpp (the devices that show it). Private.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "hal/replay/picture_source.h"
#include "hal/replay/player.h"
#include "hal/replay/port.h"
#include "hal/replay/xray_pictures.h"

namespace torugart::hal::replay {

struct CameraPort : Port<Frame> {
  CameraPort(DeviceInfo device, std::string looks_at) : Port(std::move(device)), position(std::move(looks_at)) {}
  std::string position;
  std::uint64_t sequence = 0;
  std::int64_t next_frame_us = 0;
  std::atomic<bool> still_wanted{false};
  std::unique_ptr<PictureSource> source;
};

struct Scan {
  ScanRequest request;
  std::shared_ptr<const XrayPictures> pictures;
  std::int64_t asked_us = 0, renewed_us = 0;
  bool withdrawn = false, warning_told = false;
  std::int64_t lines_since_us = 0;
  int next_line = 0;
  ScanPhase phase = ScanPhase::warning;
};

struct Player::Impl {
  enum class Stage { gap, present, leaving, finished };

  Impl(std::vector<RecordedCrossing> recorded, PlayerOptions wanted, const Clock& time, ManualClock* by_hand)
      : crossings(std::move(recorded)), options(wanted), clock(time), manual(by_hand) {}

  // One step of everything that is due. Player's thread, or the caller of advance_us().
  void step();

  // Devices call these on any thread.
  Result<void> request_beam(const ScanRequest& request);
  Result<void> renew_lease();
  void withdraw();
  Result<void> set_barrier(Barrier barrier, bool up);

  const std::vector<RecordedCrossing> crossings;
  const PlayerOptions options;
  const Clock& clock;
  ManualClock* const manual;

  // Ports exist as long as the player; devices are their fronts. Guarded by ports_mutex (the list, not the ports).
  std::mutex ports_mutex;
  std::vector<std::shared_ptr<CameraPort>> cameras;
  std::shared_ptr<Port<XrayMessage>> xray;
  std::shared_ptr<Port<ChainReading>> safety;
  std::shared_ptr<Port<PortalLine>> portal;
  std::shared_ptr<Port<WeightReading>> weighbridge;
  std::shared_ptr<Port<SignalMessage>> signals;
  std::vector<std::shared_ptr<Port<CodeRead>>> code_readers;

  std::mutex step_mutex;  // one step at a time

  // Guarded by mutex; held for short moments, never while a handler runs.
  mutable std::mutex mutex;
  Stage stage = Stage::gap;
  int index = 0;
  std::optional<std::int64_t> stage_since_us;
  std::optional<Scan> scan;
  bool leave = false;
  bool entry_up = true, exit_up = false;
  std::vector<BarrierChange> barrier_changes;    // made by callers, told by the player's thread
  std::shared_ptr<const XrayPictures> pictures;  // of the vehicle in the lane; null when it has none
  std::string no_pictures;                       // why not

  // Player's thread only.
  std::size_t next_portal = 0, next_document = 0;
  std::int64_t next_weight_us = 0, next_chain_us = 0;

  std::jthread thread;
  std::mutex sleep_mutex;
  std::condition_variable_any sleep;

 private:
  void pump(TimeStamp now);
  void walk(TimeStamp now);
  void begin_present(TimeStamp now);
  void show_cameras(TimeStamp now, std::int64_t since_us);
  void play_slow_devices(TimeStamp now, std::int64_t since_us);
  void play_scan(TimeStamp now);
  void end_scan(ScanEnd end, TimeStamp now);
  void send_loop(LoopPlace place, LoopState state, TimeStamp now);
  std::int64_t scaled(std::int64_t us) const {
    return static_cast<std::int64_t>(static_cast<double>(us) * options.speed);
  }
};

}  // namespace torugart::hal::replay
