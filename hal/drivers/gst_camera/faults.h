// What GStreamer reports, in the words of the lane. Internal to the driver.
#pragma once

#include <gst/gst.h>

#include "hal/api/device.h"
#include "hal/drivers/gst_camera/settings.h"

namespace torugart::hal::gst_camera {

// A message of type GST_MESSAGE_ERROR. `connected`: pictures were already on their way.
Error fault_of(GstMessage* message, const CameraSettings& settings, bool connected);

}  // namespace torugart::hal::gst_camera
