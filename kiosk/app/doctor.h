// `torugart doctor`: looks at the configuration and at every device, gives each a verdict and says what to do.
#pragma once

#include <iosfwd>
#include <string>

namespace torugart::app {

struct DoctorWish {
  std::string config;         // path
  double device_seconds = 6;  // how long a device may take to become ready
  bool offline = false;       // do not call the centre
};

// Prints one line per check: "ok", "WARN" or "FAIL", what was looked at, and for the last two what to do. Returns the
// exit code: 0 all ok or warnings, 1 something failed.
int run_doctor(const DoctorWish& wish, std::ostream& out);

}  // namespace torugart::app
