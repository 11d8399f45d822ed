// What the monitor's lines say about the monitor itself. Pure; thread-bound.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hal/api/portal_monitor.h"

namespace torugart::hal::drivers::rapiscan {

// True for what can be a line of the protocol: two capital letters, at most two more capitals or digits, a comma, and
// nothing but printable ASCII. Types that are not known pass; what a torn or noisy line left does not.
bool is_line(std::string_view bytes);

class MonitorState {
 public:
  struct Trouble {
    std::string what, remedy;
    bool operator==(const Trouble&) const = default;
  };

  void see(const PortalLine& line);
  // Why the monitor cannot be relied on now; none when it can. Tamper goes before faults.
  std::optional<Trouble> trouble() const;

  std::uint64_t gamma_alarms() const { return gamma_alarms_; }  // occupancies with one, as the monitor says
  std::uint64_t neutron_alarms() const { return neutron_alarms_; }
  std::uint64_t unknown_types() const { return unknown_; }
  const std::string& settings() const { return settings_; }  // the last SG/SN line of each kind

 private:
  bool tamper_ = false;
  PortalCode fault_ = PortalCode::unknown;  // unknown: none
  bool gamma_now_ = false, neutron_now_ = false;
  std::uint64_t gamma_alarms_ = 0, neutron_alarms_ = 0, unknown_ = 0;
  std::string settings_;
};

}  // namespace torugart::hal::drivers::rapiscan
