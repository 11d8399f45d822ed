// The signed watch list: what the lane answers with when the centre does not. Fetched while there is a line, kept in
// the outbox, and read from there with its signature checked again every time.
//
// A list answers only until its valid_until; a list with a lower version than the one held is refused, so that nobody
// can bring an old list back. Matching: numbers and documents compared without spaces and hyphens in capitals; exact
// or by prefix; several hits add up, the strictest colour counts. No hit gives the list's own default, for which the
// centre answers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "kiosk/central/centre.h"
#include "kiosk/central/error.h"
#include "kiosk/central/jws.h"

namespace torugart::central {

struct WatchEntry {
  std::string kind;  // "plate", "container", "document"
  bool prefix = false;
  std::string value;  // normalised
  inspection::LaneColour colour = inspection::LaneColour::red;
  bool scan_required = false;
  std::vector<inspection::Profile> profiles;
  std::vector<inspection::Hold> holds;
};

struct WatchList {
  std::int64_t version = 0;
  std::int64_t issued_wall_us = 0;
  std::int64_t valid_until_wall_us = 0;
  inspection::LaneColour default_colour = inspection::LaneColour::unknown;
  bool default_scan_required = true;
  std::vector<WatchEntry> entries;
};

// Signature, type, form and bounds (at most 100 000 entries). Reentrant.
tl::expected<WatchList, Error> watch_list_from(std::string_view statement, const std::vector<SigningKey>& keys);

// Fails when the list is past its date. Reentrant.
tl::expected<inspection::RiskAssessed, Error> assess_by(const WatchList& list, const RiskQuery& query,
                                                        std::int64_t wall_us);

}  // namespace torugart::central
