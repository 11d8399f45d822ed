#include "imaging/display/renderer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "imaging/display/local_contrast.h"
#include "imaging/display/painter.h"
#include "imaging/display/tone.h"

namespace torugart::imaging {
namespace {

using detail::Tap;

constexpr int kMaxSide = 16384;
constexpr int kMaxThreads = 8;
constexpr int kLeastBand = 64 * 1024;  // pixels that are worth a thread

// `clamped` keeps both sources inside 0 .. sources - 1; else `first` may lie outside.
std::vector<Tap> make_taps(double origin, double step, int outputs, int sources, double image_scale, int image_size,
                           bool clamped) {
  std::vector<Tap> taps(static_cast<std::size_t>(outputs));
  for (int i = 0; i < outputs; ++i) {
    Tap& tap = taps[static_cast<std::size_t>(i)];
    const double at = origin + (i + 0.5) * step;  // in source pixels
    const double in_image = at * image_scale;
    tap.inside = in_image >= 0 && in_image < image_size;
    if (!tap.inside) continue;
    const double centre = at - 0.5;
    tap.first = static_cast<int>(std::floor(centre));
    tap.weight = static_cast<int>((centre - tap.first) * 256 + 0.5);
    if (tap.weight == 256) {
      ++tap.first;
      tap.weight = 0;
    }
    if (clamped && (tap.first < 0 || tap.first + 1 >= sources)) {
      tap.first = std::clamp(tap.weight >= 128 ? tap.first + 1 : tap.first, 0, sources - 1);
      tap.weight = 0;
    }
  }
  return taps;
}

Result<void> check(const Viewport& viewport, const RenderOptions& options) {
  if (!viewport.valid() || viewport.width > kMaxSide || viewport.height > kMaxSide) {
    return fail(ErrorCode::bad_argument, "viewport",
                fmt::format("{} x {} output pixels of {} x {} image pixels cannot be drawn", viewport.width,
                            viewport.height, viewport.image.w, viewport.image.h),
                fmt::format("both must be positive, the output at most {} a side", kMaxSide));
  }
  const auto within = [](float v, float lo, float hi) { return std::isfinite(v) && v >= lo && v <= hi; };
  if (!within(options.gamma, 0.2F, 5.0F) || !within(options.edge_strength, 0.0F, 4.0F)) {
    return fail(ErrorCode::bad_argument, "tone", "gamma goes from 0.2 to 5, edge strength from 0 to 4");
  }
  if (options.band && !(options.band->lo < options.band->hi && options.band->hi >= 0)) {
    return fail(ErrorCode::bad_argument, "band",
                fmt::format("{} to {} is not a band of transmissions", options.band->lo, options.band->hi),
                "the first limit must be smaller");
  }
  return {};
}

Result<ToneWindow> choose_window(const ScanView& view, const Viewport& viewport, const RenderOptions& options) {
  ToneWindow window;
  if (options.window_lo && options.window_hi) {
    window = {*options.window_lo, *options.window_hi};
  } else {
    window = auto_window(histogram(view, viewport, options.source), options.tone);
    if (options.window_lo) window = {*options.window_lo, std::max(window.hi, *options.window_lo * 1.5F)};
    if (options.window_hi) window = {std::min(window.lo, *options.window_hi * 0.5F), *options.window_hi};
  }
  const float least = options.tone == Tone::log ? 1e-6F : -1.0F;
  if (!(window.lo < window.hi) || !(window.lo >= least) || !std::isfinite(window.hi)) {
    return fail(ErrorCode::bad_argument, "window", fmt::format("{} to {} is not a window", window.lo, window.hi),
                "the first limit must be smaller, and over zero for a logarithmic tone");
  }
  return window;
}

}  // namespace

struct Renderer::State {
  std::shared_ptr<const MaterialTable> table;
  int threads = 1;
  ToneWindow window;

  std::vector<std::uint16_t> tones;  // table, valid for the three below
  Tone tone = Tone::log;
  ToneWindow tone_window{-1, -1};
  float gamma = -1;
  std::uint64_t tones_made = 0;

  std::array<std::uint32_t, 256> palette{};
  std::array<std::uint16_t, 256> chroma{};
  std::optional<std::pair<Palette, bool>> palette_for;
  std::optional<Palette> chroma_for;

  detail::LocalContrast local;
  std::vector<detail::Painter> painters;

  // The picture of draw(), and what it shows.
  struct Shown {
    std::shared_ptr<const ColumnBlock> block;  // held, so that no other scan's can stand at its address
    std::uint64_t revision = 0;
    int columns = 0;
    Viewport viewport;
    RenderOptions options;
    ToneWindow window;
    std::shared_ptr<const MaterialTable> table;
  };
  RasterRgba picture;
  std::optional<Shown> shown;

  void prepare_tables(const RenderOptions& o);
  // False: nothing of the scan is visible.
  bool prepare(const ScanView& view, const Viewport& viewport, const RenderOptions& options, detail::Job& job);
  void paint(const detail::Job& job, const Rect& part, RasterRgba& out);
  [[nodiscard]] std::optional<std::pair<int, int>> moved(const Shown& now) const;
};

void Renderer::State::prepare_tables(const RenderOptions& o) {
  if (tones.empty() || tone != o.tone || tone_window != window || gamma != o.gamma) {
    detail::fill_tone_table(o.tone, window, o.gamma, tones);
    tone = o.tone;
    tone_window = window;
    gamma = o.gamma;
    ++tones_made;
  }
  if (o.strip != Strip::none && !table) table = MaterialTable::make();
  if (shows_material(o.palette)) {
    if (!table) table = MaterialTable::make();
    if (chroma_for != o.palette) chroma = detail::chroma_palette(o.palette);
    chroma_for = o.palette;
  } else if (o.palette != Palette::grey) {
    const std::pair<Palette, bool> wanted{o.palette, o.invert};
    if (palette_for != wanted) palette = detail::grey_palette(o.palette, o.invert);
    palette_for = wanted;
  }
}

bool Renderer::State::prepare(const ScanView& view, const Viewport& viewport, const RenderOptions& options,
                              detail::Job& job) {
  if (view.empty()) return false;
  const Rect visible = viewport.image_pixels().intersect(view.bounds());
  if (visible.empty()) return false;
  prepare_tables(options);
  job.view = &view;
  job.options = &options;
  job.tones = tones.data();

  const double reduction = std::min(viewport.image.w / viewport.width, viewport.image.h / viewport.height);
  job.level =
      reduction > 1 ? std::clamp(static_cast<int>(std::floor(std::log2(reduction) + 0.3)), 0, view.levels() - 1) : 0;
  const auto size_at = [](int pixels, int level) { return (pixels + (1 << level) - 1) >> level; };
  const auto taps = [&](int level, bool across, bool clamped) {
    const double scale = 1 << level;
    const double from = across ? viewport.image.x : viewport.image.y;
    const double length = across ? viewport.image.w : viewport.image.h;
    const int outputs = across ? viewport.width : viewport.height;
    const int pixels = across ? view.columns : view.rows;
    return make_taps(from / scale, length / outputs / scale, outputs, size_at(pixels, level), scale, pixels, clamped);
  };
  job.source_columns = size_at(view.columns, job.level);
  job.source_rows = size_at(view.rows, job.level);
  job.xs = taps(job.level, true, true);
  job.ys = taps(job.level, false, true);
  job.straight = std::abs(viewport.image.w / viewport.width / (1 << job.level) - 1) < 1e-9 &&
                 std::all_of(job.xs.begin(), job.xs.end(), [](const Tap& t) { return t.weight == 0; });
  job.stripe = static_cast<int>(std::llround(viewport.image.x * viewport.scale_x()) +
                                std::llround(viewport.image.y * viewport.scale_y())) &
               7;
  if (options.band) {
    job.band_lo = code_of(std::max(options.band->lo, 0.0F));
    job.band_hi = code_of(options.band->hi);
  }
  if (options.enhance == Enhance::local) {
    local.prepare(view, options.source, tones, tones_made, visible);
    job.local = &local;
  }
  if (shows_material(options.palette) || (options.strip != Strip::none && view.has_low)) {
    job.table = table.get();
    job.coloured = shows_material(options.palette);
    job.chroma_of_cell = chroma.data();
    // A window of nine pixels says nothing new at every second one.
    job.colour_level = std::min(std::max(job.level + 1, 2), view.levels() - 1);
    job.colour_xs = taps(job.colour_level, true, false);
    job.colour_ys = taps(job.colour_level, false, true);
    job.doubled = job.straight && job.colour_level == job.level + 1;
  }
  if (!shows_material(options.palette) && options.palette != Palette::grey) {
    job.palette = palette.data();
  }
  return true;
}

void Renderer::State::paint(const detail::Job& job, const Rect& part, RasterRgba& out) {
  if (part.empty()) return;
  const auto worth = static_cast<int>(static_cast<std::int64_t>(part.w) * part.h / kLeastBand);
  const int bands = std::clamp(std::min(worth, threads), 1, part.h);
  if (painters.size() < static_cast<std::size_t>(bands)) painters.resize(static_cast<std::size_t>(bands));
  const auto band = [&](int k) {
    const int from = part.y + part.h * k / bands;
    const int to = part.y + part.h * (k + 1) / bands;
    painters[static_cast<std::size_t>(k)].paint(job, {part.x, from, part.w, to - from}, out);
  };
  std::vector<std::jthread> helpers;
  for (int k = 1; k < bands; ++k)
    helpers.emplace_back(band, k);
  band(0);
}

// How far the picture that is there must be moved to show `now`; empty when it shows something else.
std::optional<std::pair<int, int>> Renderer::State::moved(const Shown& now) const {
  if (!shown || shown->block != now.block || shown->revision != now.revision || shown->columns != now.columns ||
      shown->options != now.options || shown->window != now.window || shown->table != now.table) {
    return std::nullopt;
  }
  const Viewport& a = shown->viewport;
  const Viewport& b = now.viewport;
  if (a.width != b.width || a.height != b.height) return std::nullopt;
  constexpr double kSame = 1e-9;
  if (std::abs(a.image.w - b.image.w) > kSame * b.image.w || std::abs(a.image.h - b.image.h) > kSame * b.image.h) {
    return std::nullopt;
  }
  const double dx = (a.image.x - b.image.x) * b.scale_x();
  const double dy = (a.image.y - b.image.y) * b.scale_y();
  if (std::abs(dx) >= b.width || std::abs(dy) >= b.height) return std::nullopt;
  if (std::abs(dx - std::round(dx)) > 1e-3 || std::abs(dy - std::round(dy)) > 1e-3) return std::nullopt;
  return std::pair{static_cast<int>(std::lround(dx)), static_cast<int>(std::lround(dy))};
}

Renderer::Renderer(std::shared_ptr<const MaterialTable> table, int threads) : state_(std::make_unique<State>()) {
  state_->table = std::move(table);
  state_->threads = std::clamp(threads, 1, kMaxThreads);
}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

ToneWindow Renderer::window() const {
  return state_->window;
}

void Renderer::set_table(std::shared_ptr<const MaterialTable> table) {
  state_->table = std::move(table);
}

Result<void> Renderer::render(const ScanView& view, const Viewport& viewport, const RenderOptions& options,
                              RasterRgba& out) {
  State& s = *state_;
  if (auto good = check(viewport, options); !good) return good;
  const auto window = choose_window(view, viewport, options);
  if (!window) return tl::unexpected<Error>(window.error());
  s.window = *window;
  out.resize(viewport.width, viewport.height);
  detail::Job job;
  if (!s.prepare(view, viewport, options, job)) {
    std::fill(out.samples().begin(), out.samples().end(), kBackground);
    return {};
  }
  s.paint(job, {0, 0, viewport.width, viewport.height}, out);
  return {};
}

Result<const RasterRgba*> Renderer::draw(const ScanView& view, const Viewport& viewport,
                                         const RenderOptions& options) {
  State& s = *state_;
  if (auto good = check(viewport, options); !good) return tl::unexpected<Error>(good.error());
  const auto window = choose_window(view, viewport, options);
  if (!window) return tl::unexpected<Error>(window.error());
  s.window = *window;
  detail::Job job;
  const bool visible = s.prepare(view, viewport, options, job);
  State::Shown now{view.blocks.empty() ? nullptr : view.blocks.front(),
                   view.revision,
                   view.columns,
                   viewport,
                   options,
                   *window,
                   job.table != nullptr ? s.table : nullptr};
  const auto by = s.moved(now);
  RasterRgba& out = s.picture;
  out.resize(viewport.width, viewport.height);
  s.shown = std::move(now);
  if (!visible) {
    std::fill(out.samples().begin(), out.samples().end(), kBackground);
    return &out;
  }
  if (!by) {
    s.paint(job, {0, 0, viewport.width, viewport.height}, out);
    return &out;
  }
  const int dx = by->first;
  const int dy = by->second;
  const int w = viewport.width - std::abs(dx);
  const int h = viewport.height - std::abs(dy);
  const auto bytes = static_cast<std::size_t>(w) * sizeof(std::uint32_t);
  const auto move_row = [&](int from) {
    std::memmove(out.row(from + dy).data() + std::max(dx, 0), out.row(from).data() + std::max(-dx, 0), bytes);
  };
  const int first = std::max(-dy, 0);
  for (int k = 0; k < h && (dx != 0 || dy != 0); ++k)
    move_row(dy > 0 ? first + h - 1 - k : first + k);
  // What came into sight: whole rows above or below, and beside what was moved.
  const Rect kept{std::max(dx, 0), std::max(dy, 0), w, h};
  s.paint(job, {0, 0, viewport.width, kept.y}, out);
  s.paint(job, {0, kept.bottom(), viewport.width, viewport.height - kept.bottom()}, out);
  s.paint(job, {0, kept.y, kept.x, kept.h}, out);
  s.paint(job, {kept.right(), kept.y, viewport.width - kept.right(), kept.h}, out);
  return &out;
}

}  // namespace torugart::imaging
