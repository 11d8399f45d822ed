// A centre that misbehaves: the lane says what is wrong, believes nothing, and goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "kiosk/central/wire.h"
#include "tests/kiosk/central/lane_bench.h"
#include "tests/kiosk/central/rude_server.h"

namespace torugart::central::testing {
namespace {

using inspection::RiskSource;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Rude : public ::testing::Test {
 protected:
  Folder folder;
  DevCentre keys{folder / "centre", {kLane}};  // for its keys; not started
  LaneBench lane{keys};
  TestSigner signer{7};
  std::unique_ptr<RudeServer> server;

  void serve(RudeServer::Behaviour behaviour) {
    server = std::make_unique<RudeServer>(keys.tls("server.pem"), keys.tls("server.key"), std::move(behaviour));
    lane.config.url = server->url();
    lane.config.signing_keys_file = folder / "signing.pem";
    std::ofstream(lane.config.signing_keys_file) << signer.public_pem();
    lane.config.watch_list_period_s = 3600;
  }
  void TearDown() override { lane.stop_client(); }

  Error risk_error() {
    lane.start_client();
    const auto answer = lane.assess("123ABC02");
    EXPECT_EQ(answer.risk.source, RiskSource::local_rule);
    EXPECT_EQ(answer.risk.colour, inspection::LaneColour::unknown);
    EXPECT_TRUE(answer.risk.scan_required);
    return answer.offline.value_or(Error{Failure::local, "the answer was believed", "", ""});
  }
};

TEST_F(Rude, HugeBody) {
  serve([](RudeConnection& c, const RudeRequest&) {
    c.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
    while (c.send(std::string(1 << 16, ' '))) {
    }
  });
  lane.config.max_answer_bytes = 1 << 20;
  EXPECT_EQ(risk_error().failure, Failure::bad_answer);
}

TEST_F(Rude, NotJson) {
  serve([](RudeConnection& c, const RudeRequest&) { c.answer(200, "<html>\x1b[2J login"); });
  const auto error = risk_error();
  EXPECT_EQ(error.failure, Failure::bad_answer);
  EXPECT_THAT(error.what, Not(HasSubstr("\x1b")));
}

TEST_F(Rude, NotHttp) {
  serve([](RudeConnection& c, const RudeRequest&) { c.send("SSH-2.0-OpenSSH_9.2\r\n\r\n"); });
  lane.config.risk_deadline_ms = 1'000;
  EXPECT_NE(risk_error().failure, Failure::local);
}

TEST_F(Rude, ServerErrors) {
  serve([](RudeConnection& c, const RudeRequest&) {
    c.answer(503, R"({"title":"Maintenance"})", "Retry-After: 1\r\n");
  });
  const auto error = risk_error();
  EXPECT_EQ(error.failure, Failure::busy);
  EXPECT_THAT(error.what, HasSubstr("Maintenance"));
}

TEST_F(Rude, Refused) {
  serve([](RudeConnection& c, const RudeRequest&) { c.answer(403, ""); });
  EXPECT_EQ(risk_error().failure, Failure::refused);
}

TEST_F(Rude, RedirectsAreNotFollowed) {
  serve(
      [this](RudeConnection& c, const RudeRequest&) { c.answer(302, "", "Location: " + server->url() + "/x\r\n"); });
  EXPECT_EQ(risk_error().failure, Failure::bad_answer);
}

TEST_F(Rude, SlowLorisEndsAtTheDeadline) {
  serve([](RudeConnection& c, const RudeRequest&) {
    c.send("HTTP/1.1 200 OK\r\n");
    c.drip_until_closed("X-A: b\r\n");
  });
  lane.config.risk_deadline_ms = 500;
  const auto error = risk_error();
  EXPECT_EQ(error.failure, Failure::no_line);
}

TEST_F(Rude, SilenceEndsAtTheDeadlineAndStopDoesNotWait) {
  serve([](RudeConnection&, const RudeRequest&) {});
  lane.config.risk_deadline_ms = 500;
  lane.config.call_deadline_ms = 3'600'000;  // stop() must break the calls off, or this test runs into its limit
  lane.config.stalled_after_s = 3'600;
  EXPECT_EQ(risk_error().failure, Failure::no_line);
  lane.stop_client();
}

TEST_F(Rude, WatchListsWithAWrongSignatureOrAnOldVersionAreNotUsed) {
  const TestSigner stranger(8);
  std::atomic<int> stage{0};
  const auto list = [](int version, const std::string& colour) {
    return json{{"version", version},
                {"issued_at", "2026-05-01T08:00:00Z"},
                {"valid_until", "2096-05-01T08:00:00Z"},
                {"default", {{"colour", colour}, {"scan_required", false}}},
                {"entries", json::array()}}
        .dump();
  };
  serve([&](RudeConnection& c, const RudeRequest& request) {
    if (!request.path.starts_with("/v1/watch-list")) return void(c.answer(500, ""));
    const std::string type = "torugart-watch-list+jws";
    const auto statement = stage == 0   ? stranger.sign(list(9, "green"), type)
                           : stage == 1 ? signer.sign(list(5, "yellow"), type)
                                        : signer.sign(list(4, "green"), type);
    c.answer(200, json{{"statement", statement}}.dump());
  });
  lane.start_client();
  const auto refused_with = [&](Failure failure) {
    return lane.wait([&] {
      const auto error = lane.status().last_error;
      return error && error->failure == failure;
    });
  };
  ASSERT_TRUE(refused_with(Failure::not_trusted));
  EXPECT_EQ(lane.status().watch_list_as_of_wall_us, 0);
  stage = 1;
  lane.client().try_now();
  ASSERT_TRUE(lane.wait([&] { return lane.status().watch_list_as_of_wall_us != 0; }));
  EXPECT_EQ(lane.assess("1").risk.colour, inspection::LaneColour::yellow);
  stage = 2;
  lane.client().try_now();
  ASSERT_TRUE(refused_with(Failure::too_old));
  EXPECT_EQ(lane.assess("1").risk.colour, inspection::LaneColour::yellow);  // the newer one stays
}

// Takes events and files as a good centre would; what it says of receipts is up to the test.
struct GoodUntilReceipt {
  std::function<std::string(const json& asked)> statement;
  void operator()(RudeConnection& c, const RudeRequest& request) const {
    if (request.path == "/v1/events") {
      const auto batch = json::parse(request.body);
      c.answer(200,
               json{{"accepted_up_to", batch.back()["data"]["seq"]}, {"head_hash", batch.back()["hash"]}}.dump());
    } else if (request.path == "/v1/files") {
      c.answer(201, "", "Location: /u/1\r\n");
    } else if (request.method == "HEAD") {
      c.answer(200, "", "Upload-Offset: 0\r\n");
    } else if (request.method == "PATCH") {
      c.answer(204, "", "Upload-Offset: " + std::to_string(request.body.size()) + "\r\n");
    } else if (request.path == "/v1/receipts") {
      c.answer(201, json{{"statement", statement(json::parse(request.body))}}.dump());
    } else {
      c.answer(404, "");
    }
  }
};

json receipt_payload(const json& asked) {
  return {{"receipt", "R-1"},
          {"lane", asked["lane"]},
          {"crossing", asked["crossing"]},
          {"up_to", asked["up_to"]},
          {"head_hash", asked["head_hash"]},
          {"issued_at", "2026-05-01T08:00:00Z"},
          {"files_count", asked["files"].size()},
          {"files_hash", files_hash(asked["files"].get<std::vector<std::string>>())}};
}

TEST_F(Rude, ReceiptsThatAreNotWhatTheyShouldBeAreNotAccepted) {
  const TestSigner stranger(8);
  const std::string type = "torugart-receipt+jws";
  std::atomic<int> stage{0};
  serve(GoodUntilReceipt{[&](const json& asked) {
    auto payload = receipt_payload(asked);
    switch (stage) {
      case 0:
        return stranger.sign(payload.dump(), type);
      case 1:
        return signer.sign(payload.dump(), "torugart-watch-list+jws");
      case 2:
        payload["lane"] = "another";
        break;
      case 3:
        payload["crossing"] = "another";
        break;
      case 4:
        payload["up_to"] = payload["up_to"].get<int>() + 1;
        break;
      case 5:
        payload["head_hash"] = std::string(64, '0');
        break;
      case 6:
        payload["files_hash"] = std::string(64, '0');
        break;
      case 7:
        payload.erase("receipt");
        break;
      default:
        break;
    }
    return signer.sign(payload.dump(), type);
  }});
  lane.whole_crossing("c-1", 1, 1000);
  lane.start_client();
  for (int i = 0; i < 8; ++i) {
    stage = i;
    const auto seen = server->requests();
    // two more requests: the second begins only after the first one's answer was refused
    ASSERT_TRUE(lane.wait([&] { return server->requests() >= seen + 3; })) << i;
    EXPECT_TRUE(lane.receipts().empty()) << i;
  }
  stage = 8;
  lane.client().try_now();
  ASSERT_TRUE(lane.wait_for_receipt("c-1"));
}

TEST_F(Rude, AnUploadIsNotSentToAnotherMachine) {
  std::atomic<int> patched{0};
  serve([&](RudeConnection& c, const RudeRequest& request) {
    if (request.method == "PATCH") ++patched;
    if (request.path == "/v1/files") return void(c.answer(201, "", "Location: https://elsewhere.example/u/1\r\n"));
    GoodUntilReceipt{{}}(c, request);
  });
  lane.whole_crossing("c-1", 1, 1000);
  lane.start_client();
  ASSERT_TRUE(lane.wait([&] {
    const auto error = lane.status().last_error;
    return error && error->what.find("somewhere else") != std::string::npos;
  }));
  EXPECT_EQ(patched, 0);
}

TEST_F(Rude, ABatchThatIsTooLargeIsHalved) {
  std::atomic<int> largest_taken{0};
  serve([&](RudeConnection& c, const RudeRequest& request) {
    if (request.path != "/v1/events") return void(c.answer(500, ""));
    const auto size = static_cast<int>(json::parse(request.body).size());
    if (size > 2) return void(c.answer(413, ""));
    largest_taken = std::max(largest_taken.load(), size);
    GoodUntilReceipt{{}}(c, request);
  });
  lane.whole_crossing("c-1", 0, 0);
  lane.start_client();
  ASSERT_TRUE(lane.wait([&] { return lane.status().sent_up_to >= 6; }));
  EXPECT_LE(largest_taken, 2);
}

TEST_F(Rude, NoSecretIsInAnyErrorOrInTheOutbox) {
  serve([](RudeConnection& c, const RudeRequest& request) { c.answer(400, request.head + request.body); });
  lane.whole_crossing("c-1", 1, 1000);
  lane.start_client();
  lane.assess("1");
  ASSERT_TRUE(lane.wait([&] { return lane.status().last_error.has_value(); }));
  std::ifstream file(lane.config.key_file);
  std::string key, line;
  while (std::getline(file, line))
    if (line.find("-----") == std::string::npos) key += line;
  ASSERT_GT(key.size(), 40u);
  const auto error = *lane.status().last_error;
  EXPECT_THAT(error.what + error.where + error.remedy, Not(HasSubstr(key.substr(0, 40))));
  EXPECT_THAT(error.what, Not(HasSubstr("BEGIN")));
  const auto everything = lane.outbox().list("central/");
  ASSERT_TRUE(everything);
  for (const auto& entry : *everything)
    EXPECT_THAT(entry.second, Not(HasSubstr(key.substr(0, 40))));
}

}  // namespace
}  // namespace torugart::central::testing
