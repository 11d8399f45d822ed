// The messages of the contract (assets/contract/torugart-central.openapi.yaml) as this side writes and reads them.
// What comes in is bounded and checked field by field; an answer that breaks the contract is an error, never a guess.
// Reentrant. Used inside kiosk/central only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "kiosk/central/centre.h"
#include "kiosk/central/error.h"
#include "kiosk/journal/reader.h"

namespace torugart::central {

// At most `max` bytes, every control or non-ASCII byte as '?': words of a stranger for log and screen.
std::string printable(std::string_view text, std::size_t max);
// "title: detail" of an RFC 9457 problem; empty when the body is none.
std::string problem_words(std::string_view body);
// The problem's "type" ("urn:torugart:problem:gap") and, for a gap, the number that the centre waits for.
struct Problem {
  std::string type;
  std::optional<std::int64_t> expected_seq;
  std::vector<std::string> missing_files;
};
Problem problem_of(std::string_view body);

std::string rfc3339(std::int64_t wall_us);  // "2026-05-01T08:30:00.250000Z"
std::optional<std::int64_t> wall_us_from_rfc3339(std::string_view text);

std::string risk_request(const std::string& lane, const RiskQuery& query);
tl::expected<inspection::RiskAssessed, Error> risk_from(std::string_view body, const std::string& crossing);

// CloudEvents 1.0 batch; every event's "data" is its canonical text, byte for byte as the journal hashed it.
std::string events_batch(std::span<const journal::Record> records);
struct Accepted {
  std::int64_t up_to = 0;
  std::string head_hash;
};
tl::expected<Accepted, Error> accepted_from(std::string_view body);

struct ReceiptRequest {
  std::string lane, crossing;
  std::int64_t up_to = 0;
  std::string head_hash;
  std::vector<std::string> files;
};
std::string receipt_request(const ReceiptRequest& request);
// SHA-256 over the sorted hashes, one a line: a receipt names its files by this one figure, so that it stays short
// enough to be kept whole in an event however many pictures there are.
std::string files_hash(std::vector<std::string> files);
// {"statement": "<JWS>"} -> the JWS.
tl::expected<std::string, Error> statement_from(std::string_view body, std::size_t max_bytes);
// The verified payload of a receipt, if it says what was asked for; `statement` becomes its signature.
tl::expected<inspection::Acknowledged, Error> receipt_from(std::string_view payload, const ReceiptRequest& asked,
                                                           std::string statement);

// -- what events mean for the upload (README.md has the table) --
bool rides_along(const inspection::Payload& payload);        // alone it starts no batch
bool calls_for_receipt(const inspection::Payload& payload);  // part of what a crossing's receipt must cover
bool speaks_against(const inspection::Payload& payload);  // detained, suspect, found: its pictures are wanted first
std::vector<inspection::FileRef> files_of(const inspection::Payload& payload);

}  // namespace torugart::central
