// Against Debian's upsd with its dummy-ups driver: a supply whose state is a file.
#include <unistd.h>

#include <fmt/format.h>
#include <filesystem>
#include <fstream>

#include "hal/drivers/nut_ups/nut_reply.h"
#include "hal/drivers/nut_ups/nut_ups.h"
#include "tests/support/faulty_link.h"
#include "tests/support/peer_process.h"
#include "tests/support/wired_device.h"

namespace torugart::hal::drivers::nut {
namespace {

namespace fs = std::filesystem;
using Mode = tests::FaultyLink::Mode;

PowerReading reading(const std::string& status, const std::string& runtime = "3600", double minutes = 5) {
  return reading_of({{"ups.status", status}, {"battery.charge", "80"}, {"battery.runtime", runtime}}, minutes, {});
}

TEST(NutReply, WhenItIsTimeToShutDown) {
  EXPECT_EQ(reading("OL CHRG").source, PowerSource::mains);
  EXPECT_FALSE(reading("OL CHRG", "60").shutdown_due) << "on mains nobody hurries";
  EXPECT_FALSE(reading("OB DISCHRG").shutdown_due);
  EXPECT_TRUE(reading("OB LB").shutdown_due);
  EXPECT_TRUE(reading("OB DISCHRG", "240").shutdown_due) << "four minutes left of five";
  EXPECT_TRUE(reading("FSD OL").shutdown_due) << "the master says so";
  EXPECT_TRUE(reading("OL RB").replace_battery);
  EXPECT_EQ(reading("BYPASS").source, PowerSource::unknown);
  EXPECT_FALSE(reading("OB", "nonsense").minutes_left.has_value());
  EXPECT_FALSE(reading("OB", "1e999").minutes_left.has_value());
}

TEST(NutReply, VariablesAndErrors) {
  EXPECT_EQ(variable("VAR lane a.b \"x \\\"y\\\\ z\"", "lane")->second, "x \"y\\ z");
  EXPECT_FALSE(variable("VAR other a.b \"x\"", "lane"));
  EXPECT_FALSE(variable("VAR lane a.b \"x", "lane"));
  EXPECT_FALSE(variable("VAR lane a.b \"x\"y\"", "lane"));
  EXPECT_NE(error_of("ERR UNKNOWN-UPS", "lane")->what.find("no supply called \"lane\""), std::string::npos);
  EXPECT_NE(error_of("ERR DATA-STALE", "lane")->what.find("lost its supply"), std::string::npos);
  EXPECT_FALSE(error_of("VAR lane a \"b\"", "lane"));
}

class Nut : public testing::Test {
 protected:
  void SetUp() override {
    if (::access("/lib/nut/upsd", X_OK) != 0) GTEST_SKIP() << "nut-server is not installed";
    port_ = peers::free_port();
    folder_ = fs::path(testing::TempDir()) / ("nut-" + std::to_string(::getpid()) + "-" + std::to_string(port_));
    fs::create_directories(folder_);
    write("ups.conf", "[lane]\ndriver = dummy-ups\nport = lane.dev\nmode = dummy-once\npollinterval = 1\n");
    write("upsd.conf", "LISTEN 127.0.0.1 " + std::to_string(port_) + "\nMAXAGE 3\n");
    write("upsd.users", "");
    supply("OL", 100, 3600);
    ASSERT_TRUE(driver_.start(nut({"/lib/nut/dummy-ups", "-a", "lane", "-u", "root", "-D"})));
    ASSERT_TRUE(tests::wait_until([this] { return fs::exists(folder_ / "dummy-ups-lane"); }));
    serve();
    link_ = std::make_unique<tests::FaultyLink>(port_);
    make("lane");
  }
  void TearDown() override {
    device_.reset();
    server_.kill();
    driver_.kill();
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  void make(const std::string& ups) {
    device_.reset();
    Registry registry;
    register_drivers(registry);
    auto lane = registry.make_lane(
        {{"ups",
          DeviceKind::ups,
          "nut_ups",
          {{"host", "127.0.0.1"}, {"port", std::to_string(link_->port())}, {"ups", ups}, {"shutdown_minutes", "5"}},
          "bench:1"}},
        clock_);
    device_ = std::make_unique<tests::WiredDevice<Ups>>(std::move(lane->ups));
  }
  std::vector<std::string> nut(std::vector<std::string> command) const {
    std::vector<std::string> out{"/usr/bin/env"};
    for (const char* name : {"NUT_CONFPATH=", "NUT_STATEPATH=", "NUT_ALTPIDPATH="})
      out.push_back(name + folder_.string());
    out.insert(out.end(), command.begin(), command.end());
    return out;
  }
  void serve() { ASSERT_TRUE(server_.start(nut({"/lib/nut/upsd", "-u", "root", "-D"}))); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    fs::permissions(folder_ / name, fs::perms::owner_read | fs::perms::owner_write);
  }
  void supply(const std::string& status, int percent, int seconds) const {
    write("lane.dev", fmt::format("ups.status: {}\nbattery.charge: {}\nbattery.runtime: {}\ndevice.serial: 42\n",
                                  status, percent, seconds));
  }
  void open() {
    ASSERT_TRUE(device_->open());
    ASSERT_TRUE(device_->ready()) << (**device_).health().summary;
  }
  template <class Fits>
  bool comes(Fits fits) {
    return tests::wait_until([&] {
      const auto all = device_->messages();
      return !all.empty() && fits(all.back());
    });
  }

  SystemClock clock_;
  int port_ = 0;
  fs::path folder_;
  peers::PeerProcess driver_, server_;
  std::unique_ptr<tests::FaultyLink> link_;
  std::unique_ptr<tests::WiredDevice<Ups>> device_;
};

TEST_F(Nut, MainsThenBatteryThenTimeToShutDown) {
  open();
  EXPECT_EQ((**device_).health().summary, "on mains");
  EXPECT_EQ((**device_).info().serial, "42");
  supply("OB DISCHRG", 80, 1800);
  ASSERT_TRUE(comes([](const auto& r) { return r.source == PowerSource::battery; }));
  EXPECT_EQ((**device_).health().summary, "on battery, 30 minutes left");
  EXPECT_FALSE(device_->messages().back().shutdown_due);
  supply("OB DISCHRG LB", 10, 120);
  EXPECT_TRUE(comes([](const auto& r) { return r.shutdown_due; }));
  supply("OL CHRG", 12, 3600);
  EXPECT_TRUE(comes([](const auto& r) { return r.source == PowerSource::mains && !r.shutdown_due; }));
}

TEST_F(Nut, ABatteryThatWantsReplacingIsSaid) {
  supply("OL RB", 100, 3600);
  ASSERT_TRUE(device_->open());
  EXPECT_TRUE(
      tests::wait_until([this] { return (**device_).health().summary == "on mains; the battery wants replacing"; }));
}

TEST_F(Nut, ASupplyThatDoesNotSayIsAFault) {
  supply("BYPASS", 100, 3600);
  ASSERT_TRUE(device_->open());
  EXPECT_NE(device_->fault("does not say whether it is on mains").find("check the supply's panel"),
            std::string::npos);
}

TEST_F(Nut, ANameThatIsNotThereIsSaid) {
  make("nix");
  ASSERT_TRUE(device_->open());
  EXPECT_NE(device_->fault("no supply called \"nix\"").find("upsc -l"), std::string::npos);
}

TEST_F(Nut, ASupplyThatItsServerLostIsAFaultAndComesBack) {
  open();
  driver_.kill();
  const auto said = device_->fault("the UPS server");
  EXPECT_NE(said.find("check the cable"), std::string::npos) << said;
  ASSERT_TRUE(driver_.start(nut({"/lib/nut/dummy-ups", "-a", "lane", "-u", "root", "-D"})));
  EXPECT_TRUE(device_->ready());
}

TEST_F(Nut, AServerThatDiesAndComesBackIsFound) {
  open();
  server_.kill();
  EXPECT_NE(device_->fault("was lost"), "");
  serve();
  EXPECT_TRUE(device_->ready());
}

TEST_F(Nut, AServerThatHangsIsAFault) {
  open();
  server_.stop();
  EXPECT_NE(device_->fault("did not answer in time").find("check that upsd runs"), std::string::npos);
  server_.go_on();
  EXPECT_TRUE(device_->ready());
}

TEST_F(Nut, LineFaultsAreSaidAndRecoveredFrom) {
  open();
  const std::pair<Mode, const char*> all[] = {{Mode::silent, "did not answer in time"},
                                              {Mode::half, "UPS server"},
                                              {Mode::garbage, "UPS server"},
                                              {Mode::flood, "no UPS server"},
                                              {Mode::cut, "was lost"}};
  for (const auto& one : all) {
    link_->set(one.first);
    EXPECT_TRUE(tests::wait_until([this] { return (**device_).health().state == DeviceState::faulted; }));
    EXPECT_NE(device_->fault(one.second).find(one.second), std::string::npos) << one.second;
    EXPECT_FALSE((**device_).health().remedy.empty());
    link_->set(Mode::pass);
    ASSERT_TRUE(device_->ready()) << one.second;
  }
  for (const auto& m : device_->messages())
    EXPECT_FALSE(m.shutdown_due) << "a line that is lost is no reason to shut down";
}

}  // namespace
}  // namespace torugart::hal::drivers::nut
