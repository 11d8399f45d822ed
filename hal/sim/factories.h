// One factory per kind of simulated device. Internal to hal/sim.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hal/registry/registry.h"
#include "hal/sim/world.h"

namespace torugart::hal::sim {

Result<std::unique_ptr<Camera>> make_camera(const DeviceConfig&, const Clock&, const std::shared_ptr<World>&);
Result<std::unique_ptr<XrayScanner>> make_xray(const DeviceConfig&, const Clock&, const std::shared_ptr<World>&);
Result<std::unique_ptr<SafetyChain>> make_safety_chain(const DeviceConfig&, const Clock&,
                                                       const std::shared_ptr<World>&);
Result<std::unique_ptr<PortalMonitor>> make_portal(const DeviceConfig&, const Clock&, const std::shared_ptr<World>&);
Result<std::unique_ptr<Weighbridge>> make_weighbridge(const DeviceConfig&, const Clock&,
                                                      const std::shared_ptr<World>&);
Result<std::unique_ptr<LaneSignals>> make_signals(const DeviceConfig&, const Clock&, const std::shared_ptr<World>&);
Result<std::unique_ptr<CodeReader>> make_code_reader(const DeviceConfig&, const Clock&,
                                                     const std::shared_ptr<World>&);

// "Door 1:door, E-stop cabin:emergency_stop"
Result<std::vector<Contact>> parse_contacts(const std::string& text);

// Refuses settings that the driver does not know and numbers out of range; `numbers` are (key, lowest, highest).
struct NumberSetting {
  const char* key;
  int low, high;
};
Result<void> check_settings(const DeviceConfig& config, const std::vector<NumberSetting>& numbers,
                            const std::vector<std::string>& texts = {});

}  // namespace torugart::hal::sim
