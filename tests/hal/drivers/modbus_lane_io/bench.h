// A lane controller on the table: the peer in Python, a cable that can be hurt, and the driver's three devices.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "hal/drivers/modbus_lane_io/lane_io.h"
#include "tests/conformance/probe.h"
#include "tests/support/faulty_link.h"
#include "tests/support/lane_controller.h"

namespace torugart::hal::drivers::lane_io {

inline constexpr auto kMap = TORUGART_SOURCE_DIR "/hal/drivers/modbus_lane_io/example-map.toml";

template <class Done>
bool wait_until(Done done, std::chrono::milliseconds patience = std::chrono::seconds(15)) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < until) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return done();
}

inline void sleep_ms(int ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

class LaneIo : public testing::Test {
 protected:
  void SetUp() override {
    if (!peers::LaneController::available()) GTEST_SKIP() << "python3-pymodbus is not installed";
    peer_ = std::make_unique<peers::LaneController>();
    ASSERT_TRUE(peer_->start());
    link_ = std::make_unique<tests::FaultyLink>(peer_->port());
    make();
  }
  void make(const std::string& map = kMap) {
    chain_.reset();
    signals_.reset();
    beam_.reset();
    Registry registry;
    register_drivers(registry);
    const auto device = [&](const char* id, DeviceKind kind) {
      return DeviceConfig{id,
                          kind,
                          "modbus_lane_io",
                          {{"host", "127.0.0.1"}, {"port", std::to_string(link_->port())}, {"map", map}},
                          "bench:1"};
    };
    auto made =
        registry.make_lane({device("chain", DeviceKind::safety_chain), device("signals", DeviceKind::lane_signals),
                            device("beam", DeviceKind::beam_request)},
                           clock_);
    ASSERT_TRUE(made) << made.error().what;
    lane_ = std::move(*made);
    chain_ = std::make_unique<conformance::Probe<SafetyChain>>(*lane_.safety);
    signals_ = std::make_unique<conformance::Probe<LaneSignals>>(*lane_.signals);
    beam_ = std::make_unique<conformance::Probe<BeamRequest>>(*lane_.beam);
  }
  void TearDown() override {
    renewing_ = false;
    if (renewer_.joinable()) renewer_.join();
  }

  void open() {
    ASSERT_TRUE(chain_->open());
    ASSERT_TRUE(signals_->open());
    ASSERT_TRUE(beam_->open());
    ASSERT_TRUE(ready()) << lane_.safety->health().summary;
  }
  bool ready() {
    return wait_until([this] {
      return lane_.safety->health().state == DeviceState::ready &&
             lane_.signals->health().state == DeviceState::ready &&
             lane_.beam->health().state == DeviceState::ready && closed();
    });
  }
  bool closed() const {
    const auto all = chain_->messages();
    return !all.empty() && all.back().closed(clock_.now().mono_us);
  }
  std::optional<ScanPhaseChange> last_phase() const {
    const auto all = beam_->messages();
    if (all.empty()) return std::nullopt;
    return all.back();
  }
  bool in(ScanPhase phase) const {
    const auto last = last_phase();
    return last && last->phase == phase;
  }
  // As the engine: every 100 ms, after it has read the whole chain.
  void renew_in_background() {
    renewing_ = true;
    renewer_ = std::thread([this] {
      while (renewing_) {
        if (closed()) (void)lane_.beam->renew_lease();
        sleep_ms(100);
      }
    });
  }
  void to_beam() {
    const auto asked = lane_.beam->request_beam({"s1", false});
    ASSERT_TRUE(asked) << asked.error().what;
    renew_in_background();
    ASSERT_TRUE(wait_until([this] { return in(ScanPhase::beam_on); }));
  }
  // The device's fault, once it has one.
  std::string fault_of(const Device& device, const std::string& part) {
    std::string said;
    wait_until([&] {
      const auto h = device.health();
      if (h.state == DeviceState::faulted) said = h.summary + " | " + h.remedy;
      return said.find(part) != std::string::npos;
    });
    return said;
  }
  LoopState loop(LoopPlace place) const {
    LoopState state = LoopState::unknown;
    for (const auto& m : signals_->messages())
      if (const auto* l = std::get_if<LoopChange>(&m); l != nullptr && l->loop == place) state = l->state;
    return state;
  }
  BarrierState barrier(Barrier which) const {
    BarrierState state = BarrierState::unknown;
    for (const auto& m : signals_->messages())
      if (const auto* b = std::get_if<BarrierChange>(&m); b != nullptr && b->barrier == which) state = b->state;
    return state;
  }
  std::string figure(const Device& device, const std::string& name) const {
    for (const auto& [key, value] : device.health().figures)
      if (key == name) return value;
    return {};
  }

  SystemClock clock_;
  std::unique_ptr<peers::LaneController> peer_;
  std::unique_ptr<tests::FaultyLink> link_;
  LaneDevices lane_;
  std::unique_ptr<conformance::Probe<SafetyChain>> chain_;
  std::unique_ptr<conformance::Probe<LaneSignals>> signals_;
  std::unique_ptr<conformance::Probe<BeamRequest>> beam_;
  std::atomic<bool> renewing_{false};
  std::thread renewer_;
};

}  // namespace torugart::hal::drivers::lane_io
