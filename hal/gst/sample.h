// GStreamer's counted objects with an owner, and a decoded sample as plain pixels. Reentrant.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace torugart::hal::gst {

// Once per process, from any thread.
void start();

struct Unref {
  void operator()(void* object) const { gst_object_unref(object); }
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
};
using Element = std::unique_ptr<GstElement, Unref>;
using Bus = std::unique_ptr<GstBus, Unref>;
using Pad = std::unique_ptr<GstPad, Unref>;
using Sample = std::unique_ptr<GstSample, Unref>;
using Message = std::unique_ptr<GstMessage, Unref>;
using Buffer = std::unique_ptr<GstBuffer, Unref>;
using Caps = std::unique_ptr<GstCaps, Unref>;

inline constexpr int kLargestSide = 8192;  // camera.h

struct Picture {
  int width = 0, height = 0;
  std::shared_ptr<const std::vector<std::uint8_t>> bgr;  // width·height·3, rows without padding
};
// A sample whose caps are video/x-raw,format=BGR; nothing when it is something else or larger than a Frame may be.
std::optional<Picture> bgr_picture(GstSample* sample);

}  // namespace torugart::hal::gst
