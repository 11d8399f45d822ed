// How long a frame takes and what an idle window costs. Offscreen (llvmpipe where there is no GPU).
//   bench_ui      or   bench_ui --benchmark_filter=idle
#include <benchmark/benchmark.h>

#include <sys/resource.h>

#include <chrono>
#include <memory>

#include "tests/kiosk/touch/gallery.h"
#include "tests/support/ui_screen.h"

namespace {

using namespace torugart;

double cpu_s() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(u.ru_utime) + seconds(u.ru_stime);
}

struct Fixture {
  tests::Gallery gallery;
  std::unique_ptr<tests::UiScreen> screen;
  platform::Texture texture;

  explicit Fixture(tests::Gallery::Page page, bool manual_clock = true) {
    gallery.page = page;
    auto opened = tests::UiScreen::open({.manual_clock = manual_clock}, [this](touch::Ui& ui) { gallery.draw(ui); });
    if (!opened) return;
    screen = std::move(*opened);
    if (texture.update(tests::gallery_picture(), 1200, 400)) gallery.picture = texture.id();
    for (int i = 0; i < 5; ++i)
      screen->frame();
  }
};

enum class Change { everything, nothing, picture };

/// A frame of a page at 1920×1080, to the last pixel: every pixel anew, none, or only the pictures (two of them on
/// the lane page).
void frame(benchmark::State& state, Change change) {
  Fixture f(static_cast<tests::Gallery::Page>(state.range(0)));
  if (!f.screen) return state.SkipWithError("no window");
  state.SetLabel(std::string(tests::Gallery::name_of(f.gallery.page)) + ", " + f.screen->window().renderer());
  std::vector<unsigned char> picture = tests::gallery_picture();
  platform::FrameStats stats;
  const double cpu_before = cpu_s();
  const std::uint64_t pixels_before = f.screen->window().stats().pixels;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    if (change == Change::everything) f.screen->window().redraw_all();
    if (change == Change::picture && !f.texture.update(picture, 1200, 400)) state.SkipWithError("refused");
    f.screen->advance(1.0 / 60);
    f.screen->frame();
    stats.add(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  const auto frames = static_cast<double>(stats.frames);
  state.counters["p50_ms"] = stats.p50_ms();
  state.counters["p95_ms"] = stats.p95_ms();
  // all threads of the renderer: what the wall clock shows only on a machine that is otherwise idle
  state.counters["cpu_ms"] = (cpu_s() - cpu_before) * 1e3 / frames;
  state.counters["megapixels"] =
      static_cast<double>(f.screen->window().stats().pixels - pixels_before) * 1e-6 / frames;
}
BENCHMARK_CAPTURE(frame, whole, Change::everything)
    ->Arg(0)
    ->Arg(1)
    ->Arg(3)
    ->Arg(6)
    ->Unit(benchmark::kMillisecond)
    ->MinTime(1)
    ->UseRealTime();
BENCHMARK_CAPTURE(frame, unchanged, Change::nothing)->Arg(0)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(frame, pictures, Change::picture)
    ->Arg(0)
    ->Arg(3)
    ->Unit(benchmark::kMillisecond)
    ->MinTime(1)
    ->UseRealTime();

/// Uploading a camera's picture (1280×720) or the whole x-ray viewport (1920×1080).
void upload(benchmark::State& state) {
  Fixture f(tests::Gallery::Page::lane);
  if (!f.screen) return state.SkipWithError("no window");
  const int w = static_cast<int>(state.range(0)), h = static_cast<int>(state.range(1));
  const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 4, 90);
  platform::Texture texture;
  for (auto _ : state)
    if (!texture.update(pixels, w, h)) state.SkipWithError("refused");
}
BENCHMARK(upload)->Args({1280, 720})->Args({1920, 1080})->Unit(benchmark::kMillisecond);

/// Five seconds of a window in which nothing moves: share of a core.
void idle(benchmark::State& state) {
  Fixture f(tests::Gallery::Page::controls, false);
  if (!f.screen) return state.SkipWithError("no window");
  for (int i = 0; i < 10; ++i)
    f.screen->step(0.05);
  double share = 0;
  std::uint64_t drawn = 0;
  for (auto _ : state) {
    const std::uint64_t before = f.screen->window().stats().frames;
    const double cpu = cpu_s();
    const auto start = std::chrono::steady_clock::now();
    const auto passed = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    while (passed() < 5)
      f.screen->step(1.0);
    share = (cpu_s() - cpu) / passed();
    drawn = f.screen->window().stats().frames - before;
  }
  state.counters["core_percent"] = share * 100;
  state.counters["frames"] = static_cast<double>(drawn);
}
BENCHMARK(idle)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace

BENCHMARK_MAIN();
