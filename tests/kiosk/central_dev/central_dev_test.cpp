// The development centre's own parts: its keys, its rules, what it takes and refuses, what survives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/disk/disk.h"
#include "kiosk/central_dev/event_store.h"
#include "kiosk/central_dev/file_store.h"
#include "kiosk/central_dev/receipts.h"
#include "kiosk/central_dev/rules.h"
#include "kiosk/central_dev/signer.h"
#include "kiosk/central_dev/test_ca.h"

namespace torugart::central_dev {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

class CentralDev : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "torugart-central-dev-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(folder); }
  std::string folder;
};

TEST_F(CentralDev, MakesKeysOnceAndOnlyForTheirOwner) {
  ASSERT_TRUE(make_test_keys(folder, {"lane-1"}));
  const auto first = disk::text_of(folder + "/ca.pem");
  ASSERT_TRUE(make_test_keys(folder, {"lane-1", "lane-2"}));
  EXPECT_EQ(disk::text_of(folder + "/ca.pem"), first);
  for (const char* key : {"ca.key", "server.key", "lane-lane-1.key", "lane-lane-2.key", "signing.key"}) {
    struct stat info {};
    ASSERT_EQ(::stat((folder + "/" + key).c_str(), &info), 0) << key;
    EXPECT_EQ(info.st_mode & 077, 0u) << key;
  }
  EXPECT_TRUE(load_test_keys(folder));
  EXPECT_FALSE(make_test_keys(folder, {"../lane"}));
  EXPECT_FALSE(make_test_keys(folder, {""}));
}

TEST_F(CentralDev, RefusesKeysThatItDidNotMake) {
  const auto real = folder + "/real";
  fs::create_directories(real);
  EXPECT_THAT(load_test_keys(real).error().text, HasSubstr("--make-ca"));
  // a centre's authority and key as openssl makes them
  const auto command = "cd " + real +
                       " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out "
                       "ca.pem -days 30 -subj '/O=Customs/CN=Root' 2>/dev/null && cp ca.pem server.pem && cp ca.key "
                       "server.key && openssl genpkey -algorithm ed25519 -out signing.key";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto refused = load_test_keys(real);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("never with those of a real centre"));
  EXPECT_FALSE(make_test_keys(real, {"lane-1"}));

  const auto mixed = folder + "/mixed";  // ours, with one foreign part each time
  for (const char* foreign : {"ca.pem", "server.pem", "signing.key"}) {
    fs::remove_all(mixed);
    ASSERT_TRUE(make_test_keys(mixed, {"lane-1"}));
    fs::copy_file(real + "/" + foreign, mixed + "/" + foreign, fs::copy_options::overwrite_existing);
    EXPECT_FALSE(load_test_keys(mixed)) << foreign;
  }
}

TEST_F(CentralDev, RulesSayWhatIsWrongWithThem) {
  const auto error = [](const char* text) {
    const auto rules = checked_rules(json::parse(text));
    return rules ? std::string() : rules.error();
  };
  EXPECT_EQ(error("{}"), "");
  EXPECT_THAT(error(R"({"rules":[]})"), HasSubstr("unknown key 'rules'"));
  EXPECT_THAT(error(R"({"default":{"colour":"pink"}})"), HasSubstr("default.colour"));
  EXPECT_THAT(error(R"({"rule":[{"kind":"plate","value":"1"},{"kind":"ship","value":"1"}]})"),
              HasSubstr("rule 2: kind"));
  EXPECT_THAT(error(R"({"rule":[{"kind":"plate","value":" - "}]})"), HasSubstr("value is empty"));
  EXPECT_THAT(error(R"({"rule":[{"kind":"plate","value":"1","holds":[{"id":"H"}]}]})"), HasSubstr("holds need"));
}

TEST_F(CentralDev, TheDemosRulesCanBeRead) {
  const auto rules = rules_from_toml(TORUGART_SOURCE_DIR "/assets/scenarios/demo-central.toml");
  ASSERT_TRUE(rules) << rules.error();
  EXPECT_GE((*rules)["rule"].size(), 2u);
}

TEST_F(CentralDev, ARulesFileIsReadAgainWhenItChangesAndABrokenOneIsNotUsed) {
  const auto file = folder + "/rules.toml";
  const auto write = [&](const std::string& text) {
    const auto before = fs::exists(file) ? fs::last_write_time(file) : fs::file_time_type{};
    std::ofstream(file) << text;
    fs::last_write_time(file, before + std::chrono::seconds(10));
  };
  std::ofstream(file) << "[default]\ncolour = \"green\"\n";
  auto rules = Rules::open(folder, file);
  ASSERT_TRUE(rules) << rules.error();
  const std::string query =
      R"({"lane":"l","crossing":"c","numbers":[{"kind":"plate","text":"12 AB"}],"documents":[]})";
  EXPECT_EQ((*rules)->assess("l", query).body["colour"], "green");
  write("[[rule]]\nkind = \"plate\"\nmatch = \"prefix\"\nvalue = \"12a\"\ncolour = \"red\"\n");
  const auto red = (*rules)->assess("l", query).body;
  EXPECT_EQ(red["colour"], "red");
  EXPECT_EQ(red["scan_required"], true);
  write("[default]\ncolour = \"pink\"\n");
  EXPECT_EQ((*rules)->assess("l", query).body["colour"], "red");
  EXPECT_EQ((*rules)->assess("other", query).status, 422);
  EXPECT_EQ((*rules)->assess("l", "[]").status, 422);
}

std::string metadata(const std::string& sha256, const std::string& lane) {
  return "sha256 " + base64(sha256) + ",lane " + base64(lane);
}

TEST_F(CentralDev, WhatArrivedOfABrokenRequestIsKept) {
  const std::string content(100'000, 'x');
  const auto sha256 = sha256_hex(content);
  {
    FileStore files(folder);
    ASSERT_FALSE(files.begin("l", 100'000, metadata(sha256, "l")).refused);
    const auto broken = files.append(sha256, 0, [&](const FileStore::Sink& sink) {
      sink(content.data(), 30'000);
      return false;
    });
    EXPECT_EQ(broken.offset, 30'000);
  }
  FileStore files(folder);
  EXPECT_EQ(files.begin("l", 100'000, metadata(sha256, "l")).held.offset, 30'000);
  const auto pull = [&](const FileStore::Sink& sink) { return sink(content.data() + 30'000, 70'000); };
  EXPECT_EQ(files.append(sha256, 20'000, pull).refused->status, 409);
  EXPECT_FALSE(files.complete(sha256));
  EXPECT_EQ(files.append(sha256, 30'000, pull).offset, 100'000);
  EXPECT_TRUE(files.complete(sha256));
  EXPECT_EQ(files.begin("l", 100'000, metadata(sha256, "l")).held.offset, 100'000);
  EXPECT_EQ(files.append(sha256, 100'000, pull).refused->status, 409);
}

TEST_F(CentralDev, AFileThatIsNotWhatWasAnnouncedIsRefused) {
  FileStore files(folder);
  const auto sha256 = sha256_hex("right");
  ASSERT_FALSE(files.begin("l", 5, metadata(sha256, "l")).refused);
  const auto wrong = files.append(sha256, 0, [](const FileStore::Sink& sink) { return sink("wrong", 5); });
  EXPECT_EQ(wrong.refused->status, 460);
  EXPECT_FALSE(files.held(sha256));
  EXPECT_EQ(files.begin("l", 5, metadata("../../etc/passwd", "l")).refused->status, 400);
  EXPECT_EQ(files.begin("l", 5, metadata(sha256, "other")).refused->status, 400);
  EXPECT_EQ(files.begin("l", -1, metadata(sha256, "l")).refused->status, 400);
  EXPECT_EQ(files.begin("l", 5, "sha256 ???").refused->status, 400);
  ASSERT_FALSE(files.begin("l", 5, metadata(sha256, "l")).refused);
  EXPECT_EQ(files.append(sha256, 0, [](const FileStore::Sink& sink) { return sink("right!", 6); }).refused->status,
            400);
}

TEST_F(CentralDev, OnlyAWholeChainIsTaken) {
  EventStore store(folder);
  EXPECT_EQ(store.take("l", "").status, 422);
  EXPECT_EQ(store.take("l", "[]").status, 422);
  EXPECT_EQ(store.take("l", "[7]").status, 422);
  EXPECT_EQ(store.take("l", R"([{"specversion":"1.0"}])").status, 422);
  const auto contract = json::parse(disk::text_of(TORUGART_SOURCE_DIR "/assets/contract/events.schema.json"));
  const auto batch = contract["$defs"]["batch"]["examples"][0];
  EXPECT_EQ(store.take("other", batch.dump()).status, 422);
  auto late = json::array({batch[1]});
  EXPECT_EQ(store.take("kordai-2", late.dump()).body["expected_seq"], 1);
  const auto taken = store.take("kordai-2", batch.dump());  // the contract's own example
  ASSERT_EQ(taken.status, 200) << taken.body.dump();
  EXPECT_EQ(taken.body["accepted_up_to"], 2);
  EventStore again(folder);  // after a restart
  EXPECT_EQ(again.last_seq("kordai-2"), 2);
  EXPECT_EQ(again.take("kordai-2", late.dump()).body["duplicates"], 1);
  EXPECT_EQ(again.take("kordai-2", batch.dump()).body["duplicates"], 2);
  EXPECT_EQ(again.last_seq("kordai-2"), 2);
  auto forged = batch;
  forged[1]["data"]["actor"] = "x";
  EXPECT_EQ(again.take("kordai-2", forged.dump()).status, 422);
}

TEST_F(CentralDev, NoReceiptForACrossingThatHasNotEnded) {
  ASSERT_TRUE(make_test_keys(folder + "/tls", {"kordai-2"}));
  const auto keys = *load_test_keys(folder + "/tls");
  EventStore events(folder);
  FileStore files(folder);
  Receipts receipts(folder, keys, events, files);
  const auto contract = json::parse(disk::text_of(TORUGART_SOURCE_DIR "/assets/contract/events.schema.json"));
  const auto batch = contract["$defs"]["batch"]["examples"][0];
  json request{{"lane", "kordai-2"},
               {"crossing", batch[0]["subject"]},
               {"up_to", 2},
               {"head_hash", batch[1]["hash"]},
               {"files", json::array()}};
  EXPECT_EQ(receipts.give("kordai-2", request.dump()).body["type"], "urn:torugart:problem:gap");
  ASSERT_EQ(events.take("kordai-2", batch.dump()).status, 200);
  EXPECT_EQ(receipts.give("kordai-2", request.dump()).body["type"], "urn:torugart:problem:open");
  request["head_hash"] = batch[0]["hash"];
  EXPECT_EQ(receipts.give("kordai-2", request.dump()).body["type"], "urn:torugart:problem:fork");
  EXPECT_EQ(receipts.give("other", request.dump()).status, 422);
  EXPECT_EQ(receipts.give("kordai-2", "null").status, 422);
}

}  // namespace
}  // namespace torugart::central_dev
