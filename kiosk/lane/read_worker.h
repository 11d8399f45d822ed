// Reads numbers from camera frames on a thread of its own and puts them to the vote, one ocr::Track per camera.
//
// offer() never waits: the newest frame of a camera replaces the one that nobody has read yet. A new `vehicle`
// forgets the votes of the one before. A frame of another vehicle than the one offered last is not read.
//
// Thread-safe. `on_vote` is called on the reading thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hal/api/camera.h"
#include "kiosk/lane/engine.h"
#include "kiosk/lane/worker.h"

namespace torugart::lane {

// One number as the vote over a camera's frames stands.
struct VotedNumber {
  inspection::NumberRead read;  // without the crop's FileRef
  ReadView shown;
  std::shared_ptr<const std::vector<std::uint8_t>> crop_jpeg;  // null when there was no crop
  int agreeing = 0;                                            // frames that read exactly this
};

struct CameraVote {
  std::uint64_t vehicle = 0;
  std::string camera;
  std::vector<CameraView::Found> found;  // in the frame that was read last
  std::int64_t taken_mono_us = 0;        // when that frame was taken
  std::vector<VotedNumber> numbers;      // best first; at most one plate and two containers
  int frames = 0;                        // of this vehicle and camera
};

class ReadWorker {
 public:
  ReadWorker(ReaderFactory factory, ReadSettings settings, bool own_thread, std::function<void(CameraVote)> on_vote,
             std::function<void(Error)> on_problem);
  ~ReadWorker();

  void offer(const hal::Frame& frame, std::uint64_t vehicle);
  bool run_one() { return worker_.run_one(); }
  void stop() { worker_.stop(); }

 private:
  struct Cameras;
  void read_pending();
  void read(const hal::Frame& frame, std::uint64_t vehicle);

  const ReaderFactory factory_;
  const ReadSettings settings_;
  const std::function<void(CameraVote)> on_vote_;
  const std::function<void(Error)> on_problem_;

  std::mutex mutex_;
  std::map<std::string, std::pair<hal::Frame, std::uint64_t>> pending_;  // newest per camera
  std::uint64_t vehicle_ = 0;

  // of the reading thread
  std::unique_ptr<ocr::Engine> engine_;
  bool tried_ = false;
  std::unique_ptr<Cameras> cameras_;

  Worker worker_;  // last: its thread uses the others
};

}  // namespace torugart::lane
