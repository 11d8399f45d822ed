#include "kiosk/app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torugart::app {
namespace {

using testing::HasSubstr;

constexpr const char* kGood = R"(
[lane]
id = "kordai-2"
name = "Lane 2"
crossing_point = "Kordai"
[storage]
directory = "data"
[accounts]
file = "/etc/torugart/accounts.json"
[sim]
scenario = "demo.toml"
[[device]]
id = "front"
kind = "camera"
driver = "sim"
position = "front"
fps = 6
)";

std::string first_error(const std::string& text) {
  const auto config = parse_config(text, "etc/lane.toml");
  return config ? std::string("no error") : config.error().front().text();
}

std::string with(std::string find, const std::string& replace) {
  std::string text = kGood;
  const auto at = text.find(find);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, find.size(), replace);
}

TEST(Config, ReadsALane) {
  const auto config = parse_config(kGood, "etc/lane.toml");
  ASSERT_TRUE(config) << config.error().front().text();
  EXPECT_EQ(config->lane.id, "kordai-2");
  EXPECT_EQ(config->storage.directory, "etc/data");  // relative to the file
  EXPECT_EQ(config->accounts, "/etc/torugart/accounts.json");
  ASSERT_EQ(config->devices.size(), 1U);
  EXPECT_EQ(config->devices[0].settings.at("fps"), "6");
  EXPECT_EQ(config->devices[0].where, "etc/lane.toml:12");
}

TEST(Config, NamesFileLineAndWhatWasExpected) {
  EXPECT_EQ(first_error(with("name = \"Lane 2\"", "nmae = \"Lane 2\"")),
            "etc/lane.toml:4: unknown key \"lane.nmae\"; expected one of lane.id, lane.name, lane.crossing_point, "
            "lane.direction, lane.language, lane.utc_offset; did you mean \"lane.name\"?");
  EXPECT_EQ(first_error(with("\"kordai-2\"", "\"Kordai 2\"")),
            "etc/lane.toml:3: \"lane.id\" cannot be used; expected text that matches [a-z0-9][a-z0-9-]{0,31}");
  EXPECT_THAT(first_error(with("[storage]", "[storgae]")), HasSubstr("did you mean \"storage\"?"));
  EXPECT_THAT(
      first_error(with("kind = \"camera\"", "kind = \"kamera\"")),
      HasSubstr("etc/lane.toml:14: there is no device kind \"kamera\"; expected one of camera, xray_scanner"));
  EXPECT_THAT(first_error(with("[accounts]", "[screen]\nwidth = 20\n[accounts]")),
              HasSubstr("expected a whole number from 1280 to 7680"));
  EXPECT_THAT(first_error(with("[lane]", "[lane")), HasSubstr("etc/lane.toml:2"));
  EXPECT_THAT(first_error(with("[sim]", "[reading]\ncountries = \"KZ, kg\"\n[sim]")), HasSubstr("[A-Z]{2}"));
  EXPECT_EQ(first_error(with("[sim]", "[reading]\ncountries = \"KZ,KG\"\n[sim]")), "no error");
}

TEST(Config, TellsEveryErrorAtOnce) {
  const auto config = parse_config("[lane]\nid = 5\n", "l.toml");
  ASSERT_FALSE(config);
  EXPECT_GE(config.error().size(), 4U);  // id, name, crossing_point, storage, accounts
}

TEST(Config, ALineNeedsAllItsKeys) {
  EXPECT_THAT(first_error(with("[accounts]", "[central]\nurl = \"https://c\"\n[accounts]")),
              HasSubstr("central.certificate"));
  EXPECT_THAT(first_error(with("[accounts]", "[central]\nurl = \"http://c\"\n[accounts]")), HasSubstr("https://"));
}

TEST(Config, DeviceIdsDiffer) {
  EXPECT_THAT(first_error(std::string(kGood) + "[[device]]\nid = \"front\"\nkind = \"camera\"\ndriver = \"sim\"\n"),
              HasSubstr("a second device is called \"front\""));
}

TEST(Config, EveryKeyIsDescribed) {
  EXPECT_THAT(describe_keys(), HasSubstr("storage.directory (required)"));
}

TEST(Config, AMissingFileSaysSo) {
  const auto config = load_config("/nonexistent/lane.toml");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().front().text(), HasSubstr("cannot be opened"));
}

}  // namespace
}  // namespace torugart::app
