// What is really on the vehicles, from the simulated lane or from the recording: what the inspector sees with his own
// eyes. Nothing of it reaches the program that is driven.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/app/assembly.h"

namespace torugart::demo {

struct Finding {
  double along_from = 0, along_to = 0;        // part of the vehicle's length from its front, 0 … 1
  double detector_from = 0, detector_to = 0;  // part of the detectors, 0 … 1
};

struct Truth {
  std::map<std::string, std::string> plates;      // position -> text as printed; only what a camera can see
  std::map<std::string, std::string> containers;  // position -> text
  std::vector<std::string> cargo;
  double gross_kg = 0;
  std::optional<Finding> contraband;  // after a scan
  std::string note;
};

// Of the n-th vehicle, 0 …; `detectors`: rows of its picture, 0 before there is one.
Truth truth_of(app::Assembly& assembly, int vehicle, int detectors);

}  // namespace torugart::demo
