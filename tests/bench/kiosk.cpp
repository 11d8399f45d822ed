// What the workstation costs: from start to the first frame, at sign-in, on the lane screen with three cameras.
//
//   bench_kiosk [OUT]     OUT: a folder for the lane's files (default bench-kiosk-out)
//
// Offscreen on llvmpipe, 1920x1080, real devices replaced by the simulated lane in the same process: its cost is in the
// figures. CPU is that of the whole process in percent of one core.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>

#include "hal/sim/world.h"
#include "tests/e2e/demo/stage.h"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

struct Watched {
  double cpu_percent = 0, drawn_per_s = 0;
  double p50_ms = 0, p95_ms = 0;
};

// Lets the window's own loop run for so long and says what it cost.
Watched watch(torugart::demo::Stage& stage, double seconds) {
  int drawn = 0;
  const auto start = Clock::now();
  const double cpu = cpu_seconds();
  while (seconds_since(start) < seconds)
    drawn += stage.window().step(0.2) ? 1 : 0;
  Watched out;
  const double took = seconds_since(start);
  out.cpu_percent = (cpu_seconds() - cpu) / took * 100;
  out.drawn_per_s = drawn / took;
  out.p50_ms = stage.window().window().stats().p50_ms();
  out.p95_ms = stage.window().window().stats().p95_ms();
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace torugart::demo;  // NOLINT(google-build-using-namespace)
  Wish wish;
  wish.out = argc > 1 ? argv[1] : "bench-kiosk-out";
  Stage stage(wish);
  try {
    const auto start = Clock::now();
    stage.open();
    const double opened = seconds_since(start);
    stage.window().draw_now();
    fmt::print("start to first frame   {:.2f} s (of it {:.2f} s the development centre, accounts and their hashes)\n",
               seconds_since(start), stage.preparation_s());
    fmt::print("  the program's own    {:.2f} s (open {:.2f} s)\n", seconds_since(start) - stage.preparation_s(),
               opened);

    stage.wait("the line", 30, [](const auto& v) { return v.line.online; });
    const auto sign_in = watch(stage, 20);
    fmt::print("sign-in, no truck      {:.1f} % of a core, {:.1f} frames/s\n", sign_in.cpu_percent,
               sign_in.drawn_per_s);

    stage.tap(fmt::format("signin.account.{}", kInspector));
    for (const char* digit = kInspectorPin; *digit != '\0'; ++digit)
      stage.tap(fmt::format("signin.pin.{}", *digit));
    stage.tap("signin.pin.ok");
    stage.wait("sign-in", 20, [](const auto& v) { return v.session.actor.has_value(); });
    stage.assembly().world()->hold_arrivals(false);
    stage.wait("a truck", 60, [](const auto& v) { return v.focus.has_value(); });
    const auto reading = watch(stage, 12);
    fmt::print("lane, truck being read {:.1f} % of a core, {:.1f} frames/s, frame p50 {:.1f} ms p95 {:.1f} ms\n",
               reading.cpu_percent, reading.drawn_per_s, reading.p50_ms, reading.p95_ms);
    const auto resting = watch(stage, 20);
    fmt::print("lane, truck waits      {:.1f} % of a core, {:.1f} frames/s, frame p50 {:.1f} ms p95 {:.1f} ms\n",
               resting.cpu_percent, resting.drawn_per_s, resting.p50_ms, resting.p95_ms);
    fmt::print("{}\n", stage.window().window().renderer());
  } catch (const Failed& failed) {
    fmt::print(stderr, "bench_kiosk: {}\n", failed.text);
    return 1;
  }
  return 0;
}
