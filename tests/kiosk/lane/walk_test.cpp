// Trucks' walks through the lane, from arrival to departure.
#include "tests/kiosk/lane/bench.h"

namespace torugart::tests {
namespace {

class Walk : public testing::Test {
 protected:
  void on(Fitted fitted = {}) {
    bench_ = std::make_unique<Bench>(fitted);
    bench_->start();
    bench_->pass_ms(300);
    bench_->sign_in();
  }
  Bench& b() { return *bench_; }
  std::unique_ptr<Bench> bench_;
};

TEST_F(Walk, AGreenTruckIsReadConfirmedReleasedAndGone) {
  on();
  b().script[7] = {{"123ABC02", "KZ"}};
  b().arrive();
  ASSERT_TRUE(b().view()->focus);
  EXPECT_EQ(b().view()->focus->id.rfind("kordai-2-20261124T", 0), 0U) << b().view()->focus->id;
  for (int i = 0; i < 4; ++i) {
    b().cameras["front"]->frame(7);
    b().pass_ms(300);
  }
  const auto view = b().view();
  ASSERT_EQ(view->reads.size(), 1U);
  EXPECT_TRUE(view->reads[0].sure);
  EXPECT_EQ(view->reads[0].candidates.at(0).text, "123ABC02");
  EXPECT_NE(view->reads[0].crop.bgr, nullptr);
  ASSERT_FALSE(view->cameras.at(0).found.empty());
  const auto reads = b().all<NumberRead>();
  ASSERT_EQ(reads.size(), 1U);
  EXPECT_EQ(reads[0].first.device, "front");
  EXPECT_EQ(reads[0].second.verdict, ReadVerdict::accepted);
  ASSERT_TRUE(reads[0].second.crop);

  const auto confirmed = b().confirm();
  EXPECT_TRUE(confirmed.done && confirmed.ok) << confirmed.why_not;
  EXPECT_TRUE(b().view()->assessing);
  ASSERT_EQ(b().centre.queries.size(), 1U);
  EXPECT_EQ(b().centre.queries[0].numbers.at(0).text, "123ABC02");
  b().assessed(LaneColour::green, false);
  EXPECT_FALSE(b().view()->assessing);
  EXPECT_EQ(b().view()->focus->colour, LaneColour::green);

  EXPECT_EQ(b().signals->exit_light, hal::Light::red);
  const auto released = b().post(Release{});
  EXPECT_TRUE(released.ok) << released.why_not;
  EXPECT_TRUE(b().signals->exit_up);
  EXPECT_EQ(b().signals->exit_light, hal::Light::green);
  b().leave();
  EXPECT_FALSE(b().view()->focus);
  const auto departed = b().all<Departed>();
  ASSERT_EQ(departed.size(), 1U);
  EXPECT_FALSE(departed[0].second.without_release);
  EXPECT_FALSE(b().signals->exit_up);
  EXPECT_EQ(b().signals->exit_light, hal::Light::red);
  ASSERT_EQ(b().view()->recent.size(), 1U);
  EXPECT_TRUE(b().view()->recent[0].released);

  const auto release = b().all<Released>().at(0).first;
  EXPECT_EQ(release.actor, "ivanova");
  EXPECT_EQ(release.role, "inspector");
  EXPECT_EQ(release.clock, "synchronised");
  EXPECT_FALSE(release.boot.empty());
  EXPECT_GT(release.mono_us, 0);
  EXPECT_GT(release.wall_us, 0);
}

TEST_F(Walk, ARedTruckIsScannedSuspectedLookedAtAgainAndReleasedByTwo) {
  on();
  b().arrive();
  b().confirm();
  b().assessed(LaneColour::red, true);
  EXPECT_FALSE(b().post(Release{}).ok);
  const auto asked = b().clear_and_ask();
  ASSERT_TRUE(asked.ok) << asked.why_not << asked.detail;
  EXPECT_EQ(b().view()->scan.state, lane::ScanState::requested);
  b().beam();
  EXPECT_EQ(b().view()->scan.state, lane::ScanState::beam);
  EXPECT_GT(b().view()->scan.lines, 0);
  ASSERT_NE(b().view()->scan.growing, nullptr);
  EXPECT_GT(b().xray->renewals, 40);
  b().end_scan();
  const auto completed = b().all<ScanCompleted>();
  ASSERT_EQ(completed.size(), 1U);
  EXPECT_EQ(completed[0].second.end, "complete");
  EXPECT_EQ(completed[0].second.rows, FakeXray::kDetectors);
  EXPECT_GT(completed[0].second.columns, 0);
  EXPECT_TRUE(completed[0].second.calibrated) << completed[0].second.calibration_note;
  EXPECT_TRUE(completed[0].second.simulated);
  EXPECT_EQ(completed[0].second.dose_usv, 0.05);
  ASSERT_EQ(completed[0].second.files.size(), 4U);
  EXPECT_EQ(completed[0].second.files[0].role, "xray_high");
  EXPECT_EQ(completed[0].second.files[3].role, "xray_raw_low");
  ASSERT_EQ(b().view()->images.size(), 1U);
  EXPECT_NE(b().view()->images[0].image, nullptr);

  RegionMarked region;
  region.scan = completed[0].second.scan;
  region.w = region.h = 8;
  region.kind = MarkKind::narcotics;
  EXPECT_TRUE(b().post(MarkRegion{region}).ok);
  const auto decided = b().post(Decide{Verdict::suspect, ""});
  EXPECT_TRUE(decided.done && decided.ok) << decided.why_not;
  const auto decision = b().all<Decided>().at(0).second;
  EXPECT_EQ(decision.image_sha256, completed[0].second.files[0].sha256);
  ASSERT_TRUE(decision.tdr) << decided.detail;
  EXPECT_EQ(decision.tdr->role, "tdr");
  EXPECT_EQ(b().view()->queue.size(), 1U);
  EXPECT_FALSE(b().post(Review{Verdict::clear, ReviewOutcome::disagree, "salt"}).ok) << "an inspector's";

  b().engine().sign_out();
  b().sign_in("chief", "3333");
  EXPECT_TRUE(b().post(Review{Verdict::clear, ReviewOutcome::disagree, "salt"}).ok);
  EXPECT_TRUE(b().view()->queue.empty());
  EXPECT_TRUE(b().post(Release{}).ok);
}

TEST_F(Walk, WithoutACentreTheLocalRuleAnswers) {
  Fitted fitted;
  fitted.centre = false;
  on(fitted);
  b().arrive();
  b().confirm();
  ASSERT_TRUE(b().view()->focus->risk);
  EXPECT_EQ(b().view()->focus->risk->source, RiskSource::local_rule);
  EXPECT_TRUE(b().view()->focus->scan_required());
  EXPECT_FALSE(b().view()->line.configured);
}

TEST_F(Walk, ATruckThatLeavesWithoutReleaseIsRecordedAsSuch) {
  on();
  b().arrive();
  b().leave();
  ASSERT_EQ(b().all<Departed>().size(), 1U);
  EXPECT_TRUE(b().all<Departed>()[0].second.without_release);
  EXPECT_TRUE(b().view()->recent.at(0).without_release);
}

TEST_F(Walk, TwoTrucksCloseTogetherAreTwoCrossingsInTheirOrder) {
  on();
  b().script[1] = {{"123ABC02", "KZ"}};
  b().script[2] = {{"777XYZ01", "KZ"}};
  b().arrive();
  const auto first = b().view()->focus->id;
  b().confirm();
  b().signals->loop(hal::LoopPlace::arrival, false);
  b().pass_ms(1000);
  b().arrive();
  EXPECT_EQ(b().view()->focus->id, first);
  ASSERT_EQ(b().view()->others_open.size(), 1U);
  EXPECT_TRUE(b().view()->others_open[0].follows_closely);
  // The first still stands before the cameras: what they see is not the second's.
  b().cameras["front"]->frame(1);
  b().pass_ms(300);
  EXPECT_TRUE(b().all<NumberRead>().empty());
  b().assessed(LaneColour::green, false);
  b().post(Release{});
  for (int i = 0; i < 4; ++i) {
    b().cameras["front"]->frame(2);
    b().pass_ms(300);
  }
  ASSERT_EQ(b().all<NumberRead>().size(), 1U);
  EXPECT_NE(b().all<NumberRead>()[0].first.crossing, first);
  b().leave();
  EXPECT_EQ(b().all<Departed>().at(0).first.crossing, first);
  ASSERT_TRUE(b().view()->focus);
  EXPECT_NE(b().view()->focus->id, first);
  EXPECT_TRUE(b().view()->others_open.empty());
}

TEST_F(Walk, TheGapBetweenTractorAndTrailerIsNoSecondTruck) {
  on();
  b().arrive();
  b().signals->loop(hal::LoopPlace::arrival, false);
  b().pass_ms(100);
  b().signals->loop(hal::LoopPlace::arrival, true);
  b().pass_ms(100);
  EXPECT_TRUE(b().view()->others_open.empty());
}

TEST_F(Walk, ADeviceLostInMidCrossingIsRecordedOnceItLasts) {
  on();
  b().pass_ms(1500);  // the states at start are recorded
  b().arrive();
  const auto before = b().all<DeviceChanged>().size();
  b().cameras["front"]->turn(hal::DeviceState::recovering, "no frame for 3 s");
  b().pass_ms(200);
  b().cameras["front"]->turn(hal::DeviceState::ready, "ready");
  b().pass_ms(2000);
  EXPECT_EQ(b().all<DeviceChanged>().size(), before) << "a flicker is no event";
  b().cameras["front"]->turn(hal::DeviceState::faulted, "no frame for 3 s");
  b().pass_ms(100);
  EXPECT_EQ(b().view()->devices.at(0).health.state, hal::DeviceState::faulted) << "shown at once";
  b().pass_ms(1500);
  const auto changes = b().all<DeviceChanged>();
  ASSERT_EQ(changes.size(), before + 1);
  EXPECT_EQ(changes.back().second.state, "faulted");
  EXPECT_EQ(changes.back().first.device, "front");
  EXPECT_EQ(changes.back().first.crossing, b().view()->focus->id);
  EXPECT_TRUE(b().confirm().ok) << "the lane goes on";
}

TEST_F(Walk, ALaneWithoutAnyDeviceIsWorkedByHand) {
  on(Fitted::nothing());
  EXPECT_TRUE(b().view()->works_by_hand);
  EXPECT_TRUE(b().post(OpenCrossing{Direction::exit}).ok);
  ASSERT_TRUE(b().view()->focus);
  EXPECT_EQ(b().view()->focus->direction, Direction::exit);
  EXPECT_TRUE(b().confirm().ok);
  b().assessed(LaneColour::green, false);
  EXPECT_TRUE(b().post(EnterWeight{18'000}).ok);
  b().post(ClearArea{});
  EXPECT_FALSE(b().post(AskScan{}).ok);
  EXPECT_TRUE(b().post(Release{}).ok);
  EXPECT_TRUE(b().post(SayDeparted{}).ok);
  EXPECT_FALSE(b().view()->focus);
  EXPECT_TRUE(b().all<Departed>().at(0).second.by_hand);
}

TEST_F(Walk, ADeadBarrierIsWorkedByHandAndTheAnswerSaysSo) {
  on();
  b().arrive();
  b().confirm();
  b().assessed(LaneColour::green, false);
  b().signals->dead = true;
  const auto released = b().post(Release{});
  EXPECT_TRUE(released.ok);
  EXPECT_EQ(released.detail, "The barrier does not answer");
  EXPECT_TRUE(b().view()->works_by_hand);
  EXPECT_TRUE(b().post(SayDeparted{}).ok);
}

TEST_F(Walk, TheBarrierGoesDownOnlyWhenItsLoopIsFree) {
  on();
  b().arrive();
  b().confirm();
  b().assessed(LaneColour::green, false);
  b().post(Release{});
  b().signals->loop(hal::LoopPlace::departure, true);
  b().pump();
  b().post(SayDeparted{});
  b().pass_ms(3000);
  EXPECT_TRUE(b().signals->exit_up) << "the truck still stands under it";
  b().signals->loop(hal::LoopPlace::departure, false);
  b().pass_ms(3000);
  EXPECT_FALSE(b().signals->exit_up);
}

TEST_F(Walk, WithoutLoopsACameraNoticesTheTruckAndNotTheOneThatHasJustLeft) {
  Fitted fitted;
  fitted.signals = false;
  on(fitted);
  b().script[1] = {{"123ABC02", "KZ"}};
  const auto seen = [&](std::uint8_t mark) {
    for (int i = 0; i < 4; ++i) {
      b().cameras["front"]->frame(mark);
      b().pass_ms(300);
    }
  };
  seen(1);
  ASSERT_TRUE(b().view()->focus);
  EXPECT_EQ(b().all<Arrived>().at(0).second.by, ArrivedBy::camera);
  b().confirm();
  b().assessed(LaneColour::green, false);
  b().post(Release{});
  b().post(SayDeparted{});
  seen(1);
  EXPECT_FALSE(b().view()->focus) << "it still stands in the picture";
  b().script[2] = {{"777XYZ01", "KZ"}};
  seen(2);
  EXPECT_TRUE(b().view()->focus);
}

TEST_F(Walk, AMissingReaderIsSaidAndNumbersAreTyped) {
  bench_ = std::make_unique<Bench>();
  b().reader_works = false;
  b().start();
  b().sign_in();
  b().arrive();
  b().cameras["front"]->frame(1);
  b().pass_ms(300);
  EXPECT_NE(b().view()->reader_problem.find("model is missing"), std::string::npos);
  EXPECT_TRUE(b().confirm().ok);
}

TEST_F(Walk, AnUnsureVoteIsRecordedAsAskAndADamagedFrameIsNotRead) {
  on();
  b().script[1] = {{"123ABC02", "KZ", false, 0.6}};
  b().arrive();
  for (int i = 0; i < 3; ++i) {
    b().cameras["front"]->frame(1, true);
    b().pass_ms(300);
  }
  EXPECT_TRUE(b().view()->reads.empty());
  for (int i = 0; i < 8; ++i) {
    b().cameras["front"]->frame(1);
    b().pass_ms(300);
  }
  ASSERT_EQ(b().all<NumberRead>().size(), 1U);
  EXPECT_EQ(b().all<NumberRead>()[0].second.verdict, ReadVerdict::ask);
}

TEST_F(Walk, CodesBecomeDocumentsOnce) {
  on();
  b().codes->code("25KZ1234567890123A");
  b().pump();
  EXPECT_TRUE(b().all<DocumentPresented>().empty()) << "no truck, no document";
  b().arrive();
  b().codes->code("JX95000448");
  b().codes->code("JX95000448");
  b().pump();
  ASSERT_EQ(b().all<DocumentPresented>().size(), 1U);
  EXPECT_EQ(b().all<DocumentPresented>()[0].second.kind, "TIR");
}

TEST_F(Walk, ALateWeightIsStillRecordedAndOnlyOnce) {
  on();
  b().arrive();
  b().confirm();
  b().assessed(LaneColour::green, false);
  for (int i = 0; i < 20; ++i) {
    b().weighbridge->reading(31'400 + 10 * (i % 2), hal::WeightStatus::stable);
    b().pass_ms(100);
  }
  ASSERT_EQ(b().all<Weighed>().size(), 1U);
  EXPECT_NEAR(b().all<Weighed>()[0].second.gross_kg, 31'400, 60);
  b().weighbridge->reading(31'000, hal::WeightStatus::motion);
  for (int i = 0; i < 20; ++i) {
    b().weighbridge->reading(31'400, hal::WeightStatus::stable);
    b().pass_ms(100);
  }
  EXPECT_EQ(b().all<Weighed>().size(), 1U) << "the same weight again says nothing new";
}

TEST_F(Walk, ARadiationAlarmIsRecordedAtOnceAndTheLinesAtTheEnd) {
  on();
  b().portal->line("GB,000150,000150,000150,000150");
  b().arrive();
  b().portal->line("GS,000030,000030,000030,000030");
  b().pump();
  EXPECT_TRUE(b().all<RadiationMeasured>().empty());
  b().portal->line("GA,000090,000030,000030,000030");
  b().pump();
  ASSERT_EQ(b().all<RadiationMeasured>().size(), 1U);
  EXPECT_TRUE(b().view()->radiation.alarm);
  EXPECT_EQ(b().view()->radiation.detector, 1);
  b().portal->line("XX,from a newer monitor");
  b().portal->line("GX,000594,002391,000000,000000");
  b().pump();
  const auto measured = b().all<RadiationMeasured>();
  ASSERT_EQ(measured.size(), 2U);
  EXPECT_TRUE(measured[1].second.gamma_alarm);
  EXPECT_EQ(measured[1].second.occupancy, 594);
  ASSERT_TRUE(measured[1].second.lines);
  const auto csv = b().store.get(measured[1].second.lines->sha256);
  EXPECT_NE(std::string(csv->begin(), csv->end()).find("XX,from a newer monitor"), std::string::npos);
  EXPECT_EQ(b().post(ResolveRadiation{"secondary measurement", "potash"}).why_not, "A second person must agree");
  EXPECT_TRUE(b().post(ResolveRadiation{"secondary measurement", "potash"}, b().chief()).ok);
  EXPECT_FALSE(b().view()->radiation.alarm);
}

TEST_F(Walk, AnOccupancyBeforeTheArrivalBelongsToTheOneThatArrives) {
  on();
  b().portal->line("GB,000150,000150,000150,000150");
  b().portal->line("GS,000030,000030,000030,000030");
  b().portal->line("GX,000594,002391,000000,000000");
  b().pump();
  EXPECT_TRUE(b().all<RadiationMeasured>().empty());
  b().arrive();
  ASSERT_EQ(b().all<RadiationMeasured>().size(), 1U);
  EXPECT_EQ(b().all<RadiationMeasured>()[0].first.crossing, b().view()->focus->id);
  EXPECT_FALSE(b().all<RadiationMeasured>()[0].second.gamma_alarm);
}

TEST_F(Walk, AnOccupancyWithoutAnEndEndsByItselfWhenThePortalFallsSilent) {
  on();
  b().arrive();
  b().portal->line("GS,000030,000030,000030,000030");
  b().pass_ms(20'000);
  EXPECT_EQ(b().all<RadiationMeasured>().size(), 1U);
}

TEST_F(Walk, ReceiptsAndUploadsBecomeEvents) {
  on();
  b().arrive();
  const auto id = b().view()->focus->id;
  b().leave();
  EXPECT_GT(b().centre.told, 0);
  b().centre.callbacks().on_uploaded(5);
  Acknowledged receipt;
  receipt.receipt = "r-1";
  receipt.crossing = id;
  receipt.up_to = 5;
  b().centre.callbacks().on_receipt(receipt);
  central::Status status;
  status.online = true;
  status.events_waiting = 6;
  status.watch_list_as_of_wall_us = 42;
  b().centre.callbacks().on_status(status);
  b().pass_ms(100);
  EXPECT_EQ(b().all<Uploaded>().at(0).second.up_to, 5);
  EXPECT_EQ(b().all<Acknowledged>().at(0).first.crossing, id);
  EXPECT_TRUE(b().view()->recent.at(0).acknowledged);
  EXPECT_TRUE(b().view()->line.online);
  EXPECT_EQ(b().view()->line.events_waiting, 6);
  EXPECT_EQ(b().view()->line.watch_list_as_of_wall_us, 42);
}

}  // namespace
}  // namespace torugart::tests
