// What the centre itself said before about the very same numbers and documents, read back from the journal: the record is
// the cache, so an answer in it has its age and cannot be slipped in unseen. Used inside kiosk/central only.
#pragma once

#include <cstdint>
#include <optional>

#include "kiosk/central/centre.h"

namespace torugart::journal {
class Reader;
}

namespace torugart::central {

// The newest answer of the centre, not older than `max_age_s`, to a query with the same direction and the same sets of
// numbers and documents, as RiskSource::cached with the time of that answer. Nothing when there is none, when the query
// names no number, or when the journal cannot be read. Blocks for milliseconds. Reentrant.
std::optional<inspection::RiskAssessed> earlier_risk(const journal::Reader& events, const RiskQuery& query,
                                                     std::int64_t wall_us, std::int64_t max_age_s);

}  // namespace torugart::central
