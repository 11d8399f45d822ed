// Stored pictures as the screens show them. Private to this folder; called on workers, since it waits for the disk.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "imaging/core/scan_image.h"
#include "kiosk/inspection/crossing.h"
#include "kiosk/lane/ledger.h"

namespace torugart::lane {

// Errors in words.
tl::expected<imaging::ScanImagePtr, std::string> decode(const inspection::ScanCompleted& scan, const Store& store);
// NAME of the library: NAME-high.dcs, and NAME-low.dcs where there is one.
tl::expected<imaging::ScanImagePtr, std::string> decode_reference(const std::string& folder, const std::string& name);

// To a few minutes: when the crossing's step began in which it was scanned. The fold does not keep the events' times.
std::int64_t time_of_scan(const inspection::Crossing& crossing, const inspection::ScanCompleted& scan);

}  // namespace torugart::lane
