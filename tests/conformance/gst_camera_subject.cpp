// A network camera on the conformance bench: the driver against gst-rtsp-server, in real time.
#include <stdexcept>
#include <thread>

#include "hal/drivers/gst_camera/gst_camera.h"
#include "tests/conformance/subject.h"
#include "tests/support/peer_process.h"

namespace torugart::hal::conformance {
namespace {

using Steady = std::chrono::steady_clock;

class GstCameraBench final : public Bench {
 public:
  GstCameraBench() {
    start();
    Registry registry;
    gst_camera::register_driver(registry);
    lane_ = std::move(*registry.make_lane(
        {{"front",
          DeviceKind::camera,
          "gst_camera",
          {{"address", "rtsp://127.0.0.1:" + port_ + "/lane"}, {"transport", "udp"}, {"latency_ms", "50"}},
          "bench:1"}},
        clock_));
  }

  LaneDevices& lane() override { return lane_; }
  const Clock& clock() const override { return clock_; }
  void pass_us(std::int64_t us) override {
    const auto until = Steady::now() + std::chrono::microseconds(us);
    if (mend_at_ && *mend_at_ <= until) {
      std::this_thread::sleep_until(*mend_at_);
      mend_at_.reset();
      if (camera_.running()) {
        camera_.tell("thaw");
      } else {
        start();
      }
    }
    std::this_thread::sleep_until(until);
  }

  bool tear_frames() override {
    camera_.tell("loss 0.3");
    return true;
  }
  bool silence_camera() override {
    camera_.tell("freeze");
    mend_at_ = Steady::now() + std::chrono::seconds(6);
    return true;
  }
  bool lose_device(const std::string& id) override {
    if (id.empty()) return true;
    camera_.kill();
    mend_at_ = Steady::now() + std::chrono::seconds(2);
    return true;
  }

 private:
  void start() {
    const bool up = camera_.start({std::string(TORUGART_BINARY_DIR) + "/bin/rtsp_camera", "--port", port_,
                                   "--pattern", "snow", "--key", "5"}) &&
                    !camera_.line("serving").empty();
    if (!up) throw std::runtime_error("the camera's counterpart does not start");
  }

  const std::string port_ = std::to_string(peers::free_port());
  peers::PeerProcess camera_;
  std::optional<Steady::time_point> mend_at_;
  SystemClock clock_;
  LaneDevices lane_;
};

const Register kGstCamera{{"gst_camera", [] { return std::make_unique<GstCameraBench>(); }, {DeviceKind::camera}}};

}  // namespace
}  // namespace torugart::hal::conformance
