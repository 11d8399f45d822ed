// The lane controller of the tests (tests/support/peers/lane_controller.py) as a process. Thread-bound.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tests/support/peer_process.h"

namespace torugart::peers {

class LaneController {
 public:
  // False when python3-pymodbus is not installed; a test is then skipped with that reason.
  static bool available();

  // truck: one arrives after 1.5 s and stays on the loop.
  bool start(bool truck = false);
  int port() const { return port_; }
  std::optional<std::string> wait_for(const std::string& part,
                                      std::chrono::seconds patience = std::chrono::seconds(10));
  void tell(const std::string& words) { process_.tell(words); }
  void order(const std::string& words);  // and waits until it is done

 private:
  PeerProcess process_;
  int port_ = 0;
};

}  // namespace torugart::peers
