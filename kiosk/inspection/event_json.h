// Events as canonical JSON: UTF-8, keys sorted, no white space, numbers as nlohmann::json prints them. The same event
// always gives the same bytes, so its hash can be made again by anyone.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "kiosk/inspection/crossing.h"
#include "kiosk/inspection/event.h"

namespace torugart::inspection {

struct Error {
  std::string what;    // what is wrong with it
  std::string where;   // JSON path: "/payload/colour"
  std::string remedy;  // what a person can do
};

// {"actor":…,"boot":…,"clock":…,"crossing":…,"lane":…,"mono_us":…,"payload":{…},"role":…,"schema":1,"second":…,
//  "seq":…,"type":"arrived","wall_us":…}
nlohmann::json to_json(const Event& event);
std::string canonical_text(const Event& event);

// Bounded: at most 1 MiB of text and 64 levels. An unknown type is an error that names it.
tl::expected<Event, Error> event_from_json(const nlohmann::json& json);
tl::expected<Event, Error> event_from_text(std::string_view text);

// The crossing as one JSON object, for reports, export and the demo: what was read, confirmed, decided, how long the
// stages took.
nlohmann::json to_json(const Crossing& crossing);

}  // namespace torugart::inspection
