// What one recorded camera saw: stills shown one after the other, or a clip decoded by GStreamer. Thread-bound.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hal/api/camera.h"

namespace torugart::hal::replay {

struct Pixels {
  int width = 0, height = 0;
  std::shared_ptr<const std::vector<std::uint8_t>> bgr;
  bool damaged = false;  // the file could not be decoded
};

class PictureSource {
 public:
  virtual ~PictureSource() = default;
  // The newest picture at `at_us` since the arrival; the same one again while nothing newer is due.
  virtual Pixels at(std::int64_t at_us) = 0;
};

// Each still stands for `each_us`, over and over.
std::unique_ptr<PictureSource> make_stills(std::vector<std::string> files, std::int64_t each_us);
// The clip at its own pace; its last picture stays. unsupported/bad_data when GStreamer cannot play it.
Result<std::unique_ptr<PictureSource>> open_clip(const std::string& file);
// A grey field: this camera recorded nothing, or nobody is there.
std::unique_ptr<PictureSource> make_empty_view();

}  // namespace torugart::hal::replay
