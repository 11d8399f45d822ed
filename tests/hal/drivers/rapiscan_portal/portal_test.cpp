// A portal monitor's day, replayed byte by byte in torn and glued packets; alarms, faults and tamper from the field list;
// and what goes wrong on the line.
#include <filesystem>
#include <fstream>
#include <random>

#include "hal/drivers/rapiscan_portal/rapiscan_portal.h"
#include "tests/support/faulty_link.h"
#include "tests/support/tcp_server.h"
#include "tests/support/wired_device.h"

namespace torugart::hal::drivers::rapiscan {
namespace {

using Mode = tests::FaultyLink::Mode;

constexpr auto kFree = "GB,000379,000371,000407,000371\r\nNB,000003,000000,000002,000000\r\n";

class Portal : public testing::Test {
 protected:
  Portal() : link_(monitor_.port()) {
    Registry registry;
    register_drivers(registry);
    auto lane =
        registry.make_lane({{"portal",
                             DeviceKind::portal_monitor,
                             "rapiscan_portal",
                             {{"host", "127.0.0.1"}, {"port", std::to_string(link_.port())}, {"silent_s", "2"}},
                             "bench:1"}},
                           clock_);
    device_ = std::make_unique<tests::WiredDevice<PortalMonitor>>(std::move(lane->portal));
  }
  void open() {
    ASSERT_TRUE(device_->open());
    ASSERT_TRUE(tests::wait_until([this] { return monitor_.connected(); }));
    monitor_.say(kFree);
    ASSERT_TRUE(device_->ready());
  }
  // The monitor as it is: a background every half second, whoever is connected.
  bool ready_again() {
    return tests::wait_until([this] {
      monitor_.say(kFree);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      return (**device_).health().state == DeviceState::ready;
    });
  }
  std::size_t count(PortalCode code) const {
    const auto all = device_->messages();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [=](const auto& l) { return l.code == code; }));
  }
  bool comes(PortalCode code) {
    return tests::wait_until([&] { return count(code) > 0; });
  }

  SystemClock clock_;
  tests::TcpServer monitor_;
  tests::FaultyLink link_;
  std::unique_ptr<tests::WiredDevice<PortalMonitor>> device_;
};

TEST_F(Portal, ARealHourComesThroughTornAndGlued) {
  const char* shared = std::getenv("TORUGART_SHARED");
  const std::filesystem::path folder = shared != nullptr ? shared : TORUGART_SOURCE_DIR "/../shared";
  std::ifstream in(folder / "data/portal/S2-C0-NONE.csv");
  if (!in) GTEST_SKIP() << "the portal's day file is not here: set TORUGART_SHARED";
  std::vector<std::string> sent;
  std::string bytes;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    sent.push_back(line.substr(0, line.rfind(',')));  // the recorder's own column
    bytes += sent.back() + "\r\n";
  }
  ASSERT_GT(sent.size(), 12'000U);
  ASSERT_TRUE(device_->open());
  ASSERT_TRUE(tests::wait_until([this] { return monitor_.connected(); }));
  std::mt19937 random(3);
  for (std::size_t at = 0; at < bytes.size();) {
    const auto piece = std::min<std::size_t>(bytes.size() - at, random() % 3 == 0 ? 1 : 1 + random() % 900);
    ASSERT_TRUE(monitor_.say(std::string_view(bytes).substr(at, piece)));
    at += piece;
  }
  ASSERT_TRUE(tests::wait_until([&] { return device_->messages().size() >= sent.size(); }, std::chrono::seconds(60)));
  const auto got = device_->messages();
  ASSERT_EQ(got.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i)
    ASSERT_EQ(got[i].raw, sent[i]) << i;
  EXPECT_EQ(count(PortalCode::end_of_occupancy), 25U);
  EXPECT_EQ(count(PortalCode::gamma_scan), 1510U);
  EXPECT_EQ(device_->figure("gamma alarms"), "0");
  EXPECT_NE(device_->figure("unknown lines kept"), "0");
}

TEST_F(Portal, TheMonitorsOwnAlarmsAreCounted) {
  open();
  monitor_.say(
      "GA,000500,000500,000500,000500\r\nGA,000500,000500,000500,000500\r\nNA,000009,000000,000000,000000\r\n");
  monitor_.say(
      "GX,000017,006233,000000,000000\r\nGA,000500,000500,000500,000500\r\nGX,000018,006233,000000,000000\r\n");
  ASSERT_TRUE(tests::wait_until([&] { return count(PortalCode::end_of_occupancy) == 2; }));
  EXPECT_EQ(device_->figure("gamma alarms"), "2") << "occupancies, not lines";
  EXPECT_EQ(device_->figure("neutron alarms"), "1");
}

TEST_F(Portal, ABackgroundThatIsTooHighIsAFaultUntilItIsGood) {
  open();
  monitor_.say("GH,009000,009100,008800,009050\r\n");
  EXPECT_NE(device_->fault("gamma background too high").find("radiation control"), std::string::npos);
  EXPECT_TRUE(comes(PortalCode::gamma_high_fault)) << "the line is delivered all the same";
  EXPECT_TRUE(ready_again());
}

TEST_F(Portal, ADetectorThatFailedIsSaid) {
  open();
  monitor_.say("GL,000000,000371,000407,000371\r\n");
  EXPECT_NE(device_->fault("gamma background too low").find("measure by hand"), std::string::npos);
  EXPECT_TRUE(ready_again());
}

TEST_F(Portal, NeutronsTooHighAreSaid) {
  open();
  monitor_.say("NH,000900,000900,000900,000900\r\n");
  EXPECT_NE(device_->fault("neutron background too high"), "");
  EXPECT_TRUE(ready_again());
}

TEST_F(Portal, AnOpenCabinetIsAFaultUntilItIsClosed) {
  open();
  monitor_.say("TT,000000,000000,000000,000000\r\n");
  EXPECT_NE(device_->fault("cabinet is open").find("close the cabinet"), std::string::npos);
  monitor_.say("GB,000379,000371,000407,000371\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ((**device_).health().state, DeviceState::faulted) << "a background does not close a cabinet";
  monitor_.say("TC,000000,000000,000000,000000\r\n");
  EXPECT_TRUE(ready_again());
}

TEST_F(Portal, TypesOfNewerUnitsAreKept) {
  open();
  monitor_.say("AX, 1.5,-2.0,0,0,0\r\nZZ9,whatever\r\nSG1,1,2,3\r\nSG1,4,5,6\r\nGX\r\n");
  EXPECT_TRUE(tests::wait_until([&] { return count(PortalCode::unknown) == 2; }));
  EXPECT_EQ((**device_).health().state, DeviceState::ready);
  EXPECT_TRUE(tests::wait_until([&] { return device_->figure("settings") == "SG1,4,5,6"; }));
}

TEST_F(Portal, ASilentMonitorIsAFault) {
  open();
  EXPECT_NE(device_->fault("silent for 2 s").find("check the portal monitor's power"), std::string::npos);
  EXPECT_TRUE(ready_again());
}

TEST_F(Portal, ACableOutIsAFaultAndComesBack) {
  open();
  link_.set(Mode::cut);
  EXPECT_NE(device_->fault("was lost").find("check its power and cable"), std::string::npos);
  link_.set(Mode::pass);
  EXPECT_TRUE(ready_again());
}

TEST_F(Portal, AMonitorThatHangsUpComesBack) {
  open();
  monitor_.hang_up();
  EXPECT_NE(device_->fault("the other side has ended it"), "");
  EXPECT_TRUE(ready_again());
}

TEST_F(Portal, AnotherMachineOnThatPortIsSaid) {
  open();
  std::string noise;
  for (int i = 0; i < 60; ++i)
    noise += "HTTP/1.1 400 Bad Request\r\n";
  monitor_.say(noise);
  EXPECT_NE(device_->fault("no lines of a portal monitor").find("check that host and port"), std::string::npos);
  EXPECT_TRUE(ready_again());
}

TEST_F(Portal, AFloodOfGarbageIsEndedAndNothingOfItIsDelivered) {
  open();
  const auto before = device_->messages().size();
  link_.set(Mode::flood);
  EXPECT_NE(device_->fault("no lines of a portal monitor"), "");
  link_.set(Mode::pass);
  for (const auto& line : device_->messages())
    EXPECT_TRUE(line.raw.find(",") != std::string::npos) << line.raw;
  EXPECT_GE(device_->messages().size(), before);
  EXPECT_TRUE(ready_again());
}

TEST_F(Portal, ByteByByteIsASlowLineAndNoFault) {
  open();
  link_.set(Mode::drip);
  monitor_.say("GX,000017,006233,000000,000000\r\n");
  EXPECT_TRUE(comes(PortalCode::end_of_occupancy));
  EXPECT_EQ((**device_).health().state, DeviceState::ready);
}

TEST_F(Portal, HalfALineIsNoLine) {
  open();
  const auto before = device_->messages().size();
  monitor_.say("GA,000500,0005");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(device_->messages().size(), before);
  monitor_.hang_up();
  ASSERT_TRUE(ready_again());
  EXPECT_EQ(count(PortalCode::gamma_alarm), 0U) << "the half of an old line is not glued to a new one";
}

TEST_F(Portal, AReconnectStormIsNoneOfOurs) {
  open();
  link_.set(Mode::cut);
  ASSERT_NE(device_->fault("was lost"), "");
  const auto before = link_.connections();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_LT(link_.connections() - before, 8);
}

}  // namespace
}  // namespace torugart::hal::drivers::rapiscan
