#include "kiosk/central/watch_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "kiosk/central/wire.h"
#include "kiosk/central/wire_json.h"

namespace torugart::central {
namespace {

using inspection::LaneColour;

constexpr std::size_t kMaxEntries = 100'000;

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

template <typename T>
void add_once(std::vector<T>& list, const std::vector<T>& more) {
  for (const auto& item : more)
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
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

using Key = std::tuple<std::string, std::string, std::string>;  // kind, match, value

// What identifies an entry in a change.
std::optional<Key> key_of(const nlohmann::json& item) {
  if (!item.is_object()) return std::nullopt;
  const auto kind = wire::text_field(item, "kind", 16), match = wire::text_field(item, "match", 16),
             value = wire::text_field(item, "value", 64);
  if (!kind || !match || !value) return std::nullopt;
  return Key{*kind, *match, normalise(*value)};
}

bool is_list(const nlohmann::json& of, nlohmann::json::const_iterator at) {
  return at != of.end() && at->is_array() && at->size() <= kMaxEntries;
}

// Version, dates and default, which a list and a change to it have alike.
tl::expected<WatchList, Error> head_from(const nlohmann::json& json) {
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
  list.version = *version;
  list.issued_wall_us = *issued;
  list.valid_until_wall_us = *valid;
  list.default_colour = *colour;
  list.default_scan_required = (*fallback)["scan_required"].get<bool>();
  return list;
}

tl::expected<void, Error> take_entries(WatchList& list, const nlohmann::json& entries) {
  if (!entries.is_array() || entries.size() > kMaxEntries)
    return wire::bad("/entries", "The watch list has no entries, or too many");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto entry = entry_from(entries[i], i);
    if (!entry) return tl::unexpected(entry.error());
    list.entries.push_back(std::move(*entry));
  }
  list.entries_json = entries.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return {};
}

}  // namespace

tl::expected<WatchList, Error> watch_list_from(std::string_view statement, const std::vector<SigningKey>& keys) {
  const auto payload = verified_payload(statement, kWatchListType, keys);
  if (!payload) return tl::unexpected(payload.error());
  const auto json = wire::parse(*payload);
  if (!json.is_object()) return wire::bad("/", "The watch list is not a JSON object");
  auto list = head_from(json);
  if (!list) return list;
  const auto entries = json.find("entries");
  if (entries == json.end()) return wire::bad("/entries", "The watch list has no entries, or too many");
  if (auto taken = take_entries(*list, *entries); !taken) return tl::unexpected(taken.error());
  return list;
}

tl::expected<WatchList, Error> watch_list_after(const WatchList& held, std::string_view statement,
                                                const std::vector<SigningKey>& keys) {
  const auto payload = verified_payload(statement, kWatchListDeltaType, keys);
  if (!payload) return tl::unexpected(payload.error());
  const auto json = wire::parse(*payload);
  if (!json.is_object()) return wire::bad("/", "The change to the watch list is not a JSON object");
  auto list = head_from(json);
  if (!list) return list;
  const auto base = wire::seq_field(json, "base_version");
  const auto put = json.find("put"), remove = json.find("remove");
  const auto hash = wire::text_field(json, "entries_hash", 64);
  if (!base || !hash || !is_list(json, put) || !is_list(json, remove))
    return wire::bad("/", "The change to the watch list cannot be read");
  if (*base != held.version || list->version < held.version)
    return tl::unexpected(Error{Failure::too_old, "The change is not one to the watch list that is held",
                                "/base_version", "The whole list is fetched"});
  std::set<Key> replaced;
  for (const auto* group : {&*put, &*remove})
    for (const auto& item : *group) {
      auto key = key_of(item);
      if (!key) return wire::bad("/put", "The change to the watch list cannot be read");
      replaced.insert(std::move(*key));
    }
  nlohmann::json entries = nlohmann::json::array();
  for (auto& item : wire::parse(held.entries_json)) {
    const auto key = key_of(item);
    if (key && !replaced.contains(*key)) entries.push_back(std::move(item));
  }
  entries.insert(entries.end(), put->begin(), put->end());
  if (auto taken = take_entries(*list, entries); !taken) return tl::unexpected(taken.error());
  if (entries_hash(list->entries_json) != *hash)
    return tl::unexpected(Error{Failure::bad_answer, "The watch list after a change is not the one that was signed",
                                "/entries_hash", "The whole list is fetched"});
  return list;
}

std::string entries_hash(std::string_view entries_json) {
  std::vector<std::string> lines;
  for (const auto& entry : wire::parse(entries_json))
    lines.push_back(entry.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return files_hash(std::move(lines));
}

bool hits_any(const WatchList& list, const RiskQuery& query) {
  return std::any_of(list.entries.begin(), list.entries.end(), [&](const auto& entry) { return hits(entry, query); });
}

void add_to(inspection::RiskAssessed& risk, const inspection::RiskAssessed& more) {
  risk.scan_required = risk.scan_required || more.scan_required;
  add_once(risk.profiles, more.profiles);
  add_once(risk.holds, more.holds);
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
    add_once(risk.profiles, entry.profiles);
    add_once(risk.holds, entry.holds);
  }
  return risk;
}

}  // namespace torugart::central
