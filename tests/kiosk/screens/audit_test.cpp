// Every screen at both sizes in both languages: no target too small, no text cut off, nothing over the edge. Leaves a
// screenshot of each under build/…/screenshots for a person's eye.
#include <gtest/gtest.h>

#include "tests/kiosk/screens/screens_fixture.h"

namespace torugart::tests {
namespace {

using namespace inspection;

struct Case {
  int width, height;
  const char* language;
};

struct Audit : testing::TestWithParam<Case> {
  ScreensBench bench{GetParam().width, GetParam().height, GetParam().language};
  FakeLane& lane = bench.lane;

  void look(const std::string& name) {
    bench.shoot(name);
    for (const auto& f : bench.screens->ui().audit())
      ADD_FAILURE() << name << ": " << touch::to_string(f.kind) << " " << f.id << " " << f.detail;
  }
  void tap(const char* id) {
    EXPECT_TRUE(bench.finger->tap(id)) << bench.finger->problem();
    bench.frames(2);
  }
  void ask_scan() {
    const auto id = lane.state.focus->id;
    lane.post(id, ClearArea{ClearedHow::both, DriverPlace::out}, {});
    lane.post(id, AskScan{}, {});
  }
};

TEST_P(Audit, SignIn) {
  ASSERT_EQ(bench.problem, "");
  lane.arrive();
  lane.read_all();
  look("signin");
  lane.state.session.problem = "Wrong PIN";
  tap("signin.account.ivanova");
  tap("signin.pin.1");
  look("signin-wrong");
}

TEST_P(Audit, Lane) {
  ASSERT_EQ(bench.problem, "");
  bench.sign_in("ivanova");
  lane.state.recent = {{.id = "c0",
                        .title = "987XYZ05 · TGHU 765432 1",
                        .colour = LaneColour::green,
                        .closed_wall_us = lane.state.now.wall_us - 600'000'000,
                        .released = true},
                       {.id = "c-1",
                        .title = "45KLM02",
                        .colour = LaneColour::red,
                        .closed_wall_us = lane.state.now.wall_us - 1'600'000'000,
                        .without_release = true}};
  look("lane-empty");
  tap("frame.person");
  look("lane-menu");
  tap("frame.person");
  lane.arrive();
  lane.read_all(false);
  look("lane-check");
  tap("lane.candidate.front.plate.0");
  lane.risk.colour = LaneColour::red;
  lane.risk.scan_required = true;
  lane.risk.profiles = {{"P-112", "Origin and declared goods do not fit"}, {"P-07", "Third crossing in two days"}};
  lane.risk.holds = {{"h1", "Veterinary service", "Certificate to be shown"}};
  tap("lane.next");
  lane.apply(lane.state.focus->id, Weighed{38420, true, false});
  look("lane-red");
  for (const char* act : {"lane.act.reroute", "lane.hold.0", "lane.document.add", "lane.weight.enter",
                          "lane.edit.front.plate", "lane.act.release"}) {
    tap(act);
    look(std::string("act-") + act);
    const auto& all = bench.screens->ui().registry().all();
    for (const auto& r : all)
      if (r.id.size() > 9 && r.id.rfind("act.", 0) == 0 && r.id.substr(r.id.size() - 5) == ".back") {
        const std::string id = r.id;
        tap(id.c_str());
        break;
      }
  }
  RadiationMeasured alarm;
  alarm.gamma_alarm = true;
  alarm.max_sigma = 7.2;
  lane.state.radiation.sigma = 7.2;
  lane.state.radiation.detector = 3;
  lane.state.radiation.since_wall_us = lane.state.now.wall_us;
  lane.apply(lane.state.focus->id, alarm);
  look("lane-alarm");
  tap("frame.alarm.help");
  look("lane-alarm-help");
  tap("frame.alarm.take");
  look("lane-alarm-take");
}

TEST_P(Audit, LaneGreenOffline) {
  ASSERT_EQ(bench.problem, "");
  bench.sign_in("ivanova");
  lane.state.line.online = false;
  lane.state.line.trouble = "No answer from the centre";
  lane.state.line.events_waiting = 12;
  lane.risk.source = RiskSource::watch_list;
  lane.arrive();
  lane.read_all();
  bench.frames(2);
  tap("lane.next");
  look("lane-green");
  lane.post("c1", Release{}, {});
  look("lane-leaving");
}

TEST_P(Audit, ScanAndReview) {
  ASSERT_EQ(bench.problem, "");
  bench.sign_in("ivanova");
  lane.risk.colour = LaneColour::red;
  lane.risk.scan_required = true;
  lane.arrive();
  lane.read_all();
  bench.frames(2);
  tap("lane.next");
  tap("lane.next");
  look("scan-before");
  lane.state.chain->contacts[2].state = hal::ContactState::open;
  lane.state.facts.chain_closed = false;
  lane.state.facts.chain_says = "Interlock 3 open";
  lane.post("c1", ClearArea{ClearedHow::both, DriverPlace::in_cab}, {});
  look("scan-open");
  lane.state.chain->contacts[2].state = hal::ContactState::closed;
  lane.state.facts.chain_closed = true;
  ask_scan();
  look("scan-warning");
  lane.run_scan(1100);
  look("scan-beam");
  lane.end_scan();
  lane.apply("c1", DocumentPresented{"SAD", "55301/241124/0012", "typed"});
  lane.apply("c1", Weighed{38420, true, false});
  look("review-first");
  tap("review.zoom.fit");
  look("review");
  tap("review.drawer");
  look("review-drawer");
  tap("review.item.aid.0");
  tap("review.tool.material");
  look("review-material");
  tap("review.tool.material");
  tap("review.drawer");
  tap("review.zoom.fit");
  tap("review.tool.magnify");
  bench.finger->drag_within("review.picture", {0.6F, 0.5F}, {0.63F, 0.52F});
  look("review-lens");
  tap("review.tool.move");
  tap("review.tool.layers");
  tap("review.tool.material");
  tap("review.layers.strip.1");
  look("review-layers");
  tap("review.layers.strip.0");
  tap("review.tool.material");
  tap("review.layers.band.kept.2");
  look("review-band");
  tap("review.layers.band");
  tap("review.tool.layers");
  lane.find_earlier();
  lane.state.library = {"empty-curtain-sider", "tank-of-fuel"};
  tap("review.tool.compare");
  look("review-compare");
  tap("review.compare.mode.1");
  look("review-compare-turn");
  tap("review.compare.mode.2");
  look("review-compare-difference");
  tap("review.compare.other");
  look("review-compare-list");
  tap("review.compare.other");
  tap("review.tool.compare");
  tap("review.tool.measure");
  bench.finger->drag_within("review.picture", {0.3F, 0.5F}, {0.6F, 0.5F});
  look("review-measure");
  tap("review.decide.second_look");
  look("review-second-look");
  tap("act.second_look.back");
  tap("review.decide.suspect.open");
  bench.finger->drag_within("review.picture", {0.57F, 0.48F}, {0.66F, 0.62F});
  look("review-kind");
  tap("review.mark.kind.undeclared_goods");
  tap("review.mark.shape.2");
  tap("review.mark.certainty.2");
  bench.finger->drag_within("review.picture", {0.3F, 0.55F}, {0.3F, 0.55F});
  tap("review.mark.kind.weapons");
  look("review-marked");
  bench.finger->hold("review.decide.suspect");
  bench.frames(2);
  look("review-decided");
}

TEST_P(Audit, Queue) {
  ASSERT_EQ(bench.problem, "");
  lane.sign_in("ivanova", "2468");
  lane.risk.colour = LaneColour::red;
  lane.risk.scan_required = true;
  for (int i = 0; i < 2; ++i) {
    const auto id = lane.arrive();
    lane.read_all();
    lane.post(id,
              ConfirmIdentity{{{.kind = NumberKind::plate,
                                .place = Place::front,
                                .text = "123ABC0" + std::to_string(2 + i),
                                .country = "KZ",
                                .size_type = {},
                                .read = {}}}},
              {});
    ask_scan();
    lane.run_scan(400);
    lane.end_scan();
    lane.post(id,
              MarkRegion{{"m1",
                          lane.crossing(id)->latest_scan()->scan,
                          1500,
                          330,
                          190,
                          160,
                          MarkKind::hidden_compartment,
                          Certainty::medium,
                          {}}},
              {});
    lane.post(id, Decide{Verdict::suspect, {}}, {});
    bench.advance(240);
  }
  bench.sign_in("seitova");
  auto figures = std::make_shared<reports::ShiftFigures>();
  figures->arrived = 64;
  figures->departed = 61;
  figures->scanned = 18;
  figures->suspect = 3;
  figures->agreement = {.reviewed = 5, .agreed = 4, .disagreed = 1, .missed = 0, .examined = 2, .found = 1};
  figures->stages = {{"identify", 64, 14, 31}, {"scan", 18, 95, 140}, {"review", 18, 88, 170}};
  bench.figures = figures;
  tap("rail.queue");
  look("queue");
  tap("queue.card.c1");
  look("queue-blind");
  tap("queue.verdict.suspect");
  look("queue-revealed");
  tap("queue.disagree.open");
  look("queue-disagree");
}

TEST_P(Audit, RecordsHealthAndSecondPerson) {
  ASSERT_EQ(bench.problem, "");
  bench.sign_in("ivanova");
  lane.risk.colour = LaneColour::red;
  lane.risk.scan_required = true;
  lane.arrive();
  lane.read_all();
  bench.frames(2);
  tap("lane.next");
  ask_scan();
  lane.run_scan(400);
  lane.end_scan();
  lane.post("c1", Decide{Verdict::clear, {}}, {});
  tap("rail.records");
  look("records");
  tap("records.row.c1");
  look("records-open");
  tap("records.search");
  look("records-typing");
  tap("key.done");
  lane.state.devices[4].health = {hal::DeviceState::faulted,
                                  lane.state.now,
                                  "No answer from the weighbridge",
                                  "Check the cable, then press Test",
                                  {}};
  tap("rail.health");
  look("health");
  tap("rail.lane");
  tap("lane.act.reroute");
  tap("act.reroute.0.0");
  tap("act.reroute.1.0");
  bench.finger->hold("act.reroute.do");
  bench.frames(2);
  tap("second.account.seitova");
  look("second");
}

INSTANTIATE_TEST_SUITE_P(Sizes, Audit,
                         testing::Values(Case{1920, 1080, "en"}, Case{1920, 1080, "ru"}, Case{1280, 800, "en"},
                                         Case{1280, 800, "ru"}),
                         [](const auto& p) { return std::to_string(p.param.width) + "_" + p.param.language; });

}  // namespace
}  // namespace torugart::tests
