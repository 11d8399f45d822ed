// The real client against the real development centre, two processes, mutual TLS on loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "kiosk/central/http.h"
#include "kiosk/central/jws.h"
#include "kiosk/central/sync.h"
#include "kiosk/central/wire.h"
#include "tests/kiosk/central/lane_bench.h"

namespace torugart::central::testing {
namespace {

using inspection::LaneColour;
using inspection::RiskSource;
using nlohmann::json;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

class AgainstDev : public ::testing::Test {
 protected:
  Folder folder;
  DevCentre centre{folder / "centre", {kLane, "kordai-3"}};
  std::unique_ptr<LaneBench> lane;

  void SetUp() override {
    ASSERT_TRUE(centre.start()) << centre.log();
    lane = std::make_unique<LaneBench>(centre);
  }
  void TearDown() override { lane.reset(); }

  HttpResponse call(const std::string& method, const std::string& path, const std::string& body = {},
                    std::vector<std::string> headers = {"Content-Type: application/json"}) {
    Http http(lane->config);
    auto response = http.call({method, path, std::move(headers), body, 20'000}, {});
    EXPECT_TRUE(response) << (response ? "" : response.error().what);
    return response ? std::move(*response) : HttpResponse{};
  }
  json held(const std::string& crossing) {
    return json::parse(call("GET", "/v1/crossings/" + crossing).body, nullptr, false);
  }
  void rules(const std::string& text) { ASSERT_EQ(call("POST", "/v1/dev/rules", text).status, 200); }
};

constexpr const char* kRules = R"({"default":{"colour":"green"},"rule":[
  {"kind":"plate","value":"666XYZ01","colour":"red","profiles":[{"id":"P-17","text":"First trip of this carrier"}],
   "holds":[{"id":"H-3","agency":"Veterinary service","text":"Certificate missing"}]}]})";

TEST_F(AgainstDev, TheCentreAssesses) {
  rules(kRules);
  lane->start_client();
  const auto green = lane->assess("123ABC02");
  EXPECT_EQ(green.risk.source, RiskSource::central);
  EXPECT_EQ(green.risk.colour, LaneColour::green);
  EXPECT_FALSE(green.offline);
  const auto red = lane->assess("666 xyz 01");
  EXPECT_FALSE(red.offline) << red.offline->what;
  EXPECT_EQ(red.risk.colour, LaneColour::red);
  EXPECT_TRUE(red.risk.scan_required);
  ASSERT_EQ(red.risk.profiles.size(), 1u);
  EXPECT_EQ(red.risk.profiles[0].text, "First trip of this carrier");
  ASSERT_EQ(red.risk.holds.size(), 1u);
  EXPECT_EQ(red.risk.holds[0].agency, "Veterinary service");
  EXPECT_NE(red.risk.assessment, green.risk.assessment);
  const auto status = lane->status();
  EXPECT_TRUE(status.online);
  EXPECT_TRUE(status.development);
  EXPECT_TRUE(status.clock_skew_ms.has_value());
  EXPECT_GT(status.certificate_days.value_or(0), 800);
}

TEST_F(AgainstDev, WithoutALineTheWatchListAnswersAndAfterARestartStill) {
  rules(kRules);
  lane->start_client();
  ASSERT_TRUE(lane->wait([&] { return lane->status().watch_list_as_of_wall_us != 0; }));
  centre.kill();
  for (int start = 0; start < 2; ++start) {
    const auto red = lane->assess("666XYZ01");
    EXPECT_EQ(red.risk.source, RiskSource::watch_list);
    EXPECT_EQ(red.risk.colour, LaneColour::red);
    EXPECT_EQ(red.risk.profiles.size(), 1u);
    EXPECT_EQ(red.risk.as_of_wall_us, lane->status().watch_list_as_of_wall_us);
    ASSERT_TRUE(red.offline);
    EXPECT_EQ(red.offline->failure, Failure::no_line);
    EXPECT_FALSE(lane->status().online);
    EXPECT_EQ(lane->assess("123ABC02").risk.colour, LaneColour::green);  // the list's default
    lane->stop_client();
    lane->start_client();
  }
}

constexpr const char* kOtherRules = R"({"default":{"colour":"green"},"rule":[
  {"kind":"plate","value":"777ABC01","colour":"red"},{"kind":"plate","value":"666XYZ01","colour":"yellow"}]})";

TEST_F(AgainstDev, AWatchListIsKeptCurrentByChangesAndOutlivesARestart) {
  rules(kRules);
  const auto record = folder / "lists.jsonl";
  centre.kill();
  ASSERT_TRUE(centre.start(record));
  lane->start_client();
  ASSERT_TRUE(lane->wait([&] { return lane->status().watch_list_as_of_wall_us != 0; }));
  for (const char* text : {kOtherRules, kOtherRules, kRules, kOtherRules}) {  // the second changes only the dates
    rules(text);
    const auto before = lane->status().watch_list_as_of_wall_us;
    lane->client().try_now();
    ASSERT_TRUE(lane->wait([&] { return lane->status().watch_list_as_of_wall_us != before; }));
  }
  centre.kill();
  for (int start = 0; start < 2; ++start) {
    EXPECT_EQ(lane->assess("777ABC01").risk.colour, LaneColour::red);
    EXPECT_EQ(lane->assess("666XYZ01").risk.colour, LaneColour::yellow);
    EXPECT_EQ(lane->assess("1").risk.source, RiskSource::watch_list);
    lane->stop_client();
    lane->start_client();
  }
  std::ifstream exchanges(record);
  int whole = 0, changes = 0;
  for (std::string line; std::getline(exchanges, line);) {
    const auto exchange = json::parse(line);
    if (exchange["request"]["path"] != "/v1/watch-list") continue;
    const auto statement = json::parse(exchange["response"]["body"].get<std::string>())["statement"];
    ++(claimed_type(statement.get<std::string>()) == kWatchListDeltaType ? changes : whole);
  }
  EXPECT_EQ(whole, 1);
  EXPECT_EQ(changes, 4);
}

TEST_F(AgainstDev, ACentreThatForgotTheOldListSendsTheWholeOne) {
  rules(kRules);
  lane->start_client();
  ASSERT_TRUE(lane->wait([&] { return lane->status().watch_list_as_of_wall_us != 0; }));
  std::filesystem::remove_all(folder / "centre/watch_lists");
  rules(kOtherRules);
  const auto before = lane->status().watch_list_as_of_wall_us;
  lane->client().try_now();
  ASSERT_TRUE(lane->wait([&] { return lane->status().watch_list_as_of_wall_us != before; }));
  centre.kill();
  EXPECT_EQ(lane->assess("777ABC01").risk.colour, LaneColour::red);
}

TEST_F(AgainstDev, OfflineTheCentresEarlierAnswerToTheSameNumbersCountsWithItsAge) {
  rules(R"({"default":{"colour":"green"},"rule":[{"kind":"plate","value":"555AAA01","colour":"yellow",
            "profiles":[{"id":"P-1","text":"first trip"}]}]})");
  lane->start_client();
  const auto visit = [&](const std::string& crossing, const std::string& plate) {
    lane->append(crossing, inspection::Arrived{inspection::Direction::entry, inspection::ArrivedBy::loop, false});
    inspection::Number number;
    number.text = plate;
    lane->append(crossing, inspection::IdentityConfirmed{{number}});
    auto answer = lane->assess(plate);
    lane->append(crossing, answer.risk);
    lane->append(crossing, inspection::Departed{});
    return answer.risk;
  };
  const auto first = visit("c-1", "555AAA01");
  ASSERT_EQ(first.source, RiskSource::central);
  ASSERT_TRUE(lane->wait([&] { return lane->status().watch_list_as_of_wall_us != 0; }));
  // the list gets stricter about another plate that was here, and this one is taken off it
  visit("c-2", "555BBB02");
  rules(R"({"default":{"colour":"green"},"rule":[{"kind":"plate","value":"555BBB02","colour":"red"}]})");
  const auto before = lane->status().watch_list_as_of_wall_us;
  lane->client().try_now();
  ASSERT_TRUE(lane->wait([&] { return lane->status().watch_list_as_of_wall_us != before; }));
  centre.kill();

  const auto earlier = lane->assess("555 aaa 01");
  EXPECT_EQ(earlier.risk.source, RiskSource::cached);
  EXPECT_EQ(earlier.risk.colour, LaneColour::yellow);
  EXPECT_EQ(earlier.risk.as_of_wall_us, first.as_of_wall_us);
  EXPECT_EQ(earlier.risk.assessment, first.assessment);
  EXPECT_EQ(earlier.risk.profiles.size(), 1u);
  ASSERT_TRUE(earlier.offline);
  const auto stricter = lane->assess("555BBB02");
  EXPECT_EQ(stricter.risk.source, RiskSource::watch_list);
  EXPECT_EQ(stricter.risk.colour, LaneColour::red);
  EXPECT_EQ(lane->assess("999ZZZ09").risk.source, RiskSource::watch_list);
  // an offline answer is no centre's answer for the next time, and a day later the centre's is too old
  visit("c-3", "999ZZZ09");
  EXPECT_EQ(lane->assess("999ZZZ09").risk.source, RiskSource::watch_list);
  lane->stop_client();
  const auto real = system_ambient();
  lane->ambient.wall_us = [real] { return real.wall_us() + std::int64_t{25} * 3600 * 1'000'000; };
  lane->start_client();
  EXPECT_EQ(lane->assess("555AAA01").risk.source, RiskSource::local_rule);
}

TEST_F(AgainstDev, APastWatchListLeavesTheLocalRule) {
  lane->start_client();
  ASSERT_TRUE(lane->wait([&] { return lane->status().watch_list_as_of_wall_us != 0; }));
  lane->stop_client();
  centre.kill();
  const auto real = system_ambient();
  lane->ambient.wall_us = [real] { return real.wall_us() + std::int64_t{25} * 3600 * 1'000'000; };
  lane->start_client();
  const auto answer = lane->assess("123ABC02");
  EXPECT_EQ(answer.risk.source, RiskSource::local_rule);
  EXPECT_EQ(answer.risk.colour, LaneColour::unknown);
  EXPECT_TRUE(answer.risk.scan_required);
}

TEST_F(AgainstDev, ACrossingArrivesWholeAndIsAcknowledgedOnce) {
  const auto files = lane->whole_crossing("c-1", 3, 200'000);
  lane->start_client();
  ASSERT_TRUE(lane->wait_for_receipt("c-1"));
  const auto receipt = lane->receipts().at(0);
  EXPECT_EQ(receipt.up_to, 6);
  EXPECT_EQ(receipt.files.size(), 3u);
  ASSERT_TRUE(lane->wait([&] { return lane->status().receipts_waiting == 0; }));
  const auto there = held("c-1");
  EXPECT_EQ(there["events"], 6);
  EXPECT_TRUE(there["closed"].get<bool>());
  EXPECT_EQ(there["receipt"], receipt.receipt);
  for (const auto& file : there["files"])
    EXPECT_TRUE(file["present"].get<bool>());
  EXPECT_EQ(there["files"].size(), 3u);

  // The receipt can be proven again from the journal alone.
  const auto keys = signing_keys_from_file(lane->config.signing_keys_file);
  const auto payload = verified_payload(receipt.signature, kReceiptType, *keys);
  ASSERT_TRUE(payload);
  EXPECT_EQ(json::parse(*payload)["files_hash"], files_hash(files));

  // What the upload itself wrote starts nothing: after a restart all is quiet and no receipt comes again.
  lane->stop_client();
  const auto events = lane->records().size(), uploads = lane->uploads().size();
  lane->start_client();
  lane->assess("1");
  ASSERT_TRUE(lane->wait([&] { return lane->status().watch_list_as_of_wall_us != 0; }));
  EXPECT_EQ(lane->records().size(), events);
  EXPECT_EQ(lane->uploads().size(), uploads);
  EXPECT_EQ(lane->receipts().size(), 1u);
  // With the next truck they ride along.
  lane->whole_crossing("c-2", 0, 0);
  ASSERT_TRUE(lane->wait_for_receipt("c-2"));
  EXPECT_GT(json::parse(call("GET", "/v1/crossings").body)["last_seq"].get<std::int64_t>(),
            static_cast<std::int64_t>(events));
}

template <std::size_t... I>
std::vector<inspection::Payload> one_of_each(std::index_sequence<I...>) {
  return {inspection::Payload(std::in_place_index<I>)...};
}

// Also what the contract's check sees of every event type (tests/support/contract_check.py).
TEST_F(AgainstDev, EveryTypeOfEventArrives) {
  lane->start_client();
  const auto picture = lane->files().put("picture", "image/jpeg");
  const inspection::FileRef file{"plate_crop", picture->sha256, picture->bytes, picture->media_type};
  auto all = one_of_each(std::make_index_sequence<std::variant_size_v<inspection::Payload>>());
  for (auto& payload : all) {
    if (std::holds_alternative<inspection::JournalKeyChanged>(payload)) continue;  // the journal's own; witness_test
    if (auto* read = std::get_if<inspection::NumberRead>(&payload)) read->crop = file;
    if (auto* radiation = std::get_if<inspection::RadiationMeasured>(&payload)) radiation->lines = file;
    if (auto* decided = std::get_if<inspection::Decided>(&payload)) decided->tdr = file;
    if (auto* scan = std::get_if<inspection::ScanCompleted>(&payload)) {
      scan->dose_usv = 0.1;
      scan->saturated_percent = 1e-7;
      scan->calibration_note = "Übersteuert \"…\" \n";
      scan->files = {file};
    }
    if (auto* risk = std::get_if<inspection::RiskAssessed>(&payload)) {
      risk->profiles = {{"P", "text"}};
      risk->holds = {{"H", "agency", "text"}};
    }
    if (auto* identity = std::get_if<inspection::IdentityConfirmed>(&payload)) identity->numbers = {{}};
    lane->append("c-all", payload);
  }
  ASSERT_TRUE(lane->wait_for_receipt("c-all"));
  // what rides along has arrived too, once the next truck is there
  lane->whole_crossing("c-next", 0, 0);
  ASSERT_TRUE(lane->wait_for_receipt("c-next"));
  std::set<std::string> types;
  const auto there = held("c-all");
  for (const auto& type : there["types"])
    types.insert(type.get<std::string>());
  EXPECT_EQ(types.size(), std::variant_size_v<inspection::Payload> - 1) << there.dump();
}

TEST_F(AgainstDev, AReceiptThatWasNotJournalledComesAgain) {
  lane->journals_receipts = false;
  lane->start_client();
  lane->whole_crossing("c-1", 1, 1000);
  ASSERT_TRUE(lane->wait_for_receipt("c-1"));
  lane->stop_client();
  lane->journals_receipts = true;
  lane->start_client();
  ASSERT_TRUE(lane->wait([&] { return lane->receipts().size() == 2; }));
  EXPECT_EQ(lane->receipts()[0].receipt, lane->receipts()[1].receipt);
  ASSERT_TRUE(lane->wait([&] { return lane->status().receipts_waiting == 0; }));
}

TEST_F(AgainstDev, ADecisionAfterTheReceiptGetsAReceiptOfItsOwn) {
  lane->start_client();
  lane->whole_crossing("c-1", 1, 1000);
  ASSERT_TRUE(lane->wait_for_receipt("c-1"));
  ASSERT_TRUE(lane->wait([&] { return lane->status().receipts_waiting == 0; }));
  const auto late = lane->append("c-1", inspection::Reviewed{});
  ASSERT_TRUE(lane->wait([&] { return lane->receipts().size() == 2; }));
  EXPECT_EQ(lane->receipts()[1].up_to, late);
  EXPECT_EQ(lane->receipts()[1].files, lane->receipts()[0].files);
}

TEST_F(AgainstDev, KilledAgainAndAgainInTheMiddleEverythingArrivesOnce) {
  lane->config.batch_events = 2;
  lane->config.chunk_bytes = 16 << 10;
  lane->start_client();
  for (int truck = 0; truck < 3; ++truck)
    lane->whole_crossing("c-" + std::to_string(truck), 2, 300'000);
  for (int kills = 0; kills < 6; ++kills) {
    const auto before = lane->status();
    lane->wait([&] {
      const auto now = lane->status();
      return now.sent_up_to > before.sent_up_to || now.bytes_waiting != before.bytes_waiting ||
             (now.events_waiting == 0 && now.receipts_waiting == 0 && now.sent_up_to > 0);
    });
    centre.kill();
    if (kills == 3) {  // and the lane too
      lane->stop_client();
      lane->start_client();
    }
    ASSERT_TRUE(centre.start()) << centre.log();
  }
  ASSERT_TRUE(lane->wait([&] { return lane->status().receipts_waiting == 0 && lane->status().sent_up_to >= 18; }))
      << (lane->status().last_error ? lane->status().last_error->what : "");
  for (int truck = 0; truck < 3; ++truck) {
    const auto there = held("c-" + std::to_string(truck));
    EXPECT_EQ(there["types"].size(), there["events"].get<std::size_t>());
    EXPECT_EQ(std::count(there["types"].begin(), there["types"].end(), json("departed")), 1);
    for (const auto& file : there["files"])
      EXPECT_TRUE(file["present"].get<bool>());
    EXPECT_TRUE(there["receipt"].is_string());
  }
}

TEST_F(AgainstDev, AFileGoesOnAtTheByteWhereItStopped) {
  const auto files = lane->whole_crossing("c-1", 1, 500'000);
  const auto content = *lane->files().get(files[0]);
  const std::string bytes(content.begin(), content.end());
  // as if an earlier run had broken off in the middle of a chunk
  const auto encode = [](const std::string& text) {
    static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
      unsigned v = 0;
      for (std::size_t k = 0; k < 3; ++k)
        v = v << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u);
      for (std::size_t k = 0; k < 4; ++k)
        out += i + k > text.size() ? '=' : kDigits[(v >> (18 - 6 * k)) & 63];
    }
    return out;
  };
  const auto begun = call("POST", "/v1/files", {},
                          {"Tus-Resumable: 1.0.0", "Upload-Length: " + std::to_string(bytes.size()),
                           "Upload-Metadata: sha256 " + encode(files[0]) + ",lane " + encode(kLane)});
  ASSERT_EQ(begun.status, 201);
  const auto location = *begun.header("location");
  ASSERT_EQ(call("PATCH", location, bytes.substr(0, 123'457),
                 {"Tus-Resumable: 1.0.0", "Upload-Offset: 0", "Content-Type: application/offset+octet-stream"})
                .status,
            204);
  ASSERT_TRUE(lane->outbox().put("central/upload/" + files[0], location));
  centre.kill();
  const auto record = folder / "exchanges.jsonl";
  ASSERT_TRUE(centre.start(record));
  lane->start_client();
  ASSERT_TRUE(lane->wait_for_receipt("c-1"));
  std::ifstream exchanges(record);
  std::vector<std::string> offsets;
  int created = 0;
  for (std::string line; std::getline(exchanges, line);) {
    const auto request = json::parse(line)["request"];
    created += request["path"] == "/v1/files";
    if (request["method"] == "PATCH") offsets.push_back(request["headers"]["Upload-Offset"]);
  }
  EXPECT_EQ(created, 0);
  ASSERT_FALSE(offsets.empty());
  EXPECT_EQ(offsets.front(), "123457");
}

TEST_F(AgainstDev, TheSameBatchTwiceIsOneAndAnotherHistoryIsAConflict) {
  lane->whole_crossing("c-1", 0, 0);
  const auto records = lane->records();
  const std::vector<std::string> type{"Content-Type: application/cloudevents-batch+json", "Idempotency-Key: test"};
  const auto first = call("POST", "/v1/events", events_batch(records), type);
  ASSERT_EQ(first.status, 200) << first.body;
  const auto again = call("POST", "/v1/events", events_batch(records), type);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(json::parse(again.body)["duplicates"], records.size());
  EXPECT_EQ(held("c-1")["events"], records.size());

  auto forged = records;
  forged.back().event.actor = "somebody";
  forged.back().text.replace(forged.back().text.find("\"lane\""), 6, "\"eval\"");
  EXPECT_EQ(call("POST", "/v1/events", events_batch(forged), type).status, 422);  // its hash is wrong
  LaneBench other(centre);                                                        // another journal of the same lane
  other.append("c-9", inspection::Arrived{});
  const auto fork = call("POST", "/v1/events", events_batch(other.records()), type);
  EXPECT_EQ(fork.status, 409);
  EXPECT_EQ(problem_of(fork.body).type, "urn:torugart:problem:fork");

  auto later = records;
  later.erase(later.begin());
  LaneBench empty(centre);
  empty.config.certificate_file = centre.tls("lane-kordai-3.pem");
  empty.config.key_file = centre.tls("lane-kordai-3.key");
  Http as_other(empty.config);
  const auto not_its = as_other.call({"POST", "/v1/events", type, events_batch(records), 20'000}, {});
  EXPECT_EQ(not_its->status, 422);  // a lane speaks for itself only
}

TEST_F(AgainstDev, ACentreRestoredFromAnOldCopyGetsWhatItLost) {
  lane->start_client();
  lane->whole_crossing("c-1", 1, 1000);
  ASSERT_TRUE(lane->wait_for_receipt("c-1"));
  ASSERT_TRUE(lane->wait([&] { return lane->status().receipts_waiting == 0; }));
  centre.kill();
  std::filesystem::resize_file(folder / (std::string("centre/lanes/") + kLane + "/events.jsonl"), 0);
  ASSERT_TRUE(centre.start());
  lane->whole_crossing("c-2", 1, 1000);
  ASSERT_TRUE(lane->wait_for_receipt("c-2"));
  EXPECT_EQ(held("c-1")["events"], 7);  // and the receipt for it, which the lane had journalled
}

TEST_F(AgainstDev, AForkIsSaidAndNothingIsOverwritten) {
  lane->whole_crossing("c-1", 0, 0);
  LaneBench other(centre);
  other.append("c-9", inspection::Arrived{});
  ASSERT_EQ(call("POST", "/v1/events", events_batch(other.records()),
                 {"Content-Type: application/cloudevents-batch+json", "Idempotency-Key: test"})
                .status,
            200);
  lane->start_client();
  ASSERT_TRUE(lane->wait([&] { return lane->status().last_error.has_value(); }));
  const auto error = *lane->status().last_error;
  EXPECT_EQ(error.failure, Failure::conflict);
  EXPECT_THAT(error.remedy, HasSubstr("support"));
  EXPECT_EQ(lane->status().sent_up_to, 0);
}

TEST_F(AgainstDev, AnotherCaIsRefused) {
  const DevCentre stranger(folder / "stranger", {kLane});
  lane->config.ca_file = stranger.tls("ca.pem");
  lane->start_client();
  const auto answer = lane->assess("1");
  ASSERT_TRUE(answer.offline);
  EXPECT_EQ(answer.offline->failure, Failure::not_trusted) << answer.offline->what;
  EXPECT_EQ(answer.risk.source, RiskSource::local_rule);
}

TEST_F(AgainstDev, AnotherLanesCaIsRefusedByTheCentre) {
  const DevCentre stranger(folder / "stranger", {kLane});
  lane->config.certificate_file = stranger.tls(std::string("lane-") + kLane + ".pem");
  lane->config.key_file = stranger.tls(std::string("lane-") + kLane + ".key");
  lane->start_client();
  // In TLS 1.3 the refusal comes after the handshake, and a connection that is reset at once can swallow it: then the
  // lane only knows that the line broke, and says what it may be.
  Error error;
  for (int i = 0; i < 100 && error.failure != Failure::refused; ++i) {
    const auto answer = lane->assess("1");
    EXPECT_EQ(answer.risk.source, RiskSource::local_rule);
    error = answer.offline.value_or(Error{Failure::local, "the centre answered", "", ""});
    if (error.failure == Failure::no_line)
      EXPECT_THAT(error.remedy, HasSubstr("certificate")) << error.what;
    else
      ASSERT_EQ(error.failure, Failure::refused) << error.what;
  }
  EXPECT_EQ(error.failure, Failure::refused) << error.what;
}

TEST_F(AgainstDev, AFileGoneFromTheArchiveIsSaidAndTheRestGoesOn) {
  const auto lost = lane->whole_crossing("c-1", 2, 1000);
  std::filesystem::remove(lane->files().path(lost[0]));
  lane->whole_crossing("c-2", 1, 1000);
  lane->start_client();
  ASSERT_TRUE(lane->wait_for_receipt("c-2"));
  EXPECT_EQ(lane->status().files_waiting, 1);
  EXPECT_EQ(lane->status().receipts_waiting > 0, true);
  EXPECT_EQ(lane->status().last_error->failure, Failure::local);
}

TEST_F(AgainstDev, AFileThatChangedOnTheDiskIsNeverReceipted) {
  const auto hashes = lane->whole_crossing("c-1", 1, 1000);
  {
    const auto path = lane->files().path(hashes[0]);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(500);
    file.put('!');
  }
  lane->start_client();
  ASSERT_TRUE(lane->wait([&] {
    const auto error = lane->status().last_error;
    return error && error->failure == Failure::local;
  }));
  EXPECT_TRUE(lane->receipts().empty());
  EXPECT_FALSE(held("c-1")["files"][0]["present"].get<bool>());
}

TEST_F(AgainstDev, ProbeAndCheckSpeakForDoctor) {
  EXPECT_TRUE(check(lane->config, system_ambient().wall_us()).empty());
  const auto reached = probe(lane->config);
  ASSERT_TRUE(reached) << reached.error().what;
  EXPECT_TRUE(reached->development);
  auto wrong = lane->config;
  wrong.lane = "kordai-3";
  ASSERT_EQ(check(wrong, system_ambient().wall_us()).size(), 1u);
  EXPECT_THAT(check(wrong, system_ambient().wall_us())[0].what, HasSubstr("kordai-2"));
  std::filesystem::permissions(wrong.key_file, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_THAT(check(lane->config, system_ambient().wall_us())[0].what, HasSubstr("other accounts"));
  EXPECT_FALSE(make_client(lane->config, {}, system_ambient()));
  EXPECT_EQ(check({}, 0).size(), 6u);
}

TEST_F(AgainstDev, SyncBringsEverythingAndJournalsTheReceipts) {
  lane->whole_crossing("c-1", 2, 1000);
  const SyncConfig config{lane->config, lane->journal_path(), lane->archive_path()};
  std::ostringstream held_by_kiosk;
  EXPECT_EQ(run_sync(config, true, held_by_kiosk), 3);
  EXPECT_THAT(held_by_kiosk.str(), HasSubstr("kiosk is running"));

  lane->close_journal();
  std::ostringstream out;
  EXPECT_EQ(run_sync(config, true, out), 0) << out.str();
  EXPECT_THAT(out.str(), HasSubstr("Everything is with the centre"));
  const auto records = lane->records();
  EXPECT_TRUE(std::holds_alternative<inspection::Acknowledged>(records.back().event.payload) ||
              std::holds_alternative<inspection::Uploaded>(records.back().event.payload));
  const auto before = records.size();
  std::ostringstream again;
  EXPECT_EQ(run_sync(config, true, again), 0);
  EXPECT_EQ(lane->records().size(), before);
  centre.kill();
  std::ostringstream offline;
  EXPECT_EQ(run_sync(config, true, offline), 0);  // nothing waits, so nothing is asked
}

TEST_F(AgainstDev, SyncWithoutALineSaysWhatWaits) {
  lane->whole_crossing("c-1", 2, 1000);
  lane->close_journal();
  centre.kill();
  std::ostringstream out;
  EXPECT_EQ(run_sync({lane->config, lane->journal_path(), lane->archive_path()}, true, out), 1);
  EXPECT_THAT(out.str(), HasSubstr("Still waiting: 6 events, 2 files"));
}

}  // namespace
}  // namespace torugart::central::testing
