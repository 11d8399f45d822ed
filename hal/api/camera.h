// A camera that watches the lane: plates front and rear, the container's side.
//
// Frames arrive at the camera's own pace (typically 5 to 25 per second). The newest frame wins: a driver drops frames
// that nobody could take, and counts them in its health figures ("dropped"). A frame that arrived damaged (torn,
// truncated, decoder complained) is delivered with `damaged` set, so that it can be shown but is never read from.
// A camera that has been silent for 3 s is faulted ("no picture since …"), and recovers by itself.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hal/api/device.h"

namespace torugart::hal {

struct Frame {
  std::string camera;          // DeviceInfo::id
  std::string position;        // "front", "rear", "side": what the camera looks at
  std::uint64_t sequence = 0;  // counts up by one per frame the camera made; a gap is a loss
  TimeStamp taken;             // when the light fell in, on the lane's clock, as well as the driver knows
  int width = 0;               // pixels, 1 … 8192
  int height = 0;              // pixels, 1 … 8192
  // BGR, 8 bits each, rows top to bottom, no padding: width*height*3 bytes. Immutable and shared.
  std::shared_ptr<const std::vector<std::uint8_t>> bgr;
  bool damaged = false;
};

// The last seconds of a camera as it sent them, compressed and not coded again: evidence.
struct Clip {
  std::string camera;                                      // DeviceInfo::id
  TimeStamp from, to;                                      // of the first and the last frame
  std::string media_type;                                  // "video/x-matroska"
  std::shared_ptr<const std::vector<std::uint8_t>> bytes;  // a file that any player opens
};

class Camera : public DeviceOf<Frame> {
 public:
  // Asks for one still of the best quality the camera has; it arrives like any other frame. Cameras without a trigger
  // answer unsupported, and the stream serves instead.
  virtual Result<void> trigger_still() = 0;

  // The newest `last_us` of what the camera sent, from the nearest key frame before; at most what its ring holds
  // (30 s). May take a second: not for the lane's thread. Also after the camera was lost, until close(). unsupported for cameras that
  // keep none; not_open when nothing has been kept yet.
  virtual Result<Clip> recent_clip(std::int64_t last_us) {
    (void)last_us;
    return tl::unexpected(Error{ErrorCode::unsupported, "this camera keeps no clip", info().id, ""});
  }
};

}  // namespace torugart::hal
