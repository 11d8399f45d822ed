#include "tests/support/lane_controller.h"

#include <cstdlib>

namespace torugart::peers {

bool LaneController::available() {
  return std::system("/usr/bin/python3 -c 'import pymodbus.server' >/dev/null 2>&1") == 0;
}

bool LaneController::start(bool truck) {
  std::vector<std::string> command{"/usr/bin/python3", TORUGART_SOURCE_DIR "/tests/support/peers/lane_controller.py"};
  if (truck) command.emplace_back("--truck");
  if (!process_.start(command)) return false;
  const auto line = process_.line("PORT ");
  port_ = line.empty() ? 0 : std::atoi(line.substr(line.find("PORT ") + 5).c_str());
  return port_ != 0;
}

std::optional<std::string> LaneController::wait_for(const std::string& part, std::chrono::seconds patience) {
  auto line = process_.line(part, patience);
  if (line.empty()) return std::nullopt;
  return line;
}

void LaneController::order(const std::string& words) {
  process_.tell(words);
  process_.line("did " + words);
}

}  // namespace torugart::peers
