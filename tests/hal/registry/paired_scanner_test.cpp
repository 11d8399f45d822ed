// A detector and a request for beam as one scanner.
#include "hal/registry/paired_scanner.h"

#include <gtest/gtest.h>

#include "tests/support/fake_devices.h"

namespace torugart::hal {
namespace {

class Paired : public testing::Test {
 protected:
  Paired() {
    auto d = std::make_unique<tests::FakeXray>(clock_);
    auto b = std::make_unique<tests::FakeBeam>(clock_);
    detector_ = d.get();
    beam_ = b.get();
    scanner_ = pair_scanner(std::move(d), std::move(b));
    const auto opened = scanner_->open([this](const XrayMessage& m) { said_.push_back(m); },
                                       [this](const Health& h) { health_.push_back(h); });
    EXPECT_TRUE(opened);
  }
  void ask() {
    ASSERT_TRUE(scanner_->request_beam({"s1", false}));
    beam_->phase(ScanPhase::warning, ScanEnd::complete, 5'000'000);
    detector_->lines(LineKind::dark, 3, 100);  // long before the beam: not wanted
    clock_.advance_us(4'500'000);
    detector_->lines(LineKind::dark, 2, 100);
    detector_->lines(LineKind::air, 2, 20'000);  // as the detector thinks; there is no beam yet
    clock_.advance_us(500'000);
    beam_->phase(ScanPhase::beam_on);
    detector_->lines(LineKind::object, 4, 9'000);
  }
  std::vector<ScanPhaseChange> phases() const {
    std::vector<ScanPhaseChange> out;
    for (const auto& m : said_)
      if (const auto* p = std::get_if<ScanPhaseChange>(&m)) out.push_back(*p);
    return out;
  }
  std::vector<ScanLine> lines() const {
    std::vector<ScanLine> out;
    for (const auto& m : said_)
      if (const auto* l = std::get_if<ScanLine>(&m)) out.push_back(*l);
    return out;
  }

  ManualClock clock_;
  tests::FakeXray* detector_ = nullptr;
  tests::FakeBeam* beam_ = nullptr;
  std::unique_ptr<XrayScanner> scanner_;
  std::vector<XrayMessage> said_;
  std::vector<Health> health_;
};

TEST_F(Paired, LinesAreDarkUntilTheControllerReportsBeam) {
  ask();
  const auto all = lines();
  ASSERT_EQ(all.size(), 8U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].index, i);
    EXPECT_EQ(all[i].kind, i < 4 ? LineKind::dark : LineKind::object);
  }
  const auto seen = phases();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].phase, ScanPhase::warning);
  EXPECT_EQ(seen[1].phase, ScanPhase::dark_lines);
  EXPECT_EQ(seen[2].phase, ScanPhase::beam_on);
}

TEST_F(Paired, WhenTheDetectorHasItsTruckTheRequestGoes) {
  ask();
  detector_->phase(ScanPhase::ended, ScanEnd::complete);
  ASSERT_EQ(beam_->withdrawn.size(), 1U);
  beam_->phase(ScanPhase::ended, ScanEnd::withdrawn);
  EXPECT_EQ(phases().back().phase, ScanPhase::ended);
  EXPECT_EQ(phases().back().end, ScanEnd::complete);
  EXPECT_EQ(phases().size(), 4U) << "one end";
}

TEST_F(Paired, WhenTheRequestEndsTheDetectorStops) {
  ask();
  beam_->phase(ScanPhase::ended, ScanEnd::chain_opened);
  EXPECT_EQ(detector_->withdrawn.size(), 1U);
  EXPECT_EQ(phases().back().end, ScanEnd::chain_opened);
  const auto count = said_.size();
  detector_->lines(LineKind::object, 4, 9'000);
  detector_->phase(ScanPhase::ended, ScanEnd::withdrawn);
  EXPECT_EQ(said_.size(), count) << "nothing after the end";
}

TEST_F(Paired, IsRefusedWhereTheRequestIsRefused) {
  beam_->refuse = true;
  const auto asked = scanner_->request_beam({"s1", false});
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().what, "Door 1 open");
  EXPECT_TRUE(detector_->requests.empty());
  beam_->refuse = false;
  EXPECT_TRUE(scanner_->request_beam({"s2", false}));
  EXPECT_FALSE(scanner_->request_beam({"s3", false}));
}

TEST_F(Paired, RenewsAndWithdrawsBoth) {
  ask();
  EXPECT_TRUE(scanner_->renew_lease());
  EXPECT_EQ(beam_->renewals, 1);
  EXPECT_EQ(detector_->renewals, 1);
  scanner_->withdraw("Stopped");
  EXPECT_EQ(beam_->withdrawn.size(), 1U);
  EXPECT_EQ(detector_->withdrawn.size(), 1U);
}

TEST_F(Paired, IsAsIllAsTheWorseOfTheTwo) {
  EXPECT_EQ(scanner_->health().state, DeviceState::ready);
  beam_->turn(DeviceState::faulted, "no answer");
  EXPECT_EQ(scanner_->health().state, DeviceState::faulted);
  EXPECT_EQ(health_.back().summary, "no answer");
}

}  // namespace
}  // namespace torugart::hal
