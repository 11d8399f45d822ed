// The last seconds of a camera's compressed stream, and the file made of them. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include "hal/api/camera.h"
#include "hal/gst/sample.h"

namespace torugart::hal::gst_camera {

class ClipRing {
 public:
  // Never more than this many bytes, whatever the seconds are: a camera gone wild must not eat the memory.
  static constexpr std::size_t kMostBytes = 256U << 20U;

  ClipRing(std::string camera, std::int64_t keep_us) : camera_(std::move(camera)), keep_us_(keep_us) {}

  // One coded frame. The buffer is shared, not copied.
  void add(GstBuffer* buffer, GstCaps* caps, TimeStamp at);
  void clear();

  // A Matroska file of the newest `last_us`. not_open when the ring is empty; internal when GStreamer cannot write it.
  Result<Clip> clip(std::int64_t last_us) const;

 private:
  struct Entry {
    gst::Buffer buffer;
    gst::Caps caps;
    TimeStamp at;
    bool key = false;
  };
  struct Part {
    gst::Buffer buffer;
    TimeStamp at;
  };
  Result<std::vector<Part>> parts(std::int64_t last_us, gst::Caps& caps) const;

  const std::string camera_;
  const std::int64_t keep_us_;
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace torugart::hal::gst_camera
