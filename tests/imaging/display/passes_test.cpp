// The vector width of the machine must not show: every pass gives the same bits as on the amd64 baseline.
#include "imaging/display/passes.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace torugart::imaging {
namespace baseline {  // passes_baseline.cpp

void sharpen(const std::uint16_t* middle, const std::uint16_t* sums, std::uint16_t* out, int strength, std::size_t n);
void blend(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* out, int weight, std::size_t n);
void between_pairs(const std::uint16_t* pairs, const std::int16_t* weights, std::uint16_t* out, std::size_t n);
void between_chroma(const std::uint16_t* pairs, const std::int16_t* weights, std::int16_t* red, std::int16_t* blue,
                    std::size_t n);
void double_chroma(const std::uint16_t* chroma, std::int16_t* red, std::int16_t* blue, std::size_t n);
void to_colour(const std::uint16_t* tones, const std::int16_t* red, const std::int16_t* blue, bool flip,
               std::uint32_t* out, std::size_t n);

}  // namespace baseline

namespace {

constexpr std::size_t kN = 1001;  // no multiple of any vector

struct Rows {
  std::vector<std::uint16_t> a = tones(1), b = tones(2), pairs = tones(3, 2), sums = tones(4), chroma = tones(5);
  std::vector<std::int16_t> weights, red, blue;

  Rows() {
    std::mt19937 random(6);
    for (std::size_t i = 0; i < kN; ++i) {
      weights.push_back(static_cast<std::int16_t>(random() % 32768));
      red.push_back(static_cast<std::int16_t>(static_cast<int>(random() % 255 - 127) * 128));
      blue.push_back(static_cast<std::int16_t>(static_cast<int>(random() % 255 - 127) * 128));
    }
    for (auto& v : chroma)
      v = static_cast<std::uint16_t>(random());
  }
  static std::vector<std::uint16_t> tones(unsigned seed, std::size_t times = 1) {
    std::mt19937 random(seed);
    std::vector<std::uint16_t> out((kN + 8) * times);
    for (auto& v : out)
      v = static_cast<std::uint16_t>(random() % (255 * 128 + 1));
    return out;
  }
};

TEST(Passes, give_the_same_bits_on_the_baseline) {
  const Rows r;
  std::vector<std::uint16_t> x(kN), y(kN);
  for (const int strength : {0, 4096, 8192, 32768}) {
    detail::sharpen(r.a.data(), r.sums.data(), x.data(), strength, kN);
    baseline::sharpen(r.a.data(), r.sums.data(), y.data(), strength, kN);
    EXPECT_EQ(x, y);
  }
  for (const int weight : {0, 1, 128, 255}) {
    detail::blend(r.a.data(), r.b.data(), x.data(), weight, kN);
    baseline::blend(r.a.data(), r.b.data(), y.data(), weight, kN);
    EXPECT_EQ(x, y);
  }
  detail::between_pairs(r.pairs.data(), r.weights.data(), x.data(), kN);
  baseline::between_pairs(r.pairs.data(), r.weights.data(), y.data(), kN);
  EXPECT_EQ(x, y);
  std::vector<std::int16_t> red(kN), blue(kN), red_too(kN), blue_too(kN);
  detail::between_chroma(r.pairs.data(), r.weights.data(), red.data(), blue.data(), kN);
  baseline::between_chroma(r.pairs.data(), r.weights.data(), red_too.data(), blue_too.data(), kN);
  EXPECT_EQ(red, red_too);
  EXPECT_EQ(blue, blue_too);
  detail::double_chroma(r.chroma.data(), red.data(), blue.data(), kN);
  baseline::double_chroma(r.chroma.data(), red_too.data(), blue_too.data(), kN);
  EXPECT_EQ(red, red_too);
  EXPECT_EQ(blue, blue_too);
  std::vector<std::uint32_t> p(kN), q(kN);
  for (const bool flip : {false, true}) {
    detail::to_colour(r.a.data(), r.red.data(), r.blue.data(), flip, p.data(), kN);
    baseline::to_colour(r.a.data(), r.red.data(), r.blue.data(), flip, q.data(), kN);
    EXPECT_EQ(p, q);
  }
}

TEST(Passes, are_what_they_say) {
  const Rows r;
  std::vector<std::uint16_t> out(kN);
  detail::blend(r.a.data(), r.b.data(), out.data(), 64, kN);
  for (std::size_t i = 0; i < kN; ++i)
    ASSERT_NEAR(out[i], r.a[i] * 0.75 + r.b[i] * 0.25, 3);
  // Colour keeps the grey level's luminance and never leaves its range.
  std::vector<std::uint32_t> rgba(kN);
  detail::to_colour(r.a.data(), r.red.data(), r.blue.data(), false, rgba.data(), kN);
  for (std::size_t i = 0; i < kN; ++i) {
    const int level = (r.a[i] + 64) >> 7;
    const auto channel = [&](unsigned shift) { return static_cast<int>(rgba[i] >> shift & 255U); };
    const double green = -(0.299 * r.red[i] + 0.114 * r.blue[i]) / 0.587;
    if (std::abs(green) > 127 * 128) continue;  // no colour that a palette has
    ASSERT_NEAR(0.299 * channel(0) + 0.587 * channel(8) + 0.114 * channel(16), level, 1.6) << i;
    ASSERT_EQ(channel(24), 255);
  }
}

}  // namespace
}  // namespace torugart::imaging
