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
inline std::int16_t fixed_alpha(std::uint16_t code) {
  const float v = static_cast<float>(code);
  const auto bits = std::bit_cast<std::uint32_t>(v);
  const float exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23U) - 127);
  const float m = std::bit_cast<float>((bits & 0x007FFFFFU) | 0x3F800000U);
  const float log2m =
      -2.786813F + m * (5.046876F + m * (-3.4924943F + m * (1.5939014F + m * (-0.40486717F + m * 0.04342891F))));
  const float alpha = 11.0020998F - 0.69314718F * (exponent + log2m);
  return static_cast<std::int16_t>(alpha * kFixed + (alpha < 0 ? -0.5F : 0.5F));
}

TORUGART_MULTIVERSION
void attenuations(const std::uint16_t* high, const std::uint16_t* low, std::int16_t* alpha_high,
                  std::int16_t* alpha_low, std::int16_t* measured, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto valid = [](std::uint16_t v) { return static_cast<std::uint16_t>(v - 1) < kMaxMeasured; };
    const std::int16_t ok = valid(high[i]) && valid(low[i]) ? 1 : 0;
    const bool missing = high[i] == kMissing || low[i] == kMissing;
    measured[i] = ok ? std::int16_t{1} : missing ? std::int16_t{0} : kBlocked;
    alpha_high[i] = static_cast<std::int16_t>(fixed_alpha(high[i]) * ok);
    alpha_low[i] = static_cast<std::int16_t>(fixed_alpha(low[i]) * ok);
  }
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

// Where attenuation changes within the window by more than half of its mean, an edge runs through it.
TORUGART_MULTIVERSION
void edges(const std::int32_t* sum, const std::int32_t* top, const std::int32_t* bottom, std::uint8_t* edge,
           int reach, int window, std::size_t n) {
  const auto r = static_cast<std::size_t>(reach);
  const std::int32_t per_row = window;
  if (n <= 2 * r) {
    for (std::size_t i = 0; i < n; ++i)
      edge[i] = 0;
    return;
  }
  for (std::size_t i = 0; i < r; ++i)
    edge[i] = edge[n - 1 - i] = 0;
  for (std::size_t i = r; i < n - r; ++i) {
    const std::int32_t limit = sum[i] / 2 + 164 * per_row;  // 0.08 of alpha lies within the noise of thin places
    const std::int32_t along = std::abs(sum[i + r] - sum[i - r]);
    const std::int32_t across = std::abs(bottom[i] - top[i]) * per_row;
    edge[i] = along > limit || across > limit ? 1 : 0;
  }
}

}  // namespace

void MaterialRows::start(const ScanView& view, const MaterialTable& table, int level, int x, int width) {
  view_ = &view;
  table_ = &table;
  level_ = level;
  x_ = x;
  width_ = width;
  // A reduced level has averaged 2^level pixels each way already.
  const int window = std::max(1, table.config().smoothing >> level) | 1;
  reach_ = window / 2;
  current_ = -1;
  ring_.resize(static_cast<std::size_t>(window));
  for (Row& row : ring_)
    row.y = -1'000'000;
  const auto n = static_cast<std::size_t>(width);
  const auto padded = n + 2 * static_cast<std::size_t>(reach_);
  codes_high_.resize(padded);
  codes_low_.resize(padded);
  alpha_high_.resize(padded);
  alpha_low_.resize(padded);
  measured_.resize(padded);
  for (auto* v : {&sum_high_, &sum_low_, &sum_count_})
    v->assign(n, 0);
  centre_.resize(n);
  index_.resize(n);
  edge_.resize(n);
  cells_.resize(n);
}

void MaterialRows::load(Row& into, int y) {
  const auto n = static_cast<std::size_t>(width_);
  into.y = y;
  view_->read_row(Energy::high, level_, x_ - reach_, y, codes_high_);
  view_->read_row(Energy::low, level_, x_ - reach_, y, codes_low_);
  attenuations(codes_high_.data(), codes_low_.data(), alpha_high_.data(), alpha_low_.data(), measured_.data(),
               codes_high_.size());
  const int window = 2 * reach_ + 1;
  into.high.resize(n);
  into.low.resize(n);
  into.count.resize(n);
  window_sums(alpha_high_.data(), into.high.data(), n, window);
  window_sums(alpha_low_.data(), into.low.data(), n, window);
  window_sums(measured_.data(), into.count.data(), n, window);
}

void MaterialRows::add(const Row& row, int sign) {
  const auto n = static_cast<std::size_t>(width_);
  add_rows(row.high.data(), sum_high_.data(), sign, n);
  add_rows(row.low.data(), sum_low_.data(), sign, n);
  add_rows(row.count.data(), sum_count_.data(), sign, n);
}

std::span<const std::uint8_t> MaterialRows::row(int y) {
  if (!view_->has_low) {  // one energy tells air from something, no more
    view_->read_row(Energy::high, level_, x_, y, centre_);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const PixelState state = state_of(centre_[i]);
      MaterialClass out = MaterialClass::ambiguous;
      if (state == PixelState::no_signal || state == PixelState::over_range) out = MaterialClass::saturated;
      if (state == PixelState::measured && attenuation_of(centre_[i]) < table_->config().air)
        out = MaterialClass::air;
      cells_[i] = static_cast<std::uint8_t>(out);
    }
    return cells_;
  }
  const int window = 2 * reach_ + 1;
  const auto slot = [&](int row) -> Row& {
    return ring_[static_cast<std::size_t>(((row % window) + window) % window)];
  };
  if (current_ < 0 || y < current_ || y > current_ + window) {
    for (auto* v : {&sum_high_, &sum_low_, &sum_count_})
      std::fill(v->begin(), v->end(), 0);
    for (int k = y - reach_; k <= y + reach_; ++k) {
      load(slot(k), k);
      add(slot(k), 1);
    }
    current_ = y;
  }
  while (current_ < y) {
    Row& oldest = slot(current_ - reach_);
    add(oldest, -1);
    ++current_;
    load(oldest, current_ + reach_);
    add(oldest, 1);
  }
  const auto n = static_cast<std::size_t>(width_);
  cell_indices(sum_high_.data(), sum_low_.data(), sum_count_.data(), index_.data(), n);
  edges(sum_high_.data(), slot(y - reach_).high.data(), slot(y + reach_).high.data(), edge_.data(), reach_, window,
        n);
  const std::uint8_t* table = table_->cells().data();
  const std::int32_t full = window * window;
  constexpr auto kAmbiguous = static_cast<std::uint8_t>(MaterialClass::ambiguous);
  constexpr auto kSaturated = static_cast<std::uint8_t>(MaterialClass::saturated);
  constexpr auto kAir = static_cast<std::uint8_t>(MaterialClass::air);
  view_->read_row(Energy::high, level_, x_, y, centre_);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint8_t cell = table[index_[i]];
    if (sum_count_[i] != full) {
      const std::int32_t measured = sum_count_[i] & 255;
      const std::int32_t blocked = sum_count_[i] >> 8;
      // The mean of what got through is too bright once a fifth did not.
      if (blocked * 4 > measured) {
        cell = kSaturated;
      } else if (measured == 0 || centre_[i] == kMissing) {
        cell = kAmbiguous;
      }
    }
    cells_[i] = edge_[i] && cell != kAir && cell != kSaturated ? kAmbiguous : cell;
  }
  return cells_;
}

}  // namespace torugart::imaging
