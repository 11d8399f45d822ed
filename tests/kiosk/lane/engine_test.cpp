// Sessions, refusals, durability, restarts, and when a view is published.
#include <algorithm>
#include <filesystem>

#include "imaging/core/scan_image.h"
#include "imaging/files/dicos.h"
#include "tests/kiosk/lane/bench.h"

namespace torugart::tests {
namespace {

class Engine : public testing::Test {
 protected:
  Engine() {
    b.start();
    b.pass_ms(300);
  }
  Bench b;
};

TEST_F(Engine, NothingIsDoneBeforeSignIn) {
  EXPECT_EQ(b.post(OpenCrossing{}).why_not, "Sign in first");
  b.sign_in("ivanova", "9999");
  EXPECT_FALSE(b.view()->session.actor);
  EXPECT_EQ(b.view()->session.problem, "Account or PIN is not right");
  b.sign_in();
  ASSERT_TRUE(b.view()->session.actor);
  EXPECT_EQ(b.view()->session.language, "en");
  EXPECT_EQ(b.all<SignedIn>().size(), 1U);
}

TEST_F(Engine, FiveWrongPinsAreShownAsALock) {
  for (int i = 0; i < 5; ++i)
    b.sign_in("ivanova", "9999");
  EXPECT_GT(b.view()->session.locked_until_mono_us, b.clock.now().mono_us);
}

TEST_F(Engine, CommandsThatTheRulesForbidAreRefusedWithTheirReason) {
  b.sign_in();
  b.arrive();
  EXPECT_EQ(b.post(Release{}).why_not, "Confirm the numbers first");
  EXPECT_EQ(b.post(Decide{}).why_not, "Confirm the numbers first");
  EXPECT_EQ(b.post(Release{}, std::nullopt, "no-such-crossing").why_not, "This crossing is closed");
  EXPECT_TRUE(b.all<Released>().empty());
}

TEST_F(Engine, TheSecondPersonIsAnotherAccountWithItsOwnPinAndRank) {
  b.sign_in();
  b.arrive();
  b.confirm();
  b.assessed(LaneColour::red, true);
  const Reroute lighter{LaneColour::green, "empty truck"};
  EXPECT_EQ(b.post(lighter).why_not, "A second person must agree");
  EXPECT_EQ(b.post(lighter, lane::SecondPerson{"chief", "0000"}).why_not, "Account or PIN is not right");
  EXPECT_EQ(b.post(lighter, lane::SecondPerson{"ivanova", "1111"}).why_not,
            "The second person must be somebody else");
  EXPECT_EQ(b.post(lighter, lane::SecondPerson{"petrov", "2222"}).why_not, "The second person must be a supervisor");
  EXPECT_TRUE(b.all<LaneRerouted>().empty());
  EXPECT_TRUE(b.post(lighter, b.chief()).ok);
  EXPECT_EQ(b.all<LaneRerouted>().at(0).first.second, "chief");
}

TEST_F(Engine, AShiftHandedOverInMidCrossingIsAnEventOfTheCrossing) {
  b.sign_in();
  b.arrive();
  b.confirm();
  b.engine().sign_out();
  b.pump();
  EXPECT_EQ(b.view()->session.last_account_name, "A. Ivanova");
  EXPECT_TRUE(b.view()->focus) << "the truck stays where it is";
  b.sign_in("petrov", "2222");
  const auto handed = b.all<HandedOver>();
  ASSERT_EQ(handed.size(), 1U);
  EXPECT_EQ(handed[0].second.from, "ivanova");
  EXPECT_EQ(handed[0].second.to, "petrov");
  EXPECT_EQ(handed[0].first.crossing, b.view()->focus->id);
  b.sign_in("chief", "3333");  // without signing out
  EXPECT_EQ(b.all<SignedOut>().back().second.why, "handed over");
  EXPECT_EQ(b.all<HandedOver>().size(), 2U);
}

TEST_F(Engine, SomethingIsDoneOnlyWhenItIsOnTheDisk) {
  b.sign_in();
  b.arrive();
  b.ledger.break_disk();
  const auto answer = b.confirm();
  EXPECT_FALSE(answer.done) << "not on the disk yet";
  EXPECT_TRUE(b.view()->focus->identity_confirmed) << "the lane goes on all the same";
  b.pass_ms(500);
  EXPECT_EQ(b.view()->storage.trouble, "The disk is full");
  EXPECT_LT(b.view()->storage.durable_seq, b.view()->storage.last_seq);
  b.ledger.mend_disk();
  b.pass_ms(500);
  EXPECT_TRUE(b.outcome(answer.ticket).done && b.outcome(answer.ticket).ok);
  EXPECT_TRUE(b.view()->storage.trouble.empty());
  EXPECT_EQ(b.view()->storage.durable_seq, b.view()->storage.last_seq);
}

TEST_F(Engine, AJournalThatWritesOnAfterTheEngineIsGoneFindsNobody) {
  b.ledger.break_disk();
  b.arrive();
  b.crash();
  b.ledger.mend_disk();  // calls back
  EXPECT_EQ(b.all<Arrived>().size(), 1U);
}

TEST_F(Engine, AJournalThatTakesNoMoreStopsCommandsAndLosesNothing) {
  b.sign_in();
  b.arrive();
  b.ledger.fill_up(true);
  b.leave();
  EXPECT_TRUE(b.all<Departed>().empty());
  EXPECT_NE(b.confirm().why_not.find("The record cannot be written"), std::string::npos);
  EXPECT_EQ(b.view()->storage.trouble, "Too much waits for the disk");
  b.ledger.fill_up(false);
  b.pass_ms(500);
  EXPECT_EQ(b.all<Departed>().size(), 1U);
  EXPECT_FALSE(b.view()->focus);
}

TEST_F(Engine, ARestartInMidCrossingStandsWhereItStood) {
  b.sign_in();
  b.arrive();
  b.confirm();
  b.assessed(LaneColour::yellow, false);
  const auto before = *b.view()->focus;
  const auto boot = b.ledger.events().back().boot;
  b.crash();
  b.start();
  b.pass_ms(300);
  ASSERT_TRUE(b.view()->focus);
  EXPECT_EQ(b.view()->focus->id, before.id);
  EXPECT_EQ(b.view()->focus->stage, before.stage);
  EXPECT_EQ(b.view()->focus->colour, LaneColour::yellow);
  EXPECT_FALSE(b.view()->session.actor);
  EXPECT_EQ(b.view()->session.last_account_name, "A. Ivanova");
  b.signals->loop(hal::LoopPlace::arrival, true);  // the first report after the start
  b.pass_ms(100);
  EXPECT_TRUE(b.view()->others_open.empty()) << "it is the same truck";
  b.sign_in("petrov", "2222");
  EXPECT_EQ(b.all<HandedOver>().size(), 1U);
  EXPECT_NE(b.ledger.events().back().boot, boot);
  b.leave();
  b.arrive();
  EXPECT_NE(b.view()->focus->id, before.id);
  EXPECT_EQ(b.view()->focus->id.substr(b.view()->focus->id.size() - 4), "0002") << "the numbers go on";
}

TEST_F(Engine, ARestartWithoutAnAnswerAsksForTheRiskAgain) {
  b.sign_in();
  b.arrive();
  b.confirm();
  b.crash();
  b.start();
  b.pump();
  ASSERT_EQ(b.centre.queries.size(), 2U);
  b.assessed(LaneColour::green, false);
  EXPECT_EQ(b.view()->focus->colour, LaneColour::green);
}

TEST_F(Engine, ARestartInMidScanEndsTheScanAsInterruptedAndVoidsTheClearance) {
  b.sign_in();
  b.arrive();
  b.confirm();
  b.assessed(LaneColour::red, true);
  ASSERT_TRUE(b.clear_and_ask().ok);
  b.beam();
  b.crash();
  EXPECT_TRUE(b.all<ScanCompleted>().empty());
  b.start();
  b.pass_ms(300);
  ASSERT_EQ(b.all<ScanCompleted>().size(), 1U);
  EXPECT_EQ(b.all<ScanCompleted>()[0].second.end, "interrupted");
  EXPECT_FALSE(b.view()->focus->area_cleared);
  b.sign_in();
  EXPECT_EQ(b.post(AskScan{}).why_not, "Say first that the area is clear");
  ASSERT_TRUE(b.clear_and_ask().ok);
  EXPECT_NE(b.xray->requests.back().scan, b.all<ScanCompleted>()[0].second.scan)
      << "a scan's name is never used twice";
}

TEST_F(Engine, ARestartAfterTheScanBringsThePictureBackAndTheReportStillPointsToIt) {
  b.sign_in();
  b.arrive();
  b.confirm();
  b.assessed(LaneColour::red, true);
  ASSERT_TRUE(b.clear_and_ask().ok);
  b.beam();
  b.end_scan();
  const auto columns = b.all<ScanCompleted>().at(0).second.columns;
  b.crash();
  b.start();
  b.pass_ms(300);
  ASSERT_EQ(b.view()->images.size(), 1U);
  EXPECT_EQ(b.view()->images[0].image->columns(), columns);
  EXPECT_TRUE(b.view()->images[0].image->statistics.calibrated);
  b.sign_in();
  const auto decided = b.post(Decide{Verdict::suspect, ""});
  EXPECT_TRUE(decided.ok) << decided.why_not;
  EXPECT_TRUE(b.all<Decided>().at(0).second.tdr) << decided.detail;
}

TEST_F(Engine, AnEarlierScanOfTheNumberAndPicturesOfTheLibraryAreThereToCompareWith) {
  const auto scanned = [&](const std::string& plate) {
    b.arrive();
    b.confirm(plate);
    b.assessed(LaneColour::red, true);
    ASSERT_TRUE(b.clear_and_ask().ok);
    b.beam();
    b.end_scan();
    b.pass_ms(300);
  };
  const auto gone = [&] {
    ASSERT_TRUE(b.post(Decide{Verdict::clear, ""}).ok);
    ASSERT_TRUE(b.post(Release{}).ok);
    b.leave();
    ASSERT_FALSE(b.view()->focus);
  };
  b.sign_in();
  scanned("123ABC02");
  const auto first = b.view()->focus->id;
  const auto picture = b.view()->images.at(0).image;
  EXPECT_EQ(b.view()->images.size(), 1U) << "there is nothing earlier yet";
  gone();
  scanned("777AAA02");
  EXPECT_EQ(b.view()->images.size(), 1U) << "another plate";
  gone();
  scanned("123ABC02");
  const auto now = b.view()->focus->id;
  ASSERT_EQ(b.view()->images.size(), 2U);
  const auto earlier = b.view()->images[1];
  EXPECT_EQ(earlier.earlier_of, now);
  EXPECT_EQ(earlier.crossing, first);
  EXPECT_EQ(earlier.matched, "123ABC02");
  EXPECT_EQ(earlier.image->columns(), picture->columns());

  const auto library = std::filesystem::path(b.config.work_folder) / "library";
  std::filesystem::create_directories(library);
  imaging::ScanMetadata metadata;
  metadata.ooi_id = metadata.scan_id = metadata.uid_seed = "empty";
  metadata.scan_start = imaging::DicomTime::from_unix_us(1'795'000'000'000'000);
  ASSERT_TRUE(imaging::write_dicos(*picture, metadata, library, "empty-box", imaging::Compression::jpeg_ls));
  b.crash();
  b.config.library_folder = library.string();
  b.start();
  b.pass_ms(300);
  b.sign_in();
  EXPECT_EQ(b.view()->library, std::vector<std::string>{"empty-box"});
  b.engine().want_reference(now, "../../etc/passwd");  // only what was listed
  b.engine().want_reference(now, "empty-box");
  b.pass_ms(300);
  const auto view = b.view();
  const auto reference = std::find_if(view->images.begin(), view->images.end(),
                                      [](const lane::ImageView& i) { return i.reference == "empty-box"; });
  ASSERT_NE(reference, view->images.end());
  EXPECT_EQ(reference->earlier_of, now);
  EXPECT_EQ(reference->image->columns(), picture->columns());
  gone();
  EXPECT_TRUE(b.view()->images.empty()) << "what was compared with goes with the truck";
}

TEST_F(Engine, AnIdleLanePublishesNothing) {
  b.sign_in();
  b.pass_ms(2000);
  int published = 0;
  b.engine().on_change([&] { ++published; });
  const auto version = b.view()->version;
  b.pass_ms(10'000);  // the chain reports a hundred times
  EXPECT_EQ(b.view()->version, version);
  EXPECT_EQ(published, 0);
}

TEST_F(Engine, FramesPublishAtMostTwentyTimesASecondAndNotBeforeSignIn) {
  b.pass_ms(2000);
  auto version = b.view()->version;
  b.cameras["front"]->frame(1);
  b.pass_ms(200);
  EXPECT_EQ(b.view()->version, version) << "nobody looks at pictures on the sign-in screen";
  b.sign_in();
  b.pass_ms(200);
  version = b.view()->version;
  for (int i = 0; i < 100; ++i) {  // one second, a frame every 10 ms
    b.clock.advance_us(10'000);
    b.cameras["front"]->frame(1);
    b.pump();
  }
  EXPECT_LE(b.view()->version, version + 21);
  EXPECT_GE(b.view()->version, version + 15);
}

TEST_F(Engine, AJumpOfTheWallClockIsRecorded) {
  b.clock.set_wall_us(b.clock.now().wall_us + 7'200'000'000);
  b.pass_ms(100);
  ASSERT_EQ(b.all<ClockJumped>().size(), 1U);
  EXPECT_EQ(b.all<ClockJumped>()[0].second.by_us, 7'200'000'000);
}

TEST_F(Engine, LookingAtARecordIsRecorded) {
  b.sign_in();
  b.arrive();
  const auto id = b.view()->focus->id;
  b.confirm();
  b.leave();
  b.engine().search("123ABC");
  b.pump();
  ASSERT_EQ(b.view()->search.rows.size(), 1U);
  EXPECT_FALSE(b.view()->search.running);
  b.engine().open_record(id);
  b.pump();
  ASSERT_TRUE(b.view()->record.fold);
  EXPECT_GE(b.view()->record.events.size(), 3U);
  EXPECT_EQ(b.all<RecordViewed>().at(0).second.crossing, id);
  EXPECT_EQ(b.all<RecordViewed>().at(0).first.actor, "ivanova");
  b.engine().open_record("nothing");
  b.pump();
  EXPECT_FALSE(b.view()->record.problem.empty());
}

TEST_F(Engine, TheJournalIsVerifiedAtTheStartAndOnRequest) {
  EXPECT_TRUE(b.view()->journal_verified);
  b.sign_in();
  b.engine().verify_journal();
  b.pass_ms(100);
  EXPECT_EQ(b.view()->journal_verified_up_to, b.ledger.last_seq());
}

TEST(EngineSettings, IdleSignsOutButNotWhileAScanRuns) {
  Bench b;
  b.config.limits.idle_sign_out_us = 60'000'000;
  b.start();
  b.pass_ms(300);
  b.sign_in();
  b.pass_ms(50'000);
  b.engine().still_here();
  b.pass_ms(50'000);
  EXPECT_TRUE(b.view()->session.actor);
  b.pass_ms(20'000);
  EXPECT_FALSE(b.view()->session.actor);
  EXPECT_EQ(b.all<SignedOut>().at(0).second.why, "idle");
}

TEST(EngineSettings, ADeviceThatCannotBeOpenedStopsNothing) {
  Bench b;
  b.start();
  EXPECT_FALSE(b.view()->devices.empty());
  EXPECT_TRUE(b.view()->simulated);
  lane::LaneEngineConfig config;
  config.lane_id = "Kordai 2";
  EXPECT_FALSE(LaneEngine::make(config, {}));
}

// The same engine with its own threads; run under ThreadSanitizer.
TEST(EngineThreads, WalkATruckThroughWithEveryThreadRunning) {
  Bench b({}, true);
  b.script[1] = {{"123ABC02", "KZ"}};
  b.start();
  std::atomic<int> changes{0};
  b.engine().on_change([&] { ++changes; });
  std::int64_t step_us = 5'000;
  const auto until = [&](const std::function<bool(const LaneView&)>& done) {
    for (int i = 0; i < 20'000; ++i) {
      b.clock.advance_us(step_us);
      if (i % 5 == 0) b.safety->report();
      if (i % 7 == 0) b.cameras["front"]->frame(1);
      if (done(*b.view())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  };
  b.engine().sign_in("ivanova", "1111");
  ASSERT_TRUE(until([](const LaneView& v) { return v.session.actor.has_value(); }));
  b.signals->loop(hal::LoopPlace::arrival, true);
  ASSERT_TRUE(until([](const LaneView& v) { return !v.reads.empty() && v.reads[0].sure; }));
  const auto id = b.view()->focus->id;
  Number number;
  number.text = "123ABC02";
  b.engine().post(id, ConfirmIdentity{{number}});
  ASSERT_TRUE(until([](const LaneView& v) { return v.assessing; }));
  b.centre.answer(0, LaneColour::red, true);
  ASSERT_TRUE(until([](const LaneView& v) { return v.focus->risk && v.facts.chain_closed; }));
  step_us = 100;  // while a scan runs: a busy machine must not look like a silent chain
  b.safety->report();
  b.engine().post(id, ClearArea{});
  b.engine().post(id, AskScan{});
  ASSERT_TRUE(until([](const LaneView& v) { return v.scan.state == lane::ScanState::requested; }));
  b.xray->phase(hal::ScanPhase::beam_on);
  b.xray->calibration_lines();
  b.xray->lines(hal::LineKind::object, 96, 9'000);
  ASSERT_TRUE(until([](const LaneView& v) { return v.scan.lines > 0; }));
  b.xray->phase(hal::ScanPhase::ended);
  ASSERT_TRUE(until([](const LaneView& v) { return v.focus->usable_scan(); }));
  step_us = 5'000;
  b.engine().post(id, Decide{Verdict::clear, ""});
  ASSERT_TRUE(until([](const LaneView& v) { return v.focus->decision.has_value(); }));
  b.engine().search("123");
  b.engine().post(id, Release{});
  ASSERT_TRUE(until([](const LaneView& v) { return v.focus->released; }));
  b.signals->loop(hal::LoopPlace::departure, true);
  b.signals->loop(hal::LoopPlace::departure, false);
  ASSERT_TRUE(until([](const LaneView& v) { return !v.focus; }));
  EXPECT_GT(changes, 0);
  b.engine().stop();
  b.cameras["front"]->frame(1);  // closed: nobody is called any more
}

}  // namespace
}  // namespace torugart::tests
