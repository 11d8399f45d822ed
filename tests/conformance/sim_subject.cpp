// The simulated lane on the conformance bench.
#include "hal/sim/world.h"
#include "tests/conformance/subject.h"

namespace torugart::hal::conformance {
namespace {

class SimBench final : public Bench {
 public:
  SimBench() {
    sim::Scenario scenario = sim::make_random_scenario(11, 1);
    scenario.trucks[0].delay_s = 0.5;
    scenario.trucks[0].documents = {{"TIR", "XD72581267", "Code128", 2}};
    world_ = std::make_shared<sim::World>(scenario, clock_);
    Registry registry;
    sim::register_drivers(registry, world_);
    auto list = sim::usual_lane();
    for (auto& device : list) {
      if (device.kind == DeviceKind::camera)
        device.settings.insert({{"width", "320"}, {"height", "240"}, {"fps", "2"}});
      if (device.kind == DeviceKind::xray_scanner)
        device.settings = {{"warning_ms", "300"}, {"detectors", "64"}, {"line_rate", "100"}, {"timeout_ms", "8000"}};
    }
    lane_ = std::move(*registry.make_lane(list, clock_));
  }

  LaneDevices& lane() override { return lane_; }
  const Clock& clock() const override { return clock_; }
  void pass_us(std::int64_t us) override { world_->advance_us(us); }

  bool tear_lines() override { return inject(sim::FaultKind::torn_lines, 0, 3); }
  bool lose_lines() override { return inject(sim::FaultKind::missing_lines, 0, 4); }
  bool tear_frames() override { return inject(sim::FaultKind::camera_torn, 1000, 1, "front"); }
  bool silence_camera() override { return inject(sim::FaultKind::camera_silent, 6, 1, "front"); }
  bool open_chain() override { return inject(sim::FaultKind::interlock_open, 2, 1, "Door 1"); }
  bool lose_device(const std::string& id) override { return inject(sim::FaultKind::device_lost, 2, 1, id); }

 private:
  bool inject(sim::FaultKind kind, double seconds, int count, const std::string& target = "") {
    sim::Fault fault;
    fault.kind = kind;
    fault.seconds = seconds;
    fault.count = count;
    fault.target = target;
    world_->inject(fault);
    return true;
  }

  ManualClock clock_;
  std::shared_ptr<sim::World> world_;
  LaneDevices lane_;
};

const Register kSim{
    {"sim",
     [] { return std::make_unique<SimBench>(); },
     {DeviceKind::camera, DeviceKind::xray_scanner, DeviceKind::safety_chain, DeviceKind::portal_monitor,
      DeviceKind::weighbridge, DeviceKind::lane_signals, DeviceKind::code_reader}}};

}  // namespace
}  // namespace torugart::hal::conformance
