#include "hal/drivers/wire/address.h"

#include <fmt/format.h>

#include "hal/drivers/common/settings.h"

namespace torugart::hal::drivers::wire {

std::string Address::text() const {
  return serial.empty() ? fmt::format("{}:{}", host, port) : serial;
}

Address address_of(Settings& settings, int usual_port, bool serial_too) {
  Address out;
  out.host = settings.text("host");
  out.port = settings.number("port", usual_port, 1, 65535);
  if (serial_too) {
    out.serial = settings.text("serial");
    static const std::vector<std::string> kBauds{"1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200"};
    out.baud = std::stoi(settings.one_of("baud", "9600", kBauds));
    const auto framing = settings.one_of("framing", "8N1", {"8N1", "8E1", "8O1", "7E1", "7O1", "7N1", "8N2", "7E2"});
    out.data_bits = framing[0] - '0';
    out.parity = framing[1];
    out.stop_bits = framing[2] - '0';
  }
  if (out.host.empty() == out.serial.empty()) {
    settings.wrong(out.host.empty() ? "nothing says where the machine is" : "both host and serial are given",
                   serial_too ? "host = \"10.0.0.30\", or serial = \"/dev/ttyUSB0\"" : "host = \"10.0.0.30\"");
  }
  return out;
}

}  // namespace torugart::hal::drivers::wire
