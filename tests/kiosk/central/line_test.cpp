// A bad line between the lane and the centre, as many ways as there are seeds: in the end everything is there once, or
// the lane says why not and goes on when the line is good again.
//
// TORUGART_LINE_SCENARIOS (100) and TORUGART_LINE_FIRST (0): how many seeds, from which on. TORUGART_LINE_REPORT: a file
// that gets one line of JSON a scenario.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/kiosk/central/lane_bench.h"
#include "tests/kiosk/central/line_proxy.h"

namespace torugart::central::testing {
namespace {

using nlohmann::json;

int number_from(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::atoi(text);
}

const std::vector<Fault> kAll{
    Fault::drop,    Fault::cut_request,  Fault::lose_answer, Fault::cut_answer,       Fault::delay,
    Fault::ghost,   Fault::server_error, Fault::unavailable, Fault::too_many,         Fault::not_found,
    Fault::garbage, Fault::portal,       Fault::slow_drip,   Fault::wrong_certificate};

struct Refusal {
  Fault fault;
  std::vector<Failure> reasons;
};
// A line that never gets good: what the lane must say about it.
const std::vector<Refusal> kRefusals{{Fault::wrong_certificate, {Failure::not_trusted}},
                                     {Fault::portal, {Failure::bad_answer}},
                                     {Fault::server_error, {Failure::busy}},
                                     {Fault::too_many, {Failure::busy}},
                                     {Fault::garbage, {Failure::bad_answer, Failure::no_line}},
                                     {Fault::slow_drip, {Failure::no_line}},
                                     {Fault::drop, {Failure::no_line}},
                                     {Fault::not_found, {Failure::bad_answer}}};

std::string lane_name(int seed) {
  return fmt::format("line-{}", seed);
}

struct Scenario {
  int seed = 0;
  std::mt19937 random;
  int crossings = 0;
  std::vector<std::vector<std::string>> files;  // by crossing

  explicit Scenario(int seed_in) : seed(seed_in), random(static_cast<unsigned>(seed_in) * 2654435761u + 1) {}
  int pick(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); }
};

class Line : public ::testing::Test {
 protected:
  Folder folder_;

  void settings(Scenario& s, LaneBench& lane, const LineProxy& proxy) {
    auto& c = lane.config;
    c.url = proxy.url();
    c.connect_deadline_ms = 5'000;
    c.call_deadline_ms = 700;  // what drips or is silent ends there
    c.backoff_first_ms = 1;
    c.backoff_max_ms = 8;
    c.set_aside_s = 0;
    c.chunk_bytes = s.pick(1, 5) * 8'192;
    c.chunk_max_bytes = s.pick(1, 2) * c.chunk_bytes;
    c.batch_events = s.pick(1, 8);
    c.watch_list_period_s = 3'600;
  }
  void trucks(Scenario& s, LaneBench& lane, int count) {
    for (int i = 0; i < count; ++i)
      s.files.push_back(lane.whole_crossing(fmt::format("c-{}", s.crossings++), s.pick(0, 2),
                                            static_cast<std::size_t>(s.pick(1, 120) * 1'000)));
  }
  json held(const DevCentre& centre, const std::string& lane, const std::string& path) {
    RudeRequest request;
    request.method = "GET";
    request.head = "GET " + path + " HTTP/1.1\r\nHost: x\r\n";
    const auto answer = call_centre(centre, lane, request);
    const auto body = answer.find("\r\n\r\n");
    return body == std::string::npos ? json() : json::parse(answer.substr(body + 4), nullptr, false);
  }
  // Everything once, in order, with its files, under a receipt that the lane has too.
  std::string wrong_at_the_centre(Scenario& s, const DevCentre& centre, LaneBench& lane) {
    const auto all = held(centre, lane.config.lane, "/v1/crossings");
    if (!all.is_object()) return "the centre does not tell what it holds";
    if (all["crossings"].size() != static_cast<std::size_t>(s.crossings))
      return "crossings are missing: " + all.dump();
    const auto receipts = lane.receipts();
    for (const auto& crossing : all["crossings"]) {
      const auto id = crossing["crossing"].get<std::string>();
      const auto there = held(centre, lane.config.lane, "/v1/crossings/" + id);
      std::map<std::string, int> types;
      std::int64_t before = 0;
      for (const auto& event : there["records"]) {
        const auto seq = event["data"]["seq"].get<std::int64_t>();
        if (seq <= before) return id + ": events out of order";
        before = seq;
        ++types[event["data"]["type"].get<std::string>()];
      }
      for (const char* type : {"arrived", "identity_confirmed", "scan_completed", "decided", "released", "departed"})
        if (types[type] != 1) return fmt::format("{}: {} events of type {}", id, types[type], type);
      const auto& wanted = s.files[static_cast<std::size_t>(std::stoi(id.substr(2)))];
      if (there["files"].size() != wanted.size()) return id + ": files are missing";
      for (const auto& file : there["files"])
        if (!file["present"].get<bool>()) return id + ": a file is not there";
      const auto mine = std::find_if(receipts.begin(), receipts.end(), [&](const auto& r) {
        return r.crossing == id && json(r.receipt) == there["receipt"];
      });
      if (mine == receipts.end()) return id + ": the lane does not have the centre's receipt";
    }
    return {};
  }
};

TEST_F(Line, EverythingArrivesOnceOrTheLaneSaysWhyNot) {
  const int first = number_from("TORUGART_LINE_FIRST", 0), count = number_from("TORUGART_LINE_SCENARIOS", 100);
  std::ofstream report;
  if (const char* path = std::getenv("TORUGART_LINE_REPORT")) report.open(path, std::ios::app);
  std::vector<std::string> lanes;
  for (int seed = first; seed < first + count; ++seed)
    lanes.push_back(lane_name(seed));
  DevCentre centre{folder_ / "centre", lanes}, stranger{folder_ / "stranger", {}};
  ASSERT_TRUE(centre.start()) << centre.log();
  std::map<std::string, int> suffered;
  int delivered = 0, refused = 0;
  for (int seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Scenario s(seed);
    LineProxy proxy(centre, lane_name(seed), stranger.tls("server.pem"), stranger.tls("server.key"));
    LaneBench lane(centre, lane_name(seed));
    settings(s, lane, proxy);
    const bool never_good = seed % 10 == 9;
    if (never_good) {
      const auto& refusal = kRefusals[static_cast<std::size_t>(seed / 10) % kRefusals.size()];
      proxy.plan({static_cast<unsigned>(seed), 1.0, -1, {refusal.fault}});
      trucks(s, lane, 1);
      lane.start_client();
      const bool said = lane.wait([&] {
        const auto status = lane.status();
        return status.last_error &&
               std::count(refusal.reasons.begin(), refusal.reasons.end(), status.last_error->failure) > 0;
      });
      const auto error = lane.status().last_error;
      ASSERT_TRUE(said) << word(refusal.fault) << ": " << (error ? error->what : "nothing was said");
      EXPECT_FALSE(error->what.empty());
      EXPECT_EQ(lane.status().sent_up_to, 0);
      EXPECT_TRUE(lane.receipts().empty());
      EXPECT_EQ(held(centre, lane.config.lane, "/v1/crossings")["last_seq"], 0);
      suffered[std::string(word(refusal.fault))] += std::max(1, proxy.faults());
      ++refused;
      // and when the line is good again, all of it goes
      proxy.plan({});
      lane.stop_client();
      lane.start_client();
    } else {
      proxy.plan({static_cast<unsigned>(seed), 0.15 + 0.01 * s.pick(0, 45), s.pick(4, 25), kAll});
      const int before = s.pick(0, 2);
      trucks(s, lane, before);
      lane.start_client();
      trucks(s, lane, s.pick(before == 0 ? 1 : 0, 2));
      if (s.pick(0, 9) == 0) {  // the lane's program ends in the middle
        lane.stop_client();
        lane.start_client();
      }
      if (s.pick(0, 19) == 0) {  // the centre's does
        centre.kill();
        ASSERT_TRUE(centre.start()) << centre.log();
      }
    }
    const bool quiet = lane.wait([&] {
      const auto status = lane.status();
      return status.receipts_waiting == 0 && status.files_waiting == 0 && status.sent_up_to >= 6 * s.crossings;
    });
    const auto error = lane.status().last_error;
    ASSERT_TRUE(quiet) << (error ? error->what + " " + error->where : "") << " after " << proxy.faults() << " faults";
    proxy.wait_for_ghosts();
    EXPECT_EQ(wrong_at_the_centre(s, centre, lane), "");
    lane.stop_client();
    for (const auto fault : kAll)
      suffered[std::string(word(fault))] += never_good ? 0 : proxy.of(fault);
    ++delivered;
    if (report.is_open())
      report << json{{"seed", seed},
                     {"crossings", s.crossings},
                     {"faults", proxy.faults()},
                     {"refused_first", never_good}}
             << std::endl;
    if (HasFailure()) return;
  }
  // one receipt for each request, however often it was asked for
  std::ifstream receipts(folder_ / "centre/receipts.jsonl");
  std::map<std::string, int> requests;
  for (std::string text; std::getline(receipts, text);)
    ++requests[json::parse(text)["request"].dump()];
  for (const auto& request : requests)
    EXPECT_EQ(request.second, 1) << request.first;
  std::string words;
  for (const auto& entry : suffered)
    words += fmt::format("{} {}, ", entry.second, entry.first);
  fmt::print("{} scenarios: all delivered once, {} of them refused with a reason first; {}in all\n", delivered,
             refused, words);
}

}  // namespace
}  // namespace torugart::central::testing
