// What xray_scanner.h promises: the lease, the phases, the lines.
#include <gtest/gtest.h>

#include "tests/conformance/probe.h"

namespace torugart::hal::conformance {
namespace {

class XrayConformance : public OnEverySubject {
 protected:
  XrayScanner& xray() { return *bench_->lane().xray; }

  static std::vector<ScanPhaseChange> phases(const Probe<XrayScanner>& probe) {
    std::vector<ScanPhaseChange> out;
    for (const auto& m : probe.messages())
      if (const auto* p = std::get_if<ScanPhaseChange>(&m)) out.push_back(*p);
    return out;
  }
  static std::vector<ScanLine> lines(const Probe<XrayScanner>& probe) {
    std::vector<ScanLine> out;
    for (const auto& m : probe.messages())
      if (const auto* l = std::get_if<ScanLine>(&m)) out.push_back(*l);
    return out;
  }
  static bool in_phase(const Probe<XrayScanner>& probe, ScanPhase phase) {
    const auto all = phases(probe);
    return std::any_of(all.begin(), all.end(), [phase](const auto& p) { return p.phase == phase; });
  }
  static std::size_t objects(const Probe<XrayScanner>& probe) {
    const auto all = lines(probe);
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const ScanLine& l) { return l.kind == LineKind::object; }));
  }

  // The truck stands at the identification point, the scanner is ready, a scan is asked for.
  void begin(Probe<XrayScanner>& probe) {
    ASSERT_TRUE(probe.open());
    ASSERT_TRUE(make_ready(*bench_, xray()));
    bench_->pass_us(16'000'000);
    const auto asked = xray().request_beam({"scan-1", false});
    ASSERT_TRUE(asked) << asked.error().what;
  }
  // As the engine does: renews every 100 ms.
  template <class Done>
  bool renew_until(Done done) {
    return pass_until(*bench_, [&] {
      if (done()) return true;
      (void)xray().renew_lease();
      return false;
    });
  }
};

TEST_P(XrayConformance, AWholeScan) {
  TORUGART_NEEDS(DeviceKind::xray_scanner);
  Probe probe(xray());
  begin(probe);
  ASSERT_TRUE(renew_until([&] { return in_phase(probe, ScanPhase::ended); }));
  EXPECT_TRUE(make_ready(*bench_, xray()));
  xray().close();

  const auto all = phases(probe);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].phase, ScanPhase::warning);
  EXPECT_EQ(all[1].phase, ScanPhase::dark_lines);
  EXPECT_EQ(all[2].phase, ScanPhase::beam_on);
  EXPECT_EQ(all[3].phase, ScanPhase::ended);
  EXPECT_EQ(all[3].end, ScanEnd::complete);
  for (const auto& p : all)
    EXPECT_EQ(p.scan, "scan-1");

  const auto g = xray().geometry();
  ASSERT_GT(g.detectors, 0);
  std::uint32_t index = 0;
  std::int64_t taken = 0;
  LineKind kind = LineKind::dark;
  std::size_t of_kind[3] = {};
  for (const auto& l : lines(probe)) {
    EXPECT_EQ(l.index, index++);
    EXPECT_GE(l.taken.mono_us, taken);
    taken = l.taken.mono_us;
    EXPECT_GE(static_cast<int>(l.kind), static_cast<int>(kind)) << "dark, then air, then object";
    kind = l.kind;
    ++of_kind[static_cast<std::size_t>(kind)];
    ASSERT_NE(l.high, nullptr);
    EXPECT_EQ(l.high->size(), static_cast<std::size_t>(g.detectors));
    EXPECT_EQ(l.low == nullptr, g.low_energy_mv == 0);
  }
  EXPECT_GT(of_kind[2], 50U);
  EXPECT_EQ(probe.overlaps(), 0);
}

TEST_P(XrayConformance, WithoutRenewalTheLeaseExpiresWithinHalfASecond) {
  TORUGART_NEEDS(DeviceKind::xray_scanner);
  Probe probe(xray());
  begin(probe);
  ASSERT_TRUE(renew_until([&] { return in_phase(probe, ScanPhase::beam_on); }));
  bench_->pass_us(500'000);
  ASSERT_TRUE(in_phase(probe, ScanPhase::ended));
  EXPECT_EQ(phases(probe).back().end, ScanEnd::lease_expired);
  const auto count = lines(probe).size();
  bench_->pass_us(500'000);
  EXPECT_EQ(lines(probe).size(), count) << "no line after the end";
}

TEST_P(XrayConformance, WithdrawEndsWithinAHundredMilliseconds) {
  TORUGART_NEEDS(DeviceKind::xray_scanner);
  Probe probe(xray());
  begin(probe);
  ASSERT_TRUE(renew_until([&] { return in_phase(probe, ScanPhase::beam_on); }));
  xray().withdraw("test");
  xray().withdraw("test again");
  bench_->pass_us(100'000);
  ASSERT_TRUE(in_phase(probe, ScanPhase::ended));
  EXPECT_EQ(phases(probe).back().end, ScanEnd::withdrawn);
  EXPECT_TRUE(make_ready(*bench_, xray()));
  xray().withdraw("nothing runs");
  EXPECT_FALSE(xray().renew_lease()) << "no scan, no lease";
}

TEST_P(XrayConformance, ASecondRequestIsRefusedWhileOneRuns) {
  TORUGART_NEEDS(DeviceKind::xray_scanner);
  EXPECT_FALSE(xray().request_beam({"x", false})) << "not open";
  Probe probe(xray());
  begin(probe);
  const auto again = xray().request_beam({"scan-2", false});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::refused);
}

TEST_P(XrayConformance, AnOpenedChainEndsTheScanAndRefusesTheNext) {
  TORUGART_NEEDS(DeviceKind::xray_scanner);
  Probe probe(xray());
  begin(probe);
  ASSERT_TRUE(renew_until([&] { return in_phase(probe, ScanPhase::beam_on); }));
  if (!bench_->open_chain()) GTEST_SKIP() << subject().name << " cannot open the chain";
  bench_->pass_us(100'000);
  ASSERT_TRUE(in_phase(probe, ScanPhase::ended));
  EXPECT_EQ(phases(probe).back().end, ScanEnd::chain_opened);
  bench_->pass_us(100'000);
  const auto again = xray().request_beam({"scan-2", false});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::refused);
}

TEST_P(XrayConformance, TornLinesAreDeliveredAsTheyCame) {
  TORUGART_NEEDS(DeviceKind::xray_scanner);
  if (!bench_->tear_lines()) GTEST_SKIP() << subject().name << " cannot tear lines";
  Probe probe(xray());
  begin(probe);
  ASSERT_TRUE(renew_until([&] { return objects(probe) > 20; }));
  const auto all = lines(probe);
  const auto whole = static_cast<std::size_t>(xray().geometry().detectors);
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [whole](const ScanLine& l) { return l.high->size() < whole; }));
}

TEST_P(XrayConformance, LostLinesLeaveAGapInTheIndex) {
  TORUGART_NEEDS(DeviceKind::xray_scanner);
  if (!bench_->lose_lines()) GTEST_SKIP() << subject().name << " cannot lose lines";
  Probe probe(xray());
  begin(probe);
  ASSERT_TRUE(renew_until([&] { return objects(probe) > 20; }));
  const auto all = lines(probe);
  EXPECT_GT(all.back().index + 1, all.size());
}

INSTANTIATE_TEST_SUITE_P(Hal, XrayConformance, testing::ValuesIn(every_subject()), subject_name);

}  // namespace
}  // namespace torugart::hal::conformance
