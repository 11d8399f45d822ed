#include "kiosk/central_dev/event_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/disk/disk.h"
#include "kiosk/central_dev/signer.h"
#include "kiosk/journal/merkle.h"

namespace torugart::central_dev {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxBatch = 10'000;

std::string raw(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

bool is_hash(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string text_of(const json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::int64_t number_of(const json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_number_integer() ? at->get<std::int64_t>() : 0;
}

// What makes an event's hash; the contract says it in words.
std::string chain_hash(const std::string& prev_hash, const json& data) {
  return sha256_hex(std::string(1, '\0') + raw(prev_hash) +
                    data.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string genesis(const std::string& lane) {
  return sha256_hex("\x01torugart journal 1\n" + lane);
}

// Empty when the event is well formed.
std::string fault_of(const json& event, const std::string& lane) {
  if (!event.is_object()) return "not an object";
  if (text_of(event, "specversion") != "1.0") return "specversion is not 1.0";
  if (text_of(event, "source") != "urn:torugart:lane:" + lane) return "source is not this lane";
  const auto data = event.find("data");
  if (data == event.end() || !data->is_object()) return "data is not an object";
  const auto seq = number_of(*data, "seq");
  if (seq < 1 || text_of(event, "sequence") != fmt::format("{}", seq)) return "sequence is not data.seq";
  if (text_of(*data, "lane") != lane) return "data.lane is not this lane";
  if (text_of(event, "type") != "torugart.lane." + text_of(*data, "type") + ".v1") return "type is not data.type";
  if (text_of(event, "subject") != text_of(*data, "crossing")) return "subject is not data.crossing";
  if (!is_hash(text_of(event, "hash")) || !is_hash(text_of(event, "prevhash")))
    return "hash or prevhash is no SHA-256";
  if (chain_hash(text_of(event, "prevhash"), *data) != text_of(event, "hash")) return "hash is not the hash of data";
  return {};
}

void collect_files(const json& value, std::vector<HeldFile>& out) {
  if (value.is_object() && is_hash(text_of(value, "sha256")))
    out.push_back(
        {text_of(value, "sha256"), text_of(value, "role"), text_of(value, "media_type"), number_of(value, "bytes")});
  if (value.is_structured())
    for (const auto& inner : value)
      collect_files(inner, out);
}

}  // namespace

EventStore::EventStore(std::string folder) : folder_(std::move(folder)) {}

std::string EventStore::path_of(const std::string& lane) const {
  return folder_ + "/lanes/" + lane + "/events.jsonl";
}

EventStore::Lane& EventStore::lane_of(const std::string& name) const {
  const auto found = lanes_.find(name);
  if (found != lanes_.end()) return found->second;
  Lane& lane = lanes_[name];
  std::filesystem::create_directories(folder_ + "/lanes/" + name);
  for (auto& line : disk::whole_lines(path_of(name))) {
    const auto event = json::parse(line, nullptr, false);
    if (event.is_discarded()) break;
    index(lane, event);
  }
  return lane;
}

void EventStore::index(Lane& lane, const json& event) {
  lane.lines.push_back(event.dump());
  lane.hashes.push_back(event["hash"].get<std::string>());
  const auto& data = event["data"];
  const auto id = text_of(data, "crossing"), type = text_of(data, "type");
  if (id.empty()) return;
  auto& crossing = lane.crossings[id];
  crossing.id = id;
  crossing.events.push_back(data["seq"].get<std::int64_t>());
  crossing.types.push_back(type);
  crossing.closed = crossing.closed || type == "departed" || type == "cancelled";
  std::vector<HeldFile> files;
  if (data.contains("payload")) collect_files(data["payload"], files);
  for (auto& file : files) {
    if (std::any_of(crossing.files.begin(), crossing.files.end(),
                    [&](const auto& f) { return f.sha256 == file.sha256; }))
      continue;
    crossing.files.push_back(std::move(file));
    crossing.file_seq.push_back(crossing.events.back());
  }
}

Reply EventStore::take(const std::string& name, const std::string& body) {
  const auto batch = json::parse(body, nullptr, false);
  const auto invalid = [](const std::string& detail) {
    return problem_reply(422, "invalid", "The batch was not taken", detail);
  };
  if (!batch.is_array() || batch.empty())
    return invalid("The body is not a CloudEvents batch with at least one event");
  if (batch.size() > kMaxBatch)
    return problem_reply(413, "too-large", "The batch was not taken", "At most 10000 events a batch");
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (const auto fault = fault_of(batch[i], name); !fault.empty())
      return invalid(fmt::format("Event {} of the batch: {}", i, fault));
    if (i > 0 && (batch[i]["data"]["seq"] != batch[i - 1]["data"]["seq"].get<std::int64_t>() + 1 ||
                  batch[i]["prevhash"] != batch[i - 1]["hash"]))
      return invalid(fmt::format("Event {} of the batch does not follow the one before it", i));
  }

  const std::lock_guard lock(mutex_);
  Lane& lane = lane_of(name);
  const auto held = static_cast<std::int64_t>(lane.hashes.size());
  const auto first = batch[0]["data"]["seq"].get<std::int64_t>();
  if (first > held + 1)
    return problem_reply(409, "gap", "Events are missing",
                         fmt::format("The last event held of this lane is {}; the batch begins with {}", held, first),
                         {{"expected_seq", held + 1}});
  const auto before = first == 1 ? genesis(name) : lane.hashes[static_cast<std::size_t>(first - 2)];
  const auto fork = [&](std::int64_t seq) {
    return problem_reply(409, "fork", "This is not the history that was sent before",
                         fmt::format("At event {} of lane {}", seq, name), {{"seq", seq}});
  };
  if (batch[0]["prevhash"] != before) return fork(first);
  std::string lines;
  std::vector<json> fresh;
  for (const auto& event : batch) {
    const auto seq = event["data"]["seq"].get<std::int64_t>();
    if (seq <= held) {
      if (event["hash"] != lane.hashes[static_cast<std::size_t>(seq - 1)]) return fork(seq);
      continue;
    }
    lines += event.dump() + "\n";
    fresh.push_back(event);
  }
  if (!lines.empty() && !disk::append(path_of(name), lines)) {
    lanes_.erase(name);  // read again from the disk before the next use
    return problem_reply(507, "storage", "The centre's disk did not take the batch", "Nothing was acknowledged");
  }
  for (const auto& event : fresh)
    index(lane, event);
  return {200,
          {{"lane", name},
           {"accepted_up_to", lane.hashes.size()},
           {"head_hash", lane.hashes.back()},
           {"duplicates", batch.size() - fresh.size()}}};
}

std::vector<HeldCrossing> EventStore::crossings(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  std::vector<HeldCrossing> out;
  for (const auto& entry : lane_of(name).crossings)
    out.push_back(entry.second);
  return out;
}

std::optional<HeldCrossing> EventStore::crossing(const std::string& name, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto& all = lane_of(name).crossings;
  const auto found = all.find(id);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> EventStore::hash_of(const std::string& name, std::int64_t seq) const {
  const std::lock_guard lock(mutex_);
  const auto& hashes = lane_of(name).hashes;
  if (seq < 1 || seq > static_cast<std::int64_t>(hashes.size())) return std::nullopt;
  return hashes[static_cast<std::size_t>(seq - 1)];
}

json EventStore::events_of(const std::string& name, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto& lane = lane_of(name);
  json out = json::array();
  if (const auto found = lane.crossings.find(id); found != lane.crossings.end())
    for (const auto seq : found->second.events)
      out.push_back(json::parse(lane.lines[static_cast<std::size_t>(seq - 1)]));
  return out;
}

std::int64_t EventStore::last_seq(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::int64_t>(lane_of(name).hashes.size());
}

std::optional<std::array<unsigned char, 32>> EventStore::root_of(const std::string& name, std::int64_t size) const {
  const std::lock_guard lock(mutex_);
  const auto& hashes = lane_of(name).hashes;
  if (size < 0 || size > static_cast<std::int64_t>(hashes.size())) return std::nullopt;
  journal::merkle::Frontier tree;
  for (std::int64_t i = 0; i < size; ++i) {
    const auto leaf = journal::merkle::from_hex(hashes[static_cast<std::size_t>(i)]);
    if (!leaf) return std::nullopt;
    tree.append(*leaf);
  }
  return tree.root();
}

bool EventStore::key_change(const std::string& name, const std::string& from, const std::string& to,
                            std::int64_t size) const {
  const std::lock_guard lock(mutex_);
  const auto& lines = lane_of(name).lines;
  const auto held = std::min(size, static_cast<std::int64_t>(lines.size()));
  for (std::int64_t i = 0; i < held; ++i) {
    const auto& line = lines[static_cast<std::size_t>(i)];
    if (line.find("journal_key_changed") == std::string::npos) continue;
    const auto data = json::parse(line, nullptr, false).value("data", json::object());
    const auto payload = data.value("payload", json::object());
    if (text_of(data, "type") == "journal_key_changed" && text_of(payload, "key") == to &&
        text_of(payload, "previous") == from && text_of(payload, "reason") == "rotated")
      return true;
  }
  return false;
}

}  // namespace torugart::central_dev
