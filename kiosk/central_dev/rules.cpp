#include "kiosk/central_dev/rules.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <sstream>
#include <vector>

#include "base/disk/disk.h"
#include "kiosk/central_dev/signer.h"

namespace torugart::central_dev {
namespace {

using nlohmann::json;

constexpr std::int64_t kListsRemembered = 64;
constexpr std::array<std::string_view, 4> kColours{"green", "blue", "yellow", "red"};  // from light to strict

std::size_t strictness(const json& colour) {
  return static_cast<std::size_t>(std::find(kColours.begin(), kColours.end(), colour.get<std::string>()) -
                                  kColours.begin());
}

std::string normalise(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '-') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

template <std::size_t N>
bool one_of(const json& value, const std::array<std::string_view, N>& words) {
  return value.is_string() && std::find(words.begin(), words.end(), value.get<std::string>()) != words.end();
}

bool texts(const json& list, std::initializer_list<const char*> names) {
  return list.is_array() && std::all_of(list.begin(), list.end(), [&](const json& item) {
           return item.is_object() && std::all_of(names.begin(), names.end(), [&](const char* name) {
                    return item.contains(name) && item[name].is_string();
                  });
         });
}

bool hits(const json& rule, const json& asked) {
  const auto value = rule["value"].get<std::string>();
  const auto number_hits = [&](const json& item, const char* field) {
    const auto number = item.is_object() && item.contains(field) && item[field].is_string()
                            ? normalise(item[field].get<std::string>())
                            : std::string();
    return !number.empty() && (rule["match"] == "prefix" ? number.starts_with(value) : number == value);
  };
  if (rule["kind"] == "document") {
    const auto& list = asked["documents"];
    return std::any_of(list.begin(), list.end(), [&](const json& d) { return number_hits(d, "number"); });
  }
  const auto& list = asked["numbers"];
  return std::any_of(list.begin(), list.end(), [&](const json& n) {
    return n.is_object() && n.value("kind", json()) == rule["kind"] && number_hits(n, "text");
  });
}

// Sorted, so that entries of the same kind, match and value are neighbours; these belong together.
std::map<std::string, json> by_key(const json& entries) {
  std::map<std::string, json> out;
  for (const auto& entry : entries)
    out[entry["kind"].get<std::string>() + " " + entry["match"].get<std::string>() + " " +
        entry["value"].get<std::string>()]
        .push_back(entry);
  return out;
}

// What must be put in and what taken out to make `after` of `before`, and the hash of the outcome.
json change_between(const json& before, const json& after) {
  const auto old_groups = by_key(before), new_groups = by_key(after);
  json put = json::array(), remove = json::array();
  for (const auto& group : new_groups)
    if (const auto old = old_groups.find(group.first); old == old_groups.end() || old->second != group.second)
      put.insert(put.end(), group.second.begin(), group.second.end());
  for (const auto& group : old_groups)
    if (!new_groups.contains(group.first))
      remove.push_back({{"kind", group.second[0]["kind"]},
                        {"match", group.second[0]["match"]},
                        {"value", group.second[0]["value"]}});
  std::vector<std::string> lines;
  for (const auto& entry : after)
    lines.push_back(entry.dump() + "\n");
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const auto& line : lines)
    all += line;
  return {{"put", std::move(put)}, {"remove", std::move(remove)}, {"entries_hash", sha256_hex(all)}};
}

void add_once(json& list, const json& more) {
  for (const auto& item : more)
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

}  // namespace

tl::expected<json, std::string> checked_rules(json rules) {
  const auto bad = [](std::string text) { return tl::unexpected(std::move(text)); };
  if (!rules.is_object()) return bad("the rules are not an object");
  for (const auto& item : rules.items())
    if (item.key() != "default" && item.key() != "watch_list" && item.key() != "rule")
      return bad("unknown key '" + item.key() + "'; expected default, watch_list, rule");
  json out{{"default", {{"colour", "yellow"}, {"scan_required", false}}},
           {"watch_list", {{"valid_hours", 24}}},
           {"rule", json::array()}};
  if (rules.contains("default")) {
    if (!rules["default"].is_object()) return bad("default is not a table");
    out["default"].update(rules["default"]);
  }
  if (!one_of(out["default"]["colour"], kColours)) return bad("default.colour is not green, blue, yellow or red");
  if (!out["default"]["scan_required"].is_boolean()) return bad("default.scan_required is not true or false");
  if (rules.contains("watch_list") && rules["watch_list"].is_object()) out["watch_list"].update(rules["watch_list"]);
  if (!out["watch_list"]["valid_hours"].is_number_integer())
    return bad("watch_list.valid_hours is not a whole number");
  if (!rules.contains("rule")) return out;
  if (!rules["rule"].is_array()) return bad("rule is not a list of tables");
  for (std::size_t i = 0; i < rules["rule"].size(); ++i) {
    json rule{{"kind", ""},      {"match", "exact"},          {"value", ""},
              {"colour", "red"}, {"profiles", json::array()}, {"holds", json::array()}};
    const auto& given = rules["rule"][i];
    const auto at = fmt::format("rule {}: ", i + 1);
    if (!given.is_object()) return bad(at + "not a table");
    rule.update(given);
    if (!rule.contains("scan_required")) rule["scan_required"] = rule["colour"] == "red";
    if (!one_of(rule["kind"], std::array<std::string_view, 3>{"plate", "container", "document"}))
      return bad(at + "kind is not plate, container or document");
    if (!one_of(rule["match"], std::array<std::string_view, 2>{"exact", "prefix"}))
      return bad(at + "match is not exact or prefix");
    if (!rule["value"].is_string() || normalise(rule["value"].get<std::string>()).empty())
      return bad(at + "value is empty");
    if (!one_of(rule["colour"], kColours)) return bad(at + "colour is not green, blue, yellow or red");
    if (!rule["scan_required"].is_boolean()) return bad(at + "scan_required is not true or false");
    if (!texts(rule["profiles"], {"id", "text"})) return bad(at + "profiles need id and text");
    if (!texts(rule["holds"], {"id", "agency", "text"})) return bad(at + "holds need id, agency and text");
    rule["value"] = normalise(rule["value"].get<std::string>());
    out["rule"].push_back(std::move(rule));
  }
  return out;
}

tl::expected<json, std::string> rules_from_toml(const std::string& path) {
  try {
    const auto table = toml::parse_file(path);
    std::ostringstream text;
    text << toml::json_formatter{table};
    return checked_rules(json::parse(text.str()));
  } catch (const toml::parse_error& e) {
    return tl::unexpected(fmt::format("{}:{}: {}", path, e.source().begin.line, e.description()));
  } catch (const std::exception& e) {
    return tl::unexpected(path + ": " + e.what());
  }
}

tl::expected<std::unique_ptr<Rules>, std::string> Rules::open(std::string folder, std::string file) {
  std::unique_ptr<Rules> rules(new Rules(std::move(folder), std::move(file)));
  rules->version_ = std::atoll(disk::text_of(rules->folder_ + "/watch_list_version").c_str());
  auto start = checked_rules(json::object());
  const auto kept = json::parse(disk::text_of(rules->folder_ + "/rules.json"), nullptr, false);
  if (!kept.is_discarded()) start = checked_rules(kept);
  if (!rules->file_.empty()) {
    start = rules_from_toml(rules->file_);
    std::error_code none;
    rules->file_time_ = std::filesystem::last_write_time(rules->file_, none);
  }
  if (!start) return tl::unexpected(start.error());
  rules->adopt(std::move(*start));
  return rules;
}

void Rules::adopt(json rules) {
  if (rules == rules_) return;
  rules_ = std::move(rules);
  ++version_;
  std::error_code ignored;
  std::filesystem::create_directories(folder_ + "/watch_lists", ignored);
  disk::replace(list_path(version_), rules_["rule"].dump());
  std::filesystem::remove(list_path(version_ - kListsRemembered), ignored);
  disk::replace(folder_ + "/watch_list_version", fmt::format("{}\n", version_));
}

std::string Rules::list_path(std::int64_t version) const {
  return fmt::format("{}/watch_lists/{}.json", folder_, version);
}

void Rules::refresh() {
  std::error_code error;
  if (file_.empty()) return;
  const auto time = std::filesystem::last_write_time(file_, error);
  if (error || time == file_time_) return;
  file_time_ = time;
  if (auto rules = rules_from_toml(file_))
    adopt(std::move(*rules));
  else
    fmt::print(stderr, "rules kept as they were: {}\n", rules.error());
}

Reply Rules::assess(const std::string& lane, const std::string& body) {
  const auto asked = json::parse(body, nullptr, false);
  const auto invalid = [](const std::string& detail) {
    return problem_reply(422, "invalid", "The query cannot be assessed", detail);
  };
  if (!asked.is_object()) return invalid("The body is not a JSON object");
  if (asked.value("lane", json()) != lane) return invalid("lane is not that of the certificate");
  const auto crossing = asked.value("crossing", json());
  if (!crossing.is_string() || crossing.get<std::string>().empty()) return invalid("crossing is missing");
  for (const char* list : {"numbers", "documents"})
    if (!asked.contains(list) || !asked[list].is_array()) return invalid(std::string(list) + " is not a list");

  const std::lock_guard lock(mutex_);
  refresh();
  json answer = rules_["default"];
  answer["profiles"] = json::array();
  answer["holds"] = json::array();
  bool any = false;
  for (const auto& rule : rules_["rule"]) {
    if (!hits(rule, asked)) continue;
    if (!any || strictness(rule["colour"]) > strictness(answer["colour"])) answer["colour"] = rule["colour"];
    answer["scan_required"] = (any && answer["scan_required"].get<bool>()) || rule["scan_required"].get<bool>();
    any = true;
    add_once(answer["profiles"], rule["profiles"]);
    add_once(answer["holds"], rule["holds"]);
  }
  const auto now = now_rfc3339();
  answer["crossing"] = crossing;
  answer["assessed_at"] = now;
  answer["assessment"] = "RA-" + sha256_hex(fmt::format("{} {} {}", body, now, ++assessments_)).substr(0, 16);
  disk::append(folder_ + "/assessments.jsonl", json{{"asked", asked}, {"answer", answer}}.dump() + "\n");
  return {200, std::move(answer)};
}

Reply Rules::watch_list(const TestKeys& keys, std::optional<std::int64_t> since) {
  const std::lock_guard lock(mutex_);
  refresh();
  json payload{{"version", version_},
               {"issued_at", now_rfc3339()},
               {"valid_until", now_rfc3339(rules_["watch_list"]["valid_hours"].get<std::int64_t>() * 3600)},
               {"default", rules_["default"]}};
  if (since) {
    const auto before = json::parse(disk::text_of(list_path(*since)), nullptr, false);
    if (before.is_array() && *since <= version_) {
      payload["base_version"] = *since;
      payload.update(change_between(before, rules_["rule"]));
      return {200, {{"statement", sign(payload, "torugart-watch-list-delta+jws", keys)}}};
    }
  }
  payload["entries"] = rules_["rule"];
  return {200, {{"statement", sign(payload, "torugart-watch-list+jws", keys)}}};
}

Reply Rules::replace(const std::string& body) {
  const auto given = json::parse(body, nullptr, false);
  if (given.is_discarded()) return problem_reply(422, "invalid", "The rules were not taken", "The body is not JSON");
  auto rules = checked_rules(given);
  if (!rules) return problem_reply(422, "invalid", "The rules were not taken", rules.error());
  const std::lock_guard lock(mutex_);
  disk::replace(folder_ + "/rules.json", rules->dump());
  adopt(std::move(*rules));
  return {200, {{"watch_list_version", version_}, {"rules", rules_["rule"].size()}}};
}

}  // namespace torugart::central_dev
