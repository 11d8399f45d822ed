// A recorded lane on disk: one folder per crossing. The layout is fixed, so that other tools can make it.
//
//   DIR/crossing-0001/crossing.toml              optional, see README.md for its keys
//   DIR/crossing-0001/{front,rear,side}/*.jpg|png   stills, shown in the order of their names
//   DIR/crossing-0001/{front,rear,side}.mp4|mkv|avi|mov   or a clip, through GStreamer
//   DIR/crossing-0001/xray/{high,low}.png        16-bit grey, rows = detectors, columns = lines; low is optional
//   DIR/crossing-0001/xray/{dark,air}.png        16-bit grey, the high energy's; *_low.png for the low energy
//   DIR/crossing-0001/portal.csv                 portal-monitor lines, optional
//
// Reentrant; reads folder listings and the small text files only, pictures are opened when they are played.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hal/api/device.h"

namespace torugart::hal::replay {

struct RecordedDocument {
  std::string kind;    // "TIR", "SAD", "seal", …
  std::string number;  // as the code reader would say it
};

struct PortalEntry {
  std::int64_t after_us = 0;  // since the arrival
  std::string line;           // without the recorder's time column
};

struct RecordedCrossing {
  std::string name;    // "crossing-0001"
  std::string folder;  // its path
  std::string direction;
  std::string note;
  std::optional<double> weight_kg;
  std::vector<RecordedDocument> documents;
  // What is really on the vehicle, for reports that compare; empty when nobody wrote it down.
  std::vector<std::string> true_plates, true_containers;
  std::map<std::string, std::vector<std::string>> stills;  // position -> files
  std::map<std::string, std::string> clips;                // position -> file
  // Paths; empty when absent.
  std::string xray_high, xray_low, xray_dark_high, xray_dark_low, xray_air_high, xray_air_low;
  std::vector<PortalEntry> portal;
};

inline constexpr std::size_t kMostCrossings = 10'000;

// All crossings of a folder in the order of their names. An empty or missing folder, a crossing with no picture at
// all, or a crossing.toml with a wrong key is an error that names the file.
Result<std::vector<RecordedCrossing>> read_recording(const std::string& directory);

}  // namespace torugart::hal::replay
