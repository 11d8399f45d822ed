#include "hal/registry/registry.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hal/registry/paired_scanner.h"

namespace torugart::hal {
namespace {

template <class Map>
std::vector<std::string> names(const Map& map) {
  std::vector<std::string> out;
  for (const auto& [name, factory] : map)
    out.push_back(name);
  return out;
}

template <class D>
Result<std::unique_ptr<D>> make(const std::map<std::string, Factory<D>>& factories, const DeviceConfig& config,
                                const Clock& clock) {
  const auto found = factories.find(config.driver);
  if (found == factories.end()) {
    return tl::unexpected(Error{
        ErrorCode::bad_setting,
        fmt::format("device \"{}\": there is no {} driver \"{}\"", config.id, to_string(config.kind), config.driver),
        config.where, fmt::format("use one of: {}", fmt::join(names(factories), ", "))});
  }
  return found->second(config, clock);
}

template <class D>
Result<void> make_one(std::unique_ptr<D>& slot, const std::map<std::string, Factory<D>>& factories,
                      const DeviceConfig& config, const Clock& clock) {
  if (slot) {
    return tl::unexpected(Error{ErrorCode::bad_setting,
                                fmt::format("device \"{}\": a lane has one {}, and \"{}\" is a second", config.id,
                                            to_string(config.kind), config.id),
                                config.where, "remove one of the two"});
  }
  auto device = make(factories, config, clock);
  if (!device) return tl::unexpected(device.error());
  slot = std::move(*device);
  return {};
}

template <class D>
Result<void> make_several(std::vector<std::unique_ptr<D>>& slots, const std::map<std::string, Factory<D>>& factories,
                          const DeviceConfig& config, const Clock& clock) {
  auto device = make(factories, config, clock);
  if (!device) return tl::unexpected(device.error());
  slots.push_back(std::move(*device));
  return {};
}

}  // namespace

std::vector<Device*> LaneDevices::all() const {
  std::vector<Device*> out;
  const auto add = [&out](Device* device) {
    if (device != nullptr) out.push_back(device);
  };
  for (const auto& camera : cameras)
    add(camera.get());
  add(xray.get());
  add(safety.get());
  add(portal.get());
  add(weighbridge.get());
  add(signals.get());
  for (const auto& reader : code_readers)
    add(reader.get());
  add(beam.get());
  add(ups.get());
  return out;
}

std::vector<std::string> Registry::drivers(DeviceKind kind) const {
  switch (kind) {
    case DeviceKind::camera:
      return names(cameras_);
    case DeviceKind::xray_scanner:
      return names(xray_);
    case DeviceKind::safety_chain:
      return names(safety_);
    case DeviceKind::portal_monitor:
      return names(portal_);
    case DeviceKind::weighbridge:
      return names(weighbridge_);
    case DeviceKind::lane_signals:
      return names(signals_);
    case DeviceKind::code_reader:
      return names(code_readers_);
    case DeviceKind::beam_request:
      return names(beam_);
    case DeviceKind::ups:
      return names(ups_);
  }
  return {};
}

Result<LaneDevices> Registry::make_lane(const std::vector<DeviceConfig>& list, const Clock& clock) const {
  LaneDevices lane;
  for (const auto& config : list) {
    Result<void> made;
    switch (config.kind) {
      case DeviceKind::camera:
        made = make_several(lane.cameras, cameras_, config, clock);
        break;
      case DeviceKind::xray_scanner:
        made = make_one(lane.xray, xray_, config, clock);
        break;
      case DeviceKind::safety_chain:
        made = make_one(lane.safety, safety_, config, clock);
        break;
      case DeviceKind::portal_monitor:
        made = make_one(lane.portal, portal_, config, clock);
        break;
      case DeviceKind::weighbridge:
        made = make_one(lane.weighbridge, weighbridge_, config, clock);
        break;
      case DeviceKind::lane_signals:
        made = make_one(lane.signals, signals_, config, clock);
        break;
      case DeviceKind::code_reader:
        made = make_several(lane.code_readers, code_readers_, config, clock);
        break;
      case DeviceKind::beam_request:
        made = make_one(lane.beam, beam_, config, clock);
        break;
      case DeviceKind::ups:
        made = make_one(lane.ups, ups_, config, clock);
        break;
    }
    if (!made) return tl::unexpected(made.error());
  }
  if (lane.xray && lane.beam) lane.xray = pair_scanner(std::move(lane.xray), std::move(lane.beam));
  return lane;
}

}  // namespace torugart::hal
