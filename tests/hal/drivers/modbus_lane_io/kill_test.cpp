// The program is killed, stopped, or loses its controller while beam is on. The controller is a process of its own and
// knows nothing of ours: its side has no beam half a second after the last heartbeat.
#include "tests/hal/drivers/modbus_lane_io/bench.h"

namespace torugart::hal::drivers::lane_io {
namespace {

class Kill : public testing::Test {
 protected:
  void SetUp() override {
    if (!peers::LaneController::available()) GTEST_SKIP() << "python3-pymodbus is not installed";
    ASSERT_TRUE(controller_.start());
    ASSERT_TRUE(program_.start({LANE_IO_ASKER, std::to_string(controller_.port()), kMap}));
    ASSERT_FALSE(program_.line("beam", std::chrono::seconds(30)).empty());
    ASSERT_TRUE(controller_.wait_for("beam 1"));
  }
  // From now until the controller's side has no beam, in ms by the clock that both share.
  double until_beam_is_off(void (peers::PeerProcess::*end)()) {
    SystemClock clock;
    const auto at = clock.now().mono_us;
    (program_.*end)();
    const auto line = controller_.wait_for("beam 0");
    if (!line) return 1e9;
    return static_cast<double>(std::stoll(*line) - at) / 1000;
  }

  peers::LaneController controller_;
  peers::PeerProcess program_;
};

// 500 ms is the controller's patience; what is beyond is its own cycle on a busy machine.
constexpr double kMost_ms = 500 + 250;

TEST_F(Kill, AKilledProgramHasNoBeam) {
  const auto ms = until_beam_is_off(&peers::PeerProcess::kill);
  std::printf("beam off %.1f ms after SIGKILL\n", ms);
  EXPECT_LT(ms, kMost_ms);
}

TEST_F(Kill, AStoppedProgramHasNoBeamAndGetsNoneWhenItGoesOn) {
  const auto ms = until_beam_is_off(&peers::PeerProcess::stop);
  std::printf("beam off %.1f ms after SIGSTOP\n", ms);
  EXPECT_LT(ms, kMost_ms);
  program_.go_on();
  EXPECT_FALSE(program_.line("ended").empty());
  EXPECT_FALSE(controller_.wait_for("beam 1", std::chrono::seconds(2)));
}

}  // namespace
}  // namespace torugart::hal::drivers::lane_io
