// Internal to imaging/display.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "imaging/core/scan_view.h"
#include "imaging/display/options.h"

namespace torugart::imaging::detail {

// Row of the plane that gives the brightness. The mean is of measured samples; a mask of either plane goes through.
void read_source(const ScanView& view, Source source, int level, int x, int y, std::span<std::uint16_t> out,
                 std::vector<std::uint16_t>& scratch);

}  // namespace torugart::imaging::detail
