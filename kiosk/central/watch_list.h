// The signed watch list: what the lane answers with when the centre does not. Fetched while there is a line, kept in
// the outbox, and read from there with its signature checked again every time.
//
// A list answers only until its valid_until; a list with a lower version than the one held is refused, so that nobody
// can bring an old list back. A change to the list held (a delta, signed as the list is) names the version that it
// starts from and the hash of all entries after it, so that a change to something else is never taken.
//
// Matching: numbers and documents compared without spaces and hyphens in capitals; exact
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
  std::string entries_json;  // the same as received, an array: what a change is applied to
};

// Signature, type, form and bounds (at most 100 000 entries). Reentrant.
tl::expected<WatchList, Error> watch_list_from(std::string_view statement, const std::vector<SigningKey>& keys);

// `held` with a signed change to it. Fails on a change from another version, to a lower one, or whose outcome does not
// have the hash that was signed: then the whole list has to be fetched. Reentrant.
tl::expected<WatchList, Error> watch_list_after(const WatchList& held, std::string_view statement,
                                                const std::vector<SigningKey>& keys);
// SHA-256, hex, over the canonical text of every entry, sorted, each followed by a line feed. Reentrant.
std::string entries_hash(std::string_view entries_json);

// Whether any entry hits. Reentrant.
bool hits_any(const WatchList& list, const RiskQuery& query);
// Profiles, holds and the need of a scan of `more`, each once. Reentrant.
void add_to(inspection::RiskAssessed& risk, const inspection::RiskAssessed& more);

// Fails when the list is past its date. Reentrant.
tl::expected<inspection::RiskAssessed, Error> assess_by(const WatchList& list, const RiskQuery& query,
                                                        std::int64_t wall_us);

}  // namespace torugart::central
