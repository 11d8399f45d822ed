// The bands of densities that inspectors of this lane have kept: a small text file, one band a line, "0.05 0.15" (limits of
// the transmission). Not a record: lost or damaged, the program's own bands are offered again.
#pragma once

#include <string>
#include <vector>

#include "imaging/display/options.h"

namespace torugart::app {

// Lines that say no band are left out; a missing file is an empty list.
std::vector<imaging::DensityBand> load_bands(const std::string& file);
// Under a name of its own first, then moved over the old one. False when it could not be written.
bool save_bands(const std::string& file, const std::vector<imaging::DensityBand>& bands);

}  // namespace torugart::app
