// The block of 21 registers against pymodbus, and its translation into lines.
#include <bit>

#include "hal/drivers/aspect_portal/aspect_block.h"
#include "hal/drivers/aspect_portal/aspect_portal.h"
#include "tests/support/faulty_link.h"
#include "tests/support/lane_controller.h"
#include "tests/support/peer_process.h"
#include "tests/support/wired_device.h"

namespace torugart::hal::drivers::aspect {
namespace {

using Mode = tests::FaultyLink::Mode;
using Words = std::array<std::uint16_t, kRegisters>;

void put(Words& words, std::size_t at, std::uint32_t value) {
  words[at] = static_cast<std::uint16_t>(value >> 16U);
  words[at + 1] = static_cast<std::uint16_t>(value);
}

Words quiet() {
  Words words{};
  put(words, 0, 70'000);
  words[3] = words[10] = ready;
  put(words, 4, 1500);
  put(words, 6, std::bit_cast<std::uint32_t>(1528.0F));
  put(words, 11, 3);
  put(words, 13, std::bit_cast<std::uint32_t>(6.2F));
  words[17] = 17;
  return words;
}

TEST(AspectBlock, RegistersAreWhereTheManualHasThem) {
  const auto block = block_of(quiet(), true);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->time, 70'000U);
  EXPECT_EQ(block->gamma.count, 1500U);
  EXPECT_DOUBLE_EQ(block->gamma.background, 1528);
  EXPECT_EQ(block->neutron.count, 3U);
  EXPECT_NEAR(block->neutron.background, 6.2, 1e-6);
  EXPECT_EQ(block->object, 17);
}

TEST(AspectBlock, AFloatThatIsNoneIsRefused) {
  auto words = quiet();
  put(words, 6, std::bit_cast<std::uint32_t>(-1.0F));
  EXPECT_FALSE(block_of(words, true));
  put(words, 6, 0x7fc00000U);
  EXPECT_FALSE(block_of(words, true));
}

TEST(AspectTranslator, AnOccupancyIsToldInLines) {
  Translator translator(1);
  auto words = quiet();
  std::int64_t now = 0;
  std::uint32_t time = 70'000;
  std::vector<std::string> said;
  const auto step = [&] {
    put(words, 0, ++time);
    for (auto& line : translator.lines(*block_of(words, true), now += 200'000))
      said.push_back(line);
  };
  step();
  EXPECT_EQ(said, (std::vector<std::string>{"GB,001528,000000,000000,000000", "NB,000006,000000,000000,000000"}));
  said.clear();
  words[2] = 1;
  step();
  words[3] = ready | alarm;
  step();
  words[10] = ready | alarm_2;
  step();
  words[3] = words[10] = ready;
  words[2] = 0;
  words[19] = 9;
  step();
  const std::vector<std::string> wanted{"GS,001500,000000,000000,000000", "NS,000003,000000,000000,000000",
                                        "GA,001500,000000,000000,000000", "GA,001500,000000,000000,000000",
                                        "NA,000003,000000,000000,000000", "SP,0.0000,05.592,09.000,000000",
                                        "GX,000017,006200,000000,000000"};
  EXPECT_EQ(said, wanted);
}

TEST(AspectTranslator, FaultsAndTheirEnd) {
  Translator translator(1);
  auto words = quiet();
  std::int64_t now = 0;
  const auto step = [&](std::uint16_t gamma, std::uint16_t neutron) {
    words[3] = static_cast<std::uint16_t>(ready | gamma);
    words[10] = static_cast<std::uint16_t>(ready | neutron);
    auto lines = translator.lines(*block_of(words, true), now += 200'000);
    return lines.empty() ? std::string() : lines[0].substr(0, 2);
  };
  EXPECT_EQ(step(0, 0), "GB");
  EXPECT_EQ(step(low_count, 0), "GL");
  EXPECT_EQ(step(low_count, 0), "");
  EXPECT_EQ(step(0, 0), "GB") << "the next background says that it is over";
  EXPECT_EQ(step(overload, 0), "GH");
  EXPECT_EQ(step(0, 0), "GB");
  EXPECT_EQ(step(0, high_count), "NH");
}

class Aspect : public testing::Test {
 protected:
  void SetUp() override {
    if (!peers::LaneController::available()) GTEST_SKIP() << "python3-pymodbus is not installed";
    ASSERT_TRUE(peer_.start({"/usr/bin/python3", TORUGART_SOURCE_DIR "/tests/support/peers/aspect_monitor.py"}));
    const auto line = peer_.line("PORT ");
    ASSERT_FALSE(line.empty());
    link_ = std::make_unique<tests::FaultyLink>(std::stoi(line.substr(5)));
    make({});
  }
  void make(std::map<std::string, std::string> more) {
    device_.reset();
    Registry registry;
    register_drivers(registry);
    more.insert({{"host", "127.0.0.1"}, {"port", std::to_string(link_->port())}});
    auto lane =
        registry.make_lane({{"portal", DeviceKind::portal_monitor, "aspect_portal", more, "bench:1"}}, clock_);
    device_ = std::make_unique<tests::WiredDevice<PortalMonitor>>(std::move(lane->portal));
  }
  void TearDown() override { device_.reset(); }
  void open() {
    ASSERT_TRUE(device_->open());
    ASSERT_TRUE(device_->ready()) << (**device_).health().summary;
  }
  void order(const std::string& words) {
    peer_.tell(words);
    peer_.line("did " + words);
  }
  bool comes(PortalCode code) {
    return tests::wait_until([&] {
      const auto all = device_->messages();
      return std::any_of(all.begin(), all.end(), [=](const auto& l) { return l.code == code; });
    });
  }

  SystemClock clock_;
  peers::PeerProcess peer_;
  std::unique_ptr<tests::FaultyLink> link_;
  std::unique_ptr<tests::WiredDevice<PortalMonitor>> device_;
};

TEST_F(Aspect, AVehicleWithASourceIsAnAlarm) {
  open();
  order("set 2 1");
  EXPECT_TRUE(comes(PortalCode::gamma_scan));
  order("set 3 0x81");
  EXPECT_TRUE(comes(PortalCode::gamma_alarm));
  order("set 2 0");
  EXPECT_TRUE(comes(PortalCode::end_of_occupancy));
  EXPECT_EQ(device_->figure("gamma alarms"), "1");
}

TEST_F(Aspect, LowHighAndNeutronCountsAreFaults) {
  open();
  const std::pair<const char*, const char*> all[] = {{"set 3 0x90", "gamma background too low"},
                                                     {"set 3 0xa0", "gamma background too high"},
                                                     {"set 3 0xc0", "gamma background too high"},
                                                     {"set 10 0xa0", "neutron background too high"}};
  for (const auto& one : all) {
    order(one.first);
    EXPECT_NE(device_->fault(one.second).find(one.second), std::string::npos);
    order("set 3 0x80");
    order("set 10 0x80");
    EXPECT_TRUE(device_->ready()) << one.first;
  }
}

TEST_F(Aspect, AMonitorThatIsNotReadyIsSaid) {
  open();
  order("set 3 0");
  EXPECT_NE(device_->fault("not ready to measure").find("taken its background"), std::string::npos);
  order("set 3 0x80");
  EXPECT_TRUE(device_->ready());
}

TEST_F(Aspect, AClockThatStandsStillIsSaid) {
  open();
  order("stop");
  EXPECT_NE(device_->fault("its clock stands still").find("off and on"), std::string::npos);
  order("run");
  EXPECT_TRUE(device_->ready());
}

TEST_F(Aspect, AWrongWordOrderIsSaid) {
  order("float 6 1529.7");
  make({{"high_word_first", "false"}});
  ASSERT_TRUE(device_->open());
  tests::wait_until([this] { return device_->probe().was(DeviceState::faulted); }, std::chrono::seconds(3));
  for (const auto& m : device_->messages())
    EXPECT_NE(m.counts.value_or(std::array<int, 4>{})[0], 1530) << "a wrong order is no background";
}

TEST_F(Aspect, ABlockThatIsNotThereIsSaid) {
  make({{"first", "500"}});
  ASSERT_TRUE(device_->open());
  const auto said = device_->fault("the portal monitor refuses input:500");
  EXPECT_NE(said.find("the portal monitor refuses input:500"), std::string::npos) << said;
}

TEST_F(Aspect, LineFaultsAreSaidAndRecoveredFrom) {
  open();
  const std::pair<Mode, const char*> all[] = {{Mode::silent, "did not answer in time"},
                                              {Mode::half, "did not answer in time"},
                                              {Mode::stranger, "makes no sense"},
                                              {Mode::cut, "the line to the portal monitor was lost"}};
  for (const auto& one : all) {
    link_->set(one.first);
    EXPECT_NE(device_->fault(one.second).find(one.second), std::string::npos) << one.second;
    link_->set(Mode::pass);
    ASSERT_TRUE(device_->ready()) << one.second;
  }
}

}  // namespace
}  // namespace torugart::hal::drivers::aspect
