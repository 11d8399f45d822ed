// Reads as JSON objects of `torugart read`. Internal to ocr/commands.
#pragma once

#include <string>

#include "ocr/read/read.h"
#include "ocr/track/track.h"

namespace torugart::ocr::detail {

std::string json_line(const std::string& file, const FrameReads& reads);
std::string json_error(const std::string& file, const Error& error);
// One vehicle of a clip; seconds from the clip's start.
std::string json_vehicle(const std::string& file, int vehicle, double from_s, double to_s, const TrackResult& result);

}  // namespace torugart::ocr::detail
