// The lane's uninterruptible supply: mains, battery, and how long there is left.
//
// A reading arrives at least every 5 s while the device is ready, and at once when the source changes. When
// `shutdown_due` is set the program ends what was begun, writes what waits and closes; a supply that cannot be read is
// a fault, never a reason to shut down.
#pragma once

#include <optional>

#include "hal/api/device.h"

namespace torugart::hal {

enum class PowerSource { mains, battery, unknown };

struct PowerReading {
  TimeStamp at;
  PowerSource source = PowerSource::unknown;
  std::optional<double> battery_percent;  // 0 … 100
  std::optional<double> minutes_left;     // at the present load, as the supply reckons
  bool replace_battery = false;
  // On battery, and the supply or its master says that it is time; or fewer minutes left than the driver was told.
  bool shutdown_due = false;
};

class Ups : public DeviceOf<PowerReading> {};

const char* to_string(PowerSource source);

}  // namespace torugart::hal
