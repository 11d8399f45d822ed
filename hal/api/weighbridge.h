// A weighbridge under the lane. A reading arrives at the indicator's pace (typically 5 to 10 per second).
#pragma once

#include "hal/api/device.h"

namespace torugart::hal {

enum class WeightStatus { stable, motion, overload, underload };

struct WeightReading {
  TimeStamp at;
  double gross_kg = 0;  // meaningful when stable or in motion; 0 … 200,000
  double tare_kg = 0;
  WeightStatus status = WeightStatus::motion;
};

class Weighbridge : public DeviceOf<WeightReading> {};

const char* to_string(WeightStatus status);

}  // namespace torugart::hal
