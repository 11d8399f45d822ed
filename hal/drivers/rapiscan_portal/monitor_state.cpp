#include "hal/drivers/rapiscan_portal/monitor_state.h"

#include <algorithm>

namespace torugart::hal::drivers::rapiscan {

bool is_line(std::string_view bytes) {
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto comma = bytes.find(',');
  if (comma == std::string_view::npos || comma < 2 || comma > 4) return false;
  if (!capital(bytes[0]) || !capital(bytes[1])) return false;
  for (std::size_t i = 2; i < comma; ++i)
    if (!capital(bytes[i]) && !digit(bytes[i])) return false;
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

void MonitorState::see(const PortalLine& line) {
  switch (line.code) {
    case PortalCode::tamper_open:
      tamper_ = true;
      break;
    case PortalCode::tamper_closed:
      tamper_ = false;
      break;
    case PortalCode::gamma_high_fault:
    case PortalCode::gamma_low_fault:
    case PortalCode::neutron_high_fault:
      fault_ = line.code;
      break;
    case PortalCode::gamma_background:
      if (fault_ != PortalCode::neutron_high_fault) fault_ = PortalCode::unknown;
      break;
    case PortalCode::neutron_background:
      if (fault_ == PortalCode::neutron_high_fault) fault_ = PortalCode::unknown;
      break;
    case PortalCode::gamma_alarm:
      if (!gamma_now_) ++gamma_alarms_;
      gamma_now_ = true;
      break;
    case PortalCode::neutron_alarm:
      if (!neutron_now_) ++neutron_alarms_;
      neutron_now_ = true;
      break;
    case PortalCode::end_of_occupancy:
      gamma_now_ = neutron_now_ = false;
      break;
    case PortalCode::setting: {
      // One entry of each kind, the newest, so that a monitor that repeats itself does not grow the text.
      const auto code = line.raw.substr(0, line.raw.find(','));
      if (const auto at = settings_.find(code + ","); at != std::string::npos) {
        const auto end = settings_.find("; ", at);
        settings_.erase(at, end == std::string::npos ? end : end + 2 - at);
        if (end == std::string::npos && settings_.size() >= 2) settings_.resize(settings_.size() - 2);
      }
      settings_ += (settings_.empty() ? "" : "; ") + line.raw;
      break;
    }
    case PortalCode::unknown:
      ++unknown_;
      break;
    case PortalCode::gamma_scan:
    case PortalCode::neutron_scan:
    case PortalCode::speed:
      break;
  }
}

std::optional<MonitorState::Trouble> MonitorState::trouble() const {
  if (tamper_)
    return Trouble{"the portal monitor's cabinet is open", "close the cabinet; nobody but service may open it"};
  switch (fault_) {
    case PortalCode::gamma_high_fault:
      return Trouble{"gamma background too high: the portal monitor does not measure",
                     "move loads away from the pillars; call radiation control when it stays"};
    case PortalCode::gamma_low_fault:
      return Trouble{"gamma background too low: a detector of the portal monitor has failed",
                     "measure by hand, and call its service"};
    case PortalCode::neutron_high_fault:
      return Trouble{"neutron background too high: the portal monitor does not measure",
                     "keep away from the pillars and call radiation control"};
    default:
      return std::nullopt;
  }
}

}  // namespace torugart::hal::drivers::rapiscan
