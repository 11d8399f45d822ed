// modbus_lane_io on the conformance bench: the controller is a process that speaks Modbus through pymodbus.
#include "hal/drivers/modbus_lane_io/lane_io.h"
#include "tests/conformance/wired_bench.h"
#include "tests/support/faulty_link.h"
#include "tests/support/lane_controller.h"

namespace torugart::hal::conformance {
namespace {

class LaneIoBench final : public WiredBench {
 public:
  LaneIoBench() : link_((peer_.start(true), peer_.port())) {
    Registry registry;
    drivers::lane_io::register_drivers(registry);
    const auto device = [&](const char* id, DeviceKind kind) {
      return DeviceConfig{id,
                          kind,
                          "modbus_lane_io",
                          {{"host", "127.0.0.1"},
                           {"port", std::to_string(link_.port())},
                           {"map", TORUGART_SOURCE_DIR "/hal/drivers/modbus_lane_io/example-map.toml"}},
                          "bench:1"};
    };
    lane_ = std::move(
        *registry.make_lane({device("chain", DeviceKind::safety_chain), device("signals", DeviceKind::lane_signals),
                             device("beam", DeviceKind::beam_request)},
                            clock_));
  }
  ~LaneIoBench() override { lane_ = {}; }

  bool open_chain() override {
    peer_.order("di 0 0");
    after_us(2'000'000, [this] { peer_.order("di 0 1"); });
    return true;
  }
  bool lose_device(const std::string& id) override {
    if (id.empty()) return true;
    link_.set(tests::FaultyLink::Mode::cut);
    after_us(2'000'000, [this] { link_.set(tests::FaultyLink::Mode::pass); });
    return true;
  }

 private:
  peers::LaneController peer_;
  tests::FaultyLink link_;
};

const bool kJoined = [] {
  if (!peers::LaneController::available()) return false;  // its tests are then not there; packaging/test installs it
  subjects().push_back({"modbus_lane_io",
                        [] { return std::make_unique<LaneIoBench>(); },
                        {DeviceKind::safety_chain, DeviceKind::lane_signals, DeviceKind::beam_request}});
  return true;
}();

}  // namespace
}  // namespace torugart::hal::conformance
