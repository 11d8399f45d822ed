// Records a lane's devices to a folder that a Player can play: the same layout, read_recording() reads it back.
//
//   auto recorder = Recorder::open(directory, clock);
//   lane = (*recorder)->wrap(std::move(lane));    // the same devices, every message copied on its way
//
// A crossing's folder begins when the arrival loop becomes occupied and ends when the departure loop falls free (or
// with the next arrival). Stills: one a second and camera, at most 30. The picture of a broken-off scan is kept as
// far as it came; torn and missing lines are recorded as they are seen by a picture: zeros.
//
// Thread-safe. Handlers only queue; a thread of the recorder writes. When the disk is slower than the lane, camera
// stills are dropped first and counted; a disk that refuses ends the recording of that crossing and says so in
// problem(), the lane goes on. The recorder must outlive the wrapped devices.
#pragma once

#include <memory>
#include <string>

#include "hal/api/clock.h"
#include "hal/registry/registry.h"

namespace torugart::hal::replay {

class Recorder {
 public:
  static Result<std::unique_ptr<Recorder>> open(const std::string& directory, const Clock& clock);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  LaneDevices wrap(LaneDevices devices);
  void flush();                 // waits until everything queued so far is on the disk
  std::string problem() const;  // empty while all is well
  std::int64_t stills_dropped() const;

  struct Impl;
  explicit Recorder(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::hal::replay
