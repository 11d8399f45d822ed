#include "kiosk/central_dev/receipts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/disk/disk.h"
#include "kiosk/central_dev/signer.h"

namespace torugart::central_dev {

using nlohmann::json;

Receipts::Receipts(std::string folder, const TestKeys& keys, EventStore& events, FileStore& files)
    : folder_(std::move(folder)), keys_(keys), events_(events), files_(files) {
  for (const auto& line : disk::whole_lines(folder_ + "/receipts.jsonl"))
    if (const auto record = json::parse(line, nullptr, false); record.is_object()) remember(record);
}

void Receipts::remember(const json& record) {
  by_request_[record["request"].dump()] = record;
  by_id_[record["receipt"].get<std::string>()] = record;
  latest_[record["request"]["lane"].get<std::string>() + "/" + record["request"]["crossing"].get<std::string>()] =
      record["receipt"].get<std::string>();
}

Reply Receipts::give(const std::string& lane, const std::string& body) {
  const auto asked = json::parse(body, nullptr, false);
  const auto refuse = [](int status, const char* type, const std::string& detail, const json& more = json::object()) {
    return problem_reply(status, type, "No receipt was given", detail, more);
  };
  if (!asked.is_object() || asked.value("lane", json()) != lane || !asked.value("crossing", json()).is_string() ||
      !asked.value("up_to", json()).is_number_integer() || !asked.value("head_hash", json()).is_string() ||
      !asked.value("files", json()).is_array())
    return refuse(422, "invalid", "The request does not have the form of the contract, or names another lane");
  std::vector<std::string> files;
  for (const auto& file : asked["files"]) {
    if (!file.is_string()) return refuse(422, "invalid", "files holds something that is no SHA-256");
    files.push_back(file.get<std::string>());
  }
  std::sort(files.begin(), files.end());
  const auto id = asked["crossing"].get<std::string>();
  const auto up_to = asked["up_to"].get<std::int64_t>();
  const json request{
      {"lane", lane}, {"crossing", id}, {"up_to", up_to}, {"head_hash", asked["head_hash"]}, {"files", files}};

  const std::lock_guard lock(mutex_);
  if (const auto given = by_request_.find(request.dump()); given != by_request_.end())
    return {200, {{"receipt", given->second["receipt"]}, {"statement", given->second["statement"]}}};
  const auto hash = events_.hash_of(lane, up_to);
  const auto crossing = events_.crossing(lane, id);
  if (!hash || !crossing)
    return refuse(409, "gap", "The events up to there have not arrived",
                  {{"expected_seq", events_.last_seq(lane) + 1}});
  if (*hash != asked["head_hash"]) return refuse(409, "fork", "The event of that number has another hash");
  if (!crossing->closed) return refuse(409, "open", "The crossing has neither departed nor been cancelled");
  json missing = json::array();
  const auto need = [&](const std::string& sha256) {
    if (!files_.complete(sha256)) missing.push_back(sha256);
  };
  for (std::size_t i = 0; i < crossing->files.size(); ++i) {
    const auto& sha256 = crossing->files[i].sha256;
    if (crossing->file_seq[i] > up_to) continue;
    if (!std::binary_search(files.begin(), files.end(), sha256))
      return refuse(422, "invalid", "The request does not name the file " + sha256 + " of the crossing's events");
  }
  for (const auto& file : files)
    need(file);
  if (!missing.empty()) return refuse(409, "incomplete", "Files are missing", {{"missing_files", missing}});

  std::string lines;
  for (const auto& file : files)
    lines += file + "\n";
  const auto receipt = "R-" + sha256_hex(request.dump()).substr(0, 20);
  const json payload{{"receipt", receipt},
                     {"lane", lane},
                     {"crossing", id},
                     {"up_to", up_to},
                     {"head_hash", *hash},
                     {"files_count", files.size()},
                     {"files_hash", sha256_hex(lines)},
                     {"issued_at", now_rfc3339()}};
  const json record{
      {"receipt", receipt}, {"request", request}, {"statement", sign(payload, "torugart-receipt+jws", keys_)}};
  if (!disk::append(folder_ + "/receipts.jsonl", record.dump() + "\n"))
    return refuse(507, "storage", "The centre's disk is full or failing");
  remember(record);
  return {201, {{"receipt", receipt}, {"statement", record["statement"]}}};
}

std::string Receipts::latest(const std::string& lane, const std::string& crossing) const {
  const std::lock_guard lock(mutex_);
  const auto found = latest_.find(lane + "/" + crossing);
  return found == latest_.end() ? std::string() : found->second;
}

Reply Receipts::find(const std::string& lane, const std::string& receipt) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(receipt);
  if (found == by_id_.end() || found->second["request"]["lane"] != lane)
    return problem_reply(404, "unknown-receipt", "No such receipt", "This lane was given no receipt of that number");
  return {200, {{"receipt", receipt}, {"statement", found->second["statement"]}}};
}

}  // namespace torugart::central_dev
