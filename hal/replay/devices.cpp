// The devices of a played recording: thin fronts of the player's ports.
#include <fmt/format.h>

#include "hal/replay/player_impl.h"

namespace torugart::hal::replay {
namespace {

// Front of one port: what Device and DeviceOf ask for, for every kind.
template <class Base, class PortType = Port<typename Base::Message>>
class Front : public Base {
 public:
  Front(std::shared_ptr<Player> player, std::shared_ptr<PortType> port)
      : player_(std::move(player)), port_(std::move(port)) {}
  ~Front() override { port_->close(); }

  DeviceInfo info() const override { return port_->info(); }
  Health health() const override { return port_->health(); }
  void close() override { port_->close(); }
  Result<void> open(typename Base::Handler handler, HealthHandler on_health) override {
    return port_->open(std::move(handler), std::move(on_health));
  }

 protected:
  Player::Impl& impl() const { return player_->impl(); }
  Result<void> must_be_open() const {
    if (port_->state() == DeviceState::closed) {
      return tl::unexpected(Error{ErrorCode::not_open, "is not open", port_->info().id, "open it first"});
    }
    return {};
  }

  std::shared_ptr<Player> player_;
  std::shared_ptr<PortType> port_;
};

class ReplayCamera final : public Front<Camera, CameraPort> {
 public:
  using Front::Front;
  Result<void> trigger_still() override {
    if (auto open = must_be_open(); !open) return open;
    port_->still_wanted = true;
    return {};
  }
};

class ReplayScanner final : public Front<XrayScanner> {
 public:
  using Front::Front;
  ~ReplayScanner() override { impl().withdraw(); }

  ScannerGeometry geometry() const override {
    ScannerGeometry out;
    const std::lock_guard lock(impl().mutex);
    if (impl().pictures) {
      out.detectors = impl().pictures->detectors();
      // The recording does not say which energies; the names are those of the usual interlaced pair.
      out.high_energy_mv = 6;
      out.low_energy_mv = impl().pictures->two_energies() ? 4 : 0;
    }
    out.line_rate_hz = impl().options.lines_per_second * impl().options.speed;
    return out;
  }
  Result<void> request_beam(const ScanRequest& request) override {
    if (auto open = must_be_open(); !open) return open;
    return impl().request_beam(request);
  }
  Result<void> renew_lease() override { return impl().renew_lease(); }
  void withdraw(const std::string&) override { impl().withdraw(); }
  void close() override {
    impl().withdraw();
    Front::close();
  }
};

class ReplaySignals final : public Front<LaneSignals> {
 public:
  using Front::Front;
  Result<void> set_barrier(Barrier barrier, bool up) override {
    if (auto open = must_be_open(); !open) return open;
    return impl().set_barrier(barrier, up);
  }
  Result<void> set_light(Barrier, Light) override { return must_be_open(); }
};

DeviceInfo info_of(const DeviceConfig& config) {
  return {config.id, config.kind, "replay", "recorded lane", "", true};
}

template <class DeviceType, class Base>
Factory<Base> factory(const std::shared_ptr<Player>& player,
                      std::shared_ptr<Port<typename Base::Message>> Player::Impl::*slot) {
  return [player, slot](const DeviceConfig& config, const Clock&) -> Result<std::unique_ptr<Base>> {
    auto port = std::make_shared<Port<typename Base::Message>>(info_of(config));
    const std::lock_guard lock(player->impl().ports_mutex);
    player->impl().*slot = port;
    return std::make_unique<DeviceType>(player, port);
  };
}

Result<std::unique_ptr<Camera>> make_camera(const std::shared_ptr<Player>& player, const DeviceConfig& config) {
  const auto setting = config.settings.find("position");
  const std::string position = setting == config.settings.end() ? config.id : setting->second;
  if (position != "front" && position != "rear" && position != "side") {
    return tl::unexpected(Error{ErrorCode::bad_setting,
                                fmt::format("camera \"{}\": position \"{}\"", config.id, position), config.where,
                                "use front, rear or side"});
  }
  auto port = std::make_shared<CameraPort>(info_of(config), position);
  const std::lock_guard lock(player->impl().ports_mutex);
  player->impl().cameras.push_back(port);
  return std::make_unique<ReplayCamera>(player, port);
}

}  // namespace

void register_drivers(Registry& registry, const std::shared_ptr<Player>& player) {
  using Impl = Player::Impl;
  registry.add("replay",
               Factory<Camera>([player](const DeviceConfig& c, const Clock&) { return make_camera(player, c); }));
  registry.add("replay", factory<ReplayScanner, XrayScanner>(player, &Impl::xray));
  registry.add("replay", factory<Front<SafetyChain>, SafetyChain>(player, &Impl::safety));
  registry.add("replay", factory<Front<PortalMonitor>, PortalMonitor>(player, &Impl::portal));
  registry.add("replay", factory<Front<Weighbridge>, Weighbridge>(player, &Impl::weighbridge));
  registry.add("replay", factory<ReplaySignals, LaneSignals>(player, &Impl::signals));
  registry.add("replay", Factory<CodeReader>([player](const DeviceConfig& config, const Clock&) {
                 auto port = std::make_shared<Port<CodeRead>>(info_of(config));
                 const std::lock_guard lock(player->impl().ports_mutex);
                 player->impl().code_readers.push_back(port);
                 return Result<std::unique_ptr<CodeReader>>(std::make_unique<Front<CodeReader>>(player, port));
               }));
}

}  // namespace torugart::hal::replay
