#include "hal/drivers/modbus_lane_io/lane_io.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "hal/drivers/common/driver_device.h"
#include "hal/drivers/common/settings.h"
#include "hal/drivers/modbus_lane_io/controller.h"

namespace torugart::hal::drivers::lane_io {
namespace {

Error stands_still() {
  return {ErrorCode::bad_data, "the controller answers, but its program stands still", "",
          "switch the controller from STOP to RUN, or call its supplier"};
}

// One device of a controller: listens until the line is lost.
template <class Api>
class ControllerDevice : public DriverDevice<Api> {
 public:
  ControllerDevice(const DeviceConfig& config, const Clock& clock, std::shared_ptr<Controller> controller)
      : DriverDevice<Api>(config, clock, controller->map().model), controller_(std::move(controller)) {}

 protected:
  virtual void began() {}
  virtual void on_image(const Image& image) = 0;
  virtual void on_phase(const ScanPhaseChange&) {}
  virtual void was_lost() {}
  // A reason to be faulted although the line stands.
  virtual std::optional<Error> fault(const Image&) { return std::nullopt; }

  typename DriverDevice<Api>::Figures figures() const override {
    const auto f = controller_->figures();
    return {{"cycles", std::to_string(f.cycles)},
            {"longest cycle", fmt::format("{} ms", f.longest_cycle_us / 1000)},
            {"outputs written by others", std::to_string(f.foreign_writes)}};
  }

  const std::shared_ptr<Controller> controller_;

 private:
  Error session(const std::stop_token& stop) override {
    const auto subscription = controller_->subscribe();
    const auto leave = [&](Error why) {
      controller_->unsubscribe(subscription);
      return why;
    };
    began();
    while (!stop.stop_requested()) {
      const auto item = subscription->next(stop);
      if (!item) continue;
      if (const auto* why = std::get_if<Error>(&*item)) {
        was_lost();
        return leave(*why);
      }
      if (const auto* phase = std::get_if<ScanPhaseChange>(&*item)) {
        on_phase(*phase);
        continue;
      }
      const auto& image = std::get<Image>(*item);
      on_image(image);
      if (auto why = fault(image)) return leave(*why);
      if (this->state() != DeviceState::busy) this->came_alive();
    }
    return leave({});
  }
};

class Chain final : public ControllerDevice<SafetyChain> {
 public:
  using ControllerDevice::ControllerDevice;
  ~Chain() override { close(); }

 private:
  void on_image(const Image& image) override {
    last_ = image.chain;
    emit(last_);
  }
  // Nobody has to wait until the last reading grows stale.
  void was_lost() override {
    if (last_.contacts.empty()) return;
    for (auto& contact : last_.contacts)
      contact.state = ContactState::unknown;
    last_.at = clock_.now();
    last_.dose_rate_usv_h.reset();
    emit(last_);
  }
  std::optional<Error> fault(const Image& image) override {
    if (image.stands_still) return stands_still();
    return std::nullopt;
  }

  ChainReading last_;
};

class Signals final : public ControllerDevice<LaneSignals> {
 public:
  using ControllerDevice::ControllerDevice;
  ~Signals() override { close(); }

  Result<void> set_barrier(Barrier barrier, bool up) override {
    if (state() != DeviceState::ready) return tl::unexpected(not_ready());
    return with_place(controller_->set_barrier(barrier, up));
  }
  Result<void> set_light(Barrier at, Light light) override {
    if (state() != DeviceState::ready) return tl::unexpected(not_ready());
    return with_place(controller_->set_light(at, light));
  }

 private:
  Result<void> with_place(Result<void> answer) const {
    if (answer) return answer;
    Error e = answer.error();
    e.where = config_.id;
    return tl::unexpected(std::move(e));
  }
  void began() override {
    loops_ = {};
    barriers_ = {};
  }
  void on_image(const Image& image) override {
    for (std::size_t i = 0; i < loops_.size(); ++i) {
      if (!image.loops[i] || image.loops[i] == loops_[i]) continue;
      loops_[i] = image.loops[i];
      emit(LoopChange{static_cast<LoopPlace>(i), *image.loops[i], image.at});
    }
    for (std::size_t i = 0; i < barriers_.size(); ++i) {
      if (!image.barriers[i] || image.barriers[i] == barriers_[i]) continue;
      barriers_[i] = image.barriers[i];
      emit(BarrierChange{static_cast<Barrier>(i), *image.barriers[i], image.at});
    }
  }
  std::optional<Error> fault(const Image& image) override {
    if (image.stands_still) return stands_still();
    return std::nullopt;
  }

  void was_lost() override {
    for (std::size_t i = 0; i < loops_.size(); ++i)
      if (loops_[i]) emit(LoopChange{static_cast<LoopPlace>(i), LoopState::unknown, clock_.now()});
    for (std::size_t i = 0; i < barriers_.size(); ++i)
      if (barriers_[i]) emit(BarrierChange{static_cast<Barrier>(i), BarrierState::unknown, clock_.now()});
  }

  std::array<std::optional<LoopState>, 4> loops_;
  std::array<std::optional<BarrierState>, 2> barriers_;
};

class Beam final : public ControllerDevice<BeamRequest> {
 public:
  using ControllerDevice::ControllerDevice;
  ~Beam() override { close(); }

  Result<void> request_beam(const ScanRequest& request) override {
    if (state() != DeviceState::ready) return tl::unexpected(not_ready());
    auto asked = controller_->request_beam(request);
    if (asked) return asked;
    Error e = asked.error();
    e.where = config_.id;
    return tl::unexpected(std::move(e));
  }
  Result<void> renew_lease() override {
    if (state() != DeviceState::busy) return tl::unexpected(not_ready_or_idle());
    return controller_->renew_lease();
  }
  void withdraw(const std::string& reason) override { controller_->withdraw(ScanEnd::withdrawn, reason); }
  void close() override {
    controller_->withdraw(ScanEnd::withdrawn, "The device was closed");
    ControllerDevice::close();
  }

 private:
  Error not_ready_or_idle() const {
    if (state() == DeviceState::ready)
      return {ErrorCode::refused, "no request for beam runs", config_.id, "ask for a scan"};
    return not_ready();
  }
  void on_image(const Image&) override {}
  void on_phase(const ScanPhaseChange& phase) override {
    if (phase.phase == ScanPhase::warning) change(DeviceState::busy, "warning", "");
    if (phase.phase == ScanPhase::beam_on) change(DeviceState::busy, "beam on", "");
    emit(phase);
    if (phase.phase == ScanPhase::ended) change(DeviceState::ready, "ready", "");
  }
  std::optional<Error> fault(const Image& image) override {
    if (image.unasked_beam)
      return Error{ErrorCode::refused, "the controller reports beam that nobody asks for", config_.id,
                   "press the emergency stop, keep everybody out, and call the scanner's supplier"};
    if (image.stands_still) return stands_still();
    return std::nullopt;
  }
};

// Relative to the file in which the device stands ("lane.toml:12").
std::string beside(const DeviceConfig& config, const std::string& file) {
  const std::filesystem::path path(file);
  if (path.is_absolute()) return file;
  return (std::filesystem::path(config.where.substr(0, config.where.rfind(':'))).parent_path() / path).string();
}

class Controllers {
 public:
  Result<std::shared_ptr<Controller>> of(const DeviceConfig& config, const Clock& clock) {
    Settings settings(config);
    modbus::Target target;
    target.host = settings.needed("host", "host = \"10.0.0.20\": the controller's address");
    target.port = settings.number("port", 502, 1, 65535);
    const auto file = settings.needed("map", "map = \"lane-io.toml\": the controller's register map");
    BeamLease::Limits limits;
    limits.longest_beam_us = settings.number("longest_beam_s", 300, 5, 3600) * 1'000'000LL;
    if (auto checked = settings.finish(); !checked) return tl::unexpected(checked.error());
    const auto key = fmt::format("{}:{} {}", target.host, target.port, file);
    if (auto known = known_[key].lock()) return known;
    auto map = load_map(beside(config, file));
    if (!map) return tl::unexpected(map.error());
    auto made = std::make_shared<Controller>(target, std::move(*map), clock, limits);
    known_[key] = made;
    return made;
  }

 private:
  std::map<std::string, std::weak_ptr<Controller>> known_;
};

template <class Device, class Api>
void add(Registry& registry, const std::shared_ptr<Controllers>& controllers, bool (*fits)(const RegisterMap&),
         const char* expected) {
  registry.add(
      "modbus_lane_io",
      Factory<Api>([=](const DeviceConfig& config, const Clock& clock) -> Result<std::unique_ptr<Api>> {
        auto controller = controllers->of(config, clock);
        if (!controller) return tl::unexpected(controller.error());
        if (!fits((*controller)->map()))
          return tl::unexpected(Error{ErrorCode::bad_setting,
                                      fmt::format("device \"{}\": the register map has no {}", config.id, expected),
                                      config.where, fmt::format("add {} to the register map", expected)});
        return std::make_unique<Device>(config, clock, *controller);
      }));
}

}  // namespace

void register_drivers(Registry& registry) {
  const auto controllers = std::make_shared<Controllers>();
  add<Chain, SafetyChain>(
      registry, controllers, [](const RegisterMap& m) { return !m.contacts.empty(); }, "[[contact]]");
  add<Signals, LaneSignals>(
      registry, controllers, [](const RegisterMap& m) { return m.loops[0] || m.loops[3] || m.barriers[1]; },
      "[[loop]] of arrival or departure");
  add<Beam, BeamRequest>(
      registry, controllers, [](const RegisterMap& m) { return m.beam.has_value(); }, "[beam]");
}

}  // namespace torugart::hal::drivers::lane_io
