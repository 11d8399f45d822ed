// One filled payload of every type, and small makers of events, for the tests of everything that reads or writes
// them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kiosk/inspection/event.h"

namespace torugart::inspection::samples {

inline FileRef file(char digit, std::string role = "xray_high") {
  return {std::move(role), std::string(64, digit), 12'345, "application/dicom"};
}

inline Number plate(std::string text = "123ABC02") {
  return {NumberKind::plate, Place::front, std::move(text), "KZ", "", "", false};
}

inline Number container(std::string text = "MSKU1234565") {
  return {NumberKind::container, Place::side, std::move(text), "", "22G1", "MSKU1234565", false};
}

inline ScanCompleted scan(std::string id = "c1-scan-1") {
  ScanCompleted scan;
  scan.scan = std::move(id);
  scan.end = "complete";
  scan.lines = 2000;
  scan.lines_missing = 1;
  scan.columns = 1800;
  scan.rows = 512;
  scan.calibrated = true;
  scan.saturated_percent = 0.25;
  scan.dose_usv = 0.1;
  scan.files = {file('a'), file('b', "xray_low")};
  return scan;
}

inline RiskAssessed risk(LaneColour colour, RiskSource source = RiskSource::central) {
  RiskAssessed risk;
  risk.source = source;
  risk.colour = colour;
  risk.assessment = "A-17";
  risk.as_of_wall_us = 1'700'000'000'000'000;
  return risk;
}

// In the order of Payload, every field set to something else than its default.
inline std::vector<Payload> all_payloads() {
  RiskAssessed full = risk(LaneColour::red);
  full.profiles = {{"P1", "tobacco, route"}};
  full.holds = {{"H1", "veterinary", "certificate is missing"}};
  full.scan_required = true;
  ScanCompleted scanned = scan();
  scanned.simulated = true;
  scanned.calibration_note = "air scan 3 h old";
  Acknowledged receipt{"R-9", "c1", 41, "c2lnbmF0dXJl", {std::string(64, 'a')}};
  return {Arrived{Direction::entry, ArrivedBy::camera, true},
          NumberRead{NumberKind::container, Place::side, "MSKU1234565", "KZ", "22G1", 0.97, 0.81,
                     ReadVerdict::accepted, 7, true, true, file('c', "plate_crop")},
          IdentityConfirmed{{plate(), container()}},
          NumberEdited{plate("123ABC02"), plate("123ABC03"), "mud on the plate"},
          DocumentPresented{"TIR", "XC12345678", "code_reader"},
          full,
          LaneRerouted{LaneColour::red, LaneColour::yellow, "same goods as declared"},
          HoldLifted{"H1", "certificate shown"},
          Weighed{38'250.5, false, true},
          RadiationMeasured{true, true, 7.2, 12, true, file('d', "portal_lines")},
          RadiationResolved{"secondary measurement", "potassium fertiliser"},
          AreaCleared{ClearedHow::both, DriverPlace::in_cab},
          AreaClearanceVoided{"a person was seen"},
          ScanRequested{"c1-scan-1"},
          scanned,
          RegionMarked{"m7", "c1-scan-1", 10, 20, 30, 40, MarkKind::cigarettes, Certainty::high, "behind the wall",
                       std::vector<int>{10, 20, 40, 20, 40, 60, 10, 60}},
          RegionUnmarked{"m7"},
          SealChecked{"S-1", SealState::broken},
          Decided{Verdict::suspect, "c1-scan-1", std::string(64, 'a'), "dense block", file('e', "tdr")},
          ReviewRequested{"suspect"},
          Reviewed{Verdict::suspect, ReviewOutcome::physical_examination, "look behind the wall"},
          Examined{true, "40 boxes of cigarettes"},
          Released{true, {"suspect_image", "unknown_risk"}},
          Detained{"contraband"},
          Departed{true, true},
          Cancelled{"turned round"},
          HandedOver{"ivanova", "petrov"},
          DeviceChanged{"front", "faulted", "no picture since 14:31:58"},
          SignedIn{"ivanova"},
          SignedOut{"ivanova", "idle"},
          RecordViewed{"c1"},
          ClockJumped{-3'600'000'000},
          Uploaded{40},
          receipt,
          JournalKeyChanged{
              "torugart.journal/kordai-2+5f9a1c2e+AQ==", "torugart.journal/kordai-2+11223344+AQ==", "lost"}};
}

inline Event event(std::string crossing, Payload payload, std::string actor = "lane") {
  Event event;
  event.crossing = std::move(crossing);
  event.actor = std::move(actor);
  event.role = event.actor == "lane" ? "" : "inspector";
  event.mono_us = 5'000'000;
  event.wall_us = 1'700'000'005'000'000;
  event.clock = "synchronised";
  event.boot = "b1";
  event.payload = std::move(payload);
  return event;
}

}  // namespace torugart::inspection::samples
