#include "hal/drivers/nut_ups/nut_reply.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <sstream>

namespace torugart::hal::drivers::nut {
namespace {

std::optional<double> number(const std::map<std::string, std::string>& variables, const char* name, double most) {
  const auto found = variables.find(name);
  if (found == variables.end() || found->second.empty()) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(found->second.c_str(), &end);
  if (*end != '\0' || !std::isfinite(value) || value < 0 || value > most) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::pair<std::string, std::string>> variable(std::string_view line, const std::string& ups) {
  const auto head = fmt::format("VAR {} ", ups);
  if (line.substr(0, head.size()) != head) return std::nullopt;
  line.remove_prefix(head.size());
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos || blank == 0) return std::nullopt;
  std::pair<std::string, std::string> out{std::string(line.substr(0, blank)), {}};
  line.remove_prefix(blank + 1);
  if (line.size() < 2 || line.front() != '"' || line.back() != '"') return std::nullopt;
  line = line.substr(1, line.size() - 2);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') return std::nullopt;
    if (line[i] == '\\' && ++i == line.size()) return std::nullopt;
    out.second.push_back(line[i]);
  }
  return out;
}

std::optional<Error> error_of(std::string_view line, const std::string& ups) {
  if (line.substr(0, 4) != "ERR ") return std::nullopt;
  const auto name = line.substr(4, line.find(' ', 4) - 4);
  if (name == "UNKNOWN-UPS")
    return Error{ErrorCode::bad_setting, fmt::format("the UPS server has no supply called \"{}\"", ups), "",
                 "upsc -l on that machine lists its supplies; set ups of this device"};
  if (name == "ACCESS-DENIED")
    return Error{ErrorCode::refused, "the UPS server does not let this machine read", "", "allow it in upsd.conf"};
  if (name == "DATA-STALE")
    return Error{ErrorCode::timeout, "the UPS server has lost its supply: what it knows is old", "",
                 "check the cable between the supply and its server"};
  if (name == "DRIVER-NOT-CONNECTED")
    return Error{ErrorCode::unreachable, "the UPS server's driver does not run", "",
                 "check the cable of the supply; upsdrvctl start on that machine"};
  return Error{ErrorCode::refused, fmt::format("the UPS server says {}", name), "", "send the log to the supplier"};
}

PowerReading reading_of(const std::map<std::string, std::string>& variables, double minutes, TimeStamp at) {
  PowerReading out;
  out.at = at;
  out.battery_percent = number(variables, "battery.charge", 100);
  if (const auto seconds = number(variables, "battery.runtime", 1e7)) out.minutes_left = *seconds / 60;
  bool low = false, forced = false;
  if (const auto status = variables.find("ups.status"); status != variables.end()) {
    std::istringstream words(status->second);
    for (std::string word; words >> word;) {
      if (word == "OL") out.source = PowerSource::mains;
      if (word == "OB") out.source = PowerSource::battery;
      if (word == "LB") low = true;
      if (word == "RB") out.replace_battery = true;
      if (word == "FSD") forced = true;
    }
  }
  const bool short_of_time = out.minutes_left && *out.minutes_left < minutes;
  out.shutdown_due = forced || (out.source == PowerSource::battery && (low || short_of_time));
  return out;
}

}  // namespace torugart::hal::drivers::nut
