#include "kiosk/central/wire.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>

#include "kiosk/central/wire_json.h"

namespace torugart::central {
namespace {

using nlohmann::json;
using wire::bad;
using wire::text_field;

constexpr std::size_t kMaxList = 64;

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string printable(std::string_view text, std::size_t max) {
  std::string out(text.substr(0, max));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

std::string problem_words(std::string_view body) {
  const auto problem = wire::parse(body);
  if (!problem.is_object()) return {};
  const auto title = text_field(problem, "title", 200).value_or(""),
             detail = text_field(problem, "detail", 400).value_or("");
  return printable(title.empty() || detail.empty() ? title + detail : title + ": " + detail, 300);
}

Problem problem_of(std::string_view body) {
  Problem out;
  const auto problem = wire::parse(body);
  if (!problem.is_object()) return out;
  out.type = text_field(problem, "type", 200).value_or("");
  out.expected_seq = wire::seq_field(problem, "expected_seq");
  out.missing_files = wire::hash_list(problem, "missing_files").value_or(std::vector<std::string>());
  return out;
}

std::string rfc3339(std::int64_t wall_us) {
  const std::time_t seconds = wall_us / 1'000'000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> day{};
  std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  return fmt::format("{}.{:06}Z", day.data(), wall_us % 1'000'000);
}

std::optional<std::int64_t> wall_us_from_rfc3339(std::string_view text) {
  if (text.size() < 20 || text.size() > 40 || text.back() != 'Z') return std::nullopt;
  std::tm utc{};
  const std::string seconds(text.substr(0, 19));
  const char* end = strptime(seconds.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  if (!end || *end) return std::nullopt;
  std::int64_t micros = 0;
  auto fraction = text.substr(19, text.size() - 20);
  if (!fraction.empty()) {
    if (fraction.front() != '.' || fraction.size() < 2) return std::nullopt;
    fraction.remove_prefix(1);
    std::int64_t place = 100'000;
    for (const char c : fraction) {
      if (c < '0' || c > '9') return std::nullopt;
      micros += (c - '0') * place;
      place /= 10;
    }
  }
  return static_cast<std::int64_t>(timegm(&utc)) * 1'000'000 + micros;
}

std::string risk_request(const std::string& lane, const RiskQuery& query) {
  json numbers = json::array(), documents = json::array();
  for (const auto& n : query.numbers) {
    json number{{"kind", inspection::to_string(n.kind)}, {"place", inspection::to_string(n.place)}, {"text", n.text}};
    if (!n.country.empty()) number["country"] = n.country;
    if (!n.size_type.empty()) number["size_type"] = n.size_type;
    numbers.push_back(std::move(number));
  }
  for (const auto& d : query.documents)
    documents.push_back({{"kind", d.kind}, {"number", d.number}});
  return dump({{"lane", lane},
               {"crossing", query.crossing},
               {"direction", inspection::to_string(query.direction)},
               {"numbers", std::move(numbers)},
               {"documents", std::move(documents)}});
}

tl::expected<inspection::RiskAssessed, Error> risk_from(std::string_view body, const std::string& crossing) {
  const auto answer = wire::parse(body);
  if (!answer.is_object()) return bad("/", "The risk assessment is not a JSON object");
  if (text_field(answer, "crossing", 200) != crossing)
    return bad("/crossing", "The risk assessment is of another crossing");
  inspection::RiskAssessed risk;
  risk.source = inspection::RiskSource::central;
  const auto colour = wire::colour_field(answer, "colour");
  const auto assessment = text_field(answer, "assessment", 200);
  const auto at = text_field(answer, "assessed_at", 40);
  const auto at_us = at ? wall_us_from_rfc3339(*at) : std::nullopt;
  if (!colour) return bad("/colour", "The risk assessment names no known lane colour");
  if (!assessment || assessment->empty()) return bad("/assessment", "The risk assessment has no number");
  if (!at_us) return bad("/assessed_at", "The risk assessment has no date");
  if (!answer.contains("scan_required") || !answer["scan_required"].is_boolean())
    return bad("/scan_required", "The risk assessment does not say whether a scan is required");
  auto profiles = wire::profiles_field(answer, kMaxList);
  auto holds = wire::holds_field(answer, kMaxList);
  if (!profiles) return bad("/profiles", "The risk assessment's profiles cannot be read");
  if (!holds) return bad("/holds", "The risk assessment's holds cannot be read");
  risk.colour = *colour;
  risk.assessment = *assessment;
  risk.scan_required = answer["scan_required"].get<bool>();
  risk.profiles = std::move(*profiles);
  risk.holds = std::move(*holds);
  risk.as_of_wall_us = *at_us;
  return risk;
}

std::string events_batch(std::span<const journal::Record> records) {
  std::string out = "[";
  for (const auto& record : records) {
    const auto& event = record.event;
    json envelope{{"specversion", "1.0"},
                  {"id", fmt::format("{}/{}", event.lane, event.seq)},
                  {"source", "urn:torugart:lane:" + event.lane},
                  {"type", fmt::format("torugart.lane.{}.v1", inspection::type_of(event.payload))},
                  {"time", rfc3339(event.wall_us)},
                  {"datacontenttype", "application/json"},
                  {"sequence", fmt::format("{}", event.seq)},
                  {"prevhash", record.prev_hash},
                  {"hash", record.hash}};
    if (!event.crossing.empty()) envelope["subject"] = event.crossing;
    auto head = dump(envelope);
    head.pop_back();
    // the text is put in as it is: what was hashed is what is sent
    out += fmt::format("{}{},\"data\":{}}}", out.size() > 1 ? "," : "", head, record.text);
  }
  return out + "]";
}

tl::expected<Accepted, Error> accepted_from(std::string_view body) {
  const auto answer = wire::parse(body);
  if (!answer.is_object()) return bad("/", "The answer to a batch is not a JSON object");
  const auto up_to = wire::seq_field(answer, "accepted_up_to");
  const auto head = text_field(answer, "head_hash", 64);
  if (!up_to) return bad("/accepted_up_to", "The answer to a batch does not say how far it was taken");
  if (!head || !wire::is_hash(*head)) return bad("/head_hash", "The answer to a batch has no head hash");
  return Accepted{*up_to, *head};
}

std::string receipt_request(const ReceiptRequest& request) {
  return dump({{"lane", request.lane},
               {"crossing", request.crossing},
               {"up_to", request.up_to},
               {"head_hash", request.head_hash},
               {"files", request.files}});
}

std::string files_hash(std::vector<std::string> files) {
  std::sort(files.begin(), files.end());
  std::string lines;
  for (const auto& file : files)
    lines += file + "\n";
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(lines.data()), lines.size());
  std::string hex;
  for (const unsigned char byte : hash)
    hex += fmt::format("{:02x}", byte);
  return hex;
}

tl::expected<std::string, Error> statement_from(std::string_view body, std::size_t max_bytes) {
  const auto answer = wire::parse(body);
  auto statement = answer.is_object() ? text_field(answer, "statement", max_bytes) : std::nullopt;
  if (!statement) return bad("/statement", "The centre's answer holds no signed statement");
  return std::move(*statement);
}

tl::expected<inspection::Acknowledged, Error> receipt_from(std::string_view payload, const ReceiptRequest& asked,
                                                           std::string statement) {
  const auto said = wire::parse(payload);
  if (!said.is_object()) return bad("/", "The receipt is not a JSON object");
  if (text_field(said, "lane", 200) != asked.lane) return bad("/lane", "The receipt is for another lane");
  if (text_field(said, "crossing", 200) != asked.crossing)
    return bad("/crossing", "The receipt is for another crossing");
  if (wire::seq_field(said, "up_to") != asked.up_to) return bad("/up_to", "The receipt covers other events");
  if (text_field(said, "head_hash", 64) != asked.head_hash)
    return bad("/head_hash", "The receipt covers another history");
  const auto id = text_field(said, "receipt", 200);
  if (!id || id->empty()) return bad("/receipt", "The receipt has no number");
  if (text_field(said, "files_hash", 64) != files_hash(asked.files))
    return bad("/files_hash", "The receipt does not cover exactly the files of the crossing");
  inspection::Acknowledged receipt;
  receipt.receipt = *id;
  receipt.crossing = asked.crossing;
  receipt.up_to = asked.up_to;
  receipt.signature = std::move(statement);
  receipt.files = asked.files;
  return receipt;
}

}  // namespace torugart::central
