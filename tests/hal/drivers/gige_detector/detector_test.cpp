// The driver against GigE Vision devices: Aravis' fake camera as it comes, and the same with x-ray rows on it.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hal/drivers/gige_detector/gige_detector.h"
#include "tests/conformance/probe.h"
#include "tests/support/peer_process.h"

namespace torugart::hal::gige_detector {
namespace {

using conformance::Probe;
using peers::wait_until;
using Settings = std::map<std::string, std::string>;

class Peer {
 public:
  explicit Peer(std::vector<std::string> more = {}) : more_(std::move(more)) {}
  bool start() {
    std::vector<std::string> all{std::string(TORUGART_BINARY_DIR) + "/bin/gige_line_detector"};
    all.insert(all.end(), more_.begin(), more_.end());
    return process.start(all) && !process.line("serving").empty();
  }
  peers::PeerProcess process;

 private:
  std::vector<std::string> more_;
};

Result<std::unique_ptr<XrayScanner>> make(const Settings& settings, const Clock& clock) {
  Registry registry;
  register_driver(registry);
  auto lane =
      registry.make_lane({{"xray", DeviceKind::xray_scanner, "gige_detector", settings, "lane.toml:9"}}, clock);
  if (!lane) return tl::unexpected(lane.error());
  return std::move(lane->xray);
}

class Rig {
 public:
  explicit Rig(Settings more = {}) {
    more.insert({{"address", "127.0.0.1"}, {"tail_lines", "24"}, {"timeout_ms", "8000"}});
    auto made = make(more, clock_);
    if (!made) throw std::runtime_error(made.error().what);
    xray_ = std::move(*made);
    probe_ = std::make_unique<Probe<XrayScanner>>(*xray_);
    EXPECT_TRUE(probe_->open());
    renewer_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        (void)xray_->renew_lease();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    });
  }
  XrayScanner& xray() { return *xray_; }
  bool ready() {
    return wait_until([&] { return xray_->health().state == DeviceState::ready; });
  }
  bool request() {
    const auto asked = xray_->request_beam({"scan-1", false});
    EXPECT_TRUE(asked) << (asked ? "" : asked.error().what);
    return asked.has_value();
  }
  std::vector<ScanLine> lines() const {
    std::vector<ScanLine> out;
    for (const auto& m : probe_->messages())
      if (const auto* l = std::get_if<ScanLine>(&m)) out.push_back(*l);
    return out;
  }
  bool lines_come(std::size_t count) {
    return wait_until([&] { return probe_->count() >= count + 1; });  // and the phase
  }
  std::optional<ScanEnd> ended() const {
    for (const auto& m : probe_->messages())
      if (const auto* p = std::get_if<ScanPhaseChange>(&m); p != nullptr && p->phase == ScanPhase::ended)
        return p->end;
    return std::nullopt;
  }
  bool ends() {
    return wait_until([&] { return ended().has_value(); });
  }
  bool shows(const std::string& text) {
    return wait_until([&] {
      for (const auto& h : probe_->health())
        if (h.state == DeviceState::faulted && h.summary == text && !h.remedy.empty()) return true;
      return false;
    });
  }
  std::string said() const {
    std::string all;
    for (const auto& h : probe_->health())
      all += std::string(to_string(h.state)) + ": " + h.summary + " (" + h.remedy + ")\n";
    return all;
  }
  long figure(const std::string& name) const {
    for (const auto& [key, value] : xray_->health().figures)
      if (key == name) return std::stol(value);
    return -1;
  }

 private:
  SystemClock clock_;
  std::unique_ptr<XrayScanner> xray_;
  std::unique_ptr<Probe<XrayScanner>> probe_;
  std::jthread renewer_;
};

// What the peer sends; every sample that is delivered must be one of these.
bool plausible(const std::vector<std::uint16_t>& counts, unsigned open) {
  return std::all_of(counts.begin(), counts.end(), [open](std::uint16_t c) {
    for (const unsigned base : {900U, open, open / 3})
      if (c >= base && c < base + 40) return true;
    return false;
  });
}

TEST(GigeDetector, AScanWithTwoEnergiesFromDarkToTheTrucksTail) {
  Peer peer({"--two", "1"});
  ASSERT_TRUE(peer.start());
  Rig rig({{"energies", "rows"}, {"detectors", "640"}, {"rows", "8"}});
  ASSERT_TRUE(rig.ready()) << rig.said();
  EXPECT_EQ(rig.xray().geometry().detectors, 640);
  ASSERT_TRUE(rig.request());
  ASSERT_TRUE(rig.lines_come(20)) << rig.said();
  peer.process.tell("beam");
  ASSERT_TRUE(wait_until([&] { return rig.lines().back().kind == LineKind::air; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  peer.process.tell("truck 300");
  ASSERT_TRUE(rig.ends()) << rig.said();
  EXPECT_EQ(rig.ended(), ScanEnd::complete);
  EXPECT_TRUE(rig.ready());
  std::uint32_t index = 0;
  std::size_t objects = 0;
  std::int64_t taken = 0;
  for (const auto& l : rig.lines()) {
    EXPECT_EQ(l.index, index++);
    ASSERT_EQ(l.high->size(), 640U);
    ASSERT_EQ(l.low->size(), 640U);
    EXPECT_TRUE(plausible(*l.high, 50'000)) << l.index;
    EXPECT_TRUE(plausible(*l.low, 40'000)) << l.index;
    EXPECT_GE(l.taken.mono_us, taken);
    taken = l.taken.mono_us;
    objects += l.kind == LineKind::object ? 1 : 0;
  }
  EXPECT_GE(objects, 150U);
  EXPECT_EQ(rig.figure("lost_lines"), 0);
}

TEST(GigeDetector, TheEncoderTriggersTheLinesAndTellsTheSpeed) {
  Peer peer({"--period-us", "2000"});
  ASSERT_TRUE(peer.start());
  peer.process.tell("trigger 40");
  Rig rig({{"trigger", "encoder"},
           {"trigger_selector", "FrameStart"},
           {"trigger_source", "Software"},
           {"mm_per_line", "4"},
           {"rows", "8"}});
  ASSERT_TRUE(rig.ready()) << rig.said();
  ASSERT_TRUE(rig.request());
  ASSERT_TRUE(rig.lines_come(200)) << rig.said();
  // What the speeds say was driven is what the lines say was driven: 4 mm each.
  const auto all = rig.lines();
  double driven = 0;
  std::size_t counted = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].speed_mm_s == 0) continue;
    const auto later_us = static_cast<double>(all[i].taken.mono_us - all[i - 1].taken.mono_us);
    driven += all[i].speed_mm_s * later_us * 1e-6;
    ++counted;
  }
  EXPECT_GT(counted, 100U);
  EXPECT_NEAR(driven / static_cast<double>(counted), 4, 1);
  rig.xray().withdraw("test");
  ASSERT_TRUE(rig.ends());
  EXPECT_EQ(rig.ended(), ScanEnd::withdrawn);
}

TEST(GigeDetector, ArvFakeCameraAsItComes) {
  const auto program = peers::find_program("arv-fake-gv-camera-0.8");
  if (program.empty()) GTEST_SKIP() << "aravis-tools is not installed";
  peers::PeerProcess camera;
  ASSERT_TRUE(camera.start({program, "-i", "127.0.0.1"}));
  Rig rig;
  ASSERT_TRUE(rig.ready()) << rig.said();
  EXPECT_EQ(rig.xray().geometry().detectors, 512);
  EXPECT_EQ(rig.xray().info().model, "Aravis Fake");
  ASSERT_TRUE(rig.request());
  ASSERT_TRUE(rig.lines_come(512 * 20)) << rig.said();
  rig.xray().withdraw("test");
  ASSERT_TRUE(rig.ends());
  // A busy machine may lose packets of 13 MB/s: then every line that is not here is a gap, and counted.
  const auto all = rig.lines();
  std::uint32_t next = 0, gaps = 0;
  for (const auto& l : all) {
    gaps += l.index - next;
    next = l.index + 1;
  }
  EXPECT_LE(gaps, static_cast<std::uint32_t>(rig.figure("lost_lines")));
  RecordProperty("lines", std::to_string(all.size()));
  RecordProperty("lost_lines", std::to_string(gaps));
}

TEST(GigeDetectorFault, LostPacketsAreTornOrLostLinesAndNoCountIsMadeUp) {
  Peer peer({"--two", "1"});
  ASSERT_TRUE(peer.start());
  peer.process.tell("lost 30");
  Rig rig({{"energies", "rows"}, {"detectors", "640"}, {"rows", "8"}});
  ASSERT_TRUE(rig.ready()) << rig.said();
  ASSERT_TRUE(rig.request());
  peer.process.tell("beam");
  ASSERT_TRUE(wait_until([&] { return rig.figure("lost_lines") > 5 && rig.figure("torn_lines") > 5; })) << rig.said();
  std::size_t gaps = 0, torn = 0;
  std::uint32_t next = 0;
  const auto all = rig.lines();
  for (const auto& l : all) {
    gaps += l.index - next;
    next = l.index + 1;
    torn += l.high->size() < 640 || l.low->size() < 640 ? 1 : 0;
    EXPECT_TRUE(plausible(*l.high, 50'000)) << l.index;
    EXPECT_TRUE(plausible(*l.low, 40'000)) << l.index;
  }
  EXPECT_GT(gaps, 0U);
  EXPECT_GT(torn, 0U);
}

TEST(GigeDetectorFault, NobodyAnswersAndThenSomebodyDoes) {
  Peer peer;
  Rig rig;
  EXPECT_TRUE(rig.shows("the detector does not answer")) << rig.said();
  ASSERT_TRUE(peer.start());
  EXPECT_TRUE(rig.ready()) << rig.said();
}

TEST(GigeDetectorFault, SwitchedOffWhileIdleAndOnAgain) {
  Peer peer;
  ASSERT_TRUE(peer.start());
  Rig rig;
  ASSERT_TRUE(rig.ready()) << rig.said();
  peer.process.kill();
  EXPECT_TRUE(rig.shows("the detector was lost")) << rig.said();
  ASSERT_TRUE(peer.start());
  EXPECT_TRUE(rig.ready()) << rig.said();
}

TEST(GigeDetectorFault, SwitchedOffDuringAScan) {
  Peer peer;
  ASSERT_TRUE(peer.start());
  Rig rig;
  ASSERT_TRUE(rig.ready()) << rig.said();
  ASSERT_TRUE(rig.request());
  ASSERT_TRUE(rig.lines_come(50)) << rig.said();
  peer.process.kill();
  ASSERT_TRUE(rig.ends());
  EXPECT_EQ(rig.ended(), ScanEnd::device_fault);
  EXPECT_TRUE(rig.shows("the detector sends no lines")) << rig.said();
  ASSERT_TRUE(peer.start());
  EXPECT_TRUE(rig.ready()) << rig.said();
  EXPECT_FALSE(rig.xray().renew_lease()) << "a lease never comes back by itself";
}

TEST(GigeDetectorFault, EveryPacketIsLost) {
  Peer peer;
  ASSERT_TRUE(peer.start());
  Rig rig;
  ASSERT_TRUE(rig.ready()) << rig.said();
  peer.process.tell("lost 1000");
  ASSERT_TRUE(rig.request());
  EXPECT_TRUE(rig.shows("the detector sends no lines")) << rig.said();
  EXPECT_EQ(rig.ended(), ScanEnd::device_fault);
  peer.process.tell("lost 0");
  ASSERT_TRUE(rig.ready());
  ASSERT_TRUE(rig.request());
  EXPECT_TRUE(rig.lines_come(10)) << rig.said();
}

TEST(GigeDetectorFault, NoTruckComes) {
  Peer peer;
  ASSERT_TRUE(peer.start());
  Rig rig(Settings{{"timeout_ms", "1000"}});
  ASSERT_TRUE(rig.ready()) << rig.said();
  ASSERT_TRUE(rig.request());
  ASSERT_TRUE(rig.ends());
  EXPECT_EQ(rig.ended(), ScanEnd::timeout);
}

TEST(GigeDetectorFault, TheEncoderStandsStill) {
  Peer peer;
  ASSERT_TRUE(peer.start());
  Rig rig({{"trigger", "encoder"},
           {"trigger_selector", "FrameStart"},
           {"trigger_source", "Software"},
           {"timeout_ms", "1500"},
           {"silent_ms", "300"}});
  ASSERT_TRUE(rig.ready()) << rig.said();
  ASSERT_TRUE(rig.request());
  ASSERT_TRUE(rig.ends());
  EXPECT_EQ(rig.ended(), ScanEnd::timeout) << "a standing truck is no fault of the detector\n" << rig.said();
}

TEST(GigeDetectorFault, AnotherProgramHoldsIt) {
  Peer peer;
  ASSERT_TRUE(peer.start());
  auto first = std::make_unique<Rig>();
  ASSERT_TRUE(first->ready()) << first->said();
  Rig second;
  // A device says so (then: "the detector is used by another program"); Aravis' fake one is silent to the second.
  EXPECT_TRUE(second.shows("the detector does not answer")) << second.said();
  first.reset();
  EXPECT_TRUE(second.ready()) << second.said();
}

TEST(GigeDetectorFault, SettingsThatTheDeviceRefuses) {
  Peer peer;
  ASSERT_TRUE(peer.start());
  for (const Settings& wrong :
       {Settings{{"pixel_format", "Mono12"}}, Settings{{"trigger", "encoder"}, {"trigger_source", "Encoder7"}},
        Settings{{"features", "NoSuchFeature=1"}}}) {
    Rig rig(wrong);
    EXPECT_TRUE(rig.shows("the detector refuses its settings")) << rig.said();
  }
  Rig odd({{"energies", "rows"}, {"features", "Height=7"}});
  EXPECT_TRUE(odd.shows("the detector's block has an odd number of rows")) << odd.said();
}

TEST(GigeDetectorFault, SomethingElseAnswersAtItsPort) {
  const int s = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(3956);
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(s, reinterpret_cast<sockaddr*>(&here), sizeof here), 0);
  std::jthread garbage([s] {
    char request[600];
    sockaddr_in from{};
    socklen_t size = sizeof from;
    for (unsigned i = 0; recvfrom(s, request, sizeof request, 0, reinterpret_cast<sockaddr*>(&from), &size) > 0;
         ++i) {
      for (auto& c : request)
        c = static_cast<char>(i * 37 + static_cast<unsigned>(&c - request));
      sendto(s, request, i % sizeof request, 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  });
  {
    Rig rig;
    EXPECT_TRUE(rig.shows("the detector does not answer")) << rig.said();
  }
  shutdown(s, SHUT_RDWR);
  garbage.join();
  close(s);
}

TEST(GigeDetectorSettings, WhatCannotBeMeantIsRefused) {
  const SystemClock clock;
  const auto what = [&](const Settings& s) {
    const auto made = make(s, clock);
    return made ? std::string() : made.error().what + " | " + made.error().remedy;
  };
  EXPECT_EQ(what({}),
            "device \"xray\": address is missing | write the detector's IP address: address = \"10.20.0.30\"");
  EXPECT_NE(what({{"address", "1.2.3.4"}, {"energies", "rows"}, {"rows", "7"}}), "");
  EXPECT_NE(what({{"address", "1.2.3.4"}, {"calibrated", "true"}}), "") << "millimetres without a measure";
  EXPECT_NE(what({{"address", "1.2.3.4"}, {"features", "Gain"}}), "");
  EXPECT_NE(what({{"address", "1.2.3.4"}, {"speed", "1"}}), "");
  EXPECT_EQ(what({{"address", "1.2.3.4"}, {"features", "Gain=2;ExposureTimeAbs=100"}, {"pitch_mm", "7.6"}}), "");
}

}  // namespace
}  // namespace torugart::hal::gige_detector
