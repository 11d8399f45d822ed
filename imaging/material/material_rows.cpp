#include "imaging/material/material_rows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "imaging/core/multiversion.h"

namespace torugart::imaging {
namespace {

// One number counts two things: measured pixels in its low byte, pixels without signal or over range above.
constexpr std::int16_t kBlocked = 256;

constexpr float kFixed = 2048.0F;  // of alpha in the 16-bit rows; alpha <= 11 stays below 22,600

// -ln(code / 60000) in 1/2048, good to 3e-5 before rounding: exponent and a polynomial for the mantissa (least
// squares on [1, 2)). The same for every compiler and vector width, unlike a library's logarithm.
// `bias`: the logarithm of a noisy number is on average smaller than that of its mean, by half its relative variance; of
// photon noise, that is `bias` over the code.
inline std::int16_t fixed_alpha(std::uint16_t code, float bias) {
  const float v = static_cast<float>(code);
  const auto bits = std::bit_cast<std::uint32_t>(v);
  const float exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23U) - 127);
  const float m = std::bit_cast<float>((bits & 0x007FFFFFU) | 0x3F800000U);
  const float log2m =
      -2.786813F + m * (5.046876F + m * (-3.4924943F + m * (1.5939014F + m * (-0.40486717F + m * 0.04342891F))));
  const float alpha = 11.0020998F - 0.69314718F * (exponent + log2m) - std::min(bias / std::max(v, 1.0F), 0.25F);
  return static_cast<std::int16_t>(alpha * kFixed + (alpha < 0 ? -0.5F : 0.5F));
}

TORUGART_MULTIVERSION
void attenuations(const std::uint16_t* high, const std::uint16_t* low, std::int16_t* alpha_high,
                  std::int16_t* alpha_low, std::int16_t* measured, float bias_high, float bias_low, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto valid = [](std::uint16_t v) { return static_cast<std::uint16_t>(v - 1) < kMaxMeasured; };
    const std::int16_t ok = valid(high[i]) && valid(low[i]) ? 1 : 0;
    const bool missing = high[i] == kMissing || low[i] == kMissing;
    measured[i] = ok ? std::int16_t{1} : missing ? std::int16_t{0} : kBlocked;
    alpha_high[i] = static_cast<std::int16_t>(fixed_alpha(high[i], bias_high) * ok);
    alpha_low[i] = static_cast<std::int16_t>(fixed_alpha(low[i], bias_low) * ok);
  }
}

// For rows without masks, which are most: a table load is quicker than a logarithm.
void fill_table(float bias, std::vector<std::int16_t>& table) {
  table.resize(65536);
  for (std::size_t code = 1; code < table.size(); ++code)
    table[code] = fixed_alpha(static_cast<std::uint16_t>(code), bias);
}

void look_up(const std::uint16_t* codes, const std::int16_t* table, std::int16_t* __restrict out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = table[codes[i]];
}

TORUGART_MULTIVERSION
bool all_measured(const std::uint16_t* high, const std::uint16_t* low, std::size_t n) {
  std::uint16_t masked = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto one = [](std::uint16_t v) {
      return static_cast<std::uint16_t>(static_cast<std::uint16_t>(v - 1) >= kMaxMeasured ? 1 : 0);
    };
    masked = static_cast<std::uint16_t>(masked | one(high[i]) | one(low[i]));
  }
  return masked == 0;
}

TORUGART_MULTIVERSION
void window_sums(const std::int16_t* from, std::int32_t* to, std::size_t n, int window) {
  switch (window) {
    case 1:
      for (std::size_t i = 0; i < n; ++i)
        to[i] = from[i];
      return;
    case 3:
      for (std::size_t i = 0; i < n; ++i)
        to[i] = from[i] + from[i + 1] + from[i + 2];
      return;
    case 5:
      for (std::size_t i = 0; i < n; ++i)
        to[i] = from[i] + from[i + 1] + from[i + 2] + from[i + 3] + from[i + 4];
      return;
    case 7:
      for (std::size_t i = 0; i < n; ++i) {
        to[i] = from[i] + from[i + 1] + from[i + 2] + from[i + 3] + from[i + 4] + from[i + 5] + from[i + 6];
      }
      return;
    default:
      for (std::size_t i = 0; i < n; ++i) {
        std::int32_t sum = 0;
        for (int k = 0; k < window; ++k)
          sum += from[i + static_cast<std::size_t>(k)];
        to[i] = sum;
      }
  }
}

TORUGART_MULTIVERSION
void add_rows(const std::int32_t* from, std::int32_t* to, std::int32_t sign, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    to[i] += sign * from[i];
}

TORUGART_MULTIVERSION
void cell_indices(const std::int32_t* high, const std::int32_t* low, const std::int32_t* count, std::uint16_t* index,
                  std::size_t n) {
  constexpr float kRow = MaterialTable::kSide / (MaterialTable::kMaxAlpha * kFixed);
  constexpr float kColumn = MaterialTable::kSide / (MaterialTable::kMaxRatio - MaterialTable::kMinRatio);
  constexpr float kLast = MaterialTable::kSide - 1;
  for (std::size_t i = 0; i < n; ++i) {
    const float h = static_cast<float>(high[i]);
    const float l = static_cast<float>(low[i]);
    const float c = static_cast<float>(count[i] & 255);
    const float row = std::min(std::max(h * kRow / std::max(c, 1.0F), 0.0F), kLast);
    const float column =
        std::min(std::max((l / std::max(h, 1.0F) - MaterialTable::kMinRatio) * kColumn, 0.0F), kLast);
    index[i] = static_cast<std::uint16_t>(static_cast<std::int32_t>(row) * MaterialTable::kSide +
                                          static_cast<std::int32_t>(column));
  }
}

// The same where every pixel of every window was measured.
TORUGART_MULTIVERSION
void cell_indices(const std::int32_t* high, const std::int32_t* low, std::int32_t count, std::uint16_t* index,
                  std::size_t n) {
  constexpr float kColumn = MaterialTable::kSide / (MaterialTable::kMaxRatio - MaterialTable::kMinRatio);
  constexpr float kLast = MaterialTable::kSide - 1;
  const float scale = MaterialTable::kSide / (MaterialTable::kMaxAlpha * kFixed) / static_cast<float>(count);
  for (std::size_t i = 0; i < n; ++i) {
    const float h = static_cast<float>(high[i]);
    const float l = static_cast<float>(low[i]);
    const float row = std::min(std::max(h * scale, 0.0F), kLast);
    const float column =
        std::min(std::max((l / std::max(h, 1.0F) - MaterialTable::kMinRatio) * kColumn, 0.0F), kLast);
    index[i] = static_cast<std::uint16_t>(static_cast<std::int32_t>(row) * MaterialTable::kSide +
                                          static_cast<std::int32_t>(column));
  }
}

TORUGART_MULTIVERSION
void mark_edges(const std::uint8_t* edge, std::uint8_t* cells, std::size_t n) {
  constexpr auto kAir = static_cast<std::uint8_t>(MaterialClass::air);
  constexpr auto kSaturated = static_cast<std::uint8_t>(MaterialClass::saturated);
  constexpr auto kAmbiguous = static_cast<std::uint8_t>(MaterialClass::ambiguous);
  for (std::size_t i = 0; i < n; ++i) {
    const bool mark = edge[i] != 0 && cells[i] != kAir && cells[i] != kSaturated;
    cells[i] = mark ? kAmbiguous : cells[i];
  }
}

// Where attenuation changes within the window by more than a share of its mean (in 1/256), an edge runs through it; also where
// it changes by less from the middle to either side: a rib or a gap is as bright on its left as on its right. What is
// averaged over an edge has the attenuation of no material, and often that of a heavier one. `sum` starts `reach` columns
// before the first result.
TORUGART_MULTIVERSION
void edges(const std::int32_t* sum, const std::int32_t* top, const std::int32_t* middle, const std::int32_t* bottom,
           std::uint8_t* edge, int reach, int window, std::int32_t share, std::size_t n) {
  const auto r = static_cast<std::size_t>(reach);
  const std::int32_t per_row = window;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t limit =
        (sum[i + r] >> 8) * share + 164 * per_row;  // 0.08 of alpha lies within the noise of thin places
    const std::int32_t half = (limit >> 3) * 5;
    const std::int32_t along = std::abs(sum[i + 2 * r] - sum[i]);
    const std::int32_t across = std::abs(bottom[i + r] - top[i + r]) * per_row;
    const std::int32_t beside = std::max(std::abs(sum[i + 2 * r] - sum[i + r]), std::abs(sum[i + r] - sum[i]));
    const std::int32_t below =
        std::max(std::abs(bottom[i + r] - middle[i + r]), std::abs(middle[i + r] - top[i + r])) * per_row;
    edge[i] = std::max(along, across) > limit || std::max(beside, below) > half ? 1 : 0;
  }
}

// Takes the class of the large window where it has one, unless an edge runs here or the small one is sure itself.
TORUGART_MULTIVERSION
void take_wider(const std::uint8_t* wide, const std::uint8_t* edge, std::uint8_t* cells, std::size_t n) {
  constexpr auto kAir = static_cast<std::uint8_t>(MaterialClass::air);
  constexpr auto kOrganic = static_cast<std::uint8_t>(MaterialClass::organic);
  constexpr auto kAmbiguous = static_cast<std::uint8_t>(MaterialClass::ambiguous);
  constexpr std::uint8_t kKinds = kAmbiguous - kOrganic;
  constexpr std::uint8_t kFirm = 16;  // half of the way from `sure` to certain
  static_assert(kAir == 0 && kAmbiguous == 5);
  for (std::size_t i = 0; i < n; ++i) {
    const auto own = static_cast<std::uint8_t>(cells[i] & 7U);
    const auto other = static_cast<std::uint8_t>(wide[i] & 7U);
    const bool doubt =
        own == kAmbiguous || (static_cast<std::uint8_t>(own - kOrganic) < kKinds && (cells[i] >> 3U) < kFirm);
    const bool told = static_cast<std::uint8_t>(other - kOrganic) < kKinds;
    cells[i] = doubt && told && edge[i] == 0 ? wide[i] : cells[i];
  }
}

}  // namespace

void MaterialRows::start(const ScanView& view, const MaterialTable& table, int level, int x, int width) {
  view_ = &view;
  table_ = &table;
  level_ = level;
  x_ = x;
  width_ = width;
  rows_ = (view.rows + (1 << level) - 1) >> level;
  columns_ = std::max(1, view.columns >> level);  // a column of which only a part was measured does not go on
  const auto bias = [level](double noise) {
    return static_cast<float>(0.6 * noise * noise * kOpenBeam / static_cast<double>(1 << (2 * level)));
  };
  const float bias_high = bias(table.config().air_noise_high);
  const float bias_low = bias(table.config().air_noise_low);
  if (bias_high != bias_high_) fill_table(bias_high, alpha_of_high_);
  if (bias_low != bias_low_) fill_table(bias_low, alpha_of_low_);
  bias_high_ = bias_high;
  bias_low_ = bias_low;
  // A reduced level has averaged 2^level pixels each way already.
  // At least 3: without neighbours no edge is seen, and a pixel of a reduced level often lies across one.
  const int window = std::max(3, (table.config().smoothing >> level) | 1);
  reach_ = window / 2;
  summed_ = false;
  ring_.resize(static_cast<std::size_t>(window));
  for (Row& row : ring_)
    row.y = -1'000'000;
  // Edges look one reach further than the window's own.
  const auto n = static_cast<std::size_t>(width + 2 * reach_);
  const auto padded = n + 2 * static_cast<std::size_t>(reach_);
  codes_high_.resize(padded);
  codes_low_.resize(padded);
  alpha_high_.resize(padded);
  alpha_low_.resize(padded);
  measured_.resize(padded);
  for (auto* v : {&sum_high_, &sum_low_, &sum_count_})
    v->resize(n);
  centre_.resize(padded);
  high_ = RowReader(view, Energy::high, level, x - 2 * reach_, static_cast<int>(padded));
  low_ = RowReader(view, Energy::low, level, x - 2 * reach_, static_cast<int>(padded));
  index_.resize(n);
  edge_.resize(static_cast<std::size_t>(width));
  wide_used_ = table.wider() != nullptr && view.has_low && level + 1 < view.levels();
  if (wide_used_) {
    if (!wide_) wide_ = std::make_unique<MaterialRows>();
    wide_x_ = x >> 1;
    wide_y_ = -1'000'000;
    wide_->start(view, *table.wider(), level + 1, wide_x_, (width >> 1) + 2);
    wide_cells_.resize(2 * static_cast<std::size_t>((width >> 1) + 2));
  }
  cells_.resize(static_cast<std::size_t>(width));
}

MaterialRows::Row& MaterialRows::slot(int y) {
  const int window = 2 * reach_ + 1;
  return ring_[static_cast<std::size_t>(((y % window) + window) % window)];
}

// Codes of row y from x_ - 2 reach_ on, with the picture's edge going on.
void MaterialRows::read(Energy energy, int y, std::vector<std::uint16_t>& into) const {
  const int from = x_ - 2 * reach_;
  (energy == Energy::high ? high_ : low_).read(std::clamp(y, 0, rows_ - 1), into.data());
  const int n = static_cast<int>(into.size());
  if (from >= 0 && from + n <= columns_) return;
  const int first = std::clamp(-from, 0, n);
  const int last = std::clamp(columns_ - from, 0, n);
  if (first >= last) return;
  std::fill(into.begin(), into.begin() + first, into[static_cast<std::size_t>(first)]);
  std::fill(into.begin() + last, into.end(), into[static_cast<std::size_t>(last - 1)]);
}

void MaterialRows::load(Row& into, int y) {
  into.y = y;
  read(Energy::high, y, codes_high_);
  read(Energy::low, y, codes_low_);
  into.masked = !all_measured(codes_high_.data(), codes_low_.data(), codes_high_.size());
  if (into.masked) {
    attenuations(codes_high_.data(), codes_low_.data(), alpha_high_.data(), alpha_low_.data(), measured_.data(),
                 bias_high_, bias_low_, codes_high_.size());
  } else {
    look_up(codes_high_.data(), alpha_of_high_.data(), alpha_high_.data(), codes_high_.size());
    look_up(codes_low_.data(), alpha_of_low_.data(), alpha_low_.data(), codes_low_.size());
  }
  const int window = 2 * reach_ + 1;
  const std::size_t n = sum_high_.size();
  into.high.resize(n);
  into.low.resize(n);
  window_sums(alpha_high_.data(), into.high.data(), n, window);
  window_sums(alpha_low_.data(), into.low.data(), n, window);
  if (!into.masked) return;
  into.count.resize(n);
  window_sums(measured_.data(), into.count.data(), n, window);
}

// Sums the rows of the window up, or moves on by one row.
void MaterialRows::add_up(int y) {
  const std::size_t n = sum_high_.size();
  if (summed_ && y == current_) return;
  const bool next = summed_ && y == current_ + 1;
  if (next) {
    Row& oldest = slot(current_ - reach_);
    add_rows(oldest.high.data(), sum_high_.data(), -1, n);
    add_rows(oldest.low.data(), sum_low_.data(), -1, n);
    load(oldest, y + reach_);
    add_rows(oldest.high.data(), sum_high_.data(), 1, n);
    add_rows(oldest.low.data(), sum_low_.data(), 1, n);
  } else {
    std::fill(sum_high_.begin(), sum_high_.end(), 0);
    std::fill(sum_low_.begin(), sum_low_.end(), 0);
    for (int k = y - reach_; k <= y + reach_; ++k) {
      Row& row = slot(k);
      if (row.y != k) load(row, k);
      add_rows(row.high.data(), sum_high_.data(), 1, n);
      add_rows(row.low.data(), sum_low_.data(), 1, n);
    }
  }
  current_ = y;
  summed_ = true;
}

void MaterialRows::ask_wider(int y) {
  if (const int wide_y = y >> 1; wide_y != wide_y_) {
    wide_y_ = wide_y;
    const auto cells = wide_->row(wide_y);
    for (std::size_t i = 0; i < cells.size(); ++i)
      wide_cells_[2 * i] = wide_cells_[2 * i + 1] = cells[i];
  }
  take_wider(wide_cells_.data() + (x_ - 2 * wide_x_), edge_.data(), cells_.data(), static_cast<std::size_t>(width_));
}

std::span<const std::uint8_t> MaterialRows::row(int y) {
  const auto n = static_cast<std::size_t>(width_);
  const auto reach = static_cast<std::size_t>(reach_);
  read(Energy::high, y, centre_);
  const std::uint16_t* centre = centre_.data() + 2 * reach;
  if (!view_->has_low) {  // one energy tells air from something, no more
    for (std::size_t i = 0; i < n; ++i) {
      const PixelState state = state_of(centre[i]);
      MaterialClass out = MaterialClass::ambiguous;
      if (state == PixelState::no_signal || state == PixelState::over_range) out = MaterialClass::saturated;
      if (state == PixelState::measured && attenuation_of(centre[i]) < table_->config().air) out = MaterialClass::air;
      cells_[i] = static_cast<std::uint8_t>(out);
    }
    return cells_;
  }
  add_up(y);
  const int window = 2 * reach_ + 1;
  const std::int32_t full = window * window;
  const bool masked = std::any_of(ring_.begin(), ring_.end(), [](const Row& r) { return r.masked; });
  if (masked) {
    std::fill(sum_count_.begin(), sum_count_.end(), 0);
    for (const Row& r : ring_) {
      if (r.masked) {
        add_rows(r.count.data(), sum_count_.data(), 1, sum_count_.size());
      } else {
        for (std::int32_t& c : sum_count_)
          c += window;
      }
    }
    cell_indices(sum_high_.data(), sum_low_.data(), sum_count_.data(), index_.data(), index_.size());
  } else {
    cell_indices(sum_high_.data(), sum_low_.data(), full, index_.data(), index_.size());
  }
  edges(sum_high_.data(), slot(y - reach_).high.data(), slot(y).high.data(), slot(y + reach_).high.data(),
        edge_.data(), reach_, window, static_cast<std::int32_t>(std::lround(table_->config().edge * 256)), n);
  const std::uint8_t* table = table_->cells().data();
  const std::uint16_t* index = index_.data() + reach;
  for (std::size_t i = 0; i < n; ++i)
    cells_[i] = table[index[i]];
  if (wide_used_) ask_wider(y);
  constexpr auto kAmbiguous = static_cast<std::uint8_t>(MaterialClass::ambiguous);
  constexpr auto kSaturated = static_cast<std::uint8_t>(MaterialClass::saturated);
  if (masked) {
    const std::int32_t* count = sum_count_.data() + reach;
    for (std::size_t i = 0; i < n; ++i) {
      if (count[i] == full) continue;
      const std::int32_t measured = count[i] & 255;
      const std::int32_t blocked = count[i] >> 8;
      // The mean of what got through is too bright once a fifth did not.
      if (blocked * 4 > measured) {
        cells_[i] = kSaturated;
      } else if (measured == 0 || centre[i] == kMissing) {
        cells_[i] = kAmbiguous;
      }
    }
  }
  mark_edges(edge_.data(), cells_.data(), n);
  return cells_;
}

}  // namespace torugart::imaging
