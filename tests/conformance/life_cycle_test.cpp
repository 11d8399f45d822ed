// What device.h promises of every device, whatever it is.
#include <gtest/gtest.h>

#include "tests/conformance/probe.h"

namespace torugart::hal::conformance {
namespace {

class LifeCycle : public OnEverySubject {
 protected:
  // Calls f(device) for every device of the lane, with its own type.
  template <class F>
  void each(F f) {
    auto& lane = bench_->lane();
    for (auto& c : lane.cameras)
      f(*c);
    if (lane.xray) f(*lane.xray);
    if (lane.safety) f(*lane.safety);
    if (lane.portal) f(*lane.portal);
    if (lane.weighbridge) f(*lane.weighbridge);
    if (lane.signals) f(*lane.signals);
    for (auto& r : lane.code_readers)
      f(*r);
    if (lane.beam) f(*lane.beam);
    if (lane.ups) f(*lane.ups);
  }
};

TEST_P(LifeCycle, ADeviceSaysWhoItIsBeforeItIsOpened) {
  each([this](auto& device) {
    const auto info = device.info();
    EXPECT_FALSE(info.id.empty());
    EXPECT_FALSE(info.driver.empty()) << info.id;
    EXPECT_TRUE(has(info.kind)) << info.id;
    EXPECT_EQ(device.health().state, DeviceState::closed) << info.id;
  });
}

TEST_P(LifeCycle, OpenReturnsAtOnceAndReadyComesLater) {
  each([this](auto& device) {
    Probe probe(device);
    ASSERT_TRUE(probe.open()) << device.info().id;
    EXPECT_NE(device.health().state, DeviceState::closed) << device.info().id;
    EXPECT_TRUE(make_ready(*bench_, device)) << device.info().id;
    EXPECT_TRUE(probe.was(DeviceState::ready)) << device.info().id << ": on_health was not told";
    EXPECT_FALSE(device.health().summary.empty()) << device.info().id;
  });
}

TEST_P(LifeCycle, ASecondOpenIsRefused) {
  each([this](auto& device) {
    Probe probe(device);
    ASSERT_TRUE(probe.open());
    const auto again = device.open([](const auto&) {}, [](const Health&) {});
    ASSERT_FALSE(again) << device.info().id;
    EXPECT_EQ(again.error().code, ErrorCode::refused) << device.info().id;
    EXPECT_FALSE(again.error().what.empty());
    (void)this;
  });
}

TEST_P(LifeCycle, NoHandlerIsCalledAfterClose) {
  each([this](auto& device) {
    Probe probe(device);
    ASSERT_TRUE(probe.open());
    ASSERT_TRUE(make_ready(*bench_, device)) << device.info().id;
    bench_->pass_us(500'000);
    device.close();
    const auto calls = probe.calls();
    bench_->pass_us(1'000'000);
    EXPECT_EQ(probe.calls(), calls) << device.info().id;
    EXPECT_EQ(device.health().state, DeviceState::closed) << device.info().id;
    device.close();  // idempotent
  });
}

TEST_P(LifeCycle, AClosedDeviceCanBeOpenedAgain) {
  each([this](auto& device) {
    for (int i = 0; i < 2; ++i) {
      Probe probe(device);
      ASSERT_TRUE(probe.open()) << device.info().id;
      EXPECT_TRUE(make_ready(*bench_, device)) << device.info().id;
      device.close();
    }
  });
}

TEST_P(LifeCycle, HandlersComeOneAtATimeAndHealthStampsDoNotGoBack) {
  each([this](auto& device) {
    Probe probe(device);
    ASSERT_TRUE(probe.open());
    bench_->pass_us(1'500'000);
    device.close();
    EXPECT_EQ(probe.overlaps(), 0) << device.info().id;
    std::int64_t last = 0;
    for (const auto& h : probe.health()) {
      EXPECT_GE(h.since.mono_us, last) << device.info().id;
      last = h.since.mono_us;
    }
  });
}

TEST_P(LifeCycle, ALostDeviceIsFaultedAndComesBackByItself) {
  if (!bench_->lose_device("")) GTEST_SKIP() << subject().name << " cannot lose a device";
  each([this](auto& device) {
    Probe probe(device);
    ASSERT_TRUE(probe.open());
    ASSERT_TRUE(make_ready(*bench_, device)) << device.info().id;
    ASSERT_TRUE(bench_->lose_device(device.info().id));
    EXPECT_TRUE(pass_until(
        *bench_, [&] { return probe.was(DeviceState::faulted); }, 50'000))
        << device.info().id;
    EXPECT_FALSE(device.health().remedy.empty()) << device.info().id << ": a fault says what to do";
    EXPECT_TRUE(make_ready(*bench_, device)) << device.info().id;
    EXPECT_TRUE(probe.was(DeviceState::recovering)) << device.info().id;
  });
}

INSTANTIATE_TEST_SUITE_P(Hal, LifeCycle, testing::ValuesIn(every_subject()), subject_name);

}  // namespace
}  // namespace torugart::hal::conformance
