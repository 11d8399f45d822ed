// A whole lane on a table: the engine without threads of its own, scripted devices, a clock that is moved by hand.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "kiosk/lane/engine.h"
#include "ocr/read/engine.h"
#include "tests/support/fake_devices.h"
#include "tests/support/fake_stores.h"

namespace torugart::tests {

using namespace inspection;
using lane::LaneEngine;
using lane::LaneView;

// Reads what the test has written under the frame's first byte.
struct Writing {
  std::string text, country;
  bool container = false;
  double confidence = 0.99;
};
using Script = std::map<std::uint8_t, std::vector<Writing>>;

class ScriptedReader final : public ocr::Engine {
 public:
  explicit ScriptedReader(const Script& script) : script_(script) {}
  ocr::FrameReads read(const cv::Mat& frame, const ocr::ReadOptions&) override {
    ocr::FrameReads out;
    const auto it = script_.find(frame.at<cv::Vec3b>(0, 0)[0]);
    if (it == script_.end()) return out;
    for (const auto& writing : it->second) {
      ocr::Read read;
      read.text = read.raw_text = writing.text;
      read.country = writing.country;
      read.kind = writing.container ? "" : "standard";
      read.confidence = writing.confidence;
      read.char_confidences.assign(writing.text.size(), writing.confidence);
      read.firm = true;
      read.sureness = writing.confidence;
      read.verdict = writing.confidence > 0.9 ? ocr::Verdict::accept : ocr::Verdict::ask;
      read.box = {1, 2, 20, 8};
      read.check_digit = read.owner_known = writing.container;
      read.crop = std::make_shared<const cv::Mat>(8, 20, CV_8UC3, cv::Scalar(90, 90, 90));
      (writing.container ? out.containers : out.plates).push_back(std::move(read));
    }
    return out;
  }
  std::string name() const override { return "scripted"; }

 private:
  const Script& script_;
};

struct Fitted {  // which devices the lane has
  bool cameras = true, xray = true, safety = true, portal = true, weighbridge = true, signals = true, codes = true;
  bool centre = true;
  static Fitted nothing() { return {false, false, false, false, false, false, false, true}; }
};

class Bench {
 public:
  explicit Bench(Fitted fitted = {}, bool own_threads = false) : fitted_(fitted), own_threads_(own_threads) {
    folder_ = std::filesystem::temp_directory_path() /
              ("torugart-lane-" + std::to_string(::getpid()) + "-" + std::to_string(count()++));
    const auto add = [&](const char* account, const char* name, Role role, const char* pin) {
      const auto added = accounts_.add({account, name, role, "en"}, lane::Secret(pin));
      if (!added) throw std::runtime_error(added.error().what);
    };
    add("ivanova", "A. Ivanova", Role::inspector, "1111");
    add("petrov", "B. Petrov", Role::inspector, "2222");
    add("chief", "C. Chief", Role::supervisor, "3333");
  }
  ~Bench() {
    engine_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  // Switches the lane on; again after crash().
  void start() {
    hal::LaneDevices devices;
    if (fitted_.cameras) {
      for (const char* position : {"front", "rear", "side"}) {
        auto camera = std::make_unique<FakeCamera>(position, clock);
        cameras[position] = camera.get();
        devices.cameras.push_back(std::move(camera));
      }
    }
    put(fitted_.xray, devices.xray, xray);
    put(fitted_.safety, devices.safety, safety);
    put(fitted_.portal, devices.portal, portal);
    put(fitted_.weighbridge, devices.weighbridge, weighbridge);
    put(fitted_.signals, devices.signals, signals);
    if (fitted_.codes) {
      auto reader = std::make_unique<FakeCodes>(clock);
      codes = reader.get();
      devices.code_readers.push_back(std::move(reader));
    }
    config.lane_id = "kordai-2";
    config.lane_name = "Lane 2";
    config.crossing_point = "Kordai";
    config.direction = Direction::entry;
    config.work_folder = folder_.string();
    config.own_threads = own_threads_;
    lane::LaneParts parts;
    parts.devices = std::move(devices);
    parts.clock = &clock;
    parts.ledger = real_ledger != nullptr ? real_ledger : &ledger;
    parts.store = real_store != nullptr ? real_store : &store;
    parts.centre = real_centre != nullptr ? real_centre : fitted_.centre ? &centre : nullptr;
    parts.accounts = &accounts_;
    parts.make_reader = [this]() -> tl::expected<std::unique_ptr<ocr::Engine>, lane::Error> {
      if (!reader_works) return tl::unexpected(lane::Error{"The reader's model is missing", "", "install it"});
      return std::make_unique<ScriptedReader>(script);
    };
    auto made = LaneEngine::make(config, std::move(parts));
    if (!made) throw std::runtime_error(made.error().what);
    engine_ = std::move(*made);
    const auto started = engine_->start();
    if (!started) throw std::runtime_error(started.error().what);
    pump();
  }
  // As a power cut: what is in memory is gone, what is in the journal stays.
  void crash() { engine_.reset(); }

  LaneEngine& engine() { return *engine_; }
  void pump() { engine_->pump(); }
  std::shared_ptr<const LaneView> view() { return engine_->view(); }

  // Time passes in steps of 50 ms; the chain reports every 100 ms unless it was told to be silent.
  void pass_ms(int ms) {
    for (int done = 0; done < ms; done += 50) {
      clock.advance_us(50'000);
      if (safety != nullptr && chain_reports && (tick_++ % 2) == 0) safety->report();
      pump();
    }
  }

  void sign_in(const std::string& account = "ivanova", const std::string& pin = "1111") {
    engine_->sign_in(account, pin);
    pump();
  }
  lane::Outcome post(Command command, std::optional<lane::SecondPerson> second = std::nullopt,
                     const std::string& crossing = {}) {
    const auto focus = view()->focus;
    const auto ticket = engine_->post(!crossing.empty() ? crossing
                                      : focus           ? focus->id
                                                        : "",
                                      std::move(command), std::move(second));
    pump();
    return outcome(ticket);
  }
  lane::Outcome outcome(std::uint64_t ticket) {
    const auto now = view();  // keeps the list alive while it is looked through
    for (const auto& o : now->outcomes) {
      if (o.ticket == ticket) return o;
    }
    return {};
  }
  lane::SecondPerson chief() const { return {"chief", "3333"}; }

  // -- a truck's walk, step by step
  void arrive() {
    signals->loop(hal::LoopPlace::arrival, true);
    pump();
    pass_ms(100);
  }
  void leave() {
    signals->loop(hal::LoopPlace::arrival, false);
    signals->loop(hal::LoopPlace::departure, true);
    pump();
    pass_ms(500);
    signals->loop(hal::LoopPlace::departure, false);
    pump();
    pass_ms(50);
  }
  lane::Outcome confirm(const std::string& plate = "123ABC02") {
    Number number;
    number.text = plate;
    number.country = "KZ";
    return post(ConfirmIdentity{{number}});
  }
  void assessed(LaneColour colour, bool scan_required) {
    centre.answer(centre.queries.size() - 1, colour, scan_required);
    pump();
  }
  lane::Outcome clear_and_ask() {
    pass_ms(100);
    post(ClearArea{});
    return post(AskScan{});
  }
  void beam(int object_lines = 96) {
    xray->phase(hal::ScanPhase::warning);
    pass_ms(5000);
    xray->phase(hal::ScanPhase::beam_on);
    xray->calibration_lines();
    xray->lines(hal::LineKind::object, object_lines, 9'000);
    pass_ms(200);
  }
  void end_scan(hal::ScanEnd end = hal::ScanEnd::complete) {
    xray->phase(hal::ScanPhase::ended, end);
    pump();
  }

  // Events of one type, oldest first.
  template <class P>
  std::vector<std::pair<Event, P>> all() const {
    std::vector<std::pair<Event, P>> out;
    for (const auto& event : ledger.events()) {
      if (const auto* payload = std::get_if<P>(&event.payload)) out.emplace_back(event, *payload);
    }
    return out;
  }

  hal::ManualClock clock{1'795'500'000'000'000};  // 2026-11-24
  MemoryLedger ledger;
  MemoryStore store;
  FakeCentre centre;
  // Instead of those in memory, when they are there.
  lane::Ledger* real_ledger = nullptr;
  lane::Store* real_store = nullptr;
  central::Centre* real_centre = nullptr;
  Script script;
  bool reader_works = true, chain_reports = true;
  lane::LaneEngineConfig config;
  std::map<std::string, FakeCamera*> cameras;
  FakeXray* xray = nullptr;
  FakeSafety* safety = nullptr;
  FakePortal* portal = nullptr;
  FakeWeighbridge* weighbridge = nullptr;
  FakeSignals* signals = nullptr;
  FakeCodes* codes = nullptr;

 private:
  static std::atomic<int>& count() {
    static std::atomic<int> n{0};
    return n;
  }
  template <class Interface, class Fake>
  void put(bool fitted, std::unique_ptr<Interface>& where, Fake*& mine) {
    if (!fitted) return;
    auto device = std::make_unique<Fake>(clock);
    mine = device.get();
    where = std::move(device);
  }

  Fitted fitted_;
  bool own_threads_;
  std::filesystem::path folder_;
  lane::Accounts accounts_{clock, lane::HashStrength::test_only};
  std::unique_ptr<LaneEngine> engine_;
  int tick_ = 0;
};

}  // namespace torugart::tests
