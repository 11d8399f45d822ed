// The text protocol of Network UPS Tools (NUT 2.8, "Network protocol information", RFC 9271): replies to LIST VAR.
// Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "hal/api/ups.h"

namespace torugart::hal::drivers::nut {

// `VAR <ups> <name> "<value>"`, with \" and \\ inside the quotes; none when the line is something else.
std::optional<std::pair<std::string, std::string>> variable(std::string_view line, const std::string& ups);

// `ERR <NAME> …` in words for the inspector; none when the line is no error.
std::optional<Error> error_of(std::string_view line, const std::string& ups);

// What the variables say. shutdown_due: the master has said so (FSD), or on battery and (LB, or fewer than
// `minutes` left).
PowerReading reading_of(const std::map<std::string, std::string>& variables, double minutes, TimeStamp at);

}  // namespace torugart::hal::drivers::nut
