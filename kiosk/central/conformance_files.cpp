// central-check: files by tus 1.0.0, and the receipts that depend on them.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "kiosk/central/conformance_probe.h"
#include "kiosk/journal/merkle.h"

namespace torugart::central::conformance {
namespace {

constexpr const char* kTus = "Tus-Resumable: 1.0.0";
constexpr const char* kChunk = "Content-Type: application/offset+octet-stream";

std::string metadata(const Probe& probe, const std::string& sha256, const std::string& crossing) {
  const auto word = [](const std::string& name, const std::string& value) {
    return name + " " + journal::merkle::to_base64(value);
  };
  return fmt::format("Upload-Metadata: {},{},{},{},{}", word("sha256", sha256),
                     word("filetype", "application/octet-stream"), word("lane", probe.lane()),
                     word("crossing", crossing), word("role", "xray_high"));
}

std::optional<HttpResponse> begin(Probe& probe, const std::string& sha256, std::size_t bytes,
                                  const std::string& crossing) {
  return probe.call("POST", "/v1/files",
                    {kTus, fmt::format("Upload-Length: {}", bytes), metadata(probe, sha256, crossing)});
}

std::optional<HttpResponse> patch(Probe& probe, const std::string& at, std::size_t offset, std::string bytes) {
  return probe.call("PATCH", at, {kTus, kChunk, fmt::format("Upload-Offset: {}", offset)}, std::move(bytes));
}

std::string tus_fault(const std::optional<HttpResponse>& answer, const char* header, const std::string& value) {
  const auto* version = answer->header("tus-resumable");
  if (version == nullptr || *version != "1.0.0") return said(*answer) + " without Tus-Resumable: 1.0.0";
  const auto* found = answer->header(header);
  if (found != nullptr && *found == value) return {};
  return fmt::format("{} with {} {} instead of {}", said(*answer), header,
                     found == nullptr ? "missing" : printable(*found, 40), value);
}

std::string offset_fault(Probe& probe, const std::string& at, std::size_t offset) {
  const auto answer = probe.call("HEAD", at, {kTus});
  if (!answer) return probe.trouble();
  if (answer->status != 200) return said(*answer);
  return tus_fault(answer, "upload-offset", fmt::format("{}", offset));
}

// Where an upload lies; empty when the answer does not say.
std::string place_of(const Probe& probe, const HttpResponse& answer) {
  const auto* location = answer.header("location");
  if (location == nullptr) return {};
  const auto& url = probe.settings().url;
  auto at = location->starts_with(url + "/") ? location->substr(url.size()) : *location;
  return at.starts_with("/") && !at.starts_with("//") && at.size() <= 1024 ? at : std::string();
}

void check_damage(Probe& probe, const CheckCrossings& crossings) {
  probe.check("files.checksum", "a file with another hash than announced: 460, and the upload is forgotten", [&] {
    const std::string announced = sha256_of(crossings.closed + " announced"),
                      sent = crossings.closed + " something else";
    const auto begun = begin(probe, announced, sent.size(), crossings.closed);
    if (auto fault = probe.expect(begun, {201}); !fault.empty()) return fault;
    const auto at = place_of(probe, *begun);
    if (auto fault = probe.expect(patch(probe, at, 0, sent), {460}, "checksum"); !fault.empty()) return fault;
    const auto head = probe.call("HEAD", at, {kTus});
    if (!head) return probe.trouble();
    if (head->status == 404 || head->status == 410) return std::string();
    return tus_fault(head, "upload-offset", "0").empty() ? std::string() : "the damaged upload is still there";
  });
  probe.check("files.too-long", "more bytes than Upload-Length are not taken", [&] {
    const std::string bytes = crossings.closed + " too long";
    const auto begun = begin(probe, sha256_of(bytes), bytes.size(), crossings.closed);
    if (auto fault = probe.expect(begun, {201}); !fault.empty()) return fault;
    return probe.expect(patch(probe, place_of(probe, *begun), 0, bytes + "more"), {400, 409, 413});
  });
}

std::string receipt_body(const Probe& probe, const std::string& crossing, const journal::Record& last,
                         std::vector<std::string> files) {
  return receipt_request({probe.lane(), crossing, last.event.seq, last.hash, std::move(files)});
}

std::optional<journal::Record> last_of(Probe& probe, const std::string& crossing) {
  const auto records = probe.reader().events_of(crossing);
  if (!records || records->empty()) return std::nullopt;
  return records->back();
}

}  // namespace

void check_files(Probe& probe, const CheckCrossings& crossings) {
  const auto& bytes = crossings.file.bytes;
  const auto half = bytes.size() / 2;
  probe.check("files.options", "OPTIONS: Tus-Version 1.0.0 and the extension creation", [&] {
    const auto answer = probe.call("OPTIONS", "/v1/files", {kTus});
    if (!answer) return probe.trouble();
    const auto *version = answer->header("tus-version"), *extension = answer->header("tus-extension");
    if ((answer->status != 204 && answer->status != 200) || version == nullptr ||
        version->find("1.0.0") == std::string::npos || extension == nullptr ||
        extension->find("creation") == std::string::npos)
      return said(*answer) + " without them";
    return std::string();
  });
  probe.check("files.version", "a request of another tus version: 412", [&] {
    return probe.expect(probe.call("POST", "/v1/files", {"Tus-Resumable: 0.2.2", "Upload-Length: 1"}), {412});
  });
  probe.check("files.metadata", "Upload-Metadata has sha256 and lane; without, or of another lane: 400", [&] {
    if (auto fault = probe.expect(probe.call("POST", "/v1/files", {kTus, "Upload-Length: 1"}), {400}); !fault.empty())
      return fault;
    auto other = metadata(probe, crossings.file.sha256, crossings.closed);
    const auto mine = journal::merkle::to_base64(probe.lane());
    other.replace(other.find(mine), mine.size(), journal::merkle::to_base64("another-lane"));
    return probe.expect(probe.call("POST", "/v1/files", {kTus, "Upload-Length: 1", other}), {400, 403});
  });
  probe.check("files.unknown", "no such upload: 404 or 410", [&] {
    const auto answer = probe.call("HEAD", "/v1/files/" + sha256_of("never begun"), {kTus});
    if (!answer) return probe.trouble();
    return answer->status == 404 || answer->status == 410 ? std::string() : said(*answer);
  });
  std::string at;
  const bool begun = probe.check("files.begin", "201 with the place, a path on this server", [&] {
    const auto answer = begin(probe, crossings.file.sha256, bytes.size(), crossings.closed);
    if (auto fault = probe.expect(answer, {201}); !fault.empty()) return fault;
    at = place_of(probe, *answer);
    return at.empty() ? "Location is missing, or leads to another machine" : offset_fault(probe, at, 0);
  });
  if (!begun) return probe.skip("files.chunk", "no upload was begun");
  probe.check("files.chunk-type", "a chunk that is no application/offset+octet-stream: 415", [&] {
    return probe.expect(
        probe.call("PATCH", at, {kTus, "Content-Type: text/plain", "Upload-Offset: 0"}, bytes.substr(0, half)),
        {415});
  });
  probe.check("files.chunk", "204 with the new Upload-Offset, on stable storage", [&] {
    const auto answer = patch(probe, at, 0, bytes.substr(0, half));
    if (auto fault = probe.expect(answer, {204}); !fault.empty()) return fault;
    if (auto fault = tus_fault(answer, "upload-offset", fmt::format("{}", half)); !fault.empty()) return fault;
    return offset_fault(probe, at, half);
  });
  probe.check("files.offset", "another offset than what is there: 409", [&] {
    if (auto fault = probe.expect(patch(probe, at, 0, bytes.substr(0, half)), {409}); !fault.empty()) return fault;
    return offset_fault(probe, at, half);
  });
  probe.check("files.begin-again", "a file that has begun is answered with its place, and what is there is kept",
              [&] {
                const auto answer = begin(probe, crossings.file.sha256, bytes.size(), crossings.closed);
                if (auto fault = probe.expect(answer, {201}); !fault.empty()) return fault;
                return offset_fault(probe, place_of(probe, *answer), half);
              });
  probe.check("files.whole", "the last byte makes the file whole", [&] {
    const auto answer = patch(probe, at, half, bytes.substr(half));
    if (auto fault = probe.expect(answer, {204}); !fault.empty()) return fault;
    return tus_fault(answer, "upload-offset", fmt::format("{}", bytes.size()));
  });
  check_damage(probe, crossings);
}

void check_receipts(Probe& probe, const CheckCrossings& crossings) {
  const auto closed = last_of(probe, crossings.closed), open = last_of(probe, crossings.open),
             lacking = last_of(probe, crossings.lacking);
  if (!closed || !open || !lacking) return probe.skip("receipts", "the test lane's journal cannot be read");
  probe.check("receipts.open", "a crossing that has not ended: 409, no receipt", [&] {
    return probe.expect(probe.post_json("/v1/receipts", receipt_body(probe, crossings.open, *open, {})), {409},
                        "open");
  });
  probe.check("receipts.incomplete", "a file that is not there: 409 with missing_files", [&] {
    const auto answer = probe.post_json(
        "/v1/receipts", receipt_body(probe, crossings.lacking, *lacking, {crossings.never_sent.sha256}));
    if (auto fault = probe.expect(answer, {409}, "incomplete"); !fault.empty()) return fault;
    const auto missing = problem_of(answer->body).missing_files;
    return std::find(missing.begin(), missing.end(), crossings.never_sent.sha256) != missing.end()
               ? std::string()
               : "missing_files does not name it";
  });
  probe.check("receipts.not-all-files", "a receipt covers every file that the crossing's events name", [&] {
    return probe.expect(probe.post_json("/v1/receipts", receipt_body(probe, crossings.closed, *closed, {})),
                        {409, 422});
  });
  probe.check("receipts.other-history", "head_hash is the hash of that event", [&] {
    auto other = *closed;
    other.hash = sha256_of("another history");
    return probe.expect(
        probe.post_json("/v1/receipts", receipt_body(probe, crossings.closed, other, {crossings.file.sha256})),
        {409, 422});
  });
  probe.check("receipts.invalid", "what is no ReceiptRequest: a problem (400, 422)", [&] {
    for (const char* body : {"", "{", "[]", "{}", R"({"lane":1,"crossing":[],"up_to":"1","head_hash":0,"files":{}})"})
      if (auto fault = probe.expect(probe.post_json("/v1/receipts", body), {400, 422}); !fault.empty())
        return fmt::format("to the body '{}' it {}", body, fault);
    return std::string();
  });
  const auto asked = receipt_body(probe, crossings.closed, *closed, {crossings.file.sha256});
  std::string statement, id;
  const bool given = probe.check(
      "receipts.given", "a statement of typ torugart-receipt+jws, at most 4096 bytes, over exactly what was asked",
      [&] {
        const auto answer = probe.post_json("/v1/receipts", asked);
        if (auto fault = probe.expect(answer, {201}); !fault.empty()) return fault;
        const auto found = statement_from(answer->body, 4096);
        if (!found) return found.error().what;
        const auto payload = verified_payload(*found, kReceiptType, probe.keys());
        if (!payload) return payload.error().what;
        const auto receipt = receipt_from(
            *payload, {probe.lane(), crossings.closed, closed->event.seq, closed->hash, {crossings.file.sha256}},
            *found);
        if (!receipt) return receipt.error().what;
        statement = *found;
        id = receipt->receipt;
        return std::string();
      });
  if (!given) return probe.skip("receipts.again", "no receipt was given");
  probe.check("receipts.again", "same request, same receipt", [&] {
    const auto answer = probe.post_json("/v1/receipts", asked);
    if (auto fault = probe.expect(answer, {200}); !fault.empty()) return fault;
    return statement_from(answer->body, 4096).value_or("") == statement ? std::string() : "it is another receipt";
  });
  probe.check("receipts.read", "a receipt again, by its number", [&] {
    const auto answer = probe.call("GET", "/v1/receipts/" + id, {"Accept: application/json"});
    if (auto fault = probe.expect(answer, {200}); !fault.empty()) return fault;
    return statement_from(answer->body, 4096).value_or("") == statement ? std::string() : "it is another receipt";
  });
  probe.check("receipts.unknown", "no such receipt: 404", [&] {
    return probe.expect(probe.call("GET", "/v1/receipts/never-given", {"Accept: application/json"}), {404});
  });
}

}  // namespace torugart::central::conformance
