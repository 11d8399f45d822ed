// One connection to one camera: the GStreamer pipeline from its address to BGR pictures.
//
//   rtspsrc | filesrc ! parsebin | v4l2src  →  depayload, parse  →  (coded: watch, ring)  →  decode
//        →  (at most fps per second)  →  videoconvert  →  appsink, one picture, the newest
//
// Thread-bound, except that GStreamer's own threads write into Shared. Internal to the driver.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "hal/drivers/gst_camera/clip_ring.h"
#include "hal/drivers/gst_camera/settings.h"
#include "hal/drivers/gst_camera/stream_watch.h"
#include "hal/gst/sample.h"

namespace torugart::hal::gst_camera {

// What outlives a connection. Thread-safe.
struct Shared {
  Shared(std::string camera, int ring_s) : ring(std::move(camera), ring_s * 1'000'000LL) {}
  StreamWatch watch;
  ClipRing ring;
  std::atomic<bool> still{false};         // the next picture is wanted, whatever fps says
  std::atomic<std::uint64_t> decoded{0};  // pictures that reached the sink
};

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> make(const CameraSettings& settings, const std::string& password,
                                                  Shared& shared, const Clock& clock);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  struct Pulled {
    gst::Picture picture;
    StreamWatch::Mark mark;
    TimeStamp taken;
    std::int64_t delay_us = 0;  // between the packet's arrival and now: put in order, decoded, converted
  };
  // The newest picture, waiting at most that long. Empty when there is none; then ask fault().
  std::optional<Pulled> pull(std::int64_t wait_us);
  // Why nothing more will come; empty while it may.
  std::optional<Error> fault();
  // The camera has said what it sends.
  bool connected() const;
  // "H264 1280x720"; empty before the first picture.
  std::string stream() const;

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::hal::gst_camera
