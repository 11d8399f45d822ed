// What a stored picture says about itself. All of it is given by the caller; nothing here looks at a clock or makes a
// number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imaging/core/geometry.h"

namespace torugart::imaging {

// Wall time as DICOM writes it, UTC.
struct DicomTime {
  std::string date;  // "YYYYMMDD"
  std::string time;  // "HHMMSS" or "HHMMSS.ffffff"
  [[nodiscard]] static DicomTime from_unix_us(std::int64_t microseconds);
};

struct ScanMetadata {
  std::string ooi_id;             // object of inspection: the vehicle's or container's number; not empty
  std::string ooi_owner;          // may be empty
  std::string scan_id;            // the crossing's scan number; not empty
  std::string accession;          // the crossing; may be empty
  std::string uid_root = "2.25";  // below which unique ids are made; 2.25 (ITU-T X.667) needs no registration
  std::string uid_seed;  // anything unique to the scan, e.g. the crossing's UUID; not empty. Equal seeds, equal ids
  DicomTime scan_start;
  std::string manufacturer = "Torugart";
  std::string institution;  // border crossing point
  std::string institution_address;
  std::string station;  // lane
  std::string model;    // scanner model
  std::string device_serial;
  std::string software_version;
  std::string calibration_date;  // "YYYYMMDD", may be empty
  std::string calibration_time;
  double high_mev = 6;  // end-points of the beams
  double low_mev = 4;
};

enum class Decision : std::uint8_t { alarm, clear, unknown };

struct ThreatMark {
  std::string kind;  // "narcotics", …, in the words of the lane
  std::string note;
  Rect box;              // image pixels of the scan
  double certainty = 0;  // 0 .. 1
};

// A decision by a person (OPERATOR) or a machine (MACHINE) about one scan.
struct ThreatReport {
  bool by_operator = true;
  std::string operator_name;  // account, when by_operator
  std::string algorithm;      // name and version, when by a machine
  Decision decision = Decision::unknown;
  bool aborted = false;  // the review broke off
  DicomTime made_at;
  double decision_seconds = 0;  // time it took
  int number = 1;               // instance number: a second look is 2
  std::vector<ThreatMark> marks;
};

}  // namespace torugart::imaging
