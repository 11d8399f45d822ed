// What lane.toml says about the detector. README.md has the table. Internal to the driver.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hal/drivers/gige_detector/line_cutter.h"
#include "hal/registry/registry.h"

namespace torugart::hal::gige_detector {

struct DetectorSettings {
  std::string id;
  std::string address;
  int detectors = 0;  // 0 = as the device is set
  int rows = 0;       // of a block; 0 = as the device is set
  std::string pixel_format = "Mono16";
  Energies energies = Energies::single;
  bool low_first = false;
  bool encoder = false;  // lines are triggered by the road's encoder, not by the device's clock
  std::string trigger_selector = "LineStart", trigger_source = "Encoder0";
  double mm_per_line = 0;  // of the encoder; 0 = the speed is not known
  double line_rate_hz = 0;
  double pitch_mm = 0;
  bool calibrated = false;
  double high_mv = 6, low_mv = 4;
  int packet_size = 0;  // bytes; 0 = as the device is set
  bool resend = true;
  int silent_ms = 1000;
  int timeout_ms = 45'000;
  int tail_lines = 48;                                        // open beam for so many lines: the truck has left
  std::vector<std::pair<std::string, std::string>> features;  // GenICam, written in this order
};

Result<DetectorSettings> read_settings(const DeviceConfig& config);

}  // namespace torugart::hal::gige_detector
