// What goes wrong between a driver and a controller, and what the inspector reads then. The server is pymodbus; the
// second master is mbpoll.
#include "tests/hal/drivers/modbus_lane_io/bench.h"

namespace torugart::hal::drivers::lane_io {
namespace {

using Mode = tests::FaultyLink::Mode;
using Faults = LaneIo;

struct Case {
  const char* name;
  Mode mode;
  const char* says;
};

class LineFaults : public LaneIo, public testing::WithParamInterface<Case> {};

TEST_P(LineFaults, AreSaidAndRecoveredFrom) {
  open();
  link_->set(GetParam().mode);
  const auto said = fault_of(*lane_.safety, GetParam().says);
  EXPECT_NE(said.find(GetParam().says), std::string::npos) << said;
  EXPECT_NE(said.find("check"), std::string::npos) << "what to do: " << said;
  // Whatever the line says, nothing passes for a closed chain.
  EXPECT_FALSE(closed());
  const auto asked = lane_.beam->request_beam({"s1", false});
  EXPECT_FALSE(asked);
  link_->set(Mode::pass);
  EXPECT_TRUE(ready()) << lane_.safety->health().summary;
  EXPECT_TRUE(chain_->was(DeviceState::recovering));
}

INSTANTIATE_TEST_SUITE_P(All, LineFaults,
                         testing::Values(Case{"NoAnswer", Mode::silent, "did not answer in time"},
                                         Case{"CableOut", Mode::cut, "the line to the controller was lost"},
                                         Case{"HalfAnswer", Mode::half, "did not answer in time"},
                                         Case{"StrangersAnswer", Mode::stranger,
                                              "the controller's answer makes no sense"},
                                         Case{"ByteByByte", Mode::drip, "did not answer in time"}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_F(Faults, GarbageIsNeverAChain) {
  open();
  link_->set(Mode::garbage);
  ASSERT_TRUE(wait_until([this] { return chain_->was(DeviceState::faulted); }));
  EXPECT_FALSE(lane_.safety->health().remedy.empty());
  link_->set(Mode::pass);
  EXPECT_TRUE(ready());
}

TEST_F(Faults, AFloodOfGarbageIsEnded) {
  open();
  link_->set(Mode::flood);
  ASSERT_TRUE(wait_until([this] { return chain_->was(DeviceState::faulted); }));
  link_->set(Mode::pass);
  EXPECT_TRUE(ready());
}

TEST_F(Faults, ARestartedServerIsFoundAgain) {
  open();
  peer_ = std::make_unique<peers::LaneController>();
  ASSERT_TRUE(peer_->start());
  link_->set_peer(peer_->port());
  ASSERT_TRUE(wait_until([this] { return chain_->was(DeviceState::faulted); }));
  EXPECT_TRUE(ready());
}

TEST_F(Faults, AServerThatHangsUpAtOnceIsNotStormed) {
  open();
  link_->set(Mode::cut);
  ASSERT_TRUE(wait_until([this] { return chain_->was(DeviceState::faulted); }));
  const auto before = link_->connections();
  sleep_ms(3000);
  EXPECT_LT(link_->connections() - before, 40);
}

TEST_F(Faults, AProgramThatStandsStillMakesEverythingUnknown) {
  open();
  peer_->order("stop");
  const auto said = fault_of(*lane_.safety, "its program stands still");
  EXPECT_NE(said.find("from STOP to RUN"), std::string::npos) << said;
  EXPECT_FALSE(closed());
  EXPECT_EQ(chain_->messages().back().contacts.at(0).state, ContactState::unknown);
  EXPECT_EQ(loop(LoopPlace::arrival), LoopState::unknown);
  peer_->order("run");
  EXPECT_TRUE(ready());
}

TEST_F(Faults, AMapThatIsNotTheControllersIsNamed) {
  std::ifstream in(kMap);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.replace(text.find("discrete:4"), 10, "discrete:900");
  const auto path = testing::TempDir() + "wrong-map.toml";
  std::ofstream(path) << text;
  make(path);
  ASSERT_TRUE(chain_->open());
  const auto said = fault_of(*lane_.safety, "refuses");
  EXPECT_NE(said.find("discrete:900"), std::string::npos) << said;
  EXPECT_NE(said.find("compare the register map"), std::string::npos) << said;
}

TEST_F(Faults, ASecondMasterCannotKeepARequestUp) {
  if (std::system("command -v mbpoll >/dev/null") != 0) GTEST_SKIP() << "mbpoll is not installed";
  open();
  const auto write = "mbpoll -q -m tcp -p " + std::to_string(peer_->port()) + " -t 0 -0 -r 0 127.0.0.1 1 >/dev/null";
  ASSERT_EQ(std::system(write.c_str()), 0);
  ASSERT_TRUE(peer_->wait_for("request 1"));
  EXPECT_TRUE(peer_->wait_for("request 0", std::chrono::seconds(1))) << "put right within a cycle";
  EXPECT_TRUE(wait_until([this] { return figure(*lane_.beam, "outputs written by others") != "0"; }));
}

TEST_F(Faults, BeamThatNobodyAskedForIsAnAlarm) {
  open();
  peer_->order("beam 1");
  const auto said = fault_of(*lane_.beam, "beam that nobody asks for");
  EXPECT_NE(said.find("press the emergency stop"), std::string::npos) << said;
  peer_->order("beam auto");
  EXPECT_TRUE(ready());
}

TEST_F(Faults, ASlowControllerGetsNoRequestThatItCannotHold) {
  open();
  link_->set(Mode::slow);  // every answer 120 ms late: a cycle is longer than the lease
  sleep_ms(1500);
  if (lane_.beam->request_beam({"s1", false})) {
    EXPECT_TRUE(wait_until([this] { return in(ScanPhase::ended); }));
    EXPECT_FALSE(peer_->wait_for("beam 1", std::chrono::seconds(1)));
  }
  link_->set(Mode::pass);
  EXPECT_TRUE(ready());
}

TEST_F(Faults, AWallClockThatJumpsChangesNothing) {
  open();
  const auto all = chain_->messages();
  ASSERT_GE(all.size(), 1U);
  for (std::size_t i = 1; i < all.size(); ++i)
    EXPECT_GE(all[i].at.mono_us, all[i - 1].at.mono_us);
  EXPECT_TRUE(all.back().fresh(clock_.now().mono_us)) << "freshness is monotonic time";
}

}  // namespace
}  // namespace torugart::hal::drivers::lane_io
