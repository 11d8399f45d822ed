// What lane.toml says about one camera. README.md has the table. Internal to the driver.
#pragma once

#include <cstdint>
#include <string>

#include "hal/registry/registry.h"

namespace torugart::hal::gst_camera {

enum class Source { rtsp, v4l2, file };

struct CameraSettings {
  std::string id;
  Source source = Source::rtsp;
  std::string position;       // front, rear, side
  std::string address;        // rtsp://host:port/path, /dev/video0, or a clip
  bool udp = false;           // RTP over UDP; otherwise inside the RTSP connection
  int latency_ms = 100;       // how long packets are waited for and put in order
  std::string user;           // empty: no login
  std::string password_file;  // its first line is the password
  std::string password_env;   // or the name of an environment variable
  int fps = 0;                // frames delivered per second at most; 0 = all
  int silent_ms = 3000;       // without a picture for this long: faulted
  int connect_ms = 8000;      // to the first picture
  int ring_s = 30;            // what is kept for the evidence clip; 0 = nothing
  int width = 0, height = 0;  // asked from a V4L2 camera; 0 = its own choice
  bool mjpeg = false;         // a V4L2 camera sends JPEG pictures
};

Result<CameraSettings> read_settings(const DeviceConfig& config);

// Read when connecting, so that a password that was set right is used without a restart. The error never contains it.
Result<std::string> read_password(const CameraSettings& settings);

}  // namespace torugart::hal::gst_camera
