// One value out of an outbox without touching it: for those who look at a lane's files, be it on a disk that cannot be
// written to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiosk/journal/error.h"

namespace torugart::journal {

// Nothing when there is no such key. Reentrant; another program may be writing the outbox.
Result<std::optional<std::string>> peek_outbox(const std::string& path, std::string_view key);

}  // namespace torugart::journal
