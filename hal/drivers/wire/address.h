// Where a machine is: `host` and `port`, or `serial` ("/dev/ttyUSB0") with `baud` and `framing` ("8N1", "7E1").
#pragma once

#include <string>

#include "hal/api/device.h"

namespace torugart::hal::drivers {
class Settings;
}

namespace torugart::hal::drivers::wire {

struct Address {
  std::string host;
  int port = 0;
  std::string serial;  // not empty: a serial line
  int baud = 9600;
  int data_bits = 8;  // 7, 8
  char parity = 'N';  // N, E, O
  int stop_bits = 1;  // 1, 2
  std::string text() const;
};

// Reads the settings; what cannot be meant is said through settings.wrong(). serial_too: the protocol is also spoken
// over a serial line.
Address address_of(Settings& settings, int usual_port, bool serial_too);

}  // namespace torugart::hal::drivers::wire
