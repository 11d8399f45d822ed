// The way of a simulated frame to the host, through GStreamer as with a real camera:
//   appsrc (I420) → jpegenc → jpegdec → videoconvert → appsink (BGR)
// Thread-bound.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "hal/api/device.h"

namespace torugart::hal::sim {

class JpegPipeline {
 public:
  static Result<std::unique_ptr<JpegPipeline>> make(int width, int height);
  ~JpegPipeline();
  JpegPipeline(const JpegPipeline&) = delete;
  JpegPipeline& operator=(const JpegPipeline&) = delete;

  struct Out {
    std::shared_ptr<const std::vector<std::uint8_t>> bgr;  // width·height·3
    bool damaged = false;                                  // the JPEG data had no end, or the decoder complained
  };
  // One frame in, one frame out, within a second. `keep` < 1 cuts the JPEG data short, as a bad cable does; then
  // there may be no picture at all: bad_data.
  Result<Out> pass(const std::uint8_t* bgr, double keep);

 private:
  struct Impl;
  explicit JpegPipeline(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::hal::sim
