// A quick look at an event's text, for verify: most events are plain enough to be seen as canonical JSON without building
// anything. Internal to kiosk/journal.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace torugart::journal {

struct Glance {
  std::int64_t seq = 0;
  std::string_view lane, type;  // in the text
};

// Only for a text that is certainly a canonical JSON object (sorted keys, no white space, one way to write everything)
// with these three members. Nothing for one that is not, and for one that needs a closer look: text beyond ASCII,
// escapes, numbers with a fraction. Reentrant.
std::optional<Glance> glance_at(std::string_view text);

}  // namespace torugart::journal
