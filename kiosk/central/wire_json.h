// Careful reading of JSON from outside: a field is what it must be or it is not there. Used by wire.cpp,
// watch_list.cpp and ledger.cpp only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "kiosk/central/error.h"
#include "kiosk/inspection/event.h"

namespace torugart::central::wire {

inline tl::unexpected<Error> bad(std::string where, std::string what) {
  return tl::unexpected(Error{Failure::bad_answer, std::move(what), std::move(where),
                              "Check that both follow the same contract version"});
}

// Discarded on anything that is no JSON or nests deeper than 16 levels (a parser without such a bound can be made to
// run out of stack).
nlohmann::json parse(std::string_view text);

std::optional<std::string> text_field(const nlohmann::json& object, const char* name, std::size_t max_bytes);
std::optional<std::int64_t> seq_field(const nlohmann::json& object, const char* name);  // 0 … 2^53
std::optional<inspection::LaneColour> colour_field(const nlohmann::json& object, const char* name);
std::optional<std::vector<inspection::Profile>> profiles_field(const nlohmann::json& object, std::size_t max);
std::optional<std::vector<inspection::Hold>> holds_field(const nlohmann::json& object, std::size_t max);
bool is_hash(std::string_view text);  // 64 lower-case hex digits
std::optional<std::vector<std::string>> hash_list(const nlohmann::json& object, const char* name);

}  // namespace torugart::central::wire
