// Driver name -> factory, per kind of device. A driver registers itself by one line; a lane's configuration names it.
//
//   Registry registry;
//   sim::register_drivers(registry, world);
//   auto devices = registry.make_lane(device_list, clock);
//
// Thread-bound: filled and used at start-up. The clock must outlive every device made with it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hal/api/beam_request.h"
#include "hal/api/camera.h"
#include "hal/api/code_reader.h"
#include "hal/api/device.h"
#include "hal/api/lane_signals.h"
#include "hal/api/portal_monitor.h"
#include "hal/api/safety_chain.h"
#include "hal/api/ups.h"
#include "hal/api/weighbridge.h"
#include "hal/api/xray_scanner.h"

namespace torugart::hal {

// One entry of the lane's device list, as the configuration file has it.
struct DeviceConfig {
  std::string id;
  DeviceKind kind = DeviceKind::camera;
  std::string driver;
  std::map<std::string, std::string> settings;  // the driver's own; "position" of a camera: front, rear, side
  std::string where;                            // "lane.toml:12", for messages
};

template <class D>
using Factory = std::function<Result<std::unique_ptr<D>>(const DeviceConfig&, const Clock&)>;

// What a lane has. Absent devices are null (a lane worked by hand has none at all).
struct LaneDevices {
  std::vector<std::unique_ptr<Camera>> cameras;
  std::unique_ptr<XrayScanner> xray;
  std::unique_ptr<SafetyChain> safety;
  std::unique_ptr<PortalMonitor> portal;
  std::unique_ptr<Weighbridge> weighbridge;
  std::unique_ptr<LaneSignals> signals;
  std::vector<std::unique_ptr<CodeReader>> code_readers;
  std::unique_ptr<BeamRequest> beam;  // null where the scanner asks for beam itself; make_lane() puts it into `xray`
  std::unique_ptr<Ups> ups;

  std::vector<Device*> all() const;
};

class Registry {
 public:
  void add(const std::string& driver, Factory<Camera> f) { cameras_[driver] = std::move(f); }
  void add(const std::string& driver, Factory<XrayScanner> f) { xray_[driver] = std::move(f); }
  void add(const std::string& driver, Factory<SafetyChain> f) { safety_[driver] = std::move(f); }
  void add(const std::string& driver, Factory<PortalMonitor> f) { portal_[driver] = std::move(f); }
  void add(const std::string& driver, Factory<Weighbridge> f) { weighbridge_[driver] = std::move(f); }
  void add(const std::string& driver, Factory<LaneSignals> f) { signals_[driver] = std::move(f); }
  void add(const std::string& driver, Factory<CodeReader> f) { code_readers_[driver] = std::move(f); }
  void add(const std::string& driver, Factory<BeamRequest> f) { beam_[driver] = std::move(f); }
  void add(const std::string& driver, Factory<Ups> f) { ups_[driver] = std::move(f); }

  // Drivers that exist for a kind, for messages and for `doctor`.
  std::vector<std::string> drivers(DeviceKind kind) const;

  // Makes every device of the list; none is opened. The first entry that cannot be made is the error: unknown driver
  // (the message lists those that exist), a second device of a kind of which a lane has one, or the factory's own. A
  // detector and a beam_request become one scanner (paired_scanner.h).
  Result<LaneDevices> make_lane(const std::vector<DeviceConfig>& list, const Clock& clock) const;

 private:
  std::map<std::string, Factory<Camera>> cameras_;
  std::map<std::string, Factory<XrayScanner>> xray_;
  std::map<std::string, Factory<SafetyChain>> safety_;
  std::map<std::string, Factory<PortalMonitor>> portal_;
  std::map<std::string, Factory<Weighbridge>> weighbridge_;
  std::map<std::string, Factory<LaneSignals>> signals_;
  std::map<std::string, Factory<CodeReader>> code_readers_;
  std::map<std::string, Factory<BeamRequest>> beam_;
  std::map<std::string, Factory<Ups>> ups_;
};

}  // namespace torugart::hal
