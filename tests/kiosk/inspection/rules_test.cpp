#include <gtest/gtest.h>

#include "tests/kiosk/inspection/walk.h"

namespace torugart::inspection {
namespace {

using Against = std::vector<std::string>;

TEST(Walks, GreenTruckIsTwoTouches) {
  Walk w;
  w.arrive(LaneColour::green);
  EXPECT_EQ(w.crossing.stage, Stage::release);
  EXPECT_TRUE(w.does(Release{}, kAnna));
  EXPECT_EQ(w.crossing.stage, Stage::leaving);
  EXPECT_FALSE(std::get<Released>(w.events.back().payload).exceptional);
  ASSERT_TRUE(w.crossing.decision) << "who lets it go has cleared it";
  EXPECT_EQ(w.crossing.decided_by, kAnna.account);
  w.happens(Departed{});
  EXPECT_EQ(w.crossing.stage, Stage::closed);
}

TEST(Walks, BlueIsAsGreen) {
  Walk w;
  w.arrive(LaneColour::blue);
  EXPECT_TRUE(w.does(Release{}, kAnna));
}

TEST(Walks, YellowNeedsDocumentsAndADecision) {
  Walk w;
  w.arrive(LaneColour::yellow);
  EXPECT_EQ(w.crossing.stage, Stage::review);
  EXPECT_EQ(w.ask(Release{}, kAnna).why_not, "Decide first");
  EXPECT_EQ(w.ask(Decide{}, kAnna).why_not, "Check the documents first");
  EXPECT_TRUE(w.does(PresentDocument{{"TIR", "XC12345678", "typed"}}, kAnna));
  EXPECT_TRUE(w.does(Decide{}, kAnna));
  EXPECT_TRUE(w.does(Release{}, kAnna));
}

TEST(Walks, RedWithAFindingAndASecondLook) {
  Walk w;
  w.arrive(LaneColour::red);
  EXPECT_EQ(w.crossing.stage, Stage::scan);
  EXPECT_EQ(w.ask(Decide{}, kAnna).why_not, "The scan that is required is missing");
  w.scan();
  EXPECT_EQ(w.crossing.stage, Stage::review);
  EXPECT_FALSE(w.crossing.area_cleared.has_value()) << "a clearance is for one pass";
  EXPECT_TRUE(w.does(MarkRegion{{"", "c1-scan-1", 10, 10, 50, 50, MarkKind::cigarettes}}, kAnna));
  EXPECT_TRUE(w.does(Decide{Verdict::suspect, "dense"}, kAnna));
  EXPECT_EQ(w.crossing.stage, Stage::second_look);
  EXPECT_EQ(w.crossing.decision->image_sha256, std::string(64, 'a'));
  EXPECT_EQ(w.ask(Release{}, kAnna, kSvetlana).why_not, "It waits for a second look");
  EXPECT_EQ(w.ask(Review{Verdict::suspect}, kBoris).why_not, "Only a supervisor gives a second look");
  EXPECT_TRUE(w.does(Review{Verdict::suspect, ReviewOutcome::agree}, kSvetlana));
  EXPECT_EQ(w.crossing.stage, Stage::examine);
  EXPECT_EQ(w.ask(Release{}, kAnna).against, Against{"suspect_image"});
  EXPECT_TRUE(w.does(RecordExamination{false, "nothing"}, kBoris));
  EXPECT_EQ(w.crossing.stage, Stage::release);
  EXPECT_TRUE(w.does(Release{}, kAnna));
}

TEST(Walks, ContrabandIsDetained) {
  Walk w;
  w.arrive(LaneColour::red);
  w.scan();
  w.does(Decide{Verdict::suspect}, kAnna);
  w.does(Review{Verdict::suspect}, kSvetlana);
  EXPECT_TRUE(w.does(RecordExamination{true, "40 boxes"}, kBoris));
  EXPECT_EQ(w.crossing.stage, Stage::examine);
  EXPECT_EQ(w.ask(RecordExamination{false, "after all nothing"}, kBoris).why_not,
            "The examination is recorded already");
  EXPECT_TRUE(w.ask(Release{}, kAnna).needs_second);
  EXPECT_TRUE(w.does(Detain{"contraband"}, kAnna));
  EXPECT_EQ(w.ask(Release{}, kAnna, kSvetlana).why_not, "The truck is detained");
  EXPECT_TRUE(w.does(SayDeparted{}, kAnna));
  EXPECT_FALSE(w.crossing.departed_without_release);
}

TEST(Walks, WhoeverDecidedGivesNoSecondLook) {
  Walk w;
  w.arrive(LaneColour::red);
  w.scan();
  EXPECT_TRUE(w.does(Decide{Verdict::suspect}, kSvetlana));
  EXPECT_EQ(w.ask(Review{}, kSvetlana).why_not, "The second look is somebody else's");
  EXPECT_TRUE(w.ask(Review{Verdict::suspect}, kTimur).allowed);
}

TEST(Walks, ASecondLookWithoutADecisionIsNotByWhoeverAskedForIt) {
  Walk w;
  w.arrive(LaneColour::red);
  w.scan();
  EXPECT_TRUE(w.does(RequestReview{"cannot tell"}, kSvetlana));
  EXPECT_EQ(w.crossing.stage, Stage::second_look);
  EXPECT_FALSE(w.ask(Review{}, kSvetlana).allowed);
  EXPECT_TRUE(w.does(Review{Verdict::clear}, kTimur));
  EXPECT_EQ(w.crossing.stage, Stage::release);
}

struct Outcome {
  Verdict first, own;
  ReviewOutcome outcome;
  std::optional<Stage> after;  // nothing: not allowed
};

TEST(Walks, EveryOutcomeOfASecondLook) {
  using enum Verdict;
  using enum ReviewOutcome;
  const Outcome all[] = {
      {suspect, suspect, agree, Stage::examine},
      {suspect, suspect, disagree, Stage::examine},
      {suspect, suspect, physical_examination, Stage::examine},
      {suspect, clear, agree, Stage::examine},  // convinced by the marks
      {suspect, clear, disagree, Stage::release},
      {suspect, clear, physical_examination, Stage::examine},
      {clear, clear, agree, Stage::release},
      {clear, clear, disagree, Stage::release},
      {clear, clear, physical_examination, Stage::examine},
      {clear, suspect, agree, std::nullopt},  // would be to the lighter side
      {clear, suspect, disagree, Stage::examine},
      {clear, suspect, physical_examination, Stage::examine},
  };
  for (const Outcome& o : all) {
    SCOPED_TRACE(std::string(to_string(o.first)) + " " + std::string(to_string(o.own)) + " " +
                 std::string(to_string(o.outcome)));
    Walk w;
    w.arrive(LaneColour::red);
    w.scan();
    w.does(Decide{o.first}, kAnna);
    if (o.first == clear) w.does(RequestReview{"sample"}, kAnna);
    EXPECT_EQ(w.crossing.stage, Stage::second_look);
    if (o.outcome != agree) {
      EXPECT_EQ(w.ask(Review{o.own, o.outcome, " "}, kTimur).why_not, "Say why");
    }
    EXPECT_EQ(w.does(Review{o.own, o.outcome, "because"}, kTimur), o.after.has_value());
    EXPECT_EQ(w.crossing.stage, o.after.value_or(Stage::second_look));
  }
}

// Each of the five reasons alone and all pairs of them.
TEST(Release, EveryReasonNeedsASecondPerson) {
  for (int mask = 0; mask < 32; ++mask) {
    SCOPED_TRACE(mask);
    const bool suspect = mask & 1, alarm = mask & 2, missing = mask & 4, hold = mask & 8, unknown = mask & 16;
    if (suspect && missing) continue;  // a suspect picture is a scan
    Walk w;
    w.happens(Arrived{});
    w.does(ConfirmIdentity{{samples::plate()}}, kAnna);
    RiskAssessed risk = samples::risk(unknown ? LaneColour::unknown : missing ? LaneColour::red : LaneColour::green);
    if (hold) risk.holds = {{"H1", "veterinary", ""}};
    w.happens(risk);
    if (alarm) w.happens(RadiationMeasured{true});
    const bool scan_missing = missing || ((alarm || unknown) && mask % 3 == 0 && !suspect);
    if (!scan_missing) {
      w.scan();
      if (suspect) {
        w.does(Decide{Verdict::suspect}, kAnna);
        w.does(Review{Verdict::suspect}, kSvetlana);
      } else {
        w.does(Decide{}, kAnna);
      }
    }
    Against expected;
    if (suspect) expected.emplace_back("suspect_image");
    if (alarm) expected.emplace_back("radiation_alarm");
    if (scan_missing) expected.emplace_back("scan_missing");
    if (hold) expected.emplace_back("open_hold");
    if (unknown) expected.emplace_back("unknown_risk");

    for (const Actor& first : {kAnna, kSvetlana, kAdmin}) {
      const auto alone = w.ask(Release{}, first);
      EXPECT_TRUE(alone.allowed) << alone.why_not;
      EXPECT_EQ(alone.against, expected);
      EXPECT_EQ(alone.needs_second, !expected.empty());
      for (const Actor& second : {kAnna, kBoris, kSvetlana, kTimur, kAdmin}) {
        const bool good =
            second.account != first.account && (first.role != Role::inspector || second.role != Role::inspector);
        EXPECT_EQ(w.ask(Release{}, first, second).allowed, expected.empty() || good)
            << first.account << " " << second.account;
      }
    }
    if (expected.empty()) {
      EXPECT_TRUE(w.does(Release{}, kAnna));
    } else {
      EXPECT_FALSE(w.does(Release{}, kAnna)) << "alone nothing follows";
      EXPECT_FALSE(w.does(Release{}, kAnna, kBoris));
      EXPECT_FALSE(w.does(Release{}, kAnna, kAnna));
      EXPECT_TRUE(w.does(Release{}, kAnna, kSvetlana));
    }
    const auto released = std::get<Released>(w.events.back().payload);
    EXPECT_EQ(released.exceptional, !expected.empty());
    EXPECT_EQ(released.overridden, expected);
  }
}

TEST(Reroute, ToLighterNeedsTwoAndToStricterAReason) {
  const LaneColour colours[] = {LaneColour::green, LaneColour::blue, LaneColour::yellow, LaneColour::red,
                                LaneColour::unknown};
  for (const LaneColour from : colours)
    for (const LaneColour to : colours) {
      SCOPED_TRACE(std::string(to_string(from)) + " to " + std::string(to_string(to)));
      Walk w;
      w.arrive(from);
      EXPECT_FALSE(w.ask(Reroute{to, ""}, kAnna).allowed);
      const auto answer = w.ask(Reroute{to, "same goods"}, kAnna);
      if (to == from || to == LaneColour::unknown) {
        EXPECT_FALSE(answer.allowed);
        continue;
      }
      EXPECT_TRUE(answer.allowed);
      EXPECT_EQ(answer.needs_second, to < from);
      EXPECT_EQ(w.does(Reroute{to, "same goods"}, kAnna), to > from);
      if (to < from) {
        EXPECT_TRUE(w.does(Reroute{to, "same goods"}, kAnna, kSvetlana));
      }
      EXPECT_EQ(w.crossing.colour, to);
      // A lighter answer of the centre does not undo what people decided; a stricter one does.
      w.happens(samples::risk(LaneColour::green));
      EXPECT_EQ(w.crossing.colour, to);
      w.happens(samples::risk(LaneColour::red));
      EXPECT_EQ(w.crossing.colour, LaneColour::red);
    }
}

TEST(Risk, AnOfflineAnswerOnlyAdds) {
  Walk w;
  w.arrive(LaneColour::yellow);
  RiskAssessed listed = samples::risk(LaneColour::red, RiskSource::watch_list);
  listed.holds = {{"H2", "police", "stolen"}};
  w.happens(listed);
  EXPECT_EQ(w.crossing.colour, LaneColour::red);
  EXPECT_EQ(w.crossing.risk->source, RiskSource::central);
  EXPECT_EQ(w.crossing.open_holds().size(), 1U);
  w.happens(samples::risk(LaneColour::green, RiskSource::watch_list));
  EXPECT_EQ(w.crossing.colour, LaneColour::red);
  w.happens(samples::risk(LaneColour::green));
  EXPECT_EQ(w.crossing.colour, LaneColour::green) << "the centre itself may say so";
}

TEST(Risk, TheLocalRuleIsTheStrictest) {
  const RiskAssessed risk = local_rule(17);
  EXPECT_EQ(risk.source, RiskSource::local_rule);
  EXPECT_EQ(risk.colour, LaneColour::unknown);
  EXPECT_TRUE(risk.scan_required);
  EXPECT_EQ(risk.as_of_wall_us, 17);
}

TEST(Scan, IsAskedForOnlyWithAClearAreaAndAClosedChain) {
  for (int mask = 0; mask < 16; ++mask) {
    SCOPED_TRACE(mask);
    Walk w;
    w.arrive(LaneColour::red);
    if (mask & 1) w.does(ClearArea{}, kAnna);
    w.facts.chain_closed = mask & 2;
    w.facts.chain_says = mask & 2 ? "" : "Interlock 3 open";
    w.facts.scanner_ready = mask & 4;
    w.facts.scan_running = mask & 8;
    EXPECT_EQ(w.ask(AskScan{}, kAnna).allowed, mask == 7);
    if (mask == 5) {
      EXPECT_EQ(w.ask(AskScan{}, kAnna).detail, "Interlock 3 open");
    }
  }
}

TEST(Scan, APersonSeenVoidsTheClearance) {
  Walk w;
  w.arrive(LaneColour::red);
  w.does(ClearArea{ClearedHow::walked, DriverPlace::out}, kAnna);
  EXPECT_EQ(w.crossing.area_cleared_by, "anna");
  w.happens(AreaClearanceVoided{"a person was seen"});
  EXPECT_EQ(w.ask(AskScan{}, kAnna).why_not, "Say first that the area is clear");
  w.does(ClearArea{}, kAnna);
  w.facts.disk_full = true;
  EXPECT_EQ(w.ask(AskScan{}, kAnna).why_not, "The disk is full: no new scan until the centre has taken pictures");
  w.facts.disk_full = false;
  EXPECT_TRUE(w.does(AskScan{}, kAnna));
  EXPECT_EQ(w.ask(AskScan{}, kAnna).why_not, "A scan is running");
  EXPECT_TRUE(w.ask(StopScan{}, kBoris).allowed);
  ScanCompleted stopped;
  stopped.scan = w.crossing.scan_requested;
  stopped.end = "stopped";
  w.happens(stopped);
  EXPECT_EQ(w.crossing.stage, Stage::scan) << "no picture came of it";
  EXPECT_FALSE(w.ask(AskScan{}, kAnna).allowed) << "the clearance was for that pass";
  w.does(ClearArea{}, kAnna);
  EXPECT_TRUE(w.does(AskScan{}, kAnna));
  EXPECT_EQ(w.crossing.scan_requested, "c1-scan-2");
}

TEST(Scan, StoppingIsNeverRefusedForWhatTheCrossingIs) {
  Walk w;
  w.facts.scan_running = true;
  EXPECT_TRUE(w.ask(StopScan{}, kBoris).allowed) << "no crossing at all";
  w.arrive(LaneColour::green);
  w.happens(Cancelled{"x"});
  EXPECT_TRUE(w.ask(StopScan{}, kBoris).allowed);
  w.facts.scan_running = false;
  EXPECT_FALSE(w.ask(StopScan{}, kBoris).allowed);
}

TEST(Scan, ANewPictureNeedsANewDecision) {
  Walk w;
  w.arrive(LaneColour::red);
  w.scan();
  w.does(Decide{}, kAnna);
  EXPECT_EQ(w.crossing.stage, Stage::release);
  w.scan();
  EXPECT_EQ(w.crossing.stage, Stage::review);
  w.does(Decide{Verdict::suspect}, kAnna);
  w.scan();
  EXPECT_EQ(w.crossing.stage, Stage::second_look) << "a suspicion stays";
}

TEST(Decide, TowardsSuspectAloneTowardsClearNever) {
  Walk w;
  w.arrive(LaneColour::red);
  w.scan();
  EXPECT_TRUE(w.does(Decide{}, kAnna));
  EXPECT_FALSE(w.does(Decide{}, kBoris));
  EXPECT_TRUE(w.does(Decide{Verdict::suspect}, kBoris));
  EXPECT_FALSE(w.does(Decide{Verdict::clear}, kBoris));
  w.happens(Decided{Verdict::clear}, kBoris);  // a journal that says so nevertheless
  EXPECT_EQ(w.crossing.stage, Stage::second_look);
}

TEST(Radiation, AnAlarmIsClosedByTwoPersonsNotByAQuietPassage) {
  Walk w;
  w.arrive(LaneColour::green);
  w.happens(RadiationMeasured{true});
  EXPECT_EQ(w.crossing.stage, Stage::scan);
  w.happens(RadiationMeasured{});
  EXPECT_TRUE(w.crossing.radiation_alarm_open());
  EXPECT_FALSE(w.does(ResolveRadiation{"second measurement", "fertiliser"}, kAnna));
  EXPECT_TRUE(w.does(ResolveRadiation{"second measurement", "fertiliser"}, kAnna, kSvetlana));
  EXPECT_EQ(w.crossing.stage, Stage::release);
  w.happens(RadiationMeasured{false, true});
  EXPECT_TRUE(w.crossing.radiation_alarm_open()) << "a new alarm is a new alarm";
}

TEST(Holds, AreLiftedByTwo) {
  Walk w;
  w.happens(Arrived{});
  w.does(ConfirmIdentity{{samples::plate()}}, kAnna);
  RiskAssessed risk = samples::risk(LaneColour::green);
  risk.holds = {{"H1", "veterinary", ""}};
  w.happens(risk);
  EXPECT_FALSE(w.does(LiftHold{"H9", "x"}, kAnna, kSvetlana));
  EXPECT_FALSE(w.does(LiftHold{"H1", "shown"}, kAnna));
  EXPECT_TRUE(w.does(LiftHold{"H1", "shown"}, kAnna, kSvetlana));
  EXPECT_TRUE(w.does(Release{}, kAnna));
}

TEST(Numbers, EditingIsForTwoAndTheRiskIsAskedAgain) {
  Walk w;
  EXPECT_EQ(w.ask(ConfirmIdentity{{samples::plate()}}, kAnna).why_not, "There is no truck");
  w.happens(Arrived{});
  EXPECT_FALSE(w.does(ConfirmIdentity{}, kAnna));
  EXPECT_FALSE(w.does(ConfirmIdentity{{samples::plate("1 2")}}, kAnna));
  EXPECT_EQ(w.ask(AskRisk{}, kAnna).why_not, "Confirm the numbers first");
  w.does(ConfirmIdentity{{samples::plate(), samples::container()}}, kAnna);
  EXPECT_EQ(w.crossing.title(), "123ABC02 · MSKU 123456 5");
  EXPECT_FALSE(w.does(ConfirmIdentity{{samples::plate()}}, kAnna));
  w.happens(samples::risk(LaneColour::green));
  const EditNumber edit{samples::plate(), samples::plate("124ABC02"), "mud"};
  EXPECT_FALSE(w.does(edit, kAnna));
  EXPECT_FALSE(w.does(EditNumber{samples::plate("none"), samples::plate(), "mud"}, kAnna, kSvetlana));
  EXPECT_TRUE(w.does(edit, kAnna, kSvetlana));
  EXPECT_EQ(w.crossing.numbers[0].text, "124ABC02");
  EXPECT_TRUE(w.crossing.numbers[0].corrected);
  EXPECT_EQ(w.crossing.stage, Stage::assess);
  EXPECT_EQ(w.crossing.colour, LaneColour::unknown);
  EXPECT_TRUE(w.ask(Release{}, kAnna).needs_second);
  w.happens(samples::risk(LaneColour::green));
  EXPECT_TRUE(w.does(Release{}, kAnna));
}

TEST(Marks, BelongToWhoMadeThemAndToADecision) {
  Walk w;
  w.arrive(LaneColour::red);
  const auto mark = [](int x, int w_px) { return MarkRegion{{"", "c1-scan-1", x, 0, w_px, 10}}; };
  EXPECT_FALSE(w.does(mark(0, 10), kAnna));
  w.scan();
  EXPECT_FALSE(w.does(mark(1795, 10), kAnna));
  EXPECT_FALSE(w.does(mark(2'147'483'647, 10), kAnna));
  EXPECT_FALSE(w.does(mark(-1, 10), kAnna));
  EXPECT_FALSE(w.does(mark(0, 0), kAnna));
  EXPECT_TRUE(w.does(mark(0, 10), kAnna));
  const std::string id = w.crossing.marks[0].id;
  EXPECT_FALSE(w.does(UnmarkRegion{id}, kBoris));
  EXPECT_TRUE(w.does(UnmarkRegion{id}, kAnna));
  EXPECT_TRUE(w.does(mark(5, 10), kAnna));
  EXPECT_NE(w.crossing.marks[0].id, id) << "an id is used once";
  w.does(Decide{Verdict::suspect}, kAnna);
  EXPECT_FALSE(w.does(UnmarkRegion{w.crossing.marks[0].id}, kAnna));
  EXPECT_TRUE(w.does(mark(50, 10), kTimur));
  EXPECT_TRUE(w.does(UnmarkRegion{w.crossing.marks[1].id}, kTimur));
  // An outline has three corners or more, all inside of its rectangle.
  const auto outlined = [](std::vector<int> corners) {
    RegionMarked region{"", "c1-scan-1", 10, 0, 20, 10};
    region.outline = std::move(corners);
    return MarkRegion{region};
  };
  EXPECT_TRUE(w.ask(outlined({10, 0, 30, 0, 30, 10}), kTimur).allowed);
  for (const std::vector<int>& corners :
       {std::vector<int>{}, {10, 0, 30, 0}, {10, 0, 30, 0, 30}, {10, 0, 31, 0, 30, 10}, {9, 0, 30, 0, 30, 10}})
    EXPECT_EQ(w.ask(outlined(corners), kTimur).why_not, "The outline does not fit its mark");
}

TEST(ByHand, WithEveryDeviceDead) {
  Walk w;
  w.facts = LaneFacts{};
  w.facts.works_by_hand = true;
  EXPECT_TRUE(w.does(OpenCrossing{Direction::exit}, kAnna));
  EXPECT_EQ(std::get<Arrived>(w.events[0].payload).by, ArrivedBy::hand);
  EXPECT_TRUE(w.does(ConfirmIdentity{{samples::plate()}}, kAnna));
  EXPECT_FALSE(w.does(EnterWeight{-1}, kAnna));
  EXPECT_FALSE(w.does(EnterWeight{std::numeric_limits<double>::quiet_NaN()}, kAnna));
  EXPECT_TRUE(w.does(EnterWeight{38'000}, kAnna));
  EXPECT_TRUE(w.crossing.weights[0].typed);
  w.happens(local_rule(1));
  EXPECT_EQ(w.ask(Release{}, kAnna).against, (Against{"scan_missing", "unknown_risk"}));
  EXPECT_TRUE(w.does(Release{}, kAnna, kSvetlana));
  EXPECT_TRUE(w.does(SayDeparted{}, kAnna));
  EXPECT_TRUE(w.crossing.departed);
  EXPECT_FALSE(w.crossing.departed_without_release);
}

TEST(Departing, WithoutReleaseIsOnRecord) {
  Walk w;
  w.arrive(LaneColour::red);
  EXPECT_FALSE(w.does(SayDeparted{}, kAnna)) << "the lane sees departures itself";
  w.facts.works_by_hand = true;
  EXPECT_TRUE(w.does(SayDeparted{}, kAnna));
  EXPECT_TRUE(w.crossing.departed_without_release);
  EXPECT_EQ(w.crossing.stage, Stage::closed);
}

TEST(Cancel, IsForWhatWasNoTruck) {
  Walk w;
  w.happens(Arrived{});
  EXPECT_FALSE(w.ask(Cancel{}, kAnna).allowed);
  EXPECT_TRUE(w.ask(Cancel{"empty loop"}, kAnna).allowed);
  EXPECT_FALSE(w.ask(Cancel{"empty loop"}, kAnna).needs_second);
  w.does(ConfirmIdentity{{samples::plate()}}, kAnna);
  EXPECT_TRUE(w.ask(Cancel{"turned round"}, kAnna).needs_second);
  w.happens(samples::risk(LaneColour::red));
  w.scan();
  EXPECT_FALSE(w.ask(Cancel{"turned round"}, kAnna, kSvetlana).allowed);
}

TEST(Detain, AlsoAfterTheRelease) {
  Walk w;
  w.arrive(LaneColour::green);
  w.does(Release{}, kAnna);
  EXPECT_EQ(w.ask(MarkRegion{}, kAnna).why_not, "The truck is released");
  EXPECT_TRUE(w.does(Detain{"late alarm"}, kBoris));
  EXPECT_FALSE(w.crossing.released);
  EXPECT_EQ(w.crossing.stage, Stage::examine);
}

TEST(People, NobodyActsWithoutAnAccount) {
  Walk w;
  w.arrive(LaneColour::green);
  EXPECT_EQ(w.ask(Release{}, Actor{}).why_not, "Sign in first");
  EXPECT_FALSE(w.ask(Release{}, Actor{"lane", "", Role::administrator}).allowed);
}

TEST(Fold, HandOverAndWhoHandledIt) {
  Walk w;
  w.arrive(LaneColour::green);
  w.happens(HandedOver{"anna", "boris"}, kAnna);
  w.happens(RecordViewed{"c1"}, kTimur);
  w.does(Reroute{LaneColour::red, "smell"}, kBoris);
  w.does(Reroute{LaneColour::yellow, "no"}, kBoris, kSvetlana);
  EXPECT_EQ(w.crossing.handled_by, (std::vector<std::string>{"anna", "boris", "svetlana"}));
}

TEST(Fold, IgnoresOtherCrossings) {
  Walk w;
  w.arrive(LaneColour::green);
  const auto last = w.crossing.last_seq;
  apply(w.crossing, samples::event("c2", Released{}));
  apply(w.crossing, samples::event("", Released{}));
  EXPECT_FALSE(w.crossing.released);
  EXPECT_EQ(w.crossing.last_seq, last);
}

TEST(Fold, TitleOfWhatIsKnown) {
  Walk w;
  w.happens(Arrived{});
  EXPECT_EQ(w.crossing.title(), "c1");
  NumberRead read;
  read.text = "123ABC02";
  w.happens(read);
  EXPECT_EQ(w.crossing.title(), "123ABC02");
}

}  // namespace
}  // namespace torugart::inspection
