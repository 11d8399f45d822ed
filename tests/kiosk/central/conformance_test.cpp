// central-check: passes the development centre, and says by name what is wrong with a centre that breaks the contract.
#include "kiosk/central/conformance.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "tests/kiosk/central/lane_bench.h"
#include "tests/kiosk/central/line_proxy.h"

namespace torugart::central::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

ConformanceConfig settings(const DevCentre& centre, const std::string& lane, const std::string& url) {
  ConformanceConfig out;
  out.centre.url = url;
  out.centre.lane = lane;
  out.centre.ca_file = centre.tls("ca.pem");
  out.centre.certificate_file = centre.tls("lane-" + lane + ".pem");
  out.centre.key_file = centre.tls("lane-" + lane + ".key");
  out.centre.signing_keys_file = centre.tls("signing.pub.pem");
  return out;
}

std::set<std::string> failed(const std::string& output) {
  std::set<std::string> out;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("FAIL ")) out.insert(line.substr(5, line.find(':') - 5));
  return out;
}

TEST(Conformance, TheDevelopmentCentreKeepsTheContractTwice) {
  Folder folder;
  DevCentre centre{folder / "centre", {"check-1"}};
  ASSERT_TRUE(centre.start()) << centre.log();
  auto config = settings(centre, "check-1", centre.url());
  config.state_folder = folder / "state";
  for (int run = 0; run < 2; ++run) {  // the second goes on with the first one's history
    std::ostringstream out;
    EXPECT_EQ(run_conformance(config, out), 0) << out.str();
    EXPECT_THAT(out.str(), Not(HasSubstr("skip")));
  }
  config.state_folder.clear();  // another history of the same lane
  std::ostringstream out;
  EXPECT_EQ(run_conformance(config, out), 1);
  EXPECT_THAT(out.str(), HasSubstr("The centre knows this lane already"));
}

TEST(Conformance, WhatDoesNotAnswerIsSaid) {
  Folder folder;
  DevCentre centre{folder / "centre", {"check-1"}};
  std::ostringstream out;
  EXPECT_EQ(run_conformance(settings(centre, "check-1", "https://127.0.0.1:1"), out), 2);
  EXPECT_THAT(out.str(), HasSubstr("cannot be reached"));
}

struct Wrong {
  const char* name;
  const char* found_by;
  std::function<bool(const RudeRequest&, const std::string& answer)> where;
  std::string from, to;  // in the raw answer; from empty: the whole answer
};

std::string whole(int status, const std::string& body) {
  return fmt::format(
      "HTTP/1.1 {} X\r\nDate: Fri, 01 May 2026 08:30:00 GMT\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      status, body.size(), body);
}

std::vector<Wrong> wrong_centres() {
  const auto on = [](std::string method, std::string path, int status) {
    return [=](const RudeRequest& request, const std::string& answer) {
      return request.method == method && request.path.starts_with(path) &&
             answer.starts_with(fmt::format("HTTP/1.1 {} ", status));
    };
  };
  const std::string head = R"("head_hash":")";
  return {
      {"its clock is not told", "time.now", on("GET", "/v1/time", 200), "\"time\"", "\"when\""},
      {"no Date", "time.now", on("GET", "/v1/time", 200), "\r\nDate:", "\r\nX-Ate:"},
      {"the risk of another crossing", "risk.answer", on("POST", "/v1/risk", 200), "check-risk", "check-disk"},
      {"garbage is a server error", "risk.invalid", on("POST", "/v1/risk", 422), "HTTP/1.1 422", "HTTP/1.1 500"},
      {"a list whose signature is wrong", "watch-list.signed", on("GET", "/v1/watch-list", 200),
       "\"statement\":\"eyJ", "\"statement\":\"eyK"},
      {"errors that are no problem documents", "events.invalid", on("POST", "/v1/events", 422),
       "application/problem+json", "application/json+problem"},
      {"any media type is taken", "events.media-type", on("POST", "/v1/events", 415), "HTTP/1.1 415", "HTTP/1.1 422"},
      {"a gap that is not told", "events.gap", on("POST", "/v1/events", 409), "expected_seq", "expected_sex"},
      {"a fork that is called a gap", "events.fork", on("POST", "/v1/events", 409), "problem:fork", "problem:gaps"},
      {"another head", "events.taken", on("POST", "/v1/events", 200), head, R"("headlhash":")"},
      {"offsets that are wrong", "files.chunk", on("PATCH", "/v1/files", 204), "Upload-Offset: ", "Upload-Offset: 9"},
      {"a place on another machine", "files.begin", on("POST", "/v1/files", 201), "Location: /v1", "Location: //1"},
      {"damage that is not noticed", "files.checksum", on("PATCH", "/v1/files", 460), "HTTP/1.1 460", "HTTP/1.1 204"},
      {"unknown uploads that are there", "files.unknown", on("HEAD", "/v1/files", 404), "HTTP/1.1 404",
       "HTTP/1.1 200"},
      {"a receipt before the end", "receipts.open", on("POST", "/v1/receipts", 409), "problem:open", "problem:opem"},
      {"missing files that are not named", "receipts.incomplete", on("POST", "/v1/receipts", 409), "missing_files",
       "missing_filez"},
      {"a receipt whose signature is wrong", "receipts.given", on("POST", "/v1/receipts", 201), "\"statement\":\"eyJ",
       "\"statement\":\"eyK"},
      {"receipts that cannot be read again", "receipts.read", on("GET", "/v1/receipts", 200), "", whole(404, "{}")},
      {"no witness", "witness.key", on("POST", "/v1/witness/keys", 201), "", whole(404, "{}")},
      {"a cosignature of somebody", "witness.checkpoint", on("POST", "/v1/witness/add", 200), "torugart-central-dev/",
       "torugart-central-def/"},
      {"a fork that is cosigned", "witness.fork", on("POST", "/v1/witness/add", 422), "HTTP/1.1 422", "HTTP/1.1 200"},
  };
}

TEST(Conformance, AWrongCentreIsFoundWrongByName) {
  const auto all = wrong_centres();
  Folder folder;
  std::vector<std::string> lanes;
  for (std::size_t i = 0; i <= all.size(); ++i)
    lanes.push_back(fmt::format("check-{}", i));
  DevCentre centre{folder / "centre", lanes};
  ASSERT_TRUE(centre.start()) << centre.log();
  for (std::size_t i = 0; i <= all.size(); ++i) {
    LineProxy proxy(centre, lanes[i], {}, {});
    int altered = 0;
    if (i < all.size())
      proxy.alter([&, wrong = all[i]](const RudeRequest& request, std::string answer) {
        if (!wrong.where(request, answer)) return answer;
        if (wrong.from.empty()) {
          ++altered;
          return wrong.to;
        }
        if (const auto at = answer.find(wrong.from); at != std::string::npos) {
          answer.replace(at, wrong.from.size(), wrong.to);
          ++altered;
        }
        return answer;
      });
    std::ostringstream out;
    EXPECT_EQ(run_conformance(settings(centre, lanes[i], proxy.url()), out), 1);
    const auto names = failed(out.str());
    // what stands between them takes every client, with or without a certificate
    EXPECT_THAT(names, Contains("tls.no-certificate"));
    if (i == all.size()) {
      EXPECT_EQ(names.size(), 1u) << out.str();
      continue;
    }
    EXPECT_GT(altered, 0) << all[i].name;
    EXPECT_THAT(names, Contains(all[i].found_by)) << all[i].name << "\n" << out.str();
  }
}

}  // namespace
}  // namespace torugart::central::testing
