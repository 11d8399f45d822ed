// The truck's walk and what goes wrong on it.
#include "hal/sim/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace torugart::hal::sim {
namespace {

class Lane : public testing::Test {
 protected:
  void build(Scenario scenario) {
    world_ = std::make_shared<World>(std::move(scenario), clock_);
    Registry registry;
    register_drivers(registry, world_);
    std::vector<DeviceConfig> list;
    for (auto& device : usual_lane()) {
      if (device.kind == DeviceKind::camera) continue;
      if (device.kind == DeviceKind::xray_scanner)
        device.settings = {{"warning_ms", "200"}, {"detectors", "64"}, {"line_rate", "100"}};
      list.push_back(device);
    }
    lane_ = std::move(*registry.make_lane(list, clock_));
    ASSERT_TRUE(lane_.xray->open([this](const XrayMessage& m) { xray(m); }, [](const Health&) {}));
    ASSERT_TRUE(lane_.signals->open([](const SignalMessage&) {}, [](const Health&) {}));
    ASSERT_TRUE(lane_.safety->open([this](const ChainReading& r) { chain_ = r; }, [](const Health&) {}));
    ASSERT_TRUE(lane_.portal->open([this](const PortalLine& l) { portal_.push_back(l); }, [](const Health&) {}));
  }
  void TearDown() override {
    for (auto* d : lane_.all())
      d->close();
  }

  static Scenario one_truck() {
    auto s = make_random_scenario(2, 1);
    s.trucks[0].delay_s = 0.2;
    return s;
  }
  bool until(TruckStage stage, double seconds = 60) {
    for (int i = 0; i < seconds * 10; ++i) {
      if (world_->status().stage == stage) return true;
      (void)lane_.xray->renew_lease();
      world_->advance_us(100'000);
    }
    return false;
  }
  bool scan() {
    ended_.reset();
    lines_.clear();
    if (!lane_.xray->request_beam({"s", false})) return false;
    for (int i = 0; i < 600 && !ended_; ++i) {
      (void)lane_.xray->renew_lease();
      world_->advance_us(100'000);
    }
    return ended_ == ScanEnd::complete;
  }
  void xray(const XrayMessage& m) {
    if (const auto* p = std::get_if<ScanPhaseChange>(&m); p != nullptr && p->phase == ScanPhase::ended)
      ended_ = p->end;
    if (const auto* l = std::get_if<ScanLine>(&m)) lines_.push_back(*l);
  }

  ManualClock clock_;
  std::shared_ptr<World> world_;
  LaneDevices lane_;
  std::optional<ScanEnd> ended_;
  std::vector<ScanLine> lines_;
  ChainReading chain_;
  std::vector<PortalLine> portal_;
};

TEST_F(Lane, ATruckComesIsScannedWaitsAndLeaves) {
  build(one_truck());
  ASSERT_TRUE(until(TruckStage::identification));
  world_->advance_us(20'000'000);
  EXPECT_EQ(world_->status().stage, TruckStage::identification) << "it waits to be told";
  ASSERT_TRUE(scan());
  ASSERT_TRUE(until(TruckStage::at_exit));
  world_->advance_us(20'000'000);
  EXPECT_EQ(world_->status().stage, TruckStage::at_exit);
  ASSERT_TRUE(lane_.signals->set_barrier(Barrier::exit, true));
  ASSERT_TRUE(until(TruckStage::none));
  const auto truth = *world_->truth(0);
  EXPECT_TRUE(truth.arrived && truth.departed);
  EXPECT_TRUE(truth.scanned);
  EXPECT_TRUE(world_->finished());
}

TEST_F(Lane, ReleasedWithoutAScanItDrivesThrough) {
  build(one_truck());
  ASSERT_TRUE(until(TruckStage::identification));
  ASSERT_TRUE(lane_.signals->set_barrier(Barrier::exit, true));
  ASSERT_TRUE(until(TruckStage::none));
  EXPECT_FALSE(world_->truth(0)->scanned);
}

TEST_F(Lane, ASecondScanAfterAnOpenedDoorIsWhole) {
  auto s = one_truck();
  Fault f;
  f.kind = FaultKind::interlock_open;
  f.from = FaultFrom::beam_on;
  f.after_s = 6;
  f.seconds = 2;
  s.trucks[0].faults = {f};
  build(s);
  ASSERT_TRUE(until(TruckStage::identification));
  EXPECT_FALSE(scan());
  EXPECT_EQ(ended_, ScanEnd::chain_opened);
  ASSERT_TRUE(until(TruckStage::identification)) << "it backs up";
  world_->advance_us(2'000'000);
  EXPECT_TRUE(scan());
  EXPECT_EQ(world_->truth(0)->scans, 2);
}

TEST_F(Lane, WithTheDriverInTheCabTheCabIsNotScanned) {
  build(one_truck());
  ASSERT_TRUE(until(TruckStage::identification));
  ASSERT_TRUE(scan());
  const auto whole =
      std::count_if(lines_.begin(), lines_.end(), [](const auto& l) { return l.kind == LineKind::object; });
  ASSERT_TRUE(until(TruckStage::at_exit));
  lines_.clear();
  ended_.reset();
  ASSERT_TRUE(lane_.xray->request_beam({"s2", true})) << "scanned again: it backs up first";
  for (int i = 0; i < 900 && !ended_; ++i) {
    (void)lane_.xray->renew_lease();
    world_->advance_us(100'000);
  }
  EXPECT_EQ(ended_, ScanEnd::complete);
  const auto without =
      std::count_if(lines_.begin(), lines_.end(), [](const auto& l) { return l.kind == LineKind::object; });
  EXPECT_LT(without * 10, whole * 9);
}

TEST_F(Lane, TheTestObjectPassesWhileATruckWaits) {
  build(one_truck());
  ASSERT_TRUE(until(TruckStage::identification));
  ScanRequest check;
  check.scan = "check";
  check.test_object = true;
  const auto pass = [&] {
    ended_.reset();
    lines_.clear();
    if (!lane_.xray->request_beam(check)) return false;
    for (int i = 0; i < 600 && !ended_; ++i) {
      (void)lane_.xray->renew_lease();
      world_->advance_us(100'000);
    }
    return ended_ == ScanEnd::complete;
  };
  ASSERT_TRUE(pass());
  EXPECT_EQ(world_->status().stage, TruckStage::identification) << "the truck has not moved";
  EXPECT_EQ(world_->truth(0)->scans, 0);
  std::array<int, 3> kinds{};
  std::uint16_t darkest = 65535;
  for (const auto& l : lines_) {
    ++kinds[static_cast<std::size_t>(l.kind)];
    if (l.kind == LineKind::object) darkest = std::min(darkest, *std::min_element(l.high->begin(), l.high->end()));
  }
  EXPECT_EQ(kinds[static_cast<std::size_t>(LineKind::dark)], 64);
  EXPECT_GT(kinds[static_cast<std::size_t>(LineKind::air)], 50);
  EXPECT_NEAR(kinds[static_cast<std::size_t>(LineKind::object)], (200 + 3600 + 350) / 6.0, 15);
  EXPECT_LT(darkest, 1500) << "400 mm of steel";
  ASSERT_TRUE(scan()) << "and the truck is scanned after it";
  ASSERT_TRUE(until(TruckStage::at_exit));
  const auto refused = lane_.xray->request_beam(check);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "a truck stands in the beam's way");
}

TEST_F(Lane, ATruckThatRunsOff) {
  auto s = one_truck();
  Fault f;
  f.kind = FaultKind::leaves_without_release;
  f.after_s = 12;
  s.trucks[0].faults = {f};
  build(s);
  ASSERT_TRUE(until(TruckStage::identification));
  EXPECT_TRUE(until(TruckStage::none));
}

TEST_F(Lane, TheNextTruckCloseBehindKeepsTheLoopOccupied) {
  auto s = make_random_scenario(2, 2);
  s.trucks[0].delay_s = 0.2;
  s.trucks[1].close_behind = true;
  build(s);
  ASSERT_TRUE(until(TruckStage::identification));
  world_->advance_us(15'000'000);
  ASSERT_TRUE(lane_.signals->set_barrier(Barrier::exit, true));
  for (int i = 0; i < 300 && world_->status().departed == 0; ++i)
    world_->advance_us(100'000);
  EXPECT_EQ(world_->status().departed, 1);
  EXPECT_EQ(world_->status().truck, 1);
  EXPECT_FALSE(lane_.signals->set_barrier(Barrier::entry, false)) << "never free in between";
}

TEST_F(Lane, AStrongSourceAlarmsAndAnOrdinaryTruckDoesNot) {
  auto s = one_truck();
  build(s);
  ASSERT_TRUE(until(TruckStage::identification));
  for (const auto& l : portal_)
    EXPECT_NE(l.code, PortalCode::gamma_alarm);
  TearDown();
  portal_.clear();
  s.trucks[0].radiation = {900, 6, 5000};
  build(s);
  ASSERT_TRUE(until(TruckStage::identification));
  const auto alarms = std::count_if(portal_.begin(), portal_.end(),
                                    [](const PortalLine& l) { return l.code == PortalCode::gamma_alarm; });
  EXPECT_GT(alarms, 3);
}

TEST_F(Lane, APersonOpensTheChain) {
  build(one_truck());
  ASSERT_TRUE(until(TruckStage::identification));
  EXPECT_TRUE(chain_.closed(clock_.now().mono_us));
  Fault f;
  f.kind = FaultKind::person_seen;
  f.seconds = 1;
  world_->inject(f);
  world_->advance_us(50'000);
  EXPECT_FALSE(chain_.closed(clock_.now().mono_us));
  for (const auto& c : chain_.contacts)
    EXPECT_EQ(c.state == ContactState::open, c.kind == ContactKind::person_detector) << c.name;
}

TEST_F(Lane, TheSameScenarioGivesTheSameCounts) {
  build(one_truck());
  ASSERT_TRUE(until(TruckStage::identification));
  world_->advance_us(3'000'000);
  ASSERT_TRUE(scan());
  const auto first = lines_;
  TearDown();
  build(one_truck());
  ASSERT_TRUE(until(TruckStage::identification));
  world_->advance_us(8'000'000);  // asked for later: the truck drives the same way
  ASSERT_TRUE(scan());
  ASSERT_EQ(lines_.size(), first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    ASSERT_EQ(*lines_[i].high, *first[i].high) << i;
    ASSERT_EQ(*lines_[i].low, *first[i].low) << i;
  }
}

TEST(World, SettingsThatCannotBeMeantAreErrors) {
  ManualClock clock;
  auto world = std::make_shared<World>(make_random_scenario(1, 1), clock);
  Registry registry;
  register_drivers(registry, world);
  const auto error = [&](DeviceKind kind, std::map<std::string, std::string> settings) {
    return registry.make_lane({{"d", kind, "sim", std::move(settings), "lane.toml:3"}}, clock);
  };
  EXPECT_FALSE(error(DeviceKind::xray_scanner, {{"warning", "5"}}));
  EXPECT_FALSE(error(DeviceKind::xray_scanner, {{"warning_ms", "soon"}}));
  EXPECT_FALSE(error(DeviceKind::camera, {{"position", "above"}}));
  EXPECT_FALSE(error(DeviceKind::camera, {{"position", "front"}, {"width", "321"}}));
  EXPECT_FALSE(error(DeviceKind::safety_chain, {{"contacts", "Door 1"}}));
  EXPECT_TRUE(error(DeviceKind::safety_chain, {{"contacts", "Door 1:door, Key:key"}}));
  EXPECT_EQ(error(DeviceKind::weighbridge, {{"port", "1"}}).error().where, "lane.toml:3");
}

TEST(World, RunsInRealTimeAndStops) {
  const SystemClock clock;
  auto world = std::make_shared<World>(make_random_scenario(1, 1), clock);
  Registry registry;
  register_drivers(registry, world);
  auto lane = registry.make_lane({{"chain", DeviceKind::safety_chain, "sim", {}, ""}}, clock);
  ASSERT_TRUE(lane);
  std::mutex mutex;
  std::condition_variable came;
  int readings = 0;
  ASSERT_TRUE(lane->safety->open(
      [&](const ChainReading&) {
        const std::lock_guard lock(mutex);
        ++readings;
        came.notify_all();
      },
      [](const Health&) {}));
  world->start();
  std::unique_lock lock(mutex);
  EXPECT_TRUE(came.wait_for(lock, std::chrono::seconds(30), [&] { return readings > 2; }));
  lock.unlock();
  lane->safety->close();
  world->stop();
}

}  // namespace
}  // namespace torugart::hal::sim
