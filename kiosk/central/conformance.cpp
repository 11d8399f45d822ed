#include "kiosk/central/conformance.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "kiosk/central/client.h"
#include "kiosk/central/conformance_probe.h"
#include "kiosk/central/watch_list.h"
#include "kiosk/central/wire_json.h"
#include "kiosk/journal/merkle.h"

namespace torugart::central::conformance {

Probe::Probe(const ConformanceConfig& config, std::vector<SigningKey> keys, std::ostream& out, std::stop_token stop)
    : config_(config), keys_(std::move(keys)), out_(out), stop_(std::move(stop)), http_(config.centre) {}

bool Probe::check(const std::string& name, const std::string& rule, const std::function<std::string()>& fault) {
  const auto wrong = fault();
  if (wrong.empty()) {
    ++passed_;
    fmt::print(out_, "ok   {}\n", name);
    return true;
  }
  ++failed_;
  fmt::print(out_, "FAIL {}: {}; the contract: {}\n", name, wrong, rule);
  return false;
}

void Probe::skip(const std::string& name, const std::string& why) {
  fmt::print(out_, "skip {}: {}\n", name, why);
}

std::optional<HttpResponse> Probe::call(const std::string& method, const std::string& path,
                                        std::vector<std::string> headers, std::string body) {
  auto answer =
      http_.call({method, path, std::move(headers), std::move(body), config_.centre.call_deadline_ms}, stop_);
  if (answer) return std::move(*answer);
  trouble_ = fmt::format("no answer: {} ({})", answer.error().what, answer.error().where);
  return std::nullopt;
}

std::optional<HttpResponse> Probe::post_json(const std::string& path, const std::string& body) {
  return call("POST", path, {"Content-Type: application/json", "Accept: application/json"}, body);
}

std::optional<HttpResponse> Probe::post_batch(const std::string& batch) {
  return call("POST", "/v1/events",
              {"Content-Type: application/cloudevents-batch+json", "Idempotency-Key: " + lane() + "-check"}, batch);
}

std::string Probe::expect(const std::optional<HttpResponse>& answer, const std::vector<long>& statuses,
                          const std::string& type) const {
  if (!answer) return trouble_;
  if (std::find(statuses.begin(), statuses.end(), answer->status) == statuses.end()) return said(*answer);
  if (!answer->date_s) return said(*answer) + " without a Date header";
  if (answer->status < 400) return {};
  const auto* media = answer->header("content-type");
  const auto problem = wire::parse(answer->body);
  if (media == nullptr || !media->starts_with("application/problem+json") || !problem.is_object())
    return said(*answer) + " without a problem document (RFC 9457)";
  if (problem.value("status", 0) != answer->status)
    return said(*answer) + ", whose problem document names another status";
  const auto kind = problem_of(answer->body).type;
  if (!type.empty() && kind != "urn:torugart:problem:" + type)
    return fmt::format("{} with a problem of type \"{}\"", said(*answer), printable(kind, 80));
  return {};
}

bool Probe::open_lane(const std::string& folder) {
  folder_ = folder;
  boot_ = fmt::format("central-check-{}", wall_us());
  journal::Options options;
  options.lane = lane();
  auto opened = journal::Journal::open(journal_path(), options);
  if (!opened) {
    trouble_ = opened.error().text();
    return false;
  }
  journal_ = std::move(*opened);
  auto reading = journal::Reader::open(journal_path());
  if (!reading) {
    trouble_ = reading.error().text();
    return false;
  }
  reader_ = std::move(*reading);
  return true;
}

std::int64_t Probe::append(const std::string& crossing, inspection::Payload payload) {
  inspection::Event event;
  event.crossing = crossing;
  event.actor = "lane";
  event.wall_us = wall_us();
  event.mono_us = system_ambient().mono_us();
  event.clock = "unknown";
  event.boot = boot_;
  event.payload = std::move(payload);
  const auto seq = journal_->append(std::span(&event, 1));
  if (!seq) trouble_ = seq.error().text();
  return seq.value_or(0);
}

std::vector<journal::Record> Probe::records(std::int64_t from) const {
  return reader_->events(from, 1000).value_or(std::vector<journal::Record>());
}

std::int64_t Probe::wall_us() const {
  return system_ambient().wall_us();
}

std::string sha256_of(const std::string& bytes) {
  return journal::merkle::to_hex(journal::merkle::sha256(bytes));
}

std::string said(const HttpResponse& answer) {
  const auto words = problem_words(answer.body);
  return fmt::format("answered {}{}", answer.status, words.empty() ? "" : " (" + words + ")");
}

namespace {

std::string risk_query(const std::string& lane, const std::string& crossing) {
  RiskQuery query;
  query.crossing = crossing;
  query.direction = inspection::Direction::entry;
  inspection::Number plate;
  plate.text = "123ABC02";
  plate.country = "KZ";
  query.numbers.push_back(plate);
  query.documents.push_back({"TIR", "JX95000448", "typed"});
  return risk_request(lane, query);
}

void check_risk(Probe& probe) {
  probe.check("risk.answer", "a RiskAssessment of the crossing that was asked for, within about four seconds", [&] {
    const auto answer = probe.post_json("/v1/risk-assessments", risk_query(probe.lane(), "check-risk"));
    if (auto fault = probe.expect(answer, {200}); !fault.empty()) return fault;
    const auto risk = risk_from(answer->body, "check-risk");
    if (!risk) return fmt::format("{} at {}", risk.error().what, risk.error().where);
    if (answer->round_trip_us > 4'000'000)
      return fmt::format("it took {:.1f} s", static_cast<double>(answer->round_trip_us) / 1e6);
    return std::string();
  });
  probe.check("risk.other-lane", "the server answers a lane only about itself", [&] {
    return probe.expect(probe.post_json("/v1/risk-assessments", risk_query("another-lane", "check-risk")),
                        {403, 422});
  });
  probe.check("risk.invalid", "what is no RiskQuery is answered with a problem (400, 422)", [&] {
    for (const char* body : {"", "{", "[]", "{}", R"({"lane":1,"crossing":null,"numbers":{},"documents":""})"})
      if (auto fault = probe.expect(probe.post_json("/v1/risk-assessments", body), {400, 422}); !fault.empty())
        return fmt::format("to the body '{}' it {}", body, fault);
    return std::string();
  });
}

void check_watch_list(Probe& probe) {
  std::optional<WatchList> held;
  const auto statement_of = [&](const std::string& path, std::string& statement) {
    const auto answer = probe.call("GET", path, {"Accept: application/json"});
    if (auto fault = probe.expect(answer, {200}); !fault.empty()) return fault;
    auto found = statement_from(answer->body, 4 << 20);
    if (!found) return found.error().what;
    statement = std::move(*found);
    return std::string();
  };
  const bool good =
      probe.check("watch-list.signed", "a statement of typ torugart-watch-list+jws, EdDSA, by a known key", [&] {
        std::string statement;
        if (auto fault = statement_of("/v1/watch-list", statement); !fault.empty()) return fault;
        auto list = watch_list_from(statement, probe.keys());
        if (!list) return fmt::format("{} {}", list.error().what, list.error().where);
        held = std::move(*list);
        return std::string();
      });
  if (!good) return probe.skip("watch-list.change", "there is no list to change");
  probe.check("watch-list.in-date", "used until valid_until", [&] {
    return held->valid_until_wall_us > probe.wall_us() ? std::string() : "the list in force is past its date";
  });
  probe.check("watch-list.change", "asked with since, a change from that version or the whole list", [&] {
    std::string statement;
    if (auto fault = statement_of(fmt::format("/v1/watch-list?since={}", held->version), statement); !fault.empty())
      return fault;
    const auto next = claimed_type(statement) == kWatchListDeltaType
                          ? watch_list_after(*held, statement, probe.keys())
                          : watch_list_from(statement, probe.keys());
    if (!next) return fmt::format("{} {}", next.error().what, next.error().where);
    return next->version < held->version ? "the version fell" : std::string();
  });
  probe.check(
      "watch-list.unknown-version", "since a version that the server never had: the whole list, or a problem", [&] {
        const auto answer = probe.call("GET", "/v1/watch-list?since=9007199254740000", {"Accept: application/json"});
        if (auto fault = probe.expect(answer, {200, 400}); !fault.empty()) return fault;
        if (answer->status != 200) return std::string();
        const auto statement = statement_from(answer->body, 4 << 20);
        const auto list = statement ? watch_list_from(*statement, probe.keys())
                                    : tl::expected<WatchList, Error>(tl::unexpect, statement.error());
        return list ? std::string() : list.error().what;
      });
}

}  // namespace

void check_line(Probe& probe) {
  probe.check("tls.no-certificate", "a client without a certificate is refused, in the handshake or with 403", [&] {
    auto settings = probe.settings();
    settings.certificate_file.clear();
    settings.key_file.clear();
    const auto answer = Http(settings).call({"GET", "/v1/time", {}, {}, settings.call_deadline_ms}, {});
    if (!answer || answer->status == 403 || answer->status == 401) return std::string();
    return "a client without a certificate was " + said(*answer);
  });
  probe.check("time.now", "{\"time\": RFC 3339 in UTC}, and a Date header on every answer", [&] {
    const auto answer = probe.call("GET", "/v1/time", {"Accept: application/json"});
    if (auto fault = probe.expect(answer, {200}); !fault.empty()) return fault;
    const auto body = wire::parse(answer->body);
    const auto at =
        body.is_object() ? wall_us_from_rfc3339(wire::text_field(body, "time", 40).value_or("")) : std::nullopt;
    if (!at) return std::string("it does not tell its time");
    if (std::abs(*at / 1'000'000 - *answer->date_s) > 2) return std::string("time and Date header do not agree");
    return std::string();
  });
  check_risk(probe);
  check_watch_list(probe);
}

}  // namespace torugart::central::conformance

namespace torugart::central {

int run_conformance(const ConformanceConfig& config, std::ostream& out, std::stop_token stop) {
  namespace fs = std::filesystem;
  const auto faults = check(config.centre, system_ambient().wall_us());
  for (const auto& fault : faults)
    fmt::print(out, "{} ({}). {}\n", fault.what, fault.where, fault.remedy);
  if (!faults.empty()) return 2;
  auto keys = signing_keys_from_file(config.centre.signing_keys_file);
  if (!keys) return 2;
  if (const auto reached = probe(config.centre); !reached && reached.error().failure != Failure::bad_answer) {
    fmt::print(out, "{} ({}). {}\n", reached.error().what, reached.error().where, reached.error().remedy);
    return 2;
  }
  std::string folder = config.state_folder;
  std::error_code error;
  const bool temporary = folder.empty();
  if (temporary) {
    folder = (fs::temp_directory_path(error) / "torugart-central-check-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) folder.clear();
  } else {
    fs::create_directories(folder, error);
  }
  conformance::Probe lane(config, std::move(*keys), out, std::move(stop));
  if (folder.empty() || error || !lane.open_lane(folder)) {
    fmt::print(out, "The test lane's journal cannot be kept in {}: {}\n", folder, lane.trouble());
    return 2;
  }
  conformance::check_line(lane);
  conformance::CheckCrossings crossings;
  if (conformance::check_events(lane, crossings)) {
    conformance::check_files(lane, crossings);
    conformance::check_receipts(lane, crossings);
    conformance::check_witness(lane);
  } else {
    lane.skip("files, receipts, witness", "the events are not there");
  }
  if (temporary) fs::remove_all(folder, error);
  fmt::print(out, "{}: {} checks passed, {} failed\n", config.centre.url, lane.passed(), lane.failed());
  return lane.failed() == 0 ? 0 : 1;
}

}  // namespace torugart::central
