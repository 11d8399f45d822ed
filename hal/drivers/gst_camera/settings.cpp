#include "hal/drivers/gst_camera/settings.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "hal/drivers/common/settings.h"

namespace torugart::hal::gst_camera {

Result<CameraSettings> read_settings(const DeviceConfig& config) {
  drivers::Settings s(config);
  CameraSettings out;
  out.id = config.id;
  out.address = s.needed("address", "write address = \"rtsp://camera/stream\", \"/dev/video0\" or a clip's path");
  out.position = s.text("position", config.id);
  if (out.position != "front" && out.position != "rear" && out.position != "side")
    s.wrong(fmt::format("position = \"{}\"", out.position), "write position = \"front\", \"rear\" or \"side\"");
  if (out.address.rfind("rtsp://", 0) == 0) {
    out.source = Source::rtsp;
    // A password in the address would be in every log that names the camera.
    const auto host = out.address.substr(7, out.address.find('/', 7) - 7);
    if (host.find('@') != std::string::npos)
      s.wrong("the address holds a login", "write user = and password_file = instead");
    out.udp = s.one_of("transport", "tcp", {"tcp", "udp"}) == "udp";
    out.latency_ms = s.number("latency_ms", out.latency_ms, 0, 2000);
    out.user = s.text("user");
    out.password_file = s.text("password_file");
    out.password_env = s.text("password_env");
    if (!out.user.empty() && out.password_file.empty() == out.password_env.empty())
      s.wrong("user without its password", "write password_file = or password_env =, one of the two");
  } else if (out.address.find("://") != std::string::npos) {
    s.wrong("the address is of no kind that is known",
            "write address = \"rtsp://camera/stream\", \"/dev/video0\" or a clip's path");
  } else if (out.address.rfind("/dev/", 0) == 0) {
    out.source = Source::v4l2;
    out.mjpeg = s.one_of("format", "raw", {"raw", "mjpeg"}) == "mjpeg";
    out.width = s.number("width", 0, 16, 8192);
    out.height = s.number("height", 0, 16, 8192);
  } else {
    out.source = Source::file;
  }
  out.fps = s.number("fps", 0, 1, 100);
  out.silent_ms = s.number("silent_ms", out.silent_ms, 500, 60'000);
  out.connect_ms = s.number("connect_ms", out.connect_ms, 500, 60'000);
  out.ring_s = s.number("ring_s", out.ring_s, 0, 120);
  if (auto checked = s.finish(); !checked) return tl::unexpected(checked.error());
  return out;
}

Result<std::string> read_password(const CameraSettings& settings) {
  const auto fault = [&](std::string what, std::string remedy) {
    return tl::unexpected(Error{ErrorCode::bad_setting, std::move(what), settings.id, std::move(remedy)});
  };
  if (settings.user.empty()) return std::string();
  if (!settings.password_env.empty()) {
    const char* value = std::getenv(settings.password_env.c_str());
    if (value == nullptr || *value == '\0')
      return fault("the camera's password is not set",
                   fmt::format("set {} in the service's environment", settings.password_env));
    return std::string(value);
  }
  struct stat about {};
  if (stat(settings.password_file.c_str(), &about) != 0)
    return fault("the camera's password file cannot be read", fmt::format("put it at {}", settings.password_file));
  if ((about.st_mode & (S_IRWXG | S_IRWXO) & ~static_cast<mode_t>(S_IRGRP)) != 0)
    return fault("the camera's password file is open to others", fmt::format("chmod 640 {}", settings.password_file));
  std::ifstream file(settings.password_file);
  std::string line;
  std::getline(file, line);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty())
    return fault("the camera's password file cannot be read",
                 fmt::format("write the password into the first line of {}", settings.password_file));
  return line;
}

}  // namespace torugart::hal::gst_camera
