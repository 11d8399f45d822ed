// What beam_request.h promises: the warning, the lease, the chain.
#include <gtest/gtest.h>

#include "tests/conformance/probe.h"

namespace torugart::hal::conformance {
namespace {

class BeamConformance : public OnEverySubject {
 protected:
  BeamRequest& beam() { return *bench_->lane().beam; }
  static bool in_phase(const Probe<BeamRequest>& probe, ScanPhase phase) {
    const auto all = probe.messages();
    return std::any_of(all.begin(), all.end(), [phase](const auto& p) { return p.phase == phase; });
  }
  void begin(Probe<BeamRequest>& probe) {
    ASSERT_TRUE(probe.open());
    ASSERT_TRUE(make_ready(*bench_, beam()));
    bench_->pass_us(200'000);
    const auto asked = beam().request_beam({"scan-1", false});
    ASSERT_TRUE(asked) << asked.error().what;
  }
  template <class Done>
  bool renew_until(Done done) {
    return pass_until(*bench_, [&] {
      if (done()) return true;
      (void)beam().renew_lease();
      return false;
    });
  }
};

TEST_P(BeamConformance, FiveSecondsOfWarningThenBeamUntilItIsWithdrawn) {
  TORUGART_NEEDS(DeviceKind::beam_request);
  EXPECT_FALSE(beam().request_beam({"x", false})) << "not open";
  Probe probe(beam());
  begin(probe);
  EXPECT_FALSE(beam().request_beam({"scan-2", false})) << "one at a time";
  ASSERT_TRUE(renew_until([&] { return in_phase(probe, ScanPhase::beam_on); }));
  beam().withdraw("test");
  beam().withdraw("test again");
  bench_->pass_us(100'000);
  const auto all = probe.messages();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].phase, ScanPhase::warning);
  EXPECT_GE(all[0].remaining_us, XrayScanner::kWarningUs);
  EXPECT_GE(all[1].at.mono_us - all[0].at.mono_us, XrayScanner::kWarningUs);
  EXPECT_EQ(all[2].phase, ScanPhase::ended);
  EXPECT_EQ(all[2].end, ScanEnd::withdrawn);
  EXPECT_FALSE(beam().renew_lease()) << "it never comes back by itself";
}

TEST_P(BeamConformance, WithoutRenewalItEndsWithinHalfASecond) {
  TORUGART_NEEDS(DeviceKind::beam_request);
  Probe probe(beam());
  begin(probe);
  bench_->pass_us(500'000);
  ASSERT_TRUE(in_phase(probe, ScanPhase::ended));
  EXPECT_EQ(probe.messages().back().end, ScanEnd::lease_expired);
}

TEST_P(BeamConformance, AnOpenedChainEndsItAndRefusesTheNext) {
  TORUGART_NEEDS(DeviceKind::beam_request);
  Probe probe(beam());
  begin(probe);
  if (!bench_->open_chain()) GTEST_SKIP() << subject().name << " cannot open the chain";
  bench_->pass_us(100'000);
  ASSERT_TRUE(in_phase(probe, ScanPhase::ended));
  EXPECT_EQ(probe.messages().back().end, ScanEnd::chain_opened);
  const auto again = beam().request_beam({"scan-2", false});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::refused);
  EXPECT_FALSE(again.error().what.empty());
}

INSTANTIATE_TEST_SUITE_P(Hal, BeamConformance, testing::ValuesIn(every_subject()), subject_name);

}  // namespace
}  // namespace torugart::hal::conformance
