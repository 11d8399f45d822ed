// The visible window of a 20,000 x 2,500 x 2 x 16-bit scan, against a copy of the same rectangle of both planes row
// by row; and lines in. One core. `--benchmark_filter=…` chooses.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <random>

#include "imaging/display/renderer.h"
#include "imaging/scan/scan_builder.h"

namespace torugart::imaging {
namespace {

constexpr int kColumns = 20000;
constexpr int kRows = 2500;

// Cargo-like: boxes of different attenuation and kind, with the noise of a real scanner.
void fill(Raster16& high, Raster16& low) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> noise(65536);
  for (float& n : noise)
    n = normal(random);
  const auto& curves = MaterialCurves::defaults();
  for (int x = 0; x < high.width(); ++x) {
    for (int y = 0; y < high.height(); ++y) {
      const unsigned box = (static_cast<unsigned>(x / 180) * 31U + static_cast<unsigned>(y / 140) * 17U) % 23U;
      const float alpha = y < 200 ? 0.0F : 0.2F * static_cast<float>(box);
      static const std::vector<float> kLow = [&] {
        std::vector<float> out;
        for (unsigned b = 0; b < 23; ++b) {
          out.push_back(static_cast<float>(curves.alpha_low(b % 3 == 0 ? 6 : b % 3 == 1 ? 13 : 26, 0.2 * b)));
        }
        return out;
      }();
      const float alpha_low = y < 200 ? 0.0F : kLow[box];
      high.at(x, y) = code_of(std::exp(-alpha) + 0.013F * std::exp(-alpha / 2) * noise[random() & 0xFFFFU]);
      low.at(x, y) = code_of(std::exp(-alpha_low) + 0.019F * std::exp(-alpha_low / 2) * noise[random() & 0xFFFFU]);
    }
  }
}

struct Scan {
  Raster16 high, low;
  ScanView view;
};

const Scan& scan(int columns) {
  static std::unique_ptr<Scan> wide;
  static std::unique_ptr<Scan> narrow;
  auto& slot = columns == kColumns ? wide : narrow;
  if (!slot) {
    slot = std::make_unique<Scan>();
    slot->high = Raster16(columns, kRows);
    slot->low = Raster16(columns, kRows);
    fill(slot->high, slot->low);
    slot->view = make_view(slot->high, slot->low);
  }
  return *slot;
}

// What the window of 1,920 x 1,080 output pixels shows at a magnification.
Viewport window(int columns, double magnification) {
  return {{columns * 0.4, 700, 1920 / magnification, 1080 / magnification}, 1920, 1080};
}

void row_copy(benchmark::State& state) {
  const Scan& s = scan(kColumns);
  const Rect part = window(kColumns, static_cast<double>(state.range(0)) / 10).image_pixels();
  Raster16 high(part.w, part.h);
  Raster16 low(part.w, part.h);
  for (auto _ : state) {
    for (int y = 0; y < part.h; ++y) {
      const auto bytes = static_cast<std::size_t>(part.w) * 2;
      std::memcpy(high.row(y).data(), s.high.row(part.y + y).data() + part.x, bytes);
      std::memcpy(low.row(y).data(), s.low.row(part.y + y).data() + part.x, bytes);
    }
    benchmark::DoNotOptimize(high.samples().data());
    benchmark::DoNotOptimize(low.samples().data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(row_copy)->Arg(10)->Arg(27)->Unit(benchmark::kMillisecond);

void render(benchmark::State& state, int columns, double magnification, Palette palette, Enhance enhance) {
  const Scan& s = scan(columns);
  Renderer renderer(MaterialTable::make());
  RenderOptions options;
  options.window_lo = 0.01F;
  options.window_hi = 1.0F;
  options.palette = palette;
  options.enhance = enhance;
  const Viewport viewport =
      magnification > 0 ? window(columns, magnification) : Viewport::fit_height(kRows, columns * 0.4, 1920, 1080);
  RasterRgba out;
  for (auto _ : state) {
    const auto done = renderer.render(s.view, viewport, options, out);
    if (!done) state.SkipWithError(done.error().text().c_str());
    benchmark::DoNotOptimize(out.samples().data());
  }
}
BENCHMARK_CAPTURE(render, grey_1x, kColumns, 1.0, Palette::grey, Enhance::none)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(render, full_1x, kColumns, 1.0, Palette::material, Enhance::edge)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(render, full_2_7x, kColumns, 2.7, Palette::material, Enhance::edge)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(render, full_fit_height, kColumns, 0.0, Palette::material, Enhance::edge)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(render, full_1x_of_2000, 2000, 1.0, Palette::material, Enhance::edge)
    ->Unit(benchmark::kMillisecond);

void automatic_window(benchmark::State& state) {
  const Scan& s = scan(kColumns);
  const Viewport viewport = window(kColumns, 1.0);
  for (auto _ : state)
    benchmark::DoNotOptimize(auto_window(histogram(s.view, viewport), Tone::log));
}
BENCHMARK(automatic_window)->Unit(benchmark::kMillisecond);

void lines_in(benchmark::State& state, double speed_mm_s) {
  std::mt19937 random(1);
  std::vector<RawLine> lines(64);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (int d = 0; d < kRows; ++d) {
      lines[i].high.push_back(static_cast<std::uint16_t>(1000 + random() % 40000));
      lines[i].low.push_back(static_cast<std::uint16_t>(1000 + random() % 40000));
    }
    lines[i].reference_high = lines[i].reference_low = 100;
    if (speed_mm_s > 0) lines[i].speed_mm_s = speed_mm_s;
  }
  std::int64_t total = 0;
  for (auto _ : state) {
    state.PauseTiming();
    ScanConfig config;
    config.detector_pitch_mm = 4;
    config.line_rate_hz = 400;
    ScanBuilder builder(config);
    for (int i = 0; i < 64; ++i) {
      RawLine line = lines[static_cast<std::size_t>(i)];
      line.index = i;
      line.kind = i < 32 ? LineKind::dark : LineKind::air;
      if (i < 32) line.high.assign(kRows, 500), line.low.assign(kRows, 500);
      builder.add(line);
    }
    state.ResumeTiming();
    for (std::int64_t i = 0; i < 4096; ++i) {
      RawLine& line = lines[static_cast<std::size_t>(i % 64)];
      line.index = i;
      builder.add(line);
    }
    total += 4096;
    benchmark::DoNotOptimize(builder.snapshot());
  }
  state.counters["lines/s"] = benchmark::Counter(static_cast<double>(total), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(lines_in, column_a_line, 0.0)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lines_in, resampled, 1500.0)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace torugart::imaging

BENCHMARK_MAIN();
