#include "hal/api/xray_scanner.h"

namespace torugart::hal {

const char* to_string(LineKind kind) {
  switch (kind) {
    case LineKind::dark:
      return "dark";
    case LineKind::air:
      return "air";
    case LineKind::object:
      return "object";
  }
  return "unknown";
}

const char* to_string(ScanPhase phase) {
  switch (phase) {
    case ScanPhase::warning:
      return "warning";
    case ScanPhase::dark_lines:
      return "dark_lines";
    case ScanPhase::beam_on:
      return "beam_on";
    case ScanPhase::ended:
      return "ended";
  }
  return "unknown";
}

const char* to_string(ScanEnd end) {
  switch (end) {
    case ScanEnd::complete:
      return "complete";
    case ScanEnd::withdrawn:
      return "withdrawn";
    case ScanEnd::lease_expired:
      return "lease_expired";
    case ScanEnd::chain_opened:
      return "chain_opened";
    case ScanEnd::timeout:
      return "timeout";
    case ScanEnd::device_fault:
      return "device_fault";
  }
  return "unknown";
}

}  // namespace torugart::hal
