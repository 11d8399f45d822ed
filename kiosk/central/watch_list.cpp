#include "kiosk/central/watch_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "kiosk/central/wire.h"
#include "kiosk/central/wire_json.h"

namespace torugart::central {
namespace {

using inspection::LaneColour;

std::string normalise(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

int strictness(LaneColour colour) {
  return static_cast<int>(colour);
}  // declared from light to strict

bool hits(const WatchEntry& entry, std::string_view kind, const std::string& number) {
  if (entry.kind != kind || number.empty()) return false;
  return entry.prefix ? number.starts_with(entry.value) : number == entry.value;
}

bool hits(const WatchEntry& entry, const RiskQuery& query) {
  return std::any_of(query.numbers.begin(), query.numbers.end(),
                     [&](const auto& n) { return hits(entry, inspection::to_string(n.kind), normalise(n.text)); }) ||
         std::any_of(query.documents.begin(), query.documents.end(),
                     [&](const auto& d) { return hits(entry, "document", normalise(d.number)); });
}

tl::expected<WatchEntry, Error> entry_from(const nlohmann::json& item, std::size_t index) {
  const auto at = fmt::format("/entries/{}", index);
  if (!item.is_object()) return wire::bad(at, "An entry of the watch list is not an object");
  WatchEntry entry;
  const auto kind = wire::text_field(item, "kind", 16), match = wire::text_field(item, "match", 16),
             value = wire::text_field(item, "value", 64);
  const auto colour = wire::colour_field(item, "colour");
  auto profiles = wire::profiles_field(item, 64);
  auto holds = wire::holds_field(item, 64);
  const auto scan = item.find("scan_required");
  if (kind != "plate" && kind != "container" && kind != "document")
    return wire::bad(at + "/kind", "An entry of the watch list is of an unknown kind");
  if (match != "exact" && match != "prefix")
    return wire::bad(at + "/match", "An entry of the watch list matches in an unknown way");
  if (!value || normalise(*value).empty())
    return wire::bad(at + "/value", "An entry of the watch list names no number");
  if (!colour || !profiles || !holds || scan == item.end() || !scan->is_boolean())
    return wire::bad(at, "An entry of the watch list cannot be read");
  entry.kind = *kind;
  entry.prefix = match == "prefix";
  entry.value = normalise(*value);
  entry.colour = *colour;
  entry.scan_required = scan->get<bool>();
  entry.profiles = std::move(*profiles);
  entry.holds = std::move(*holds);
  return entry;
}

}  // namespace

tl::expected<WatchList, Error> watch_list_from(std::string_view statement, const std::vector<SigningKey>& keys) {
  const auto payload = verified_payload(statement, kWatchListType, keys);
  if (!payload) return tl::unexpected(payload.error());
  const auto json = wire::parse(*payload);
  if (!json.is_object()) return wire::bad("/", "The watch list is not a JSON object");
  WatchList list;
  const auto version = wire::seq_field(json, "version");
  const auto issued = wall_us_from_rfc3339(wire::text_field(json, "issued_at", 40).value_or(""));
  const auto valid = wall_us_from_rfc3339(wire::text_field(json, "valid_until", 40).value_or(""));
  if (!version || !issued || !valid) return wire::bad("/version", "The watch list has no version or dates");
  const auto fallback = json.find("default");
  if (fallback == json.end() || !fallback->is_object() || !fallback->contains("scan_required") ||
      !(*fallback)["scan_required"].is_boolean())
    return wire::bad("/default", "The watch list does not say what holds when nothing hits");
  const auto colour = wire::colour_field(*fallback, "colour");
  if (!colour) return wire::bad("/default/colour", "The watch list's default names no known lane colour");
  const auto entries = json.find("entries");
  if (entries == json.end() || !entries->is_array() || entries->size() > 100'000)
    return wire::bad("/entries", "The watch list has no entries, or too many");
  list.version = *version;
  list.issued_wall_us = *issued;
  list.valid_until_wall_us = *valid;
  list.default_colour = *colour;
  list.default_scan_required = (*fallback)["scan_required"].get<bool>();
  for (std::size_t i = 0; i < entries->size(); ++i) {
    auto entry = entry_from((*entries)[i], i);
    if (!entry) return tl::unexpected(entry.error());
    list.entries.push_back(std::move(*entry));
  }
  return list;
}

tl::expected<inspection::RiskAssessed, Error> assess_by(const WatchList& list, const RiskQuery& query,
                                                        std::int64_t wall_us) {
  if (wall_us > list.valid_until_wall_us)
    return tl::unexpected(Error{Failure::too_old, "The watch list is past its date", "", "Restore the line"});
  inspection::RiskAssessed risk;
  risk.source = inspection::RiskSource::watch_list;
  risk.as_of_wall_us = list.issued_wall_us;
  risk.colour = list.default_colour;
  risk.scan_required = list.default_scan_required;
  bool any = false;
  for (const auto& entry : list.entries) {
    if (!hits(entry, query)) continue;
    if (!any || strictness(entry.colour) > strictness(risk.colour)) risk.colour = entry.colour;
    risk.scan_required = (any && risk.scan_required) || entry.scan_required;
    any = true;
    for (const auto& p : entry.profiles)
      if (std::find(risk.profiles.begin(), risk.profiles.end(), p) == risk.profiles.end()) risk.profiles.push_back(p);
    for (const auto& h : entry.holds)
      if (std::find(risk.holds.begin(), risk.holds.end(), h) == risk.holds.end()) risk.holds.push_back(h);
  }
  return risk;
}

}  // namespace torugart::central
