// The beam lease: when a scan may run, and everything that ends it.
#include "tests/kiosk/lane/bench.h"

namespace torugart::tests {
namespace {

class Scan : public testing::Test {
 protected:
  Scan() {
    b.start();
    b.pass_ms(300);
    b.sign_in();
    b.arrive();
    b.confirm();
    b.assessed(LaneColour::red, true);
  }
  void run() {
    const auto asked = b.clear_and_ask();
    ASSERT_TRUE(asked.ok) << asked.why_not << asked.detail;
    b.beam();
  }
  Bench b;
};

TEST_F(Scan, TheLeaseIsRenewedEveryTenthOfASecond) {
  run();
  const auto before = b.xray->renewals;
  b.pass_ms(1000);
  EXPECT_EQ(b.xray->renewals, before + 10);
  EXPECT_TRUE(b.xray->withdrawn.empty());
}

TEST_F(Scan, AnOpenedInterlockWithdrawsInTheSameTurn) {
  run();
  b.safety->contacts[0].state = hal::ContactState::open;
  b.safety->report();
  b.pump();  // no time passes
  ASSERT_EQ(b.xray->withdrawn.size(), 1U);
  EXPECT_EQ(b.xray->withdrawn[0], "Interlock 3 open");
  const auto renewals = b.xray->renewals;
  b.safety->contacts[0].state = hal::ContactState::closed;
  b.pass_ms(500);
  EXPECT_EQ(b.xray->renewals, renewals) << "once withdrawn, never renewed";
  b.end_scan(hal::ScanEnd::withdrawn);
  const auto completed = b.all<ScanCompleted>().at(0).second;
  EXPECT_EQ(completed.end, "withdrawn");
  EXPECT_TRUE(completed.usable()) << "the lines that came are kept";
  EXPECT_EQ(b.view()->scan.ended_because, "Interlock 3 open");
  EXPECT_FALSE(b.view()->focus->area_cleared);
}

TEST_F(Scan, TheChainOvertakesEverythingThatWaits) {
  run();
  for (int i = 0; i < 1000; ++i)
    b.weighbridge->reading(30'000 + 100 * i, hal::WeightStatus::motion);
  b.safety->contacts[1].state = hal::ContactState::open;
  b.safety->report();
  b.pump();
  EXPECT_EQ(b.xray->withdrawn.at(0), "E-stop cabin open");
}

TEST_F(Scan, AfterAnEmergencyStopNothingIsAskedForUntilTheKeyWasTurned) {
  auto& stop = b.safety->contacts[1];
  const auto turn_to = [&](hal::Contact& contact, hal::ContactState state) {
    contact.state = state;
    b.safety->report();
    b.pump();
  };
  turn_to(stop, hal::ContactState::open);
  turn_to(stop, hal::ContactState::closed);
  EXPECT_FALSE(b.clear_and_ask().ok);
  EXPECT_EQ(b.view()->facts.chain_says, "Key to be turned after the emergency stop");
  EXPECT_TRUE(b.xray->requests.empty());

  b.pass_ms(200);
  b.crash();  // a restart is no key
  b.start();
  b.pass_ms(300);
  b.sign_in();
  EXPECT_FALSE(b.view()->facts.chain_closed);
  auto& new_key = b.safety->contacts[3];
  turn_to(new_key, hal::ContactState::open);
  turn_to(new_key, hal::ContactState::closed);
  EXPECT_TRUE(b.view()->facts.chain_closed);
  EXPECT_TRUE(b.clear_and_ask().ok);
}

TEST_F(Scan, EveryChangeOfTheChainAndEveryPhaseIsAnEvent) {
  const auto said = [&](const std::string& device) {
    std::vector<std::string> out;
    for (const auto& [event, change] : b.all<inspection::DeviceChanged>())
      if (change.device == device && change.state != "ready") out.push_back(change.state);  // that is its health
    return out;
  };
  run();
  b.safety->contacts[0].state = hal::ContactState::open;
  b.safety->report();
  b.pump();
  b.end_scan(hal::ScanEnd::withdrawn);
  const auto chain = said("safety");
  ASSERT_GE(chain.size(), 2U);
  EXPECT_EQ(chain[chain.size() - 2], "closed");
  EXPECT_EQ(chain.back(), "open");
  const auto phases = said("xray");
  const std::vector<std::string> wanted{"warning", "beam_on", "beam_off"};
  EXPECT_TRUE(phases.size() >= 3 && std::equal(wanted.begin(), wanted.end(), phases.end() - 3));
}

TEST_F(Scan, AContactThatFlickersDoesNotFillTheRecord) {
  const auto before = b.all<inspection::DeviceChanged>().size();
  for (int i = 0; i < 400; ++i) {
    b.safety->contacts[0].state = i % 2 == 0 ? hal::ContactState::open : hal::ContactState::closed;
    b.safety->report();
    b.pass_ms(50);
  }
  const auto flickering = b.all<inspection::DeviceChanged>().size();
  EXPECT_LT(flickering - before, 70U);
  b.pass_ms(21'000);
  const auto all = b.all<inspection::DeviceChanged>();
  EXPECT_EQ(all.back().second.state, "closed") << "what it has come to is recorded";
}

TEST_F(Scan, AnUnknownContactWithdraws) {
  run();
  b.safety->contacts[0].state = hal::ContactState::unknown;
  b.safety->report();
  b.pump();
  EXPECT_EQ(b.xray->withdrawn.at(0), "Interlock 3 unknown");
}

TEST_F(Scan, AnEmptyChainWithdraws) {
  run();
  b.safety->contacts.clear();
  b.safety->report();
  b.pump();
  EXPECT_EQ(b.xray->withdrawn.at(0), "The safety chain has no contacts");
}

TEST_F(Scan, AStaleChainWithdraws) {
  run();
  b.chain_reports = false;
  b.pass_ms(450);
  EXPECT_TRUE(b.xray->withdrawn.empty());
  b.pass_ms(200);
  ASSERT_EQ(b.xray->withdrawn.size(), 1U);
  EXPECT_EQ(b.xray->withdrawn[0], "The safety chain does not answer");
}

TEST_F(Scan, AReadingThatIsOldWhenItComesDoesNotCount) {
  run();
  hal::ChainReading late;
  late.at = b.clock.now();
  late.at.mono_us -= 600'000;
  late.contacts = b.safety->contacts;
  b.safety->say(late);
  b.pump();
  EXPECT_EQ(b.xray->withdrawn.size(), 1U);
}

TEST_F(Scan, ASilentEngineLosesTheLease) {
  run();
  b.clock.advance_us(350'000);  // the engine does not get to run
  b.xray->look_at_lease();
  b.pump();
  EXPECT_EQ(b.all<ScanCompleted>().at(0).second.end, "lease_expired");
  EXPECT_EQ(b.view()->scan.state, lane::ScanState::ended);
  EXPECT_EQ(b.view()->scan.ended_because, "The request was not renewed in time");
}

TEST_F(Scan, StopScanWithdrawsAtOnceAndNamesWhoStopped) {
  run();
  EXPECT_TRUE(b.post(StopScan{}).ok);
  EXPECT_EQ(b.xray->withdrawn.at(0), "Stopped by A. Ivanova");
  EXPECT_EQ(b.post(StopScan{}).ok, true) << "pressing it twice is no mistake";
  EXPECT_EQ(b.xray->withdrawn.size(), 1U);
}

TEST_F(Scan, AScannerThatNeverSaysEndedIsEndedWithoutIt) {
  run();
  b.xray->turn(hal::DeviceState::faulted, "no answer");
  b.pump();
  EXPECT_EQ(b.xray->withdrawn.at(0), "The scanner was lost");
  b.pass_ms(2100);
  EXPECT_EQ(b.all<ScanCompleted>().at(0).second.end, "device_fault");
  EXPECT_FALSE(b.view()->facts.scanner_ready);
}

TEST_F(Scan, ASeenPersonVoidsTheClearance) {
  b.pass_ms(100);
  EXPECT_TRUE(b.post(ClearArea{}).ok);
  b.safety->contacts[2].state = hal::ContactState::open;
  b.safety->report();
  b.pump();
  ASSERT_EQ(b.all<AreaClearanceVoided>().size(), 1U);
  EXPECT_EQ(b.all<AreaClearanceVoided>()[0].second.reason, "Person detector: a person was seen");
  b.safety->contacts[2].state = hal::ContactState::closed;
  b.pass_ms(200);
  EXPECT_EQ(b.post(AskScan{}).why_not, "Say first that the area is clear");
}

TEST_F(Scan, AnUnreadPersonDetectorVoidsTheClearanceToo) {
  b.pass_ms(100);
  b.post(ClearArea{});
  b.chain_reports = false;
  b.pass_ms(700);
  EXPECT_EQ(b.all<AreaClearanceVoided>().size(), 1U);
}

TEST_F(Scan, IsNotAskedForWithAnOpenChainAndTheContactIsNamed) {
  b.pass_ms(100);
  b.post(ClearArea{});
  b.safety->contacts[0].state = hal::ContactState::open;
  b.safety->report();
  const auto refused = b.post(AskScan{});
  EXPECT_TRUE(refused.done && !refused.ok);
  EXPECT_EQ(refused.detail, "Interlock 3 open");
  EXPECT_TRUE(b.xray->requests.empty());
  EXPECT_TRUE(b.all<ScanRequested>().empty());
}

TEST_F(Scan, ARefusingScannerLeavesNoScanRequested) {
  b.pass_ms(100);
  b.post(ClearArea{});
  b.xray->refuse = true;
  EXPECT_EQ(b.post(AskScan{}).why_not, "not ready yet");
  EXPECT_TRUE(b.all<ScanRequested>().empty());
  b.xray->refuse = false;
  EXPECT_TRUE(b.post(AskScan{}).ok) << "the clearance still stands";
}

TEST_F(Scan, MissingAndTornLinesAreCounted) {
  const auto asked = b.clear_and_ask();
  ASSERT_TRUE(asked.ok);
  b.beam(40);
  b.xray->lines(hal::LineKind::object, 2, 9'000, 10);  // torn
  b.xray->lines(hal::LineKind::object, 40, 9'000);
  b.pass_ms(100);
  b.end_scan();
  const auto completed = b.all<ScanCompleted>().at(0).second;
  EXPECT_EQ(completed.lines_missing, 2);
  EXPECT_GE(completed.lines, 80);
}

TEST_F(Scan, AScanWithoutALineHasNoPicture) {
  ASSERT_TRUE(b.clear_and_ask().ok);
  b.end_scan(hal::ScanEnd::timeout);
  const auto completed = b.all<ScanCompleted>().at(0).second;
  EXPECT_EQ(completed.end, "timeout");
  EXPECT_FALSE(completed.usable());
  EXPECT_TRUE(b.post(ClearArea{}).ok) << "the next pass can be prepared";
}

TEST_F(Scan, AFullDiskStopsNewScansOnly) {
  run();
  b.store.room_for(0);
  b.end_scan();
  EXPECT_FALSE(b.all<ScanCompleted>().at(0).second.files.empty()) << "what had begun is kept";
  b.pass_ms(31'000);  // the lane asks for room again
  EXPECT_TRUE(b.view()->storage.full);
  const auto refused = b.clear_and_ask();
  EXPECT_FALSE(refused.ok);
  EXPECT_EQ(refused.why_not, "The disk is full: no new scan until the centre has taken pictures");
  b.store.room_for(1);
  b.pass_ms(31'000);
  EXPECT_FALSE(b.view()->storage.full);
  EXPECT_TRUE(b.clear_and_ask().ok);
}

TEST_F(Scan, AFullArchiveIsSaidAndThePictureIsStillThere) {
  ASSERT_TRUE(b.clear_and_ask().ok);
  b.beam();
  b.store.fill_up(true);
  b.end_scan();
  const auto completed = b.all<ScanCompleted>().at(0).second;
  EXPECT_TRUE(completed.usable());
  EXPECT_TRUE(completed.files.empty());
  EXPECT_NE(b.view()->storage.trouble.find("archive's disk is full"), std::string::npos);
  EXPECT_EQ(b.view()->images.size(), 1U);
}

}  // namespace
}  // namespace torugart::tests
