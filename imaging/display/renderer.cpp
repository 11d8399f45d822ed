#include "imaging/display/renderer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/core.h>

#include "imaging/core/multiversion.h"
#include "imaging/display/source_rows.h"
#include "imaging/display/tone.h"
#include "imaging/material/material_rows.h"

namespace torugart::imaging {
namespace {

constexpr int kHalo = 2;  // of the 5 x 5 edge window
constexpr int kMaxSide = 16384;
constexpr std::uint32_t kMissingColour = 0xFF3A4A5AU;
constexpr std::uint32_t kMaskColour = 0xFF2020D0U;

// Where an output row or column takes its samples: between `first` and `second` with weight / 256 of the second.
struct Tap {
  int first = 0, second = 0, weight = 0;
  bool inside = false;
  [[nodiscard]] int nearest() const { return weight >= 128 ? second : first; }
};

std::vector<Tap> make_taps(double origin, double step, int outputs, int sources, double image_scale, int image_size) {
  std::vector<Tap> taps(static_cast<std::size_t>(outputs));
  for (int i = 0; i < outputs; ++i) {
    Tap& tap = taps[static_cast<std::size_t>(i)];
    const double at = origin + (i + 0.5) * step;  // in source pixels
    const double in_image = at * image_scale;
    tap.inside = in_image >= 0 && in_image < image_size;
    if (!tap.inside) continue;
    const double centre = at - 0.5;
    const auto first = static_cast<int>(std::floor(centre));
    tap.weight = static_cast<int>(std::lround((centre - first) * 256));
    tap.first = std::clamp(first, 0, sources - 1);
    tap.second = std::clamp(first + 1, 0, sources - 1);
    if (tap.weight == 256) {
      tap.first = tap.second;
      tap.weight = 0;
    }
  }
  return taps;
}

TORUGART_MULTIVERSION
bool has_mask(const std::uint16_t* codes, std::size_t n) {
  std::uint16_t any = 0;
  for (std::size_t i = 0; i < n; ++i) {
    any = static_cast<std::uint16_t>(any | (static_cast<std::uint16_t>(codes[i] - 1) >= kMaxMeasured ? 1 : 0));
  }
  return any != 0;
}

TORUGART_MULTIVERSION
void blend_rows(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* out, std::uint32_t weight,
                std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = static_cast<std::uint16_t>((a[i] * (256U - weight) + b[i] * weight + 128U) >> 8U);
  }
}

// Unsharp mask over 5 x 5: adds what sets a pixel off from the mean around it.
TORUGART_MULTIVERSION
void sharpen(const std::uint16_t* const* rows, std::int32_t* sums, std::uint16_t* out, float strength,
             std::size_t n) {
  const std::size_t padded = n + 2 * kHalo;
  for (std::size_t i = 0; i < padded; ++i) {
    sums[i] = rows[0][i] + rows[1][i] + rows[2][i] + rows[3][i] + rows[4][i];
  }
  const std::uint16_t* middle = rows[2] + kHalo;
  for (std::size_t i = 0; i < n; ++i) {
    const float mean = static_cast<float>(sums[i] + sums[i + 1] + sums[i + 2] + sums[i + 3] + sums[i + 4]) * 0.04F;
    const float v = static_cast<float>(middle[i]);
    const float sharp = v + strength * (v - mean) + 0.5F;
    out[i] = static_cast<std::uint16_t>(
        static_cast<std::int32_t>(std::min(std::max(sharp, 0.0F), static_cast<float>(detail::kToneOne))));
  }
}

}  // namespace

struct Renderer::State {
  std::shared_ptr<const MaterialTable> table;
  MaterialRows material;
  ToneWindow window;

  std::vector<std::uint16_t> tones;  // table, valid for the four below
  Tone tone = Tone::log;
  ToneWindow tone_window{-1, -1};
  float gamma = -1;

  std::array<std::uint32_t, 256> grey{};
  std::vector<std::uint32_t> colours;
  std::optional<std::pair<Palette, bool>> grey_for, colours_for;

  // A source row as tones, with kHalo more on both sides.
  struct Row {
    int y = -1;
    bool masked = false;
    std::vector<std::uint16_t> tones;
    std::vector<std::uint16_t> codes;  // without halo; kept when masked
  };
  static constexpr int kRing = 8;
  std::array<Row, kRing> ring;
  std::array<Row, 2> sharp;  // sharpened rows
  std::vector<std::uint16_t> codes, scratch, mixed;
  std::vector<std::int32_t> sums;
  std::vector<std::uint8_t> hues;
  int hues_y = -1;

  // The job in hand.
  const ScanView* view = nullptr;
  const RenderOptions* options = nullptr;
  int level = 0, x = 0, width = 0, source_rows = 0, source_columns = 0;

  void prepare_tables(const RenderOptions& o);
  void begin(const ScanView& v, const RenderOptions& o, int at_level, int from_x, int count);
  Row& tone_row(int y);
  Row& final_row(int y);
  void load_hues(int y);
  void draw(const std::vector<Tap>& xs, const std::vector<Tap>& ys, bool straight, RasterRgba& out);
  void draw_masks(const std::vector<Tap>& xs, const Row& row, int y, std::uint32_t* out) const;
};

void Renderer::State::prepare_tables(const RenderOptions& o) {
  if (tones.empty() || tone != o.tone || tone_window != window || gamma != o.gamma) {
    detail::fill_tone_table(o.tone, window, o.gamma, tones);
    tone = o.tone;
    tone_window = window;
    gamma = o.gamma;
  }
  const std::pair<Palette, bool> wanted{o.palette, o.invert};
  if (shows_material(o.palette)) {
    if (!table) table = MaterialTable::make();
    if (colours_for != wanted) colours = detail::material_palette(o.palette, o.invert);
    colours_for = wanted;
  } else {
    if (grey_for != wanted) grey = detail::grey_palette(o.palette, o.invert);
    grey_for = wanted;
  }
}

void Renderer::State::begin(const ScanView& v, const RenderOptions& o, int at_level, int from_x, int count) {
  view = &v;
  options = &o;
  level = at_level;
  x = from_x;
  width = count;
  for (Row& row : ring)
    row.y = -1;
  for (Row& row : sharp)
    row.y = -1;
  hues_y = -1;
  if (shows_material(o.palette)) material.start(v, *table, level, x, width);
}

Renderer::State::Row& Renderer::State::tone_row(int y) {
  Row& row = ring[static_cast<std::size_t>(y % kRing)];
  if (row.y == y) return row;
  row.y = y;
  const auto n = static_cast<std::size_t>(width);
  const auto padded = n + 2 * kHalo;
  codes.resize(padded);
  row.tones.resize(padded);
  detail::read_source(*view, options->source, level, x - kHalo, y, codes, scratch);
  // Over the picture's edge its last column goes on, so that edges there are not sharpened against nothing.
  const int before = std::max(0, kHalo - x);
  const int after = std::max(0, x + width + kHalo - source_columns);
  for (int i = 0; i < before; ++i)
    codes[static_cast<std::size_t>(i)] = codes[static_cast<std::size_t>(before)];
  for (std::size_t i = padded - static_cast<std::size_t>(after); i < padded; ++i) {
    codes[i] = codes[padded - static_cast<std::size_t>(after) - 1];
  }
  row.masked = has_mask(codes.data() + kHalo, n);
  if (row.masked) row.codes.assign(codes.begin() + kHalo, codes.end() - kHalo);
  const std::uint16_t* lookup = tones.data();
  for (std::size_t i = 0; i < padded; ++i)
    row.tones[i] = lookup[codes[i]];
  return row;
}

Renderer::State::Row& Renderer::State::final_row(int y) {
  if (options->enhance == Enhance::none) return tone_row(y);
  Row& out = sharp[static_cast<std::size_t>(y % 2)];
  if (out.y == y) return out;
  const std::uint16_t* rows[5];
  for (int k = 0; k < 5; ++k)
    rows[k] = tone_row(std::clamp(y + k - kHalo, 0, source_rows - 1)).tones.data();
  const Row& middle = tone_row(y);
  const auto n = static_cast<std::size_t>(width);
  out.y = y;
  out.masked = middle.masked;
  out.codes = middle.masked ? middle.codes : std::vector<std::uint16_t>();
  out.tones.resize(n + 2 * kHalo);
  sums.resize(n + 2 * kHalo);
  sharpen(rows, sums.data(), out.tones.data() + kHalo, options->edge_strength, n);
  return out;
}

void Renderer::State::load_hues(int y) {
  if (hues_y == y) return;
  hues_y = y;
  const auto cells = material.row(y);
  hues.resize(cells.size());
  static const std::array<std::uint8_t, 256> kHueOfCell = [] {
    std::array<std::uint8_t, 256> out{};
    for (std::size_t c = 0; c < 256; ++c)
      out[c] = static_cast<std::uint8_t>(detail::hue_of(static_cast<std::uint8_t>(c)));
    return out;
  }();
  for (std::size_t i = 0; i < cells.size(); ++i)
    hues[i] = kHueOfCell[cells[i]];
}

void Renderer::State::draw_masks(const std::vector<Tap>& xs, const Row& row, int y, std::uint32_t* out) const {
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (!xs[i].inside) continue;
    const PixelState state = state_of(row.codes[static_cast<std::size_t>(xs[i].nearest() - x)]);
    const bool stripe = ((static_cast<int>(i) + y) & 7) < 2;
    if (state == PixelState::missing) {
      out[i] = stripe ? kMissingColour : kBackground;
    } else if (options->show_masks && state != PixelState::measured && stripe) {
      out[i] = kMaskColour;
    }
  }
}

void Renderer::State::draw(const std::vector<Tap>& xs, const std::vector<Tap>& ys, bool straight, RasterRgba& out) {
  const bool coloured = shows_material(options->palette);
  const auto first = static_cast<std::size_t>(
      std::find_if(xs.begin(), xs.end(), [](const Tap& t) { return t.inside; }) - xs.begin());
  const auto last = static_cast<std::size_t>(
      xs.rend() - std::find_if(xs.rbegin(), xs.rend(), [](const Tap& t) { return t.inside; }));
  mixed.resize(static_cast<std::size_t>(width));
  std::vector<std::uint8_t> levels(out.row(0).size());
  for (int y = 0; y < out.height(); ++y) {
    const Tap& tap = ys[static_cast<std::size_t>(y)];
    std::uint32_t* to = out.row(y).data();
    if (!tap.inside) {
      std::fill_n(to, out.width(), kBackground);
      continue;
    }
    const Row& upper = final_row(tap.first);
    const std::uint16_t* line = upper.tones.data() + kHalo;
    const Row* near = &upper;
    if (tap.weight != 0 && tap.second != tap.first) {
      const Row& lower = final_row(tap.second);
      blend_rows(line, lower.tones.data() + kHalo, mixed.data(), static_cast<std::uint32_t>(tap.weight),
                 mixed.size());
      line = mixed.data();
      if (tap.weight >= 128) near = &lower;
    }
    if (straight) {
      const std::uint16_t* from = line + (xs[first].first - x);
      for (std::size_t i = first; i < last; ++i)
        levels[i] = detail::to_level(from[i - first]);
    } else {
      for (std::size_t i = first; i < last; ++i) {
        const Tap& t = xs[i];
        const int v = line[t.first - x] * (256 - t.weight) + line[t.second - x] * t.weight;
        levels[i] = detail::to_level((v + 128) >> 8);
      }
    }
    std::fill(to, to + first, kBackground);
    std::fill(to + last, to + out.width(), kBackground);
    if (coloured) {
      load_hues(near->y);
      const std::uint32_t* lookup = colours.data();
      for (std::size_t i = first; i < last; ++i) {
        to[i] =
            lookup[static_cast<std::size_t>(hues[static_cast<std::size_t>(xs[i].nearest() - x)]) * 256U + levels[i]];
      }
    } else {
      for (std::size_t i = first; i < last; ++i)
        to[i] = grey[levels[i]];
    }
    if (near->masked) draw_masks(xs, *near, y, to);
  }
}

Renderer::Renderer(std::shared_ptr<const MaterialTable> table) : state_(std::make_unique<State>()) {
  state_->table = std::move(table);
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
  if (!viewport.valid() || viewport.width > kMaxSide || viewport.height > kMaxSide) {
    return fail(ErrorCode::bad_argument, "viewport",
                fmt::format("{} x {} output pixels of {} x {} image pixels cannot be drawn", viewport.width,
                            viewport.height, viewport.image.w, viewport.image.h),
                fmt::format("both must be positive, the output at most {} a side", kMaxSide));
  }
  const auto good = [](float v) { return std::isfinite(v); };
  if (!good(options.gamma) || options.gamma < 0.2F || options.gamma > 5.0F || !good(options.edge_strength) ||
      options.edge_strength < 0 || options.edge_strength > 4) {
    return fail(ErrorCode::bad_argument, "tone", "gamma goes from 0.2 to 5, edge strength from 0 to 4");
  }
  ToneWindow window;
  if (options.window_lo && options.window_hi) {
    window = {*options.window_lo, *options.window_hi};
  } else {
    window = auto_window(histogram(view, viewport, options.source), options.tone);
    if (options.window_lo) window = {*options.window_lo, std::max(window.hi, *options.window_lo * 1.5F)};
    if (options.window_hi) window = {std::min(window.lo, *options.window_hi * 0.5F), *options.window_hi};
  }
  const float least = options.tone == Tone::log ? 1e-6F : -1.0F;
  if (!(window.lo < window.hi) || !(window.lo >= least) || !good(window.hi)) {
    return fail(ErrorCode::bad_argument, "window", fmt::format("{} to {} is not a window", window.lo, window.hi),
                "the first limit must be smaller, and over zero for a logarithmic tone");
  }
  s.window = window;
  out.resize(viewport.width, viewport.height);
  const Rect visible = viewport.image_pixels().intersect(view.bounds());
  if (view.empty() || visible.empty()) {
    std::fill(out.samples().begin(), out.samples().end(), kBackground);
    return {};
  }
  s.prepare_tables(options);

  const double reduction = std::min(viewport.image.w / viewport.width, viewport.image.h / viewport.height);
  const int level =
      reduction > 1 ? std::clamp(static_cast<int>(std::floor(std::log2(reduction) + 0.3)), 0, view.levels() - 1) : 0;
  const double scale = 1 << level;
  s.source_rows = (view.rows + (1 << level) - 1) >> level;
  s.source_columns = (view.columns + (1 << level) - 1) >> level;
  const double step_x = viewport.image.w / viewport.width / scale;
  const double step_y = viewport.image.h / viewport.height / scale;
  const auto xs = make_taps(viewport.image.x / scale, step_x, viewport.width, s.source_columns, scale, view.columns);
  const auto ys = make_taps(viewport.image.y / scale, step_y, viewport.height, s.source_rows, scale, view.rows);
  int from = s.source_columns;
  int to = -1;
  bool straight = std::abs(step_x - 1) < 1e-9;
  for (const Tap& tap : xs) {
    if (!tap.inside) continue;
    from = std::min(from, tap.first);
    to = std::max(to, tap.second);
    straight = straight && tap.weight == 0;
  }
  if (to < from) {
    std::fill(out.samples().begin(), out.samples().end(), kBackground);
    return {};
  }
  s.begin(view, options, level, from, to - from + 1);
  s.draw(xs, ys, straight, out);
  return {};
}

}  // namespace torugart::imaging
