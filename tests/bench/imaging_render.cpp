// The visible window of a 20,000 x 2,500 x 2 x 16-bit scan, against a copy of a rectangle of the window's size of both
// planes, row by row, and against OpenCV doing the same; and lines in. One core, processor time of the thread; ours and
// the peer take turns in one run, and the counters hold medians and their ratio. `--benchmark_filter=…` chooses. For the
// amd64 baseline without AVX2 configure with -DCMAKE_CXX_FLAGS=-DTORUGART_MULTIVERSION=.
#include <benchmark/benchmark.h>

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>
#include <vector>

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

double cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

// Times of two things that take turns, so that a busy machine slows both.
struct Turns {
  std::vector<double> ours, peers;
  template <class A, class B>
  void take(benchmark::State& state, A&& ours_once, B&& peers_once) {
    ours_once();
    peers_once();
    for (auto _ : state) {
      // Warm: what the one has left in the caches is not the other's.
      peers_once();
      double from = cpu_ms();
      peers_once();
      peers.push_back(cpu_ms() - from);
      from = cpu_ms();
      ours_once();
      ours.push_back(cpu_ms() - from);
      state.SetIterationTime(ours.back() / 1e3);
    }
  }
  static double median(std::vector<double>& v) {
    std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
    return v[v.size() / 2];
  }
  // `inverse`: how many times as long the peer takes.
  void report(benchmark::State& state, const char* ratio, bool inverse = false) {
    const double a = median(ours);
    const double b = median(peers);
    state.counters["ms"] = a;
    state.counters["peer_ms"] = b;
    state.counters[ratio] = inverse ? b / a : a / b;
  }
};

// The yardstick: both planes of 1,920 x 1,080 pixels, row by row, out of whole rows, into buffers that stay.
class RowCopy {
 public:
  void operator()() {
    const Scan& s = scan(kColumns);
    constexpr std::size_t kBytes = 1920 * sizeof(std::uint16_t);
    for (int y = 0; y < 1080; ++y) {
      std::memcpy(high_.row(y).data(), s.high.row(700 + y).data() + kColumns * 2 / 5, kBytes);
      std::memcpy(low_.row(y).data(), s.low.row(700 + y).data() + kColumns * 2 / 5, kBytes);
    }
    benchmark::DoNotOptimize(high_.samples().data());
    benchmark::DoNotOptimize(low_.samples().data());
    benchmark::ClobberMemory();
  }

 private:
  Raster16 high_{1920, 1080}, low_{1920, 1080};
};

RenderOptions options_of(Palette palette, Enhance enhance) {
  RenderOptions options;
  options.window_lo = 0.01F;
  options.window_hi = 1.0F;
  options.palette = palette;
  options.enhance = enhance;
  return options;
}

// magnification 0: fit to height.
Viewport viewport_of(int columns, double magnification) {
  return magnification > 0 ? window(columns, magnification) : Viewport::fit_height(kRows, columns * 0.4, 1920, 1080);
}

void must(benchmark::State& state, const Result<void>& done) {
  if (!done) state.SkipWithError(done.error().text().c_str());
}

// `anew`: the tone changes every time, so that tables and the tiles of local contrast are made again.
void over_copy(benchmark::State& state, double magnification, Palette palette, Enhance enhance, bool anew) {
  const Scan& s = scan(kColumns);
  Renderer renderer(MaterialTable::make());
  RenderOptions options = options_of(palette, enhance);
  RasterRgba out;
  RowCopy copy;
  Turns turns;
  int turn = 0;
  turns.take(
      state,
      [&] {
        if (anew) options.window_lo = 0.01F + 0.00001F * static_cast<float>(++turn % 100);
        must(state, renderer.render(s.view, viewport_of(kColumns, magnification), options, out));
        benchmark::DoNotOptimize(out.samples().data());
      },
      copy);
  turns.report(state, "x_copy");
}
#define OVER_COPY(name, ...) \
  BENCHMARK_CAPTURE(over_copy, name, __VA_ARGS__)->UseManualTime()->Unit(benchmark::kMillisecond)
OVER_COPY(grey_1x, 1.0, Palette::grey, Enhance::none, false);
OVER_COPY(full_1x, 1.0, Palette::material, Enhance::edge, false);
OVER_COPY(full_2_7x, 2.7, Palette::material, Enhance::edge, false);
OVER_COPY(full_fit_height, 0.0, Palette::material, Enhance::edge, false);
OVER_COPY(local_1x_tiles_anew, 1.0, Palette::material, Enhance::local, true);
OVER_COPY(local_fit_height_tiles_anew, 0.0, Palette::material, Enhance::local, true);

void pan_by_64(benchmark::State& state) {
  const Scan& s = scan(kColumns);
  Renderer renderer(MaterialTable::make());
  const RenderOptions options = options_of(Palette::material, Enhance::edge);
  RowCopy copy;
  Turns turns;
  int turn = 0;
  turns.take(
      state,
      [&] {
        Viewport v = window(kColumns, 1.0);
        v.image.x += 64 * (++turn % 20);
        benchmark::DoNotOptimize(renderer.draw(s.view, v, options));
      },
      copy);
  turns.report(state, "x_copy");
}
BENCHMARK(pan_by_64)->UseManualTime()->Unit(benchmark::kMillisecond);

// The same window of a long and of a short scan.
void long_over_short(benchmark::State& state) {
  Renderer renderer(MaterialTable::make());
  const RenderOptions options = options_of(Palette::material, Enhance::edge);
  RasterRgba out;
  Turns turns;
  const auto draw = [&](int columns) {
    Viewport v = window(columns, 1.0);
    v.image.x = std::min(v.image.x, columns - 1920.0);
    must(state, renderer.render(scan(columns).view, v, options, out));
  };
  turns.take(
      state, [&] { draw(kColumns); }, [&] { draw(2000); });
  turns.report(state, "x_short");
}
BENCHMARK(long_over_short)->UseManualTime()->Unit(benchmark::kMillisecond);

// OpenCV doing the same steps, on one core: tone by logarithm, 5 x 5 unsharp mask, both attenuations averaged over
// 6 x 6, class from a table of attenuation and ratio, colour with the luminance of the grey picture.
class WithOpenCv {
 public:
  explicit WithOpenCv(const MaterialTable& table) : chroma_(256, 256, CV_16SC2) {
    cv::setNumThreads(1);
    for (int row = 0; row < 256; ++row) {
      for (int column = 0; column < 256; ++column) {
        const auto c = MaterialTable::class_of(table.cells()[static_cast<std::size_t>(row * 256 + column)]);
        const std::uint32_t colour = legend_colour(c, Palette::material);
        const int red = static_cast<int>(colour & 255U);
        const int blue = static_cast<int>(colour >> 16U & 255U);
        chroma_.at<cv::Vec2s>(row, column) = {static_cast<short>(red - 128), static_cast<short>(blue - 128)};
      }
    }
  }
  void operator()() {
    const Scan& s = scan(kColumns);
    constexpr int kHalo = 4;
    const cv::Rect part(kColumns * 2 / 5 - kHalo, 700 - kHalo, 1920 + 2 * kHalo, 1080 + 2 * kHalo);
    const cv::Rect inner(kHalo, kHalo, 1920, 1080);
    const auto attenuation = [&](const Raster16& plane, cv::Mat& out) {
      const cv::Mat whole(kRows, kColumns, CV_16U, const_cast<std::uint16_t*>(plane.samples().data()));
      whole(part).convertTo(out, CV_32F, 1.0 / kOpenBeam);
      cv::max(out, 1e-5, out);
      cv::log(out, out);
    };
    attenuation(s.high, high_);
    attenuation(s.low, low_);
    high_.convertTo(tone_, CV_32F, 255 / std::log(100.0), 255);
    cv::min(tone_, 255, tone_);
    cv::max(tone_, 0, tone_);
    cv::blur(tone_, mean_, {5, 5});
    cv::addWeighted(tone_, 2, mean_, -1, 0, tone_);
    tone_.convertTo(level_, CV_8U);
    cv::blur(high_, high_, {6, 6});
    cv::blur(low_, low_, {6, 6});
    cv::divide(low_, high_, ratio_);
    ratio_.convertTo(ratio_, CV_32F, 320, -0.8 * 320);
    high_.convertTo(high_, CV_32F, -256 / 7.68);
    cv::remap(chroma_, hue_, ratio_, high_, cv::INTER_NEAREST, cv::BORDER_REPLICATE);
    cv::subtract(255, level_, room_);
    cv::min(room_, level_, room_);
    cv::split(hue_, planes_);
    cv::multiply(planes_[0], room_, red_, 1.0 / 128, CV_16S);
    cv::multiply(planes_[1], room_, blue_, 1.0 / 128, CV_16S);
    cv::addWeighted(red_, -0.509, blue_, -0.194, 0, green_);
    cv::add(red_, level_, channels_[0], cv::noArray(), CV_8U);
    cv::add(green_, level_, channels_[1], cv::noArray(), CV_8U);
    cv::add(blue_, level_, channels_[2], cv::noArray(), CV_8U);
    channels_[3].create(level_.size(), CV_8U);
    channels_[3].setTo(255);
    cv::merge(channels_, 4, rgba_);
    rgba_(inner).copyTo(out_);
    benchmark::DoNotOptimize(out_.data);
  }

 private:
  cv::Mat chroma_, high_, low_, tone_, mean_, level_, ratio_, hue_, room_, planes_[2], red_, blue_, green_,
      channels_[4], rgba_, out_;
};

void opencv_over_ours(benchmark::State& state) {
  const auto table = MaterialTable::make();
  const Scan& s = scan(kColumns);
  Renderer renderer(table);
  const RenderOptions options = options_of(Palette::material, Enhance::edge);
  RasterRgba out;
  WithOpenCv peer(*table);
  Turns turns;
  turns.take(
      state, [&] { must(state, renderer.render(s.view, window(kColumns, 1.0), options, out)); }, peer);
  turns.report(state, "x_faster", true);
}
BENCHMARK(opencv_over_ours)->UseManualTime()->Unit(benchmark::kMillisecond);

void memory(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(scan(kColumns).view.bytes());
  state.counters["x_samples"] =
      static_cast<double>(scan(kColumns).view.bytes()) / (2.0 * 2.0 * static_cast<double>(kColumns) * kRows);
}
BENCHMARK(memory)->Iterations(1);

void automatic_window(benchmark::State& state) {
  const Scan& s = scan(kColumns);
  const Viewport viewport = window(kColumns, 1.0);
  for (auto _ : state)
    benchmark::DoNotOptimize(auto_window(histogram(s.view, viewport), Tone::log));
}
BENCHMARK(automatic_window)->Unit(benchmark::kMillisecond);

void lines_in(benchmark::State& state, double speed_mm_s, bool keep_raw) {
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
  // The yardstick: what came, copied line by line into a picture of its own that is there already.
  constexpr std::int64_t kLines = 4096;
  constexpr std::size_t kLine = kRows;
  std::vector<std::uint16_t> copied(2 * kLine * static_cast<std::size_t>(kLines));
  const auto copy = [&] {
    for (std::int64_t i = 0; i < kLines; ++i) {
      const RawLine& line = lines[static_cast<std::size_t>(i % 64)];
      std::uint16_t* to = copied.data() + static_cast<std::size_t>(i) * 2 * kLine;
      std::memcpy(to, line.high.data(), kLine * sizeof(std::uint16_t));
      std::memcpy(to + kLine, line.low.data(), kLine * sizeof(std::uint16_t));
    }
    benchmark::DoNotOptimize(copied.data());
    benchmark::ClobberMemory();
  };
  Turns turns;
  for (auto _ : state) {
    ScanConfig config;
    config.detector_pitch_mm = 4;
    config.line_rate_hz = 400;
    config.keep_raw = keep_raw;
    ScanBuilder builder(config);
    for (int i = 0; i < 64; ++i) {
      RawLine line = lines[static_cast<std::size_t>(i)];
      line.index = i;
      line.kind = i < 32 ? LineKind::dark : LineKind::air;
      if (i < 32) line.high.assign(kRows, 500), line.low.assign(kRows, 500);
      builder.add(line);
    }
    double from = cpu_ms();
    copy();
    turns.peers.push_back(cpu_ms() - from);
    from = cpu_ms();
    for (std::int64_t i = 0; i < kLines; ++i) {
      RawLine& line = lines[static_cast<std::size_t>(i % 64)];
      line.index = i;
      builder.add(line);
    }
    benchmark::DoNotOptimize(builder.snapshot());
    turns.ours.push_back(cpu_ms() - from);
    state.SetIterationTime(turns.ours.back() / 1e3);
  }
  turns.report(state, "x_copy");
  state.counters["lines/s"] = static_cast<double>(kLines) / state.counters["ms"] * 1e3;
}
BENCHMARK_CAPTURE(lines_in, picture_alone, 0.0, false)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lines_in, with_raw_counts, 0.0, true)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lines_in, resampled_with_raw_counts, 1500.0, true)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace torugart::imaging

BENCHMARK_MAIN();
