// What goes first, how much of the line it takes, and a certificate that is renewed while the program runs.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kiosk/central/certificate.h"
#include "kiosk/central/http.h"
#include "tests/kiosk/central/lane_bench.h"

namespace torugart::central::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class Thrift : public ::testing::Test {
 protected:
  Folder folder;
  DevCentre centre{folder / "centre", {kLane, "kordai-3"}};
  std::string record = folder / "exchanges.jsonl";
  std::unique_ptr<LaneBench> lane;

  void SetUp() override {
    ASSERT_TRUE(centre.start(record)) << centre.log();
    lane = std::make_unique<LaneBench>(centre);
  }
  void TearDown() override { lane.reset(); }

  std::vector<json> requests(const std::string& method) {
    std::vector<json> out;
    std::ifstream file(record);
    for (std::string line; std::getline(file, line);)
      if (auto request = json::parse(line)["request"]; request["method"] == method) out.push_back(std::move(request));
    return out;
  }
};

TEST_F(Thrift, PicturesOfADetainedVehicleGoBeforeThoseOfAClearedOne) {
  const auto cleared = lane->whole_crossing("c-1", 1, 5'000), detained = lane->whole_crossing("c-2", 1, 5'000),
             suspect = lane->whole_crossing("c-3", 1, 5'000);
  lane->append("c-2", inspection::Detained{"police"});
  inspection::Decided found;
  found.verdict = inspection::Verdict::suspect;
  lane->append("c-3", found);
  lane->start_client();
  for (const char* crossing : {"c-1", "c-2", "c-3"})
    ASSERT_TRUE(lane->wait_for_receipt(crossing));
  std::vector<std::string> order;
  for (const auto& request : requests("PATCH"))
    order.push_back(request["path"].get<std::string>().substr(std::string("/v1/files/").size()));
  EXPECT_EQ(order, (std::vector<std::string>{detained[0], suspect[0], cleared[0]}));
}

TEST_F(Thrift, WithABoundForPicturesADecisionStillGoesAtOnce) {
  lane->config.upload_bytes_per_s = 10'000;
  lane->whole_crossing("c-1", 1, 2'000'000);  // more than three minutes
  lane->start_client();
  ASSERT_TRUE(lane->wait([&] { return !requests("PATCH").empty(); }));
  const auto decided = lane->append("c-2", inspection::Decided{});
  ASSERT_TRUE(lane->wait([&] { return lane->status().sent_up_to >= decided; }));
  EXPECT_EQ(lane->status().files_waiting, 1);
  lane->stop_client();
  for (const auto& chunk : requests("PATCH"))
    EXPECT_LE(std::stol(chunk["headers"]["Content-Length"].get<std::string>()), 10'000);
}

TEST_F(Thrift, ChunksGrowOnAGoodLine) {
  lane->config.chunk_bytes = 10'000;
  lane->config.chunk_max_bytes = 100'000;
  lane->whole_crossing("c-1", 1, 600'000);
  lane->start_client();
  ASSERT_TRUE(lane->wait_for_receipt("c-1"));
  long least = 1 << 30, most = 0;
  for (const auto& chunk : requests("PATCH")) {
    const auto bytes = std::stol(chunk["headers"]["Content-Length"].get<std::string>());
    least = std::min(least, bytes);
    most = std::max(most, bytes);
  }
  EXPECT_EQ(least, 10'000);
  EXPECT_GT(most, 10'000);
  EXPECT_LE(most, 100'000);
}

TEST_F(Thrift, ARenewedCertificateIsShownFromTheNextCallOn) {
  auto config = lane->config;
  config.lane = "kordai-3";  // what the files will be for in the end; the first pair is used whatever it is
  config.certificate_file = folder / "lane.pem";
  config.key_file = folder / "lane.key";
  const auto install = [&](const std::string& from, bool certificate, bool key) {
    // as an administrator does: written beside, then renamed
    const auto put = [&](const std::string& source, const std::string& target) {
      fs::copy_file(source, target + ".new", fs::copy_options::overwrite_existing);
      fs::rename(target + ".new", target);
    };
    if (certificate) put(centre.tls("lane-" + from + ".pem"), config.certificate_file);
    if (key) put(centre.tls("lane-" + from + ".key"), config.key_file);
  };
  install(kLane, true, true);
  Http http(config);
  const auto who = [&] {
    const auto answer = http.call({"GET", "/v1/crossings", {}, {}, 20'000}, {});
    return answer ? json::parse(answer->body, nullptr, false).value("lane", std::string()) : answer.error().what;
  };
  EXPECT_EQ(who(), kLane);
  install("kordai-3", true, false);  // half of the pair
  EXPECT_EQ(who(), kLane);
  ASSERT_TRUE(http.identity().trouble());
  install("kordai-3", false, true);
  EXPECT_EQ(who(), "kordai-3");
  EXPECT_FALSE(http.identity().trouble());
  install(kLane, true, true);  // for another lane
  EXPECT_EQ(who(), "kordai-3");
  EXPECT_TRUE(http.identity().trouble());
  std::ofstream(config.certificate_file) << "no certificate";
  EXPECT_EQ(who(), "kordai-3");
}

}  // namespace
}  // namespace torugart::central::testing
