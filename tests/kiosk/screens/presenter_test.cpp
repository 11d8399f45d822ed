// Presenters are pure: a snapshot in, words and offers out. No window here.
#include <gtest/gtest.h>

#include <algorithm>

#include "kiosk/screens/act_form.h"
#include "kiosk/screens/crossing_presenter.h"
#include "kiosk/screens/frame_presenter.h"
#include "kiosk/screens/health_presenter.h"
#include "kiosk/screens/next_step_presenter.h"
#include "kiosk/screens/numbers_presenter.h"
#include "kiosk/screens/queue_presenter.h"
#include "kiosk/screens/records_presenter.h"
#include "kiosk/screens/review_presenter.h"
#include "kiosk/screens/scan_presenter.h"
#include "kiosk/screens/sign_in_presenter.h"
#include "kiosk/screens/tone_strip.h"
#include "kiosk/screens/words.h"
#include "tests/support/fake_lane.h"

namespace torugart::screens {
namespace {

using namespace inspection;
using tests::FakeLane;

struct Presenters : testing::Test {
  void SetUp() override {
    setenv("TZ", "UTC", 1);
    lane.sign_in("ivanova", "2468");
  }
  NextMove next(ScreenName on = ScreenName::lane) {
    return next_move(lane.state, on, number_slots(lane.state, choices), statement, false);
  }
  void press(const NextMove& move) {
    ASSERT_TRUE(move.command) << move.words << ": " << move.reason;
    lane.post(lane.state.focus ? lane.state.focus->id : "", *move.command, {});
  }
  // A truck with confirmed numbers and this risk.
  void assessed(LaneColour colour, bool scan_required = false) {
    lane.risk.colour = colour;
    lane.risk.scan_required = scan_required;
    lane.arrive();
    lane.read_all();
    press(next());
  }
  void scanned(LaneColour colour = LaneColour::red) {
    assessed(colour, true);
    const auto id = lane.state.focus->id;
    lane.post(id, ClearArea{ClearedHow::walked, DriverPlace::out}, {});
    lane.post(id, AskScan{}, {});
    lane.run_scan(1000);
    lane.end_scan();
  }
  FakeLane lane;
  SlotChoices choices;
  AreaStatement statement;
};

TEST_F(Presenters, AnEmptyLaneSaysWhyNothingCanBePressed) {
  const auto move = next();
  EXPECT_EQ(move.words, "Confirm numbers");
  EXPECT_EQ(move.reason, "No truck in the lane");
  EXPECT_FALSE(move.command);
}

TEST_F(Presenters, ALaneWorkedByHandOffersToOpenACrossing) {
  lane.state.works_by_hand = true;
  EXPECT_TRUE(std::holds_alternative<OpenCrossing>(*next().command));
}

TEST_F(Presenters, SureNumbersAreConfirmedAsTheyAre) {
  lane.arrive();
  lane.read_all();
  const auto move = next();
  ASSERT_TRUE(move.command) << move.reason;
  const auto& numbers = std::get<ConfirmIdentity>(*move.command).numbers;
  ASSERT_EQ(numbers.size(), 3U);
  EXPECT_EQ(numbers[0].text, "123ABC02");
  EXPECT_FALSE(numbers[0].corrected);
}

TEST_F(Presenters, ADoubtfulReadingBlocksUntilSomebodyLooked) {
  lane.arrive();
  lane.read_all(false);
  EXPECT_EQ(next().reason, "Check: Front plate");
  const auto slots = number_slots(lane.state, choices);
  EXPECT_EQ(slots[0].doubtful, std::vector<int>{3});
  EXPECT_EQ(slots[0].candidates.size(), 3U);
  choices[slots[0].key] = {.touched = true, .text = "123A8C02", .country = "KZ"};
  const auto move = next();
  ASSERT_TRUE(move.command);
  const auto& number = std::get<ConfirmIdentity>(*move.command).numbers[0];
  EXPECT_EQ(number.text, "123A8C02");
  EXPECT_EQ(number.read, "123ABC02");
  EXPECT_TRUE(number.corrected);
}

TEST_F(Presenters, ANumberThatIsNotThereIsLeftOut) {
  lane.arrive();
  lane.read_all(false);
  choices[{NumberKind::plate, Place::front}] = {.touched = true, .absent = true};
  const auto numbers = numbers_to_confirm(number_slots(lane.state, choices));
  ASSERT_EQ(numbers.size(), 2U);
  EXPECT_EQ(numbers[0].text, "45KLM02");
}

TEST_F(Presenters, NothingReadAsksForTyping) {
  lane.arrive();
  EXPECT_EQ(next().reason, "No number was read: type one");
  choices[{NumberKind::plate, Place::front}] = {.touched = true, .typed = true, .text = normalised("777 aaa-02")};
  const auto move = next();
  ASSERT_TRUE(move.command);
  EXPECT_EQ(std::get<ConfirmIdentity>(*move.command).numbers[0].text, "777AAA02");
}

TEST_F(Presenters, AGreenTruckIsReleasedNext) {
  assessed(LaneColour::green);
  const auto move = next();
  EXPECT_EQ(move.words, "Release truck");
  EXPECT_TRUE(move.hold);
  press(move);
  EXPECT_TRUE(lane.state.focus->released);
  EXPECT_EQ(next().words, "Say that it has left");
}

TEST_F(Presenters, WhileTheCentreIsAskedTheButtonWorks) {
  lane.answer_risk = false;
  lane.arrive();
  lane.read_all();
  press(next());
  EXPECT_TRUE(next().busy);
  lane.state.assessing = false;
  EXPECT_TRUE(std::holds_alternative<AskRisk>(*next().command));
}

TEST_F(Presenters, AScanIsPreparedStepByStepAndSaysWhatIsMissing) {
  assessed(LaneColour::red, true);
  EXPECT_EQ(next().go, ScreenName::review);
  EXPECT_EQ(next(ScreenName::review).reason, "Say how it was cleared");
  statement.how = ClearedHow::walked;
  EXPECT_EQ(next(ScreenName::review).reason, "Say where the driver is");
  statement.driver = DriverPlace::out;
  press(next(ScreenName::review));
  EXPECT_EQ(next(ScreenName::review).words, "Ask for scan");
  EXPECT_TRUE(next(ScreenName::review).hold);
  lane.state.facts.chain_closed = false;
  lane.state.facts.chain_says = "Interlock 3 open";
  EXPECT_EQ(next(ScreenName::review).reason, "Interlock 3 open");
  EXPECT_FALSE(next(ScreenName::review).command);
}

TEST_F(Presenters, AContactOfAStaleChainCountsAsUnknown) {
  auto panel = scan_panel(lane.state);
  EXPECT_EQ(panel.chain.words, "All contacts closed");
  EXPECT_EQ(panel.contacts[0].state, touch::Contact::closed);
  lane.state.now.mono_us += 600'000;
  panel = scan_panel(lane.state);
  EXPECT_EQ(panel.chain.words, "No fresh reading of the chain");
  EXPECT_EQ(panel.contacts[0].state, touch::Contact::unknown);
  lane.state.chain.reset();
  EXPECT_EQ(scan_panel(lane.state).chain.words, "The safety chain says nothing");
}

TEST_F(Presenters, TheCountdownIsOfTheWarning) {
  lane.state.scan.state = lane::ScanState::warning;
  lane.state.scan.warning_ends_mono_us = lane.state.now.mono_us + 2'100'000;
  const auto panel = scan_panel(lane.state);
  EXPECT_EQ(panel.beam.words, "Beam in 3 s");
  EXPECT_NEAR(panel.countdown, 0.58F, 0.01F);
}

TEST_F(Presenters, TheScanBecomesTheReview) {
  assessed(LaneColour::red, true);
  EXPECT_EQ(picture_mode(lane.state), PictureMode::ask);
  const auto id = lane.state.focus->id;
  lane.post(id, ClearArea{}, {});
  lane.post(id, AskScan{}, {});
  EXPECT_EQ(picture_mode(lane.state), PictureMode::scanning);
  lane.run_scan(500);
  EXPECT_EQ(picture_mode(lane.state), PictureMode::scanning);
  lane.end_scan();
  EXPECT_EQ(picture_mode(lane.state), PictureMode::picture);
  const auto images = std::move(lane.state.images);
  lane.state.images.clear();
  EXPECT_EQ(picture_mode(lane.state), PictureMode::loading);
}

TEST_F(Presenters, AYellowTruckNeedsItsDocuments) {
  assessed(LaneColour::yellow);
  EXPECT_EQ(next().words, "Documents in order");
  EXPECT_EQ(next().reason, "Check the documents first");
  lane.post(lane.state.focus->id, PresentDocument{{"SAD", "55301/1", "typed"}}, {});
  press(next());
  EXPECT_EQ(next().words, "Release truck");
}

TEST_F(Presenters, StepsTellWhatIsDoneAndWhatWaits) {
  assessed(LaneColour::red, true);
  lane.state.now.wall_us += 65'000'000;
  const auto steps = steps_of(*lane.state.focus, lane.state);
  ASSERT_EQ(steps.size(), 10U);
  EXPECT_EQ(steps[1].state, touch::StepState::done);
  EXPECT_EQ(steps[3].detail, "Red");
  EXPECT_EQ(steps[6].state, touch::StepState::current);
  EXPECT_EQ(steps[6].time, "1:05");
  EXPECT_EQ(steps[9].state, touch::StepState::waiting);
}

TEST_F(Presenters, TheRiskSaysWhereItComesFrom) {
  lane.risk.profiles = {{"P12", "Origin differs"}};
  lane.risk.holds = {{"h1", "Veterinary", "Papers"}};
  assessed(LaneColour::green);
  lane.state.now.wall_us += 4'000'000;
  auto risk = risk_of(*lane.state.focus, lane.state);
  EXPECT_EQ(risk.source, "Centre, 4 s ago");
  EXPECT_EQ(risk.profiles[0], "P12 · Origin differs");
  EXPECT_FALSE(risk.holds[0].lifted);
  auto offline = *lane.state.focus;
  offline.risk->source = RiskSource::watch_list;
  EXPECT_NE(risk_of(offline, lane.state).source.find("offline"), std::string::npos);
}

TEST_F(Presenters, TheBarTellsTheLineAndTheDevices) {
  auto bar = top_bar(lane.state);
  EXPECT_EQ(bar.line.words, "line ok");
  EXPECT_EQ(bar.devices.words, "devices ok");
  EXPECT_EQ(bar.simulated, "SIMULATED");
  lane.state.line.online = false;
  lane.state.line.events_waiting = 6;
  lane.state.devices[0].health.state = hal::DeviceState::faulted;
  bar = top_bar(lane.state);
  EXPECT_EQ(bar.line.words, "offline since 05:00 · 6 waiting");
  EXPECT_EQ(bar.devices.words, "1 device down");
  EXPECT_EQ(bar.devices.tone, touch::Tone::red);
}

TEST_F(Presenters, AnAlarmNamesItsDetector) {
  EXPECT_FALSE(alarm_of(lane.state));
  lane.state.radiation.alarm = true;
  lane.state.radiation.sigma = 7.2;
  lane.state.radiation.detector = 3;
  lane.state.radiation.since_wall_us = lane.state.now.wall_us;
  EXPECT_EQ(alarm_of(lane.state)->detail, "gamma 7.2 σ · detector 3 · 06:00:00");
}

TEST_F(Presenters, EveryActSaysWhatIsMissingAndThenMakesItsCommand) {
  lane.risk.holds = {{"h1", "Veterinary", "Papers"}};
  assessed(LaneColour::red, true);
  const auto& c = *lane.state.focus;
  for (int k = 0; k <= static_cast<int>(ActKind::departed); ++k) {
    const Act act{static_cast<ActKind>(k), c.numbers[0], "h1"};
    const auto form = form_of(act, c);
    EXPECT_FALSE(form.title.empty());
    EXPECT_FALSE(form.confirm.empty());
    ActInput input;
    if (!form.groups.empty() || form.field) {
      EXPECT_FALSE(command_of(act, input, c).command) << form.id;
      EXPECT_FALSE(command_of(act, input, c).missing.empty()) << form.id;
    }
    input.picked.assign(form.groups.size(), 0);
    input.text = act.kind == ActKind::enter_weight ? "38420" : "999zzz 01";
    const auto made = command_of(act, input, c);
    EXPECT_TRUE(made.command) << form.id << ": " << made.missing;
  }
  const auto made = command_of({ActKind::edit_number, c.numbers[0], ""}, {{0}, "999zzz 01"}, c);
  EXPECT_EQ(std::get<EditNumber>(*made.command).after.text, "999ZZZ01");
  EXPECT_EQ(std::get<EditNumber>(*made.command).reason, "Misread");
}

TEST_F(Presenters, ADecisionIsOfferedOnceThereIsAPicture) {
  scanned();
  auto bar = decision_bar(lane.state);
  EXPECT_TRUE(bar.open);
  EXPECT_TRUE(bar.clear.enabled);
  EXPECT_TRUE(bar.suspect.enabled);
  lane.post(lane.state.focus->id, Decide{Verdict::clear, {}}, {});
  bar = decision_bar(lane.state);
  EXPECT_FALSE(bar.open);
  EXPECT_EQ(bar.decided, "Decided: Clear");
}

TEST_F(Presenters, AidsSayHowSureInWordsNeverInPercent) {
  EXPECT_EQ(sureness(0.9), "stands out clearly");
  EXPECT_EQ(sureness(0.5), "stands out");
  EXPECT_EQ(sureness(0.1), "faint");
  scanned();
  const auto drawer = drawer_of(lane.state, *lane.state.focus, &lane.state.images.back(), true);
  ASSERT_EQ(drawer.aids.size(), 2U);
  for (const auto& aid : drawer.aids)
    EXPECT_EQ(aid.detail.find('%'), std::string::npos);
  EXPECT_TRUE(drawer.aids[0].at);
}

TEST_F(Presenters, ASecondLookIsBlindUntilTheOwnVerdict) {
  scanned();
  const auto id = lane.state.focus->id;
  lane.post(id, Decide{Verdict::suspect, {}}, {});
  ASSERT_EQ(lane.state.queue.size(), 1U);
  const auto& c = lane.state.queue[0];
  EXPECT_FALSE(second_look(lane.state, c, {}).may_look);  // the same person
  lane.sign_in("seitova", "2468");
  auto shown = second_look(lane.state, c, {});
  EXPECT_TRUE(shown.may_look);
  EXPECT_FALSE(shown.revealed);
  EXPECT_TRUE(shown.first_verdict.empty());
  EXPECT_TRUE(shown.first_by.empty());
  EXPECT_TRUE(must_stay_blind(c, *lane.state.session.actor));
  // Nor do the steps of the lane say it.
  for (const auto& step : steps_of(c, lane.state))
    EXPECT_EQ(step.detail.find("Suspect"), std::string::npos) << step.id;
  shown = second_look(lane.state, c, Verdict::clear);
  EXPECT_TRUE(shown.revealed);
  EXPECT_EQ(shown.first_verdict, "Suspect");
  EXPECT_EQ(shown.first_by, "ivanova");
}

TEST_F(Presenters, NoAgreementIsClaimedWithoutASecondLook) {
  EXPECT_TRUE(figure_lines(nullptr).empty());
  reports::ShiftFigures f;
  f.arrived = 12;
  auto has = [](const std::vector<FigureLine>& lines, const char* name) {
    return std::any_of(lines.begin(), lines.end(), [&](const auto& l) { return l.name == name; });
  };
  EXPECT_FALSE(has(figure_lines(&f), "The two agreed"));
  f.agreement.reviewed = 4;
  f.agreement.agreed = 3;
  EXPECT_TRUE(has(figure_lines(&f), "The two agreed"));
}

TEST_F(Presenters, SignInTellsWhatIsUnfinished) {
  lane.arrive();
  lane.sign_out();
  auto shown = sign_in(lane.state, FakeLane::accounts(), "");
  EXPECT_EQ(shown.people.size(), 3U);
  EXPECT_FALSE(shown.pin_enabled);
  EXPECT_EQ(shown.message, "Choose your name");
  EXPECT_EQ(shown.unfinished.size(), 1U);
  lane.state.session.locked_until_mono_us = lane.state.now.mono_us + 30'000'000;
  shown = sign_in(lane.state, FakeLane::accounts(), "ivanova");
  EXPECT_FALSE(shown.pin_enabled);
  EXPECT_EQ(shown.message, "Too many wrong PINs. Wait 0:30");
}

TEST_F(Presenters, EveryEventOfACrossingHasItsWords) {
  scanned();
  lane.post(lane.state.focus->id, Decide{Verdict::clear, {}}, {});
  lane.post(lane.state.focus->id, Release{}, {});
  lane.open_record("c1");
  const auto rows = time_line(lane.state.record, lane.state.devices);
  EXPECT_GE(rows.size(), 8U);
  for (const auto& row : rows)
    EXPECT_FALSE(row.words.empty());
  Event event;
  event.payload = SignedIn{"ivanova"};
  EXPECT_FALSE(time_line_row(event, {}));
}

TEST_F(Presenters, HealthPutsTheBrokenFirstAndCountsTrucksNotBytes) {
  lane.state.devices[4].health.state = hal::DeviceState::faulted;
  const auto lines = device_lines(lane.state);
  EXPECT_EQ(lines[0].id, "chain");
  const auto facts = health_facts(lane.state);
  EXPECT_EQ(facts[0].value, "6400 trucks fit");
  EXPECT_EQ(facts[2].value, "Nothing");
  lane.state.storage.trucks_that_fit = 3;
  EXPECT_EQ(health_facts(lane.state)[0].tone, touch::Tone::red);
  lane.state.storage.full = true;
  EXPECT_EQ(health_facts(lane.state)[0].value, "Full: no new scan");
  EXPECT_EQ(top_bar(lane.state).devices.words, "disk full: no new scan");
}

TEST(Words, TimesAndAges) {
  setenv("TZ", "UTC", 1);
  EXPECT_EQ(time_of_day(1'764'050'400'000'000), "06:00:00");
  EXPECT_EQ(time_of_day(0), "–");
  EXPECT_EQ(duration(65'000'000), "1:05");
  EXPECT_EQ(duration(3'725'000'000), "1:02:05");
  EXPECT_EQ(age(4'000'000), "4 s");
  EXPECT_EQ(age(7'200'000'000), "2 h");
  EXPECT_EQ(kilograms(38420), "38\u00A0420 kg");
  EXPECT_EQ(kilograms(420), "420 kg");
}

TEST(ToneStrip, PositionAndTransmissionAreInverse) {
  for (const float t : {0.001F, 0.02F, 0.5F, 1.0F})
    EXPECT_NEAR(strip_transmission(strip_position(t)), t, t * 1e-3F);
}

}  // namespace
}  // namespace torugart::screens
