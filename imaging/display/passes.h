// Internal to imaging/display: what is done to whole rows, one step a pass. Each pass is a plain loop over 16-bit lanes
// that the compiler turns into vectors, for the amd64 baseline and for AVX2 (multiversion.h); both give the same bits.
// Table loads stay scalar: gathering them is slower. Rows do not overlap. Tones are in 1/128 grey level, 0 .. kToneOne.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace torugart::imaging::detail {

inline constexpr std::size_t kHalo = 2;  // of the 5 x 5 edge window

[[nodiscard]] bool any_masked(const std::uint16_t* codes, std::size_t n);
void look_up(const std::uint16_t* codes, const std::uint16_t* table, std::uint16_t* out, std::size_t n);

// Sums of five rows for the edge pass, of quarters so that they fit 16 bits. `removed` may be null.
void clear(std::uint16_t* sums, std::size_t n);
void add_quarters(const std::uint16_t* row, std::uint16_t* sums, std::size_t n);
void swap_quarters(const std::uint16_t* added, const std::uint16_t* removed, std::uint16_t* sums, std::size_t n);
// Unsharp mask over 5 x 5: adds what sets a pixel off from the mean around it, `strength` / 8192 times (at most 4).
// `middle` and `sums` have kHalo more on both sides, `out` has not; all start at the same column less the halo.
void sharpen(const std::uint16_t* middle, const std::uint16_t* sums, std::uint16_t* out, int strength, std::size_t n);

// Between two rows: weight / 256 of b.
void blend(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* out, int weight, std::size_t n);
void blend(const std::int16_t* a, const std::int16_t* b, std::int16_t* out, int weight, std::size_t n);

// Along a row: output i lies between source first[i] and the next one, weights[i] / 32768 of the latter. `pairs` keeps
// 2 n samples.
void take_pairs(const std::uint16_t* row, const int* first, std::uint16_t* pairs, std::size_t n);
void between_pairs(const std::uint16_t* pairs, const std::int16_t* weights, std::uint16_t* out, std::size_t n);

// Colour as the distance of red and blue from the grey level, at the middle level; green follows from the luminance
// (Rec. 601), which stays that of the grey picture. Two 8-bit values in one sample (red below), so that one load takes
// both.
inline constexpr int kChromaOne = 128;  // of the rows of 16-bit values, per step of 1
void take_cells(const std::uint8_t* cells, const std::uint16_t* chroma_of_cell, std::uint16_t* out, std::size_t n);
void between_chroma(const std::uint16_t* pairs, const std::int16_t* weights, std::int16_t* red, std::int16_t* blue,
                    std::size_t n);
// Twice as many outputs as sources: output 2i lies a quarter before source i + 1's centre, 2i + 1 a quarter after it.
// Reads n / 2 + 2 sources.
void double_chroma(const std::uint16_t* chroma, std::int16_t* red, std::int16_t* blue, std::size_t n);

// To RGBA. `flip` inverts: here and nowhere else.
void to_grey(const std::uint16_t* tones, bool flip, std::uint32_t* out, std::size_t n);
void to_palette(const std::uint16_t* tones, const std::uint32_t* palette, std::uint32_t* out, std::size_t n);
void to_colour(const std::uint16_t* tones, const std::int16_t* red, const std::int16_t* blue, bool flip,
               std::uint32_t* out, std::size_t n);

}  // namespace torugart::imaging::detail
