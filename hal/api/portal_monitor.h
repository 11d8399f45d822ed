// A radiation portal monitor. What arrives are its lines, in the vocabulary of the TSA/Rapiscan line protocol (ASCII,
// comma-separated, CR LF), which is also how recorded crossings keep them. Monitors of other makers are translated
// into the same lines by their drivers.
//
// The monitor's own alarms (GA, NA) are the truth; our sigma is a second opinion and never overrides it.
//
//   code   fields                        meaning
//   GB     4 counts                      gamma background (about every 5 s while free)
//   NB     4 counts                      neutron background
//   GS GA  4 counts                      gamma counts of 0.2 s while occupied; GA = the monitor is in gamma alarm
//   NS NA  4 counts                      neutron counts of 1 s while occupied; NA = neutron alarm
//   GH GL NH                             fault: background too high / too low / neutron too high
//   SP     seconds, mph, km/h, flag      speed
//   GX     number, background, 0, 0      end of occupancy
//   TC TT                                tamper closed / open
//   other                                kept as received, never an error
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/api/device.h"

namespace torugart::hal {

enum class PortalCode {
  gamma_background,
  neutron_background,
  gamma_scan,
  gamma_alarm,
  neutron_scan,
  neutron_alarm,
  gamma_high_fault,
  gamma_low_fault,
  neutron_high_fault,
  speed,
  end_of_occupancy,
  tamper_closed,
  tamper_open,
  setting,
  unknown,
};

struct PortalLine {
  TimeStamp at;  // when the line was received; buffered lines at the start of an occupancy are older than that
  PortalCode code = PortalCode::unknown;
  std::string raw;                           // without CR LF, at most 256 bytes, printable ASCII
  std::optional<std::array<int, 4>> counts;  // of the count-carrying codes, when all four are numbers
  std::optional<double> speed_km_h;          // of SP
  std::optional<int> occupancy;              // of GX
};

// Parses one line without its line end. Never fails: what is not understood is `unknown` with `raw` kept. Bytes that
// are not printable ASCII become '?', anything past 256 bytes is cut.
PortalLine parse_portal_line(std::string_view line, TimeStamp at);

// The second opinion: B = sum of the last gamma background, F = sum over the last five gamma lines,
// sigma = (F - B)/sqrt(B). Thread-bound.
class PortalSigma {
 public:
  // Returns sigma when the line was a gamma count and enough has been seen.
  std::optional<double> add(const PortalLine& line);

 private:
  std::optional<int> background_;
  std::vector<int> window_;
};

class PortalMonitor : public DeviceOf<PortalLine> {};

const char* to_string(PortalCode code);

}  // namespace torugart::hal
