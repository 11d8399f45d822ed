// A camera of the driver and its counterpart: gst-rtsp-server as a process (tests/support/rtsp_camera.cpp).
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "hal/drivers/gst_camera/gst_camera.h"
#include "tests/conformance/probe.h"
#include "tests/support/peer_process.h"

namespace torugart::hal::gst_camera::test {

using conformance::Probe;
using peers::wait_until;
using Settings = std::map<std::string, std::string>;

inline std::string rtsp_program() {
  return std::string(TORUGART_BINARY_DIR) + "/bin/rtsp_camera";
}
inline bool have_rtsp_server() {
  return access(rtsp_program().c_str(), X_OK) == 0;
}
#define TORUGART_NEEDS_RTSP_SERVER() \
  if (!test::have_rtsp_server()) GTEST_SKIP() << "built without libgstrtspserver-1.0-dev"

class Server {
 public:
  explicit Server(std::vector<std::string> more = {}) : more_(std::move(more)), port_(peers::free_port()) {}
  bool start() {
    std::vector<std::string> all{rtsp_program(), "--port", std::to_string(port_)};
    all.insert(all.end(), more_.begin(), more_.end());
    return process_.start(all) && !process_.line("serving").empty();
  }
  peers::PeerProcess& process() { return process_; }
  std::string url() const { return "rtsp://127.0.0.1:" + std::to_string(port_) + "/lane"; }

 private:
  std::vector<std::string> more_;
  int port_;
  peers::PeerProcess process_;
};

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("gst_camera_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    std::filesystem::permissions(path_ / name,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file(name);
  }

 private:
  std::filesystem::path path_;
};

inline Result<std::unique_ptr<Camera>> make(const Settings& settings, const Clock& clock) {
  Registry registry;
  register_driver(registry);
  auto lane = registry.make_lane({{"front", DeviceKind::camera, "gst_camera", settings, "lane.toml:7"}}, clock);
  if (!lane) return tl::unexpected(lane.error());
  return std::move(lane->cameras.at(0));
}

// A camera that looks at `address`, quick to give up, and what it said.
class Rig {
 public:
  explicit Rig(const std::string& address, Settings more = {}) {
    more.insert({{"address", address}, {"silent_ms", "1000"}, {"connect_ms", "2500"}});
    auto made = make(more, clock_);
    if (!made) throw std::runtime_error(made.error().what);
    camera_ = std::move(*made);
    probe_ = std::make_unique<Probe<Camera>>(*camera_);
    EXPECT_TRUE(probe_->open());
  }
  Camera& camera() { return *camera_; }
  const Clock& clock() const { return clock_; }
  std::vector<Frame> frames() const { return probe_->messages(); }
  std::vector<Health> health() const { return probe_->health(); }
  std::size_t count() const { return probe_->count(); }

  bool frames_come(std::size_t more = 3) {
    const auto before = count();
    return wait_until([&] { return count() >= before + more; });
  }
  // The fault with this text has been shown, and it said what to do.
  bool shows(const std::string& text) {
    return wait_until([&] {
      for (const auto& h : health())
        if (h.state == DeviceState::faulted && h.summary == text && !h.remedy.empty()) return true;
      return false;
    });
  }
  bool ready() {
    return wait_until([&] { return camera_->health().state == DeviceState::ready; });
  }
  std::string said() const {
    std::string all;
    for (const auto& h : health())
      all += std::string(to_string(h.state)) + ": " + h.summary + " (" + h.remedy + ")\n";
    return all;
  }
  long figure(const std::string& name) const {
    for (const auto& [key, value] : camera_->health().figures)
      if (key == name) return std::stol(value);
    return -1;
  }

 private:
  SystemClock clock_;
  std::unique_ptr<Camera> camera_;
  std::unique_ptr<Probe<Camera>> probe_;
};

}  // namespace torugart::hal::gst_camera::test
