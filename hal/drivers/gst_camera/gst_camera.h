// driver = "gst_camera": network cameras (RTSP), V4L2 devices and clips through GStreamer. README.md has the settings.
#pragma once

#include "hal/registry/registry.h"

namespace torugart::hal::gst_camera {

void register_driver(Registry& registry);

}  // namespace torugart::hal::gst_camera
