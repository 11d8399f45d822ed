// A played recording on the conformance bench. What a recording cannot make happen (faults, an open chain, torn
// lines) is left to the Bench's defaults, and those tests are skipped.
#include <atomic>

#include "hal/replay/player.h"
#include "tests/conformance/subject.h"
#include "tests/support/sample_recording.h"

namespace torugart::hal::conformance {
namespace {

constexpr int kObjectLines = 120;

std::string fresh_name() {
  static std::atomic<int> count{0};
  return "conformance-" + std::to_string(++count);
}

class ReplayBench final : public Bench {
 public:
  ReplayBench() : sample_(fresh_name(), kObjectLines) {
    replay::PlayerOptions options;
    options.lines_per_second = 100;  // a scan longer than the lease
    player_ = replay::Player::open(sample_.root.string(), options, clock_).value();
    Registry registry;
    replay::register_drivers(registry, player_);
    lane_ = std::move(*registry.make_lane({{"front", DeviceKind::camera, "replay", {}, "bench:1"},
                                           {"rear", DeviceKind::camera, "replay", {}, "bench:2"},
                                           {"xray", DeviceKind::xray_scanner, "replay", {}, "bench:3"},
                                           {"chain", DeviceKind::safety_chain, "replay", {}, "bench:4"},
                                           {"portal", DeviceKind::portal_monitor, "replay", {}, "bench:5"},
                                           {"scale", DeviceKind::weighbridge, "replay", {}, "bench:6"},
                                           {"signals", DeviceKind::lane_signals, "replay", {}, "bench:7"},
                                           {"hand", DeviceKind::code_reader, "replay", {}, "bench:8"}},
                                          clock_));
  }

  LaneDevices& lane() override { return lane_; }
  const Clock& clock() const override { return clock_; }
  void pass_us(std::int64_t us) override { player_->advance_us(us); }

 private:
  replay::test::SampleRecording sample_;
  ManualClock clock_;
  std::shared_ptr<replay::Player> player_;
  LaneDevices lane_;
};

const Register kReplay{
    {"replay",
     [] { return std::make_unique<ReplayBench>(); },
     {DeviceKind::camera, DeviceKind::xray_scanner, DeviceKind::safety_chain, DeviceKind::portal_monitor,
      DeviceKind::weighbridge, DeviceKind::lane_signals, DeviceKind::code_reader}}};

}  // namespace
}  // namespace torugart::hal::conformance
