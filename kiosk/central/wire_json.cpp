#include "kiosk/central/wire_json.h"

namespace torugart::central::wire {

using nlohmann::json;

json parse(std::string_view text) {
  bool too_deep = false;
  const auto depth_guard = [&](int depth, json::parse_event_t, json&) {
    too_deep = too_deep || depth > 16;
    return !too_deep;
  };
  auto value = json::parse(text, depth_guard, false);
  return too_deep ? json(json::value_t::discarded) : value;
}

std::optional<std::string> text_field(const json& object, const char* name, std::size_t max_bytes) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_string()) return std::nullopt;
  auto text = at->get<std::string>();
  if (text.size() > max_bytes) return std::nullopt;
  return text;
}

std::optional<std::int64_t> seq_field(const json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_number_integer()) return std::nullopt;
  const auto value = at->get<std::int64_t>();
  if (value < 0 || value > (std::int64_t{1} << 53)) return std::nullopt;
  return value;
}

std::optional<inspection::LaneColour> colour_field(const json& object, const char* name) {
  using inspection::LaneColour;
  const auto word = text_field(object, name, 16);
  for (const auto colour : {LaneColour::green, LaneColour::blue, LaneColour::yellow, LaneColour::red})
    if (word == inspection::to_string(colour)) return colour;
  return std::nullopt;
}

std::optional<std::vector<inspection::Profile>> profiles_field(const json& object, std::size_t max) {
  const auto at = object.find("profiles");
  if (at == object.end() || !at->is_array() || at->size() > max) return std::nullopt;
  std::vector<inspection::Profile> out;
  for (const auto& item : *at) {
    if (!item.is_object()) return std::nullopt;
    auto id = text_field(item, "id", 200), text = text_field(item, "text", 4096);
    if (!id || !text) return std::nullopt;
    out.push_back({std::move(*id), std::move(*text)});
  }
  return out;
}

std::optional<std::vector<inspection::Hold>> holds_field(const json& object, std::size_t max) {
  const auto at = object.find("holds");
  if (at == object.end() || !at->is_array() || at->size() > max) return std::nullopt;
  std::vector<inspection::Hold> out;
  for (const auto& item : *at) {
    if (!item.is_object()) return std::nullopt;
    auto id = text_field(item, "id", 200), agency = text_field(item, "agency", 200),
         text = text_field(item, "text", 4096);
    if (!id || !agency || !text) return std::nullopt;
    out.push_back({std::move(*id), std::move(*agency), std::move(*text)});
  }
  return out;
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<std::vector<std::string>> hash_list(const json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_array() || at->size() > 100'000) return std::nullopt;
  std::vector<std::string> out;
  for (const auto& item : *at) {
    if (!item.is_string() || !is_hash(item.get_ref<const std::string&>())) return std::nullopt;
    out.push_back(item.get<std::string>());
  }
  return out;
}

}  // namespace torugart::central::wire
