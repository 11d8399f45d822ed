#include "imaging/display/passes.h"

#include <algorithm>
#include <cstring>

#include "imaging/core/multiversion.h"
#include "imaging/core/transmission.h"

namespace torugart::imaging::detail {
namespace {

using i16 = std::int16_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;

using Half [[gnu::may_alias]] = u16;  // of a colour

// Upper halves of 16-bit products: one instruction each, also on the baseline.
inline i16 high_product(i16 a, i16 b) {
  return static_cast<i16>((static_cast<int>(a) * static_cast<int>(b)) >> 16);
}
inline u16 high_product(u16 a, u16 b) {
  return static_cast<u16>((static_cast<u32>(a) * static_cast<u32>(b)) >> 16U);
}
inline i16 add(i16 a, i16 b) {
  return static_cast<i16>(a + b);
}
// a + (b - a) * weight / 32768 for values of 15 bits.
inline i16 between(i16 a, i16 b, i16 weight) {
  const i16 part = high_product(static_cast<i16>(b - a), weight);
  return static_cast<i16>(a + part + part);
}

}  // namespace

TORUGART_MULTIVERSION
bool any_masked(const u16* codes, std::size_t n) {
  u16 any = 0;
  for (std::size_t i = 0; i < n; ++i) {
    any = static_cast<u16>(any | (static_cast<u16>(codes[i] - 1) >= kMaxMeasured ? 1 : 0));
  }
  return any != 0;
}

void look_up(const u16* codes, const u16* table, u16* __restrict out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = table[codes[i]];
}

void clear(u16* sums, std::size_t n) {
  std::memset(sums, 0, n * sizeof(u16));
}

TORUGART_MULTIVERSION
void add_quarters(const u16* __restrict row, u16* __restrict sums, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    sums[i] = static_cast<u16>(sums[i] + (row[i] >> 2));
}

TORUGART_MULTIVERSION
void swap_quarters(const u16* __restrict added, const u16* __restrict removed, u16* __restrict sums, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    sums[i] = static_cast<u16>(sums[i] + (added[i] >> 2) - (removed[i] >> 2));
}

TORUGART_MULTIVERSION
void sharpen(const u16* __restrict middle, const u16* __restrict sums, u16* __restrict out, int strength,
             std::size_t n) {
  const auto s = static_cast<i16>(std::min(strength, 32767));
  const u16* at = middle + kHalo;
  for (std::size_t i = 0; i < n; ++i) {
    // 10486 / 65536 = 4 / 25: back from quarters, and the mean of 25. Two for what five roundings down lose.
    const auto part = [&](std::size_t k) { return high_product(sums[i + k], u16{10486}); };
    const auto mean = static_cast<u16>(part(0) + part(1) + part(2) + part(3) + part(4) + 2);
    const i16 more = high_product(static_cast<i16>(at[i] - mean), s);  // in 1/16 grey level
    const i16 v = add(static_cast<i16>(at[i] >> 3), more);
    out[i] = static_cast<u16>(std::min<i16>(std::max<i16>(v, 0), 255 * 16) << 3);
  }
}

TORUGART_MULTIVERSION
void blend(const u16* __restrict a, const u16* __restrict b, u16* __restrict out, int weight, std::size_t n) {
  const auto w = static_cast<i16>(std::min(weight * 128, 32767));
  for (std::size_t i = 0; i < n; ++i)
    out[i] = static_cast<u16>(between(static_cast<i16>(a[i]), static_cast<i16>(b[i]), w));
}

TORUGART_MULTIVERSION
void blend(const i16* __restrict a, const i16* __restrict b, i16* __restrict out, int weight, std::size_t n) {
  // Halves, so that the distance between two far values fits.
  const auto w = static_cast<i16>(std::min(weight * 128, 32767));
  for (std::size_t i = 0; i < n; ++i) {
    const auto half = static_cast<i16>((b[i] >> 1) - (a[i] >> 1));
    const i16 part = high_product(half, w);
    out[i] = static_cast<i16>(a[i] + 4 * part);
  }
}

void take_pairs(const u16* row, const int* first, u16* __restrict pairs, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    u32 both;
    std::memcpy(&both, row + first[i], sizeof both);
    std::memcpy(pairs + 2 * i, &both, sizeof both);
  }
}

TORUGART_MULTIVERSION
void between_pairs(const u16* __restrict pairs, const i16* __restrict weights, u16* __restrict out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] =
        static_cast<u16>(between(static_cast<i16>(pairs[2 * i]), static_cast<i16>(pairs[2 * i + 1]), weights[i]));
  }
}

void take_cells(const std::uint8_t* cells, const u16* chroma_of_cell, u16* __restrict out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = chroma_of_cell[cells[i]];
}

namespace {
// Red and blue of a sample, times 64 so that their distance fits 16 bits.
inline i16 red_of(u16 chroma) {
  return static_cast<i16>(static_cast<i16>(static_cast<u16>(chroma << 8)) >> 2);
}
inline i16 blue_of(u16 chroma) {
  return static_cast<i16>(static_cast<i16>(chroma & 0xFF00U) >> 2);
}
}  // namespace

TORUGART_MULTIVERSION
void between_chroma(const u16* __restrict pairs, const i16* __restrict weights, i16* __restrict red,
                    i16* __restrict blue, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const u16 a = pairs[2 * i];
    const u16 b = pairs[2 * i + 1];
    red[i] = static_cast<i16>(2 * between(red_of(a), red_of(b), weights[i]));
    blue[i] = static_cast<i16>(2 * between(blue_of(a), blue_of(b), weights[i]));
  }
}

TORUGART_MULTIVERSION
void double_chroma(const u16* __restrict chroma, i16* __restrict red, i16* __restrict blue, std::size_t n) {
  const auto mix = [](i16 far, i16 near) { return static_cast<i16>((far + 3 * near) >> 1); };
  for (std::size_t k = 0; k < n / 2; ++k) {
    const i16 r0 = static_cast<i16>(red_of(chroma[k]) >> 2), r1 = static_cast<i16>(red_of(chroma[k + 1]) >> 2),
              r2 = static_cast<i16>(red_of(chroma[k + 2]) >> 2);
    red[2 * k] = static_cast<i16>(mix(r0, r1) * 4);
    red[2 * k + 1] = static_cast<i16>(mix(r2, r1) * 4);
  }
  for (std::size_t k = 0; k < n / 2; ++k) {
    const i16 b0 = static_cast<i16>(blue_of(chroma[k]) >> 2), b1 = static_cast<i16>(blue_of(chroma[k + 1]) >> 2),
              b2 = static_cast<i16>(blue_of(chroma[k + 2]) >> 2);
    blue[2 * k] = static_cast<i16>(mix(b0, b1) * 4);
    blue[2 * k + 1] = static_cast<i16>(mix(b2, b1) * 4);
  }
}

TORUGART_MULTIVERSION
void to_grey(const u16* __restrict tones, bool flip, u32* __restrict out, std::size_t n) {
  const auto turn = static_cast<u16>(flip ? 255 : 0);
  for (std::size_t i = 0; i < n; ++i) {
    const auto level = static_cast<u16>(static_cast<u16>(tones[i] + 64) >> 7 ^ turn);
    out[i] = static_cast<u32>(level) * 0x00010101U | 0xFF000000U;
  }
}

void to_palette(const u16* tones, const u32* palette, u32* __restrict out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = palette[static_cast<u16>(tones[i] + 64) >> 7];
}

TORUGART_MULTIVERSION
void to_colour(const u16* __restrict tones, const i16* __restrict red, const i16* __restrict blue, bool flip,
               u32* __restrict out, std::size_t n) {
  const auto turn = static_cast<i16>(flip ? 255 : 0);
  auto* __restrict halves = reinterpret_cast<Half*>(out);  // red and green, blue and alpha
  for (std::size_t i = 0; i < n; ++i) {
    const auto level = static_cast<i16>(static_cast<i16>(static_cast<u16>(tones[i] + 64) >> 7) ^ turn);
    // Full at the middle level, nothing at black and at white: no channel ever leaves 0 .. 255.
    const auto room = static_cast<i16>(std::min<i16>(level, static_cast<i16>(255 - level)) * 4);
    const i16 r = red[i];
    const i16 b = blue[i];
    // -(0.299 r + 0.114 b) / 0.587
    const i16 g = static_cast<i16>(-2 * (high_product(r, 16692) + high_product(b, 6364)));
    const i16 out_r = add(level, high_product(r, room));
    const i16 out_g = add(level, high_product(g, room));
    const i16 out_b = add(level, high_product(b, room));
    halves[2 * i] = static_cast<u16>(out_r | out_g << 8);
    halves[2 * i + 1] = static_cast<u16>(out_b | 0xFF00);
  }
}

}  // namespace torugart::imaging::detail
