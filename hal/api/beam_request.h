// The wire on which beam is asked for, where it is not part of the scanner's own driver: an output of the lane's
// controller beside the warning lamp. The controller and the chain decide; a request is never a command.
//
// A request is a lease. request_beam() -> busy, ScanPhase::warning (at least 5 s, lamp and horn; counted only while
// the chain was read closed) -> ScanPhase::beam_on when the controller reports beam -> ScanPhase::ended. It ends by
// itself 300 ms after the last renew_lease(), and at once when a contact that this driver reads is open, unknown or
// stale. safety_chain.md draws it; scan_guard.h is the machine.
//
// With a detector that only delivers lines, hal/registry makes one XrayScanner of the two.
#pragma once

#include <string>

#include "hal/api/device.h"
#include "hal/api/xray_scanner.h"

namespace torugart::hal {

class BeamRequest : public DeviceOf<ScanPhaseChange> {
 public:
  // refused when a request runs, when the chain is not closed, after an emergency stop without the key, when the
  // driver stays in the cab and the lane cannot spare the cab, or when not ready.
  virtual Result<void> request_beam(const ScanRequest& request) = 0;
  virtual Result<void> renew_lease() = 0;
  // Idempotent; "ended" follows within 100 ms when a request was running.
  virtual void withdraw(const std::string& reason) = 0;
};

}  // namespace torugart::hal
