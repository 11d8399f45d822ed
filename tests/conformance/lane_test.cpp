// What safety_chain.h, lane_signals.h, portal_monitor.h, weighbridge.h and code_reader.h promise.
#include <gtest/gtest.h>

#include "tests/conformance/probe.h"

namespace torugart::hal::conformance {
namespace {

using LaneConformance = OnEverySubject;

TEST_P(LaneConformance, TheChainIsReadFiveTimesASecondAndAtOnceWhenItOpens) {
  TORUGART_NEEDS(DeviceKind::safety_chain);
  auto& chain = *bench_->lane().safety;
  Probe probe(chain);
  ASSERT_TRUE(probe.open());
  ASSERT_TRUE(make_ready(*bench_, chain));
  bench_->pass_us(2'000'000);
  const auto before = probe.messages();
  ASSERT_GE(before.size(), 9U);
  for (std::size_t i = 1; i < before.size(); ++i) {
    EXPECT_GE(before[i].at.mono_us, before[i - 1].at.mono_us);
    EXPECT_LE(before[i].at.mono_us - before[i - 1].at.mono_us, 200'000);
  }
  EXPECT_FALSE(before.back().contacts.empty());
  EXPECT_TRUE(before.back().closed(bench_->clock().now().mono_us));
  if (!bench_->open_chain()) return;
  bench_->pass_us(60'000);
  EXPECT_FALSE(probe.messages().back().closed(bench_->clock().now().mono_us));
  bench_->pass_us(2'500'000);
  EXPECT_TRUE(probe.messages().back().closed(bench_->clock().now().mono_us));
}

TEST_P(LaneConformance, TheFirstSignalsSayHowEverythingStands) {
  TORUGART_NEEDS(DeviceKind::lane_signals);
  auto& signals = *bench_->lane().signals;
  EXPECT_FALSE(signals.set_barrier(Barrier::exit, true)) << "not open";
  Probe probe(signals);
  ASSERT_TRUE(probe.open());
  ASSERT_TRUE(make_ready(*bench_, signals));
  bench_->pass_us(200'000);
  int loops = 0, barriers = 0;
  for (const auto& m : probe.messages()) {
    loops += std::holds_alternative<LoopChange>(m) ? 1 : 0;
    barriers += std::holds_alternative<BarrierChange>(m) ? 1 : 0;
  }
  EXPECT_GE(loops, 4);
  EXPECT_GE(barriers, 2);
}

TEST_P(LaneConformance, ABarrierNeverComesDownOnAVehicle) {
  TORUGART_NEEDS(DeviceKind::lane_signals);
  auto& signals = *bench_->lane().signals;
  Probe probe(signals);
  ASSERT_TRUE(probe.open());
  const auto arrival = [&] {
    LoopState s = LoopState::unknown;
    for (const auto& m : probe.messages())
      if (const auto* l = std::get_if<LoopChange>(&m); l != nullptr && l->loop == LoopPlace::arrival) s = l->state;
    return s;
  };
  ASSERT_TRUE(pass_until(*bench_, [&] { return arrival() == LoopState::occupied; }));
  const auto down = signals.set_barrier(Barrier::entry, false);
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().code, ErrorCode::refused);
}

TEST_P(LaneConformance, ABarrierReportsItsWay) {
  TORUGART_NEEDS(DeviceKind::lane_signals);
  auto& signals = *bench_->lane().signals;
  Probe probe(signals);
  ASSERT_TRUE(probe.open());
  ASSERT_TRUE(make_ready(*bench_, signals));
  ASSERT_TRUE(signals.set_barrier(Barrier::exit, true));
  ASSERT_TRUE(signals.set_light(Barrier::exit, Light::green));
  const auto exit_up = [&] {
    BarrierState s = BarrierState::unknown;
    for (const auto& m : probe.messages())
      if (const auto* b = std::get_if<BarrierChange>(&m); b != nullptr && b->barrier == Barrier::exit) s = b->state;
    return s == BarrierState::up;
  };
  EXPECT_TRUE(pass_until(*bench_, exit_up));
}

TEST_P(LaneConformance, PortalLinesAreParsedAndKeptAsReceived) {
  TORUGART_NEEDS(DeviceKind::portal_monitor);
  Probe probe(*bench_->lane().portal);
  ASSERT_TRUE(probe.open());
  const auto ended = [&] {
    const auto all = probe.messages();
    return std::any_of(all.begin(), all.end(), [](const auto& l) { return l.code == PortalCode::end_of_occupancy; });
  };
  EXPECT_TRUE(pass_until(*bench_, ended));
  std::int64_t last = 0;
  for (const auto& l : probe.messages()) {
    EXPECT_EQ(parse_portal_line(l.raw, l.at).code, l.code);
    EXPECT_GE(l.at.mono_us, last);
    last = l.at.mono_us;
  }
}

TEST_P(LaneConformance, TheWeightMovesThenStands) {
  TORUGART_NEEDS(DeviceKind::weighbridge);
  Probe probe(*bench_->lane().weighbridge);
  ASSERT_TRUE(probe.open());
  const auto settled = [&] {
    bool moved = false;
    for (const auto& r : probe.messages()) {
      moved = moved || r.status == WeightStatus::motion;
      if (moved && r.status == WeightStatus::stable && r.gross_kg > 5000) return true;
    }
    return false;
  };
  EXPECT_TRUE(pass_until(*bench_, settled));
  for (const auto& r : probe.messages()) {
    EXPECT_GE(r.gross_kg, 0);
    EXPECT_LE(r.gross_kg, 200'000);
  }
}

TEST_P(LaneConformance, ACodeIsRead) {
  TORUGART_NEEDS(DeviceKind::code_reader);
  Probe probe(*bench_->lane().code_readers.at(0));
  ASSERT_TRUE(probe.open());
  ASSERT_TRUE(pass_until(*bench_, [&] { return !probe.messages().empty(); }));
  EXPECT_FALSE(probe.messages()[0].text.empty());
  EXPECT_LE(probe.messages()[0].text.size(), 4096U);
}

INSTANTIATE_TEST_SUITE_P(Hal, LaneConformance, testing::ValuesIn(every_subject()), subject_name);

}  // namespace
}  // namespace torugart::hal::conformance
