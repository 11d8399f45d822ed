// A finger on the screens, with a fake lane behind them.
#include <gtest/gtest.h>

#include "tests/kiosk/screens/screens_fixture.h"

namespace torugart::tests {
namespace {

using namespace inspection;

struct Flow : testing::Test {
  ScreensBench bench{1280, 800, "en"};
  UiDriver* finger = nullptr;
  FakeLane* lane = nullptr;
  void SetUp() override {
    ASSERT_EQ(bench.problem, "");
    finger = bench.finger.get();
    lane = &bench.lane;
  }
  void assessed(LaneColour colour, bool scan_required) {
    lane->risk.colour = colour;
    lane->risk.scan_required = scan_required;
    lane->arrive();
    lane->read_all();
    ASSERT_TRUE(finger->tap("lane.next")) << finger->problem();
    bench.frames(2);
  }
  // By fingers alone, up to the picture.
  void scanned() {
    assessed(LaneColour::red, true);
    ASSERT_TRUE(finger->tap("lane.next")) << finger->problem();
    ASSERT_TRUE(finger->tap("scan.how.0")) << finger->problem();
    ASSERT_TRUE(finger->tap("scan.driver.0")) << finger->problem();
    ASSERT_TRUE(finger->tap("review.next")) << finger->problem();
    ASSERT_TRUE(finger->hold("review.next")) << finger->problem();
    lane->run_scan(900);
    bench.frames(2);
    lane->end_scan();
    bench.frames(2);
  }
  void mark() {
    ASSERT_TRUE(finger->drag_within("review.picture", {0.55F, 0.45F}, {0.62F, 0.6F})) << finger->problem();
    ASSERT_TRUE(finger->tap("review.mark.kind.narcotics")) << finger->problem();
  }
};

TEST_F(Flow, SignInByNameAndPin) {
  EXPECT_EQ(bench.screens->active(), "signin");
  ASSERT_TRUE(finger->tap("signin.account.ivanova")) << finger->problem();
  for (const char* key : {"signin.pin.2", "signin.pin.4", "signin.pin.6", "signin.pin.8", "signin.pin.ok"})
    ASSERT_TRUE(finger->tap(key)) << finger->problem();
  bench.frames(2);
  EXPECT_EQ(bench.screens->active(), "lane");
}

TEST_F(Flow, AGreenTruckTakesTwoTouches) {
  bench.sign_in("ivanova");
  lane->arrive();
  lane->read_all();
  bench.frames(2);
  const int before = finger->touches();
  ASSERT_TRUE(finger->tap("lane.next")) << finger->problem();
  ASSERT_TRUE(finger->hold("lane.next")) << finger->problem();
  EXPECT_EQ(finger->touches() - before, 2);
  EXPECT_EQ(lane->posted, (std::vector<std::string>{"confirm_identity", "release"}));
}

TEST_F(Flow, ATapDoesNotRelease) {
  bench.sign_in("ivanova");
  assessed(LaneColour::green, false);
  ASSERT_TRUE(finger->tap("lane.next")) << finger->problem();
  EXPECT_FALSE(lane->state.focus->released);
}

TEST_F(Flow, ADoubtfulPlateIsChosenFromItsCandidates) {
  bench.sign_in("ivanova");
  lane->arrive();
  lane->read_all(false);
  bench.frames(2);
  EXPECT_FALSE(bench.screens->ui().registry().find("lane.next")->enabled);
  ASSERT_TRUE(finger->tap("lane.candidate.front.plate.1")) << finger->problem();
  ASSERT_TRUE(finger->tap("lane.next")) << finger->problem();
  EXPECT_EQ(lane->state.focus->numbers[0].text, "123A8C02");
}

TEST_F(Flow, AMissingPlateIsTyped) {
  bench.sign_in("ivanova");
  lane->arrive();
  bench.frames(2);
  ASSERT_TRUE(finger->tap("lane.type.front.plate")) << finger->problem();
  ASSERT_TRUE(finger->type_on_keyboard("777AAA02")) << finger->problem();
  ASSERT_TRUE(finger->tap("key.done")) << finger->problem();
  bench.frames(2);
  ASSERT_TRUE(finger->tap("lane.next")) << finger->problem();
  EXPECT_EQ(lane->state.focus->numbers[0].text, "777AAA02");
}

TEST_F(Flow, AnUnknownRiskNeedsASecondPersonToRelease) {
  bench.sign_in("ivanova");
  assessed(LaneColour::unknown, true);
  ASSERT_TRUE(finger->tap("lane.act.release")) << finger->problem();
  ASSERT_TRUE(finger->hold("act.release.do")) << finger->problem();
  bench.frames(2);
  ASSERT_TRUE(bench.has("second.against.0"));
  EXPECT_NE(bench.words().find("The required scan is missing"), std::string::npos);
  EXPECT_NE(bench.words().find("The risk is not known"), std::string::npos);
  EXPECT_FALSE(bench.has("second.account.ivanova"));                                    // never the same person
  EXPECT_FALSE(bench.screens->ui().registry().find("second.account.omarov")->enabled);  // nor another inspector
  auto pin = [&](const char* digits) {
    for (const char* d = digits; *d; ++d)
      ASSERT_TRUE(finger->tap(std::string("second.pin.") + *d)) << finger->problem();
    ASSERT_TRUE(finger->tap("second.pin.ok")) << finger->problem();
    bench.frames(2);
  };
  ASSERT_TRUE(finger->tap("second.account.seitova")) << finger->problem();
  pin("1111");
  EXPECT_NE(bench.words().find("Wrong PIN"), std::string::npos);
  EXPECT_FALSE(lane->state.focus->released);
  pin("2468");
  EXPECT_TRUE(lane->state.focus->released);
  EXPECT_EQ(lane->posted.back(), "release+second");
  EXPECT_FALSE(bench.has("second.against.0"));
}

TEST_F(Flow, StopScanIsOnEveryScreenWhileARequestStands) {
  bench.sign_in("ivanova");
  assessed(LaneColour::red, true);
  EXPECT_FALSE(bench.has("frame.stop_scan"));
  const auto id = lane->state.focus->id;
  lane->post(id, ClearArea{}, {});
  lane->post(id, AskScan{}, {});
  bench.frames(2);
  touch::Rect place;
  for (const char* screen : {"lane", "review", "queue", "records", "health"}) {
    ASSERT_TRUE(finger->tap(std::string("rail.") + screen)) << finger->problem();
    bench.frames(2);
    const auto* stop = bench.screens->ui().registry().find("frame.stop_scan");
    ASSERT_TRUE(stop) << screen;
    EXPECT_TRUE(stop->enabled && !stop->covered) << screen;
    if (place.empty()) place = stop->rect;
    EXPECT_EQ(stop->rect, place) << screen;
    place = stop->rect;
  }
  ASSERT_TRUE(finger->tap("frame.stop_scan")) << finger->problem();
  EXPECT_EQ(lane->posted.back(), "stop_scan");
  lane->post(id, ClearArea{}, {});
  lane->post(id, AskScan{}, {});
  lane->sign_out();
  bench.frames(2);
  EXPECT_TRUE(bench.has("frame.stop_scan"));  // also when nobody is signed in
}

TEST_F(Flow, AScanIsAskedForOnlyAfterTheAreaWasStatedClear) {
  bench.sign_in("ivanova");
  scanned();
  EXPECT_EQ(lane->posted, (std::vector<std::string>{"confirm_identity", "clear_area", "ask_scan"}));
  EXPECT_EQ(bench.screens->active(), "review");
}

TEST_F(Flow, TheGrowingPictureBecomesTheReviewWithoutAJump) {
  bench.sign_in("ivanova");
  assessed(LaneColour::red, true);
  const auto id = lane->state.focus->id;
  lane->post(id, ClearArea{}, {});
  lane->post(id, AskScan{}, {});
  ASSERT_TRUE(finger->tap("lane.next")) << finger->problem();
  lane->run_scan(2600);
  bench.frames(2);
  EXPECT_EQ(bench.screens->active(), "scan");
  const auto before = bench.window->pixels();
  const auto place = bench.screens->ui().registry().find("review.picture")->rect;
  lane->end_scan();
  bench.frames(2);
  EXPECT_EQ(bench.screens->active(), "review");
  EXPECT_EQ(bench.screens->ui().registry().find("review.picture")->rect, place);
  const auto after = bench.window->pixels();
  // The middle of the picture, between what lies on it.
  std::size_t different = 0, looked = 0;
  for (int y = static_cast<int>(place.y) + 160; y < static_cast<int>(place.bottom()) - 120; y += 7)
    for (int x = static_cast<int>(place.x) + 560; x < static_cast<int>(place.right()) - 20; x += 7) {
      const std::size_t at = (static_cast<std::size_t>(y) * 1280 + static_cast<std::size_t>(x)) * 4;
      ++looked;
      if (before[at] != after[at]) ++different;
    }
  ASSERT_GT(looked, 1000U);
  EXPECT_EQ(different, 0U);
}

TEST_F(Flow, ClearIsHeldThenTheTruckIsReleased) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->hold("review.decide.clear")) << finger->problem();
  bench.frames(2);
  ASSERT_TRUE(finger->hold("review.next")) << finger->problem();
  EXPECT_TRUE(lane->state.focus->released);
}

TEST_F(Flow, SuspectAsksForAPlaceAndAKindNotForProse) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->tap("review.decide.suspect.open")) << finger->problem();
  bench.frames(2);
  EXPECT_FALSE(bench.screens->ui().registry().find("review.decide.suspect")->enabled);
  mark();
  bench.frames(2);
  ASSERT_EQ(lane->state.focus->marks.size(), 1U);
  EXPECT_EQ(lane->state.focus->marks[0].region.kind, MarkKind::narcotics);
  ASSERT_TRUE(finger->hold("review.decide.suspect")) << finger->problem();
  EXPECT_EQ(lane->state.focus->decision->verdict, Verdict::suspect);
  EXPECT_EQ(lane->state.queue.size(), 1U);
}

TEST_F(Flow, AMarkIsTakenBack) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->tap("review.tool.mark")) << finger->problem();
  mark();
  bench.frames(2);
  ASSERT_TRUE(finger->tap("review.undo")) << finger->problem();
  EXPECT_TRUE(lane->state.focus->marks.empty());
}

TEST_F(Flow, MeasureIsOfferedOnlyWithGeometry) {
  bench.sign_in("ivanova");
  scanned();
  EXPECT_TRUE(bench.screens->ui().registry().find("review.tool.measure")->enabled);
  ASSERT_TRUE(finger->tap("review.tool.measure")) << finger->problem();
  ASSERT_TRUE(finger->drag_within("review.picture", {0.5F, 0.5F}, {0.7F, 0.5F})) << finger->problem();
  bench.frames(1);
  EXPECT_NE(bench.label("review.measured"), "");
  lane->state.images.back().image = truck_picture(2600, 720, false);
  bench.frames(2);
  EXPECT_FALSE(bench.screens->ui().registry().find("review.tool.measure")->enabled);
  EXPECT_FALSE(bench.has("review.measured"));
}

TEST_F(Flow, PresetsSayWhatTheyAreForAndAnswerToTheirKeys) {
  bench.sign_in("ivanova");
  scanned();
  EXPECT_EQ(bench.label("review.tone.preset.3"), "3 Thin cargo");
  EXPECT_EQ(bench.label("review.tone.preset.5"), "5 Thick cargo");
  const auto before = bench.window->pixels();
  bench.window->inject_text("5");
  bench.frames(3);
  EXPECT_NE(bench.window->pixels(), before);
  const auto by_key = bench.window->pixels();
  ASSERT_TRUE(finger->tap("review.tone.preset.1")) << finger->problem();
  bench.frames(2);
  EXPECT_EQ(bench.window->pixels(), before);
  ASSERT_TRUE(finger->tap("review.tone.preset.5")) << finger->problem();
  bench.frames(2);
  EXPECT_EQ(bench.window->pixels(), by_key);
}

TEST_F(Flow, TheLensStaysIsResizedAndSaysWhatWasMeasuredThere) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->tap("review.tool.magnify")) << finger->problem();
  EXPECT_FALSE(bench.has("review.lens"));
  ASSERT_TRUE(finger->drag_within("review.picture", {0.5F, 0.5F}, {0.6F, 0.55F})) << finger->problem();
  bench.frames(2);
  const auto* lens = bench.screens->ui().registry().find("review.lens");
  ASSERT_TRUE(lens);
  const auto first = lens->rect;
  const std::string steel = bench.label("review.lens.values");
  EXPECT_EQ(steel.rfind("T ", 0), 0U) << steel;
  ASSERT_TRUE(finger->drag("review.lens.size", -60, -60)) << finger->problem();
  bench.frames(2);
  EXPECT_LT(bench.screens->ui().registry().find("review.lens")->rect.w, first.w - 30);
  ASSERT_TRUE(finger->tap("review.lens.factor.8")) << finger->problem();
  ASSERT_TRUE(finger->drag("review.lens", 90, 40)) << finger->problem();  // its body: looks elsewhere, finely
  bench.frames(2);
  EXPECT_TRUE(bench.has("review.lens"));
  ASSERT_TRUE(finger->drag_within("review.picture", {0.8F, 0.3F}, {0.9F, 0.12F})) << finger->problem();
  bench.frames(2);
  EXPECT_NE(bench.label("review.lens.values"), steel);  // it follows
  ASSERT_TRUE(finger->tap("review.tool.move")) << finger->problem();
  bench.frames(2);
  EXPECT_FALSE(bench.has("review.lens"));
}

TEST_F(Flow, LayersAreTakenOffAndDensitiesKept) {
  bench.sign_in("ivanova");
  scanned();
  const auto before = bench.window->pixels();
  ASSERT_TRUE(finger->tap("review.tool.layers")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.layers.strip.1")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.layers.strip.0")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.layers.band.kept.1")) << finger->problem();
  EXPECT_FALSE(bench.screens->ui().registry().find("review.layers.band.keep")->enabled);  // it is kept already
  ASSERT_TRUE(finger->drag_within("review.layers.band.window", {0.55F, 0.5F}, {0.62F, 0.5F})) << finger->problem();
  bench.frames(2);
  ASSERT_TRUE(finger->tap("review.layers.band.keep")) << finger->problem();
  bench.frames(2);
  ASSERT_TRUE(bench.has("review.layers.band.kept.3"));
  ASSERT_EQ(bench.bands_kept.size(), 4U);
  EXPECT_LT(bench.bands_kept[3].lo, bench.bands_kept[3].hi);
  ASSERT_TRUE(finger->tap("review.layers.band.forget")) << finger->problem();
  bench.frames(2);
  EXPECT_FALSE(bench.has("review.layers.band.kept.3"));
  EXPECT_EQ(bench.bands_kept.size(), 3U);
  ASSERT_TRUE(finger->tap("review.layers.band")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.tool.layers")) << finger->problem();
  bench.frames(2);
  EXPECT_EQ(bench.window->pixels(), before);
}

TEST_F(Flow, TheEarlierScanIsShownBelowInTurnAndAsDifference) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->tap("review.tool.compare")) << finger->problem();
  EXPECT_FALSE(bench.has("review.compare.mode.0"));  // there is none yet, a message says so
  lane->find_earlier();
  ASSERT_TRUE(finger->tap("review.tool.compare")) << finger->problem();
  bench.frames(2);
  ASSERT_TRUE(bench.has("review.compare.picture"));
  EXPECT_NE(bench.label("review.compare.of").find("Earlier scan"), std::string::npos);
  ASSERT_TRUE(finger->pinch("review.picture", 2.0F)) << finger->problem();  // both are moved by two fingers on one
  ASSERT_TRUE(finger->drag_within("review.compare.picture", {0.5F, 0.5F}, {0.4F, 0.5F})) << finger->problem();
  ASSERT_TRUE(finger->tap("review.compare.mode.2")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.zoom.fit")) << finger->problem();
  bench.frames(3);
  EXPECT_FALSE(bench.has("review.compare.picture"));
  const auto orange = [&] {  // what is there now and was not before
    const auto pixels = bench.window->pixels();
    const auto place = bench.screens->ui().registry().find("review.picture")->rect;
    std::size_t found = 0;
    for (int y = static_cast<int>(place.y); y < static_cast<int>(place.bottom()); y += 2)
      for (int x = static_cast<int>(place.x); x < static_cast<int>(place.right()); x += 2) {
        const std::size_t at = (static_cast<std::size_t>(y) * 1280 + static_cast<std::size_t>(x)) * 4;
        found += pixels[at] > pixels[at + 2] + 90 && pixels[at] > 180 ? 1U : 0U;
      }
    return found;
  };
  const auto apart = orange();
  EXPECT_GT(apart, 200U);
  // Pulled away from each other, everything differs; aligned again, only the box does.
  ASSERT_TRUE(finger->tap("review.compare.shift")) << finger->problem();
  ASSERT_TRUE(finger->drag_within("review.picture", {0.5F, 0.5F}, {0.53F, 0.5F})) << finger->problem();
  bench.frames(3);
  EXPECT_GT(orange(), apart * 2);
  ASSERT_TRUE(finger->tap("review.compare.align")) << finger->problem();
  bench.frames(3);
  EXPECT_EQ(orange(), apart);
  ASSERT_TRUE(finger->tap("review.compare.mode.1")) << finger->problem();
  bench.frames(2);
  const auto first = bench.label("review.compare.of");
  const auto shown = bench.window->pixels();
  bench.advance(0.7);
  bench.frames(2);
  EXPECT_NE(bench.label("review.compare.of"), first);
  EXPECT_NE(bench.window->pixels(), shown);
}

TEST_F(Flow, AnEmptyOneOfTheLibraryIsChosenFromTheList) {
  bench.sign_in("ivanova");
  scanned();
  lane->state.library = {"empty-curtain-sider", "tank"};
  ASSERT_TRUE(finger->tap("review.tool.compare")) << finger->problem();
  bench.frames(2);
  ASSERT_TRUE(finger->tap("review.compare.other")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.compare.source.0")) << finger->problem();
  bench.frames(3);
  EXPECT_TRUE(bench.has("review.compare.picture"));
  EXPECT_EQ(bench.label("review.compare.of"), "Empty: empty-curtain-sider");
}

TEST_F(Flow, OutlinePointCertaintyAndNoteGoIntoTheMark) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->tap("review.tool.mark")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.mark.shape.2")) << finger->problem();
  ASSERT_TRUE(finger->drag_within("review.picture", {0.4F, 0.5F}, {0.42F, 0.5F})) << finger->problem();
  ASSERT_TRUE(finger->tap("review.mark.certainty.2")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.mark.note")) << finger->problem();
  ASSERT_TRUE(finger->type_on_keyboard("AXLE 2")) << finger->problem();
  ASSERT_TRUE(finger->tap("key.done")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.mark.kind.weapons")) << finger->problem();
  bench.frames(2);
  ASSERT_EQ(lane->state.focus->marks.size(), 1U);
  const auto& point = lane->state.focus->marks[0].region;
  EXPECT_EQ(point.w * point.h, 1);
  EXPECT_EQ(point.certainty, Certainty::high);
  EXPECT_EQ(point.note, "AXLE 2");
  ASSERT_TRUE(finger->tap("review.mark.shape.1")) << finger->problem();
  // Around a place: along, down and back.
  const auto place = bench.screens->ui().registry().find("review.picture")->rect;
  const auto at = [&](float x, float y) { return touch::Point{place.x + place.w * x, place.y + place.h * y}; };
  bench.window->inject_finger_down(1, at(0.5F, 0.4F).x, at(0.5F, 0.4F).y);
  bench.frames(3);
  for (const auto& p : {at(0.55F, 0.4F), at(0.6F, 0.4F), at(0.6F, 0.5F), at(0.55F, 0.55F), at(0.5F, 0.5F)}) {
    bench.window->inject_finger_move(1, p.x, p.y);
    bench.frames(2);
  }
  bench.window->inject_finger_up(1, at(0.5F, 0.45F).x, at(0.5F, 0.45F).y);
  bench.frames(3);
  ASSERT_TRUE(finger->tap("review.mark.kind.cigarettes")) << finger->problem();
  bench.frames(2);
  ASSERT_EQ(lane->state.focus->marks.size(), 2U);
  const auto& outline = lane->state.focus->marks[1].region;
  ASSERT_TRUE(outline.outline.has_value());
  EXPECT_GE(outline.outline->size(), 8U);
  EXPECT_LE(outline.outline->size(), 64U);
  EXPECT_EQ(outline.certainty, Certainty::medium);  // of the mark before only
  EXPECT_EQ(outline.note, "");
  // Every tool works after annotating.
  ASSERT_TRUE(finger->tap("review.tool.magnify")) << finger->problem();
  ASSERT_TRUE(finger->drag_within("review.picture", {0.5F, 0.5F}, {0.55F, 0.5F})) << finger->problem();
  bench.frames(1);
  EXPECT_TRUE(bench.has("review.lens.values"));
  EXPECT_TRUE(bench.has("review.marked.1"));
  ASSERT_TRUE(finger->tap("review.tone.preset.4")) << finger->problem();
  ASSERT_TRUE(finger->tap("review.undo")) << finger->problem();
  bench.frames(2);
  EXPECT_EQ(lane->state.focus->marks.size(), 1U);
}

TEST_F(Flow, TwoFingersZoomWhileMarkingAndMarkNothing) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->tap("review.tool.mark")) << finger->problem();
  const auto before = bench.window->pixels();
  ASSERT_TRUE(finger->pinch("review.picture", 2.5F)) << finger->problem();
  bench.frames(2);
  EXPECT_NE(bench.window->pixels(), before);
  EXPECT_FALSE(bench.has("review.pending"));
  mark();
  bench.frames(2);
  ASSERT_EQ(lane->state.focus->marks.size(), 1U);
  // At 2.5-fold zoom the box of the same finger is so much smaller on the picture.
  EXPECT_LT(lane->state.focus->marks[0].region.w, 120);
}

TEST_F(Flow, TheSecondLookHidesTheFirstVerdictUntilTheOwn) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->tap("review.decide.suspect.open")) << finger->problem();
  mark();
  ASSERT_TRUE(finger->hold("review.decide.suspect")) << finger->problem();
  bench.sign_in("seitova");
  for (const char* screen : {"rail.lane", "rail.review", "rail.queue"}) {
    ASSERT_TRUE(finger->tap(screen)) << finger->problem();
    bench.frames(2);
    if (std::string(screen) == "rail.queue") {
      ASSERT_TRUE(finger->tap("queue.card.c1")) << finger->problem();
    }
    bench.frames(2);
    EXPECT_FALSE(bench.has("queue.marked.0")) << screen;
    EXPECT_FALSE(bench.has("review.marked.0")) << screen;
    EXPECT_FALSE(bench.has("queue.first")) << screen;
    EXPECT_EQ(bench.words().find("Narcotics"), std::string::npos) << screen;
  }
  ASSERT_TRUE(finger->tap("queue.verdict.suspect")) << finger->problem();
  bench.frames(2);
  EXPECT_TRUE(bench.has("queue.marked.0"));
  EXPECT_NE(bench.label("queue.first").find("Suspect"), std::string::npos);
  ASSERT_TRUE(finger->hold("queue.agree")) << finger->problem();
  EXPECT_EQ(lane->posted.back(), "review");
  EXPECT_TRUE(lane->state.queue.empty());
}

TEST_F(Flow, DisagreeingNeedsAReason) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->tap("review.decide.suspect.open")) << finger->problem();
  mark();
  ASSERT_TRUE(finger->hold("review.decide.suspect")) << finger->problem();
  bench.sign_in("seitova");
  ASSERT_TRUE(finger->tap("rail.queue") && finger->tap("queue.card.c1")) << finger->problem();
  ASSERT_TRUE(finger->tap("queue.verdict.clear") && finger->tap("queue.disagree.open")) << finger->problem();
  bench.frames(2);
  EXPECT_FALSE(bench.screens->ui().registry().find("queue.disagree")->enabled);
  ASSERT_TRUE(finger->tap("queue.reason.1")) << finger->problem();
  ASSERT_TRUE(finger->hold("queue.disagree")) << finger->problem();
  EXPECT_EQ(std::get<Reviewed>(lane->events.back().payload).reason, "No threat there");
}

TEST_F(Flow, ARecordIsFoundReadAndExported) {
  bench.sign_in("ivanova");
  assessed(LaneColour::green, false);
  ASSERT_TRUE(finger->tap("rail.records")) << finger->problem();
  ASSERT_TRUE(finger->tap("records.row.c1")) << finger->problem();
  bench.frames(2);
  EXPECT_TRUE(bench.has("records.watched"));
  EXPECT_NE(bench.words().find("Numbers confirmed"), std::string::npos);
  ASSERT_TRUE(finger->tap("records.export")) << finger->problem();
  EXPECT_EQ(bench.exported, std::vector<std::string>{"c1"});
  ASSERT_TRUE(finger->tap("rail.lane")) << finger->problem();
  bench.frames(2);
  EXPECT_TRUE(lane->state.record.crossing.empty());
}

TEST_F(Flow, ADeviceIsTestedAndTheJournalVerified) {
  bench.sign_in("ivanova");
  ASSERT_TRUE(finger->tap("rail.health")) << finger->problem();
  ASSERT_TRUE(finger->tap("health.test.front")) << finger->problem();
  ASSERT_TRUE(finger->tap("health.verify")) << finger->problem();
  EXPECT_EQ(lane->tested, std::vector<std::string>{"front"});
}

TEST_F(Flow, PicturesAreUploadedOnlyWhenTheyChange) {
  bench.sign_in("ivanova");
  scanned();
  ASSERT_TRUE(finger->tap("rail.lane") && finger->tap("rail.review")) << finger->problem();
  bench.frames(3);
  const auto uploads = bench.textures->uploads;
  bench.frames(10);
  EXPECT_EQ(bench.textures->uploads, uploads);
  ASSERT_TRUE(finger->tap("review.tone.preset.3")) << finger->problem();
  bench.frames(2);
  EXPECT_GT(bench.textures->uploads["xray.review"], uploads.at("xray.review"));
  EXPECT_EQ(bench.textures->uploads["camera.front"], uploads.at("camera.front"));
}

TEST_F(Flow, AnotherTruckStartsClean) {
  bench.sign_in("ivanova");
  lane->arrive();
  lane->read_all(false);
  bench.frames(2);
  ASSERT_TRUE(finger->tap("lane.candidate.front.plate.1")) << finger->problem();
  lane->apply("c1", Departed{true, false});
  lane->arrive();
  lane->read_all(false);
  bench.frames(2);
  EXPECT_FALSE(bench.screens->ui().registry().find("lane.next")->enabled);
}

}  // namespace
}  // namespace torugart::tests
