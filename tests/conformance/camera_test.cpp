// What camera.h promises.
#include <gtest/gtest.h>

#include "tests/conformance/probe.h"

namespace torugart::hal::conformance {
namespace {

class CameraConformance : public OnEverySubject {
 protected:
  Camera& front() {
    for (auto& c : bench_->lane().cameras)
      if (c->info().id == "front") return *c;
    return *bench_->lane().cameras.at(0);
  }
};

TEST_P(CameraConformance, FramesAreWholeNumberedAndStamped) {
  TORUGART_NEEDS(DeviceKind::camera);
  Probe probe(front());
  ASSERT_TRUE(probe.open());
  ASSERT_TRUE(pass_until(*bench_, [&] { return probe.messages().size() >= 5; }));
  front().close();
  std::optional<Frame> last;
  for (const auto& f : probe.messages()) {
    EXPECT_GT(f.width, 0);
    EXPECT_GT(f.height, 0);
    ASSERT_NE(f.bgr, nullptr);
    EXPECT_EQ(f.bgr->size(), static_cast<std::size_t>(f.width) * static_cast<std::size_t>(f.height) * 3);
    EXPECT_EQ(f.camera, front().info().id);
    EXPECT_FALSE(f.position.empty());
    EXPECT_FALSE(f.damaged);
    if (last) {
      EXPECT_GT(f.sequence, last->sequence);
      EXPECT_GE(f.taken.mono_us, last->taken.mono_us);
    }
    last = f;
  }
  EXPECT_LE(last->taken.mono_us, bench_->clock().now().mono_us);
}

TEST_P(CameraConformance, ATornFrameIsMarkedAndNeverPassedOffAsGood) {
  TORUGART_NEEDS(DeviceKind::camera);
  Probe probe(front());
  ASSERT_TRUE(probe.open());
  ASSERT_TRUE(make_ready(*bench_, front()));
  if (!bench_->tear_frames()) GTEST_SKIP() << subject().name << " cannot tear frames";
  bench_->pass_us(200'000);
  const auto before = probe.messages().size();
  ASSERT_TRUE(pass_until(*bench_, [&] { return probe.messages().size() >= before + 3; }));
  front().close();
  const auto all = probe.messages();
  for (std::size_t i = before; i < all.size(); ++i)
    EXPECT_TRUE(all[i].damaged) << i;
}

TEST_P(CameraConformance, ASilentCameraIsFaultedAfterThreeSecondsAndRecovers) {
  TORUGART_NEEDS(DeviceKind::camera);
  Probe probe(front());
  ASSERT_TRUE(probe.open());
  ASSERT_TRUE(pass_until(*bench_, [&] { return !probe.messages().empty(); }));
  if (!bench_->silence_camera()) GTEST_SKIP() << subject().name << " cannot silence a camera";
  bench_->pass_us(2'000'000);
  EXPECT_FALSE(probe.was(DeviceState::faulted)) << "two seconds are no silence yet";
  bench_->pass_us(3'000'000);
  EXPECT_TRUE(probe.was(DeviceState::faulted));
  EXPECT_TRUE(make_ready(*bench_, front()));
  const auto before = probe.messages().size();
  EXPECT_TRUE(pass_until(*bench_, [&] { return probe.messages().size() > before; }));
}

TEST_P(CameraConformance, AStillEitherComesOrIsUnsupported) {
  TORUGART_NEEDS(DeviceKind::camera);
  EXPECT_FALSE(front().trigger_still()) << "a closed camera takes no pictures";
  Probe probe(front());
  ASSERT_TRUE(probe.open());
  ASSERT_TRUE(make_ready(*bench_, front()));
  const auto before = probe.messages().size();
  const auto asked = front().trigger_still();
  if (!asked) {
    EXPECT_EQ(asked.error().code, ErrorCode::unsupported);
    return;
  }
  EXPECT_TRUE(pass_until(*bench_, [&] { return probe.messages().size() > before; }));
}

INSTANTIATE_TEST_SUITE_P(Hal, CameraConformance, testing::ValuesIn(every_subject()), subject_name);

}  // namespace
}  // namespace torugart::hal::conformance
