// What the controller's inputs mean, and what its outputs are allowed to say.
#include "tests/hal/drivers/modbus_lane_io/bench.h"

namespace torugart::hal::drivers::lane_io {
namespace {

TEST_F(LaneIo, ContactsAreReadWithTheirPolarity) {
  open();
  const auto reading = chain_->messages().back();
  ASSERT_EQ(reading.contacts.size(), 5U);
  EXPECT_EQ(reading.contacts[1].name, "Light barrier exit");
  EXPECT_NEAR(reading.dose_rate_usv_h.value_or(-1), 0, 0.02) << "nSv/h, background taken off";
  peer_->order("di 1 1");  // closed = 0: this one opens
  EXPECT_TRUE(wait_until([this] { return chain_->messages().back().contacts[1].state == ContactState::open; }));
  peer_->order("di 1 0");
  EXPECT_TRUE(wait_until([this] { return closed(); }));
}

TEST_F(LaneIo, LoopsAndBarriersAreReported) {
  open();
  ASSERT_TRUE(wait_until([this] { return loop(LoopPlace::departure) == LoopState::free; }));
  EXPECT_EQ(barrier(Barrier::exit), BarrierState::down);
  peer_->order("di 16 1");
  EXPECT_TRUE(wait_until([this] { return loop(LoopPlace::arrival) == LoopState::occupied; }));
  peer_->order("di 20 0");  // the loop detector's own fault
  EXPECT_TRUE(wait_until([this] { return loop(LoopPlace::arrival) == LoopState::unknown; }));
  EXPECT_FALSE(lane_.signals->set_barrier(Barrier::entry, false)) << "unknown is not free";
}

TEST_F(LaneIo, ABarrierGoesUpAndDownOverAFreeLoop) {
  open();
  ASSERT_TRUE(lane_.signals->set_barrier(Barrier::exit, true));
  EXPECT_TRUE(wait_until([this] { return barrier(Barrier::exit) == BarrierState::up; }));
  ASSERT_TRUE(lane_.signals->set_barrier(Barrier::exit, false));
  EXPECT_TRUE(wait_until([this] { return barrier(Barrier::exit) == BarrierState::down; }));
}

TEST_F(LaneIo, ABarrierIsNotLoweredOntoAVehicleAndRisesWhenOneComes) {
  open();
  ASSERT_TRUE(lane_.signals->set_barrier(Barrier::exit, true));
  ASSERT_TRUE(wait_until([this] { return barrier(Barrier::exit) == BarrierState::up; }));
  peer_->order("di 19 1");
  ASSERT_TRUE(wait_until([this] { return loop(LoopPlace::departure) == LoopState::occupied; }));
  const auto down = lane_.signals->set_barrier(Barrier::exit, false);
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().code, ErrorCode::refused);
  EXPECT_EQ(down.error().what, "the exit barrier stays up: a vehicle is on the departure loop");
  peer_->order("di 19 0");
  ASSERT_TRUE(wait_until([this] { return loop(LoopPlace::departure) == LoopState::free; }));
  ASSERT_TRUE(lane_.signals->set_barrier(Barrier::exit, false));
  ASSERT_TRUE(peer_->wait_for("barrier 1 sinks"));
  peer_->order("di 19 1");
  EXPECT_TRUE(peer_->wait_for("barrier 1 rises"));
  EXPECT_TRUE(wait_until([this] { return barrier(Barrier::exit) == BarrierState::up; }));
}

TEST_F(LaneIo, LightsAreSwitched) {
  open();
  ASSERT_TRUE(lane_.signals->set_light(Barrier::exit, Light::green));
  peer_->tell("state");
  auto state = peer_->wait_for("coils");
  ASSERT_TRUE(state);
  EXPECT_EQ(state->substr(state->size() - 25, 6), "0 0 1 ") << *state;  // coils 19 … 21 of 0 … 31
}

TEST_F(LaneIo, AScanIsAskedForAfterFiveSecondsOfLampAndEndsWhenWithdrawn) {
  open();
  to_beam();
  const auto phases = beam_->messages();
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_EQ(phases[0].phase, ScanPhase::warning);
  EXPECT_GE(phases[1].at.mono_us - phases[0].at.mono_us, 5'000'000);
  EXPECT_EQ(lane_.beam->health().state, DeviceState::busy);
  sleep_ms(300);
  lane_.beam->withdraw("The scan is complete");
  ASSERT_TRUE(peer_->wait_for("beam 0"));
  ASSERT_TRUE(wait_until([this] { return in(ScanPhase::ended); }));
  EXPECT_EQ(last_phase()->end, ScanEnd::withdrawn);
  EXPECT_TRUE(last_phase()->dose_usv.has_value());
  EXPECT_TRUE(ready());
}

TEST_F(LaneIo, AnOpenContactTakesTheRequestAway) {
  open();
  to_beam();
  peer_->order("di 0 0");
  ASSERT_TRUE(wait_until([this] { return in(ScanPhase::ended); }));
  EXPECT_EQ(last_phase()->end, ScanEnd::chain_opened);
  ASSERT_TRUE(peer_->wait_for("request 0"));
  const auto again = lane_.beam->request_beam({"s2", false});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().what, "Door 1 open");
}

TEST_F(LaneIo, AfterAnEmergencyStopTheKeyIsNeeded) {
  open();
  peer_->order("di 2 0");
  ASSERT_TRUE(wait_until([this] { return !closed(); }));
  peer_->order("di 2 1");
  ASSERT_TRUE(wait_until([this] { return closed(); }));
  const auto asked = lane_.beam->request_beam({"s1", false});
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().what, "Key to be turned after the emergency stop");
  peer_->order("di 3 0");
  ASSERT_TRUE(wait_until([this] { return !closed(); }));
  peer_->order("di 3 1");
  ASSERT_TRUE(wait_until([this] { return closed(); }));
  EXPECT_TRUE(lane_.beam->request_beam({"s1", false}));
}

TEST_F(LaneIo, ASilentEngineLosesTheRequest) {
  open();
  to_beam();
  renewing_ = false;
  ASSERT_TRUE(wait_until([this] { return in(ScanPhase::ended); }));
  EXPECT_EQ(last_phase()->end, ScanEnd::lease_expired);
  EXPECT_FALSE(lane_.beam->renew_lease());
}

TEST_F(LaneIo, ACutCableEndsTheScanOnBothSides) {
  open();
  to_beam();
  link_->set(tests::FaultyLink::Mode::cut);
  EXPECT_TRUE(peer_->wait_for("beam 0 heartbeat"));
  EXPECT_TRUE(wait_until([this] { return in(ScanPhase::ended); }));
  link_->set(tests::FaultyLink::Mode::pass);
  EXPECT_TRUE(ready());
  EXPECT_TRUE(peer_->wait_for("request 0")) << "a new line begins with every request at rest";
}

TEST_F(LaneIo, TheDriverInTheCabIsSparedOrTheRequestRefused) {
  open();
  ASSERT_TRUE(lane_.beam->request_beam({"s1", true}));
  ASSERT_TRUE(peer_->wait_for("lamp 1"));
  sleep_ms(50);  // written in the same cycle
  peer_->tell("state");
  const auto state = peer_->wait_for("coils");
  ASSERT_TRUE(state);
  EXPECT_NE(state->find("coils 0 1 1 "), std::string::npos) << *state;
}

}  // namespace
}  // namespace torugart::hal::drivers::lane_io
