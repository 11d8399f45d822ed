#include "hal/registry/registry.h"

#include <gtest/gtest.h>

namespace torugart::hal {
namespace {

class NoScale final : public Weighbridge {
 public:
  explicit NoScale(std::string id) : id_(std::move(id)) {}
  DeviceInfo info() const override { return {id_, DeviceKind::weighbridge, "none", "", "", true}; }
  Health health() const override { return {}; }
  void close() override {}
  Result<void> open(Handler, HealthHandler) override { return {}; }

 private:
  std::string id_;
};

class NoCodes final : public CodeReader {
 public:
  DeviceInfo info() const override { return {"codes", DeviceKind::code_reader, "none", "", "", true}; }
  Health health() const override { return {}; }
  void close() override {}
  Result<void> open(Handler, HealthHandler) override { return {}; }
};

Registry with_drivers() {
  Registry r;
  r.add("none", Factory<Weighbridge>([](const DeviceConfig& c, const Clock&) -> Result<std::unique_ptr<Weighbridge>> {
          return std::make_unique<NoScale>(c.id);
        }));
  r.add("other",
        Factory<Weighbridge>([](const DeviceConfig& c, const Clock&) -> Result<std::unique_ptr<Weighbridge>> {
          return tl::unexpected(Error{ErrorCode::bad_setting, "port = \"\"", c.where, "write a port"});
        }));
  r.add("none", Factory<CodeReader>([](const DeviceConfig&, const Clock&) -> Result<std::unique_ptr<CodeReader>> {
          return std::make_unique<NoCodes>();
        }));
  return r;
}

DeviceConfig scale(const std::string& id, const std::string& driver, const std::string& where = "lane.toml:7") {
  return {id, DeviceKind::weighbridge, driver, {}, where};
}

TEST(Registry, MakesWhatTheListNames) {
  const ManualClock clock;
  const auto lane =
      with_drivers().make_lane({scale("scale", "none"), {"codes", DeviceKind::code_reader, "none", {}, ""}}, clock);
  ASSERT_TRUE(lane);
  ASSERT_NE(lane->weighbridge, nullptr);
  EXPECT_EQ(lane->weighbridge->info().id, "scale");
  EXPECT_EQ(lane->xray, nullptr);
  EXPECT_EQ(lane->all().size(), 2U);
}

TEST(Registry, ALaneWorkedByHandHasNothing) {
  const ManualClock clock;
  const auto lane = with_drivers().make_lane({}, clock);
  ASSERT_TRUE(lane);
  EXPECT_TRUE(lane->all().empty());
}

TEST(Registry, AnUnknownDriverIsAnErrorThatListsTheKnownOnes) {
  const ManualClock clock;
  const auto lane = with_drivers().make_lane({scale("scale", "toledo")}, clock);
  ASSERT_FALSE(lane);
  EXPECT_EQ(lane.error().code, ErrorCode::bad_setting);
  EXPECT_EQ(lane.error().where, "lane.toml:7");
  EXPECT_NE(lane.error().what.find("toledo"), std::string::npos);
  EXPECT_NE(lane.error().remedy.find("none, other"), std::string::npos);
}

TEST(Registry, ASecondOfAKindThatALaneHasOnceIsAnError) {
  const ManualClock clock;
  const auto lane = with_drivers().make_lane({scale("a", "none"), scale("b", "none", "lane.toml:12")}, clock);
  ASSERT_FALSE(lane);
  EXPECT_EQ(lane.error().where, "lane.toml:12");
  EXPECT_NE(lane.error().what.find("\"b\""), std::string::npos);
}

TEST(Registry, SeveralCodeReadersAreFine) {
  const ManualClock clock;
  const DeviceConfig reader{"codes", DeviceKind::code_reader, "none", {}, ""};
  const auto lane = with_drivers().make_lane({reader, reader}, clock);
  ASSERT_TRUE(lane);
  EXPECT_EQ(lane->code_readers.size(), 2U);
}

TEST(Registry, TheFactorysOwnErrorIsPassedOn) {
  const ManualClock clock;
  const auto lane = with_drivers().make_lane({scale("scale", "other", "lane.toml:9")}, clock);
  ASSERT_FALSE(lane);
  EXPECT_EQ(lane.error().where, "lane.toml:9");
  EXPECT_EQ(lane.error().remedy, "write a port");
}

TEST(Registry, DriversOfAKindForDoctor) {
  EXPECT_EQ(with_drivers().drivers(DeviceKind::weighbridge), (std::vector<std::string>{"none", "other"}));
  EXPECT_TRUE(with_drivers().drivers(DeviceKind::camera).empty());
}

}  // namespace
}  // namespace torugart::hal
