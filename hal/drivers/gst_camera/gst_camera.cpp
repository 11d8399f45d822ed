#include "hal/drivers/gst_camera/gst_camera.h"

#include <fmt/format.h>

#include "hal/drivers/common/driver_device.h"
#include "hal/drivers/gst_camera/connection.h"

namespace torugart::hal::gst_camera {
namespace {

using Steady = std::chrono::steady_clock;

const char* model_of(Source source) {
  switch (source) {
    case Source::rtsp:
      return "Network camera (RTSP)";
    case Source::v4l2:
      return "Camera (V4L2)";
    case Source::file:
      return "Clip";
  }
  return "";
}

class GstCamera final : public drivers::DriverDevice<Camera> {
 public:
  GstCamera(const DeviceConfig& config, const Clock& clock, CameraSettings settings)
      : DriverDevice(config, clock, model_of(settings.source), settings.source == Source::file),
        settings_(std::move(settings)),
        shared_(settings_.id, settings_.ring_s) {}
  ~GstCamera() override { close(); }

  void close() override {
    DriverDevice::close();
    shared_.ring.clear();
  }

  Result<void> trigger_still() override {
    if (state() != DeviceState::ready) return tl::unexpected(not_ready());
    shared_.still = true;
    return {};
  }

  Result<Clip> recent_clip(std::int64_t last_us) override {
    if (settings_.ring_s == 0) return Camera::recent_clip(last_us);
    return shared_.ring.clip(last_us);
  }

 private:
  Figures figures() const override {
    const auto decoded = shared_.decoded.load(), delivered = frames_.load();
    return {{"frames", std::to_string(delivered)},
            {"dropped", std::to_string(decoded > delivered + 1 ? decoded - delivered - 1 : 0)},
            {"damaged", std::to_string(damaged_.load())},
            {"lost_packets", std::to_string(shared_.watch.lost_packets())},
            {"delay_ms", std::to_string(delay_us_.load() / 1000)}};
  }

  Error session(const std::stop_token& stop) override {
    const auto password = read_password(settings_);
    if (!password) return password.error();
    auto connection = Connection::make(settings_, *password, shared_, clock_);
    if (!connection) return connection.error();
    auto last = Steady::now();
    bool seen = false;
    while (!stop.stop_requested()) {
      if (auto pulled = (*connection)->pull(50'000)) {
        last = Steady::now();
        if (!seen) identify(fmt::format("{}, {}", model_of(settings_.source), (*connection)->stream()), "");
        seen = true;
        deliver(*pulled);
        continue;
      }
      if (auto fault = (*connection)->fault()) return *fault;
      const auto silent = Steady::now() - last;
      if (seen && silent >= std::chrono::milliseconds(settings_.silent_ms))
        return {ErrorCode::timeout, fmt::format("no picture for {} s", settings_.silent_ms / 1000), settings_.id,
                "check the camera's cable and power"};
      if (!seen && silent >= std::chrono::milliseconds(settings_.connect_ms) && !(*connection)->connected())
        return {ErrorCode::unreachable, "the camera does not answer", settings_.id,
                "check the camera's cable, power and address"};
      if (!seen && silent >= std::chrono::milliseconds(settings_.connect_ms))
        return {
            ErrorCode::timeout, "the camera answers but sends no picture", settings_.id,
            settings_.udp ? "let its UDP through the firewall, or write transport = \"tcp\"" : "restart the camera"};
    }
    return {};
  }

  void deliver(Connection::Pulled& pulled) {
    Frame f;
    f.camera = config_.id;
    f.position = settings_.position;
    f.sequence = pulled.mark.sequence;
    f.taken = pulled.taken;
    f.width = pulled.picture.width;
    f.height = pulled.picture.height;
    f.bgr = std::move(pulled.picture.bgr);
    f.damaged = pulled.mark.damaged;
    delay_us_ = pulled.delay_us;
    ++frames_;
    if (f.damaged) ++damaged_;
    came_alive();
    // A picture whose coded frame is not known has the newest one's number; numbers only grow.
    if (f.sequence <= last_sequence_ && frames_ > 1) f.sequence = last_sequence_ + 1;
    last_sequence_ = f.sequence;
    emit(f);
  }

  const CameraSettings settings_;
  Shared shared_;
  std::atomic<std::uint64_t> frames_{0}, damaged_{0};
  std::atomic<std::int64_t> delay_us_{0};
  std::uint64_t last_sequence_ = 0;  // the device's thread
};

}  // namespace

void register_driver(Registry& registry) {
  registry.add("gst_camera",
               Factory<Camera>([](const DeviceConfig& c, const Clock& clock) -> Result<std::unique_ptr<Camera>> {
                 auto settings = read_settings(c);
                 if (!settings) return tl::unexpected(settings.error());
                 return std::make_unique<GstCamera>(c, clock, std::move(*settings));
               }));
}

}  // namespace torugart::hal::gst_camera
