// Devices that do what a test tells them to: no threads, no time of their own. A test delivers messages by hand and
// looks at what was asked of them.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "hal/registry/registry.h"

namespace torugart::tests {

// Thread-safe as a device must be: the engine may call from its own threads.
template <class Base>
class FakeDevice : public Base {
 public:
  using Message = typename Base::Message;

  FakeDevice(std::string id, hal::DeviceKind kind, const hal::Clock& clock) : clock_(clock) {
    info_.id = std::move(id);
    info_.kind = kind;
    info_.driver = "fake";
    info_.model = "fake";
    info_.simulated = true;
  }
  ~FakeDevice() override { close(); }

  hal::DeviceInfo info() const override { return info_; }
  hal::Health health() const override {
    const std::lock_guard lock(mutex_);
    return health_;
  }
  void close() override {
    const std::lock_guard lock(mutex_);
    on_message_ = nullptr;
    on_health_ = nullptr;
  }
  hal::Result<void> open(typename Base::Handler on_message, hal::HealthHandler on_health) override {
    {
      const std::lock_guard lock(mutex_);
      if (refuse_open_)
        return tl::unexpected(hal::Error{hal::ErrorCode::unreachable, "no answer", info_.id, "cable"});
      on_message_ = std::move(on_message);
      on_health_ = std::move(on_health);
    }
    turn(hal::DeviceState::ready, "ready");
    return {};
  }

  // -- for tests
  void refuse_open() { refuse_open_ = true; }
  void say(const Message& message) {
    typename Base::Handler handler;
    {
      const std::lock_guard lock(mutex_);
      handler = on_message_;
    }
    if (handler) handler(message);
  }
  void turn(hal::DeviceState state, const std::string& summary) {
    hal::HealthHandler handler;
    hal::Health health;
    {
      const std::lock_guard lock(mutex_);
      health_.state = state;
      health_.since = clock_.now();
      health_.summary = summary;
      health = health_;
      handler = on_health_;
    }
    if (handler) handler(health);
  }

 protected:
  const hal::Clock& clock_;
  mutable std::mutex mutex_;

 private:
  hal::DeviceInfo info_;
  hal::Health health_;
  bool refuse_open_ = false;
  typename Base::Handler on_message_;
  hal::HealthHandler on_health_;
};

class FakeCamera final : public FakeDevice<hal::Camera> {
 public:
  FakeCamera(const std::string& position, const hal::Clock& clock)
      : FakeDevice(position, hal::DeviceKind::camera, clock), position_(position) {}
  hal::Result<void> trigger_still() override {
    return tl::unexpected(hal::Error{hal::ErrorCode::unsupported, "no trigger", position_, ""});
  }
  // A grey frame whose first byte is `mark`: what a scripted reader goes by.
  void frame(std::uint8_t mark, bool damaged = false) {
    hal::Frame frame;
    frame.camera = position_;
    frame.position = position_;
    frame.sequence = ++sequence_;
    frame.taken = clock_.now();
    frame.width = 32;
    frame.height = 16;
    frame.bgr = std::make_shared<const std::vector<std::uint8_t>>(32 * 16 * 3, mark);
    frame.damaged = damaged;
    say(frame);
  }

 private:
  const std::string position_;
  std::uint64_t sequence_ = 0;
};

class FakeSafety final : public FakeDevice<hal::SafetyChain> {
 public:
  explicit FakeSafety(const hal::Clock& clock) : FakeDevice("safety", hal::DeviceKind::safety_chain, clock) {
    contacts = {{"Interlock 3", hal::ContactKind::door, hal::ContactState::closed},
                {"E-stop cabin", hal::ContactKind::emergency_stop, hal::ContactState::closed},
                {"Person detector", hal::ContactKind::person_detector, hal::ContactState::closed},
                {"Key", hal::ContactKind::key, hal::ContactState::closed}};
  }
  std::vector<hal::Contact> contacts;
  void report() { say({clock_.now(), contacts, std::nullopt}); }
};

class FakeXray final : public FakeDevice<hal::XrayScanner> {
 public:
  explicit FakeXray(const hal::Clock& clock) : FakeDevice("xray", hal::DeviceKind::xray_scanner, clock) {}

  hal::ScannerGeometry geometry() const override {
    hal::ScannerGeometry out;
    out.detectors = kDetectors;
    out.line_rate_hz = 100;
    out.high_energy_mv = 6;
    out.low_energy_mv = 4;
    return out;
  }
  hal::Result<void> request_beam(const hal::ScanRequest& request) override {
    const std::lock_guard lock(mutex_);
    if (refuse) return tl::unexpected(hal::Error{hal::ErrorCode::refused, "not ready yet", "xray", "wait"});
    requests.push_back(request);
    renewed_mono_us = clock_.now().mono_us;
    running = true;
    return {};
  }
  hal::Result<void> renew_lease() override {
    const std::lock_guard lock(mutex_);
    renewed_mono_us = clock_.now().mono_us;
    ++renewals;
    return {};
  }
  void withdraw(const std::string& reason) override {
    const std::lock_guard lock(mutex_);
    withdrawn.push_back(reason);
  }

  // -- for tests
  static constexpr int kDetectors = 64;
  bool refuse = false, running = false;
  int renewals = 0;
  std::int64_t renewed_mono_us = 0;
  std::vector<hal::ScanRequest> requests;
  std::vector<std::string> withdrawn;

  void phase(hal::ScanPhase phase, hal::ScanEnd end = hal::ScanEnd::complete) {
    hal::ScanPhaseChange change;
    change.scan = requests.back().scan;
    change.phase = phase;
    change.at = clock_.now();
    change.remaining_us = phase == hal::ScanPhase::warning ? kWarningUs : 0;
    change.end = end;
    if (phase == hal::ScanPhase::ended) {
      running = false;
      change.dose_usv = 0.05;
    }
    say(change);
  }
  // As the hardware does when nobody renews.
  void look_at_lease() {
    if (running && clock_.now().mono_us - renewed_mono_us > kLeaseUs) {
      phase(hal::ScanPhase::ended, hal::ScanEnd::lease_expired);
    }
  }
  void lines(hal::LineKind kind, int count, std::uint16_t value, std::size_t length = kDetectors) {
    for (int i = 0; i < count; ++i) {
      hal::ScanLine line;
      line.index = index_++;
      line.kind = kind;
      line.taken = clock_.now();
      line.taken.mono_us += static_cast<std::int64_t>(line.index) * 10'000;
      line.speed_mm_s = 0;
      line.high = std::make_shared<const std::vector<std::uint16_t>>(length, value);
      line.low =
          std::make_shared<const std::vector<std::uint16_t>>(length, static_cast<std::uint16_t>(value * 9 / 10));
      say(line);
    }
  }
  void calibration_lines() {
    index_ = 0;
    lines(hal::LineKind::dark, 12, 100);
    lines(hal::LineKind::air, 24, 20'000);
  }

 private:
  std::uint32_t index_ = 0;
};

class FakeBeam final : public FakeDevice<hal::BeamRequest> {
 public:
  explicit FakeBeam(const hal::Clock& clock) : FakeDevice("beam", hal::DeviceKind::beam_request, clock) {}
  hal::Result<void> request_beam(const hal::ScanRequest& request) override {
    if (refuse) return tl::unexpected(hal::Error{hal::ErrorCode::refused, "Door 1 open", "beam", "close it"});
    requests.push_back(request);
    return {};
  }
  hal::Result<void> renew_lease() override {
    ++renewals;
    return {};
  }
  void withdraw(const std::string& reason) override { withdrawn.push_back(reason); }

  // -- for tests
  bool refuse = false;
  int renewals = 0;
  std::vector<hal::ScanRequest> requests;
  std::vector<std::string> withdrawn;
  void phase(hal::ScanPhase phase, hal::ScanEnd end = hal::ScanEnd::complete, std::int64_t remaining_us = 0) {
    say({requests.back().scan, phase, clock_.now(), remaining_us, end, std::nullopt});
  }
};

class FakePortal final : public FakeDevice<hal::PortalMonitor> {
 public:
  explicit FakePortal(const hal::Clock& clock) : FakeDevice("portal", hal::DeviceKind::portal_monitor, clock) {}
  void line(const std::string& text) { say(hal::parse_portal_line(text, clock_.now())); }
};

class FakeWeighbridge final : public FakeDevice<hal::Weighbridge> {
 public:
  explicit FakeWeighbridge(const hal::Clock& clock)
      : FakeDevice("weighbridge", hal::DeviceKind::weighbridge, clock) {}
  void reading(double kg, hal::WeightStatus status) { say({clock_.now(), kg, 0, status}); }
};

class FakeSignals final : public FakeDevice<hal::LaneSignals> {
 public:
  explicit FakeSignals(const hal::Clock& clock) : FakeDevice("signals", hal::DeviceKind::lane_signals, clock) {}

  hal::Result<void> set_barrier(hal::Barrier barrier, bool up) override {
    const std::lock_guard lock(mutex_);
    if (dead)
      return tl::unexpected(hal::Error{hal::ErrorCode::unreachable, "The barrier does not answer", "signals", ""});
    if (barrier == hal::Barrier::exit) {
      exit_up = up;
      commands.push_back(up ? "exit up" : "exit down");
    }
    return {};
  }
  hal::Result<void> set_light(hal::Barrier at, hal::Light light) override {
    const std::lock_guard lock(mutex_);
    if (dead)
      return tl::unexpected(hal::Error{hal::ErrorCode::unreachable, "The light does not answer", "signals", ""});
    (at == hal::Barrier::exit ? exit_light : entry_light) = light;
    return {};
  }
  void loop(hal::LoopPlace place, bool occupied) {
    say(hal::LoopChange{place, occupied ? hal::LoopState::occupied : hal::LoopState::free, clock_.now()});
  }

  bool dead = false, exit_up = false;
  hal::Light exit_light = hal::Light::off, entry_light = hal::Light::off;
  std::vector<std::string> commands;
};

class FakeCodes final : public FakeDevice<hal::CodeReader> {
 public:
  explicit FakeCodes(const hal::Clock& clock) : FakeDevice("codes", hal::DeviceKind::code_reader, clock) {}
  void code(const std::string& text) { say({clock_.now(), "Code128", text}); }
};

}  // namespace torugart::tests
