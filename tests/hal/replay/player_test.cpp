#include "hal/replay/player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hal/replay/recorder.h"
#include "tests/support/sample_recording.h"

namespace torugart::hal::replay {
namespace {

namespace fs = std::filesystem;
using test::SampleRecording;

std::vector<DeviceConfig> all_devices() {
  return {{"front", DeviceKind::camera, "replay", {}, "t:1"},
          {"rear", DeviceKind::camera, "replay", {}, "t:2"},
          {"xray", DeviceKind::xray_scanner, "replay", {}, "t:3"},
          {"chain", DeviceKind::safety_chain, "replay", {}, "t:4"},
          {"portal", DeviceKind::portal_monitor, "replay", {}, "t:5"},
          {"scale", DeviceKind::weighbridge, "replay", {}, "t:6"},
          {"signals", DeviceKind::lane_signals, "replay", {}, "t:7"},
          {"hand", DeviceKind::code_reader, "replay", {}, "t:8"}};
}

// Everything that a lane said, in order.
struct Heard {
  std::vector<Frame> frames;
  std::vector<ScanLine> lines;
  std::vector<ScanPhaseChange> phases;
  std::vector<std::string> portal, codes;
  std::vector<WeightReading> weights;
  std::vector<LoopChange> loops;

  void listen(LaneDevices& lane) {
    const HealthHandler quiet = [](const Health&) {};
    for (auto& camera : lane.cameras) {
      ASSERT_TRUE(camera->open([this](const Frame& f) { frames.push_back(f); }, quiet));
    }
    ASSERT_TRUE(lane.xray->open(
        [this](const XrayMessage& m) {
          if (const auto* line = std::get_if<ScanLine>(&m)) lines.push_back(*line);
          if (const auto* phase = std::get_if<ScanPhaseChange>(&m)) phases.push_back(*phase);
        },
        quiet));
    ASSERT_TRUE(lane.safety->open([](const ChainReading&) {}, quiet));
    ASSERT_TRUE(lane.portal->open([this](const PortalLine& l) { portal.push_back(l.raw); }, quiet));
    ASSERT_TRUE(lane.weighbridge->open([this](const WeightReading& w) { weights.push_back(w); }, quiet));
    ASSERT_TRUE(lane.signals->open(
        [this](const SignalMessage& m) {
          if (const auto* loop = std::get_if<LoopChange>(&m)) loops.push_back(*loop);
        },
        quiet));
    for (auto& reader : lane.code_readers) {
      ASSERT_TRUE(reader->open([this](const CodeRead& c) { codes.push_back(c.text); }, quiet));
    }
  }
};

class Replay : public testing::Test {
 protected:
  void play(const std::string& directory) {
    auto opened = Player::open(directory, {}, clock);
    ASSERT_TRUE(opened) << opened.error().what;
    player = *opened;
    Registry registry;
    register_drivers(registry, player);
    auto made = registry.make_lane(all_devices(), clock);
    ASSERT_TRUE(made) << made.error().what;
    lane = std::move(*made);
  }
  void scan() {
    ASSERT_TRUE(lane.xray->request_beam({"s1", false}));
    for (int i = 0; i < 100 && (heard.phases.empty() || heard.phases.back().phase != ScanPhase::ended); ++i) {
      (void)lane.xray->renew_lease();
      player->advance_us(100'000);
    }
  }

  SampleRecording sample{testing::UnitTest::GetInstance()->current_test_info()->name()};
  ManualClock clock;
  std::shared_ptr<Player> player;
  Heard heard;
  LaneDevices lane;
};

TEST_F(Replay, AVehicleComesIsScannedAndLeaves) {
  play(sample.root.string());
  heard.listen(lane);
  player->advance_us(8'000'000);
  EXPECT_EQ(player->current(), 0);
  EXPECT_THAT(heard.portal, testing::SizeIs(4));
  EXPECT_EQ(heard.portal[2], "XX,whatever");
  EXPECT_THAT(heard.codes, testing::ElementsAre("JX95000448"));
  EXPECT_EQ(heard.weights.back().status, WeightStatus::stable);
  EXPECT_FALSE(lane.signals->set_barrier(Barrier::entry, false));  // a vehicle stands there

  scan();
  ASSERT_EQ(heard.lines.size(), 60U);  // 4 dark, 6 air, 50 object
  EXPECT_EQ(heard.lines[0].kind, LineKind::dark);
  EXPECT_EQ(heard.lines[4].kind, LineKind::air);
  EXPECT_EQ(heard.lines[10].kind, LineKind::object);
  EXPECT_EQ((*heard.lines[10].high)[3], 3000);
  EXPECT_EQ((*heard.lines[59].low)[2], 1049);
  EXPECT_EQ(heard.phases.back().end, ScanEnd::complete);

  ASSERT_TRUE(lane.signals->set_barrier(Barrier::exit, true));
  player->advance_us(3'000'000);
  EXPECT_TRUE(player->finished());
  EXPECT_EQ(heard.loops.back().loop, LoopPlace::departure);
  EXPECT_EQ(heard.loops.back().state, LoopState::free);
}

TEST_F(Replay, TheLeaseEndsAScan) {
  play(sample.root.string());
  heard.listen(lane);
  player->advance_us(3'000'000);
  ASSERT_TRUE(lane.xray->request_beam({"s1", false}));
  player->advance_us(500'000);  // nobody renews
  ASSERT_FALSE(heard.phases.empty());
  EXPECT_EQ(heard.phases.back().end, ScanEnd::lease_expired);
  EXPECT_TRUE(heard.lines.empty());
}

TEST_F(Replay, ACrossingWithoutXrayRefusesAScan) {
  fs::remove_all(sample.root / "crossing-0001" / "xray");
  play(sample.root.string());
  heard.listen(lane);
  player->advance_us(3'000'000);
  const auto asked = lane.xray->request_beam({"s1", false});
  ASSERT_FALSE(asked);
  EXPECT_THAT(asked.error().what, testing::HasSubstr("no x-ray picture was recorded"));
}

TEST_F(Replay, ATornStillIsShownAsDamaged) {
  SampleRecording::write(sample.root / "crossing-0001" / "front" / "0000.png", "not a picture");
  play(sample.root.string());
  heard.listen(lane);
  player->advance_us(3'000'000);
  EXPECT_TRUE(std::any_of(heard.frames.begin(), heard.frames.end(), [](const Frame& f) { return f.damaged; }));
}

TEST_F(Replay, WhatIsRecordedPlaysBackTheSame) {
  const auto copy = sample.root / "recorded";
  play(sample.root.string());
  {
    auto recorder = Recorder::open(copy.string(), clock);
    ASSERT_TRUE(recorder);
    lane = (*recorder)->wrap(std::move(lane));
    heard.listen(lane);
    player->advance_us(8'000'000);
    scan();
    ASSERT_TRUE(lane.signals->set_barrier(Barrier::exit, true));
    player->advance_us(3'000'000);
    (*recorder)->flush();
    EXPECT_EQ((*recorder)->problem(), "");
    lane = {};
  }
  const auto again = read_recording(copy.string());
  ASSERT_TRUE(again) << again.error().what << " " << again.error().where;
  ASSERT_EQ(again->size(), 1U);
  EXPECT_EQ(again->front().weight_kg, 21480);
  EXPECT_EQ(again->front().documents.front().number, "JX95000448");
  EXPECT_EQ(again->front().portal.size(), 4U);
  EXPECT_GE(again->front().stills.at("front").size(), 3U);
  const auto same = [](const fs::path& a, const fs::path& b) {
    return cv::norm(cv::imread(a.string(), cv::IMREAD_UNCHANGED), cv::imread(b.string(), cv::IMREAD_UNCHANGED),
                    cv::NORM_INF) == 0;
  };
  for (const char* file : {"high.png", "low.png", "dark.png", "air.png"}) {
    EXPECT_TRUE(same(sample.root / "crossing-0001" / "xray" / file, copy / "crossing-0001" / "xray" / file)) << file;
  }
}

TEST_F(Replay, AClipPlaysThroughGStreamer) {
  fs::remove_all(sample.root / "crossing-0001" / "front");
  const auto clip = sample.root / "crossing-0001" / "front.mkv";
  const auto made = std::system(("gst-launch-1.0 -q videotestsrc num-buffers=20 ! video/x-raw,width=320,height=180,"
                                 "framerate=10/1 ! jpegenc ! matroskamux ! filesink location=" +
                                 clip.string() + " >/dev/null 2>&1")
                                    .c_str());
  if (made != 0) GTEST_SKIP() << "gst-launch-1.0 (gstreamer1.0-tools) cannot make the clip";
  play(sample.root.string());
  heard.listen(lane);
  player->advance_us(4'000'000);
  const auto wide =
      std::count_if(heard.frames.begin(), heard.frames.end(), [](const Frame& f) { return f.width == 320; });
  EXPECT_GE(wide, 5);
  EXPECT_EQ(lane.cameras[0]->health().state, DeviceState::ready);
}

// A clip that cannot be played concerns the vehicle that it shows, not those that come after.
TEST_F(Replay, ACameraOutlivesABrokenClip) {
  sample.add_crossing("crossing-0002");
  fs::remove_all(sample.root / "crossing-0001" / "front");
  SampleRecording::write(sample.root / "crossing-0001" / "front.mkv", "not a clip");
  play(sample.root.string());
  heard.listen(lane);
  player->advance_us(3'000'000);
  EXPECT_EQ(lane.cameras[0]->health().state, DeviceState::faulted);
  EXPECT_FALSE(lane.cameras[0]->health().remedy.empty());
  player->wave_through();
  player->advance_us(4'000'000);
  ASSERT_EQ(player->current(), 1);
  EXPECT_EQ(lane.cameras[0]->health().state, DeviceState::ready);
  EXPECT_EQ(lane.cameras[0]->health().remedy, "");
  const auto front =
      std::find_if(heard.frames.rbegin(), heard.frames.rend(), [](const Frame& f) { return f.position == "front"; });
  ASSERT_NE(front, heard.frames.rend());
  EXPECT_EQ(front->width, 160);
}

}  // namespace
}  // namespace torugart::hal::replay
