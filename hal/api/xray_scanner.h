// A dual-energy drive-through x-ray scanner: a linear accelerator with interlaced pulses, a column of detectors, and
// a truck that moves past them. Raw counts come out, line by line, in the order in which they were taken.
//
// One scan:
//   request_beam() -> busy, ScanPhase::warning (at least 5 s, lamp and horn)
//                  -> ScanPhase::dark_lines (beam off: dark), ScanPhase::beam_on: air lines until the truck enters,
//                     then object lines until it has left
//                  -> ScanPhase::ended with the reason; state ready again
//
// The request is a lease (see safety_chain.md): the engine calls renew_lease() every 100 ms after it has read the
// whole chain; a driver that was not renewed for 300 ms withdraws the request by itself and ends the scan
// (lease_expired). withdraw() ends it at once. The scanner's own hardware decides about beam; a request is never a
// command.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hal/api/device.h"

namespace torugart::hal {

enum class LineKind { dark, air, object };

enum class ScanPhase { warning, dark_lines, beam_on, ended };

enum class ScanEnd {
  complete,       // the truck has left the beam
  withdrawn,      // the engine withdrew the request
  lease_expired,  // the engine fell silent
  chain_opened,   // the scanner's own interlock input opened
  timeout,        // beam on, but no truck came or it stopped in the beam
  device_fault,   // accelerator or detector fault
};

struct ScannerGeometry {
  int detectors = 0;             // per energy, 1 … 4096; index 0 is the topmost
  double detector_pitch_mm = 0;  // distance of detector centres projected to the lane's centre plane; 0 = unknown
  double line_rate_hz = 0;       // lines (of both energies) per second while beam is on
  double high_energy_mv = 0;     // end-point energy, e.g. 6
  double low_energy_mv = 0;      // end-point energy, e.g. 4; 0 = single energy
  std::uint16_t full_scale = 65535;
  bool geometry_calibrated = false;  // only then may anything be shown in millimetres
};

// One line: one pulse of each energy. Counts are raw: dark not subtracted, gain not corrected.
struct ScanLine {
  std::uint32_t index = 0;  // counts up by one per line of a scan; a gap is a loss
  LineKind kind = LineKind::object;
  TimeStamp taken;
  double reference_high = 0;  // pulse monitor of the accelerator, arbitrary units; 0 = none fitted
  double reference_low = 0;
  double speed_mm_s = 0;  // truck speed as the lane's sensor says; 0 = unknown or standing
  // `detectors` values each. A torn line has fewer values than that: it is delivered as it came. Immutable, shared.
  std::shared_ptr<const std::vector<std::uint16_t>> high;
  std::shared_ptr<const std::vector<std::uint16_t>> low;  // null for single energy
};

struct ScanPhaseChange {
  std::string scan;  // id given to request_beam
  ScanPhase phase = ScanPhase::warning;
  TimeStamp at;
  std::int64_t remaining_us = 0;    // of the warning
  ScanEnd end = ScanEnd::complete;  // when ended
  std::optional<double> dose_usv;   // when ended: exposure of this scan at the object, if metered
};

using XrayMessage = std::variant<ScanPhaseChange, ScanLine>;

struct ScanRequest {
  std::string scan;            // the engine's id of the scan
  bool driver_in_cab = false;  // the scanner starts after the cab when true (cab exclusion)
  // The daily check: the scanner's own test object goes through the beam, on its carriage or on a vehicle, and no truck
  // is sent. Warning, chain and lease are those of every scan. A driver that cannot tell the difference scans what comes.
  bool test_object = false;
};

class XrayScanner : public DeviceOf<XrayMessage> {
 public:
  static constexpr std::int64_t kRenewEveryUs = 100'000;
  static constexpr std::int64_t kLeaseUs = 300'000;
  static constexpr std::int64_t kWarningUs = 5'000'000;

  virtual ScannerGeometry geometry() const = 0;

  // Asks for a scan. refused when a scan runs, when the scanner's own chain input is open, or when not ready.
  virtual Result<void> request_beam(const ScanRequest& request) = 0;
  virtual Result<void> renew_lease() = 0;
  // Idempotent; "ended" follows within 100 ms when a scan was running.
  virtual void withdraw(const std::string& reason) = 0;
};

const char* to_string(LineKind kind);
const char* to_string(ScanPhase phase);
const char* to_string(ScanEnd end);

}  // namespace torugart::hal
