#include "ocr/read/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/ocr/support/glyphs.h"

namespace torugart::ocr::detail {
namespace {

using test::glyph;
using test::write;

std::vector<SpelledGlyph> shuffled(std::vector<SpelledGlyph> glyphs) {
  std::mt19937 random(5);
  std::shuffle(glyphs.begin(), glyphs.end(), random);
  return glyphs;
}

std::string text_of(const Layout& layout) {
  std::string out;
  for (const GlyphLine& line : layout.lines)
    out += (out.empty() ? "" : "/") + seen_of(line).text;
  return out;
}

TEST(Layout, OneLine) {
  std::vector<SpelledGlyph> g;
  write(g, U"123 ABC 02", 20, 32);
  const Layout layout = lines_of_glyphs(shuffled(g), false);
  EXPECT_EQ(text_of(layout), "123ABC02");
  EXPECT_NEAR(layout.slope, 0, 1e-6);
  EXPECT_EQ(layout.count(), 8U);
}

TEST(Layout, SlopingLines) {
  for (const float slope : {-0.35F, -0.2F, -0.05F, 0.1F, 0.3F}) {
    std::vector<SpelledGlyph> one;
    write(one, U"MSKU4135329", 20, 100, 24, slope);
    const Layout single = lines_of_glyphs(shuffled(one), false);
    EXPECT_EQ(text_of(single), "MSKU4135329") << slope;
    EXPECT_NEAR(single.slope, slope, 0.02) << slope;
    std::vector<SpelledGlyph> two;
    write(two, U"123", 20, 60, 30, slope);
    write(two, U"ABC02", 20 - 38 * slope, 98, 30, slope);
    EXPECT_EQ(text_of(lines_of_glyphs(shuffled(two), false)), "123/ABC02") << slope;
  }
}

TEST(Layout, TwoAndThreeLinesOfUnlikeLength) {
  std::vector<SpelledGlyph> g;
  write(g, U"EITU", 20, 20, 24);
  write(g, U"178639 3", 20, 50, 24);
  write(g, U"22G1", 60, 80, 24);
  EXPECT_EQ(text_of(lines_of_glyphs(shuffled(g), false)), "EITU/1786393/22G1");
}

TEST(Layout, AColumnAndTheOneBesideIt) {
  std::vector<SpelledGlyph> g;
  float y = 20;
  for (const char32_t c : std::u32string(U"AMFU3254527")) {
    g.push_back(glyph(c, 24 + 0.05F * y, y, 22));
    y += 30;
  }
  EXPECT_EQ(text_of(lines_of_glyphs(shuffled(g), true)), "AMFU3254527");
  EXPECT_NEAR(lines_of_glyphs(g, true).slope, 0.05, 0.01);
  float below = 20;
  for (const char32_t c : std::u32string(U"45R1")) {
    g.push_back(glyph(c, 54 + 0.05F * below, below, 22));
    below += 30;
  }
  EXPECT_EQ(text_of(lines_of_glyphs(shuffled(g), true)), "AMFU3254527/45R1");
}

TEST(Layout, SmallPrintIsLeftOutSmallerRegionsAreNot) {
  std::vector<SpelledGlyph> g;
  write(g, U"CALIFORNIA", 40, 8, 10);
  write(g, U"7ABC123", 40, 40, 36);
  EXPECT_EQ(text_of(lines_of_glyphs(shuffled(g), false)), "7ABC123");
  std::vector<SpelledGlyph> russian;
  write(russian, U"A123BC", 20, 32, 36);
  write(russian, U"77", 190, 28, 26);
  EXPECT_EQ(text_of(lines_of_glyphs(shuffled(russian), false)), "A123BC77");
}

TEST(Layout, NothingAndOne) {
  EXPECT_TRUE(lines_of_glyphs({}, false).lines.empty());
  EXPECT_TRUE(lines_of_glyphs({}, true).lines.empty());
  EXPECT_EQ(text_of(lines_of_glyphs({glyph(U'7', 5, 5)}, false)), "7");
  EXPECT_EQ(lines_of_glyphs({}, false).count(), 0U);
  EXPECT_FALSE(badly_laid(lines_of_glyphs({}, false), Canvas::line));
}

TEST(Layout, AnyHeapOfCharactersComesOutWholeOrLess) {
  std::mt19937 random(9);
  std::uniform_real_distribution<float> place(0, 200);
  std::uniform_real_distribution<float> size(0.8F, 300);
  for (int round = 0; round < 300; ++round) {
    std::vector<SpelledGlyph> g;
    for (int i = 0; i < round % 65; ++i)
      g.push_back(glyph(U'A', place(random), place(random), size(random), 0.3 + 0.01 * (i % 70)));
    for (const bool column : {false, true}) {
      const Layout layout = lines_of_glyphs(g, column);
      EXPECT_LE(layout.count(), g.size());
      EXPECT_TRUE(std::isfinite(layout.slope));
      if (!layout.lines.empty()) (void)quad_of(layout, 0, layout.lines.size() - 1);
    }
  }
}

TEST(Seen, ConfidenceIsOneIsThereTimesWhichItIs) {
  std::vector<SpelledGlyph> g;
  write(g, U"AB", 20, 30);
  write(g, U"C", 20, 70);
  const Layout layout = lines_of_glyphs(g, false);
  const Seen seen = seen_of(layout, 0, 1);
  EXPECT_EQ(seen.text, "ABC");
  ASSERT_EQ(seen.confidences.size(), 3U);
  EXPECT_NEAR(seen.confidences[0], 0.99 * 0.98, 1e-9);
  ASSERT_EQ(seen.choices.size(), 3U);
  ASSERT_EQ(seen.choices[0].size(), 1U);
  EXPECT_EQ(seen.choices[0][0].character, U'Q');
  EXPECT_NEAR(seen.choices[0][0].confidence, 0.99 * 0.005, 1e-9);
  EXPECT_EQ(seen_of(layout, 1, 1).text, "C");
  EXPECT_EQ(seen_of(layout, 1, 9).text, "C");
}

TEST(Quads, HoldTheTextAlongItsSlope) {
  for (const float slope : {-0.3F, 0.0F, 0.2F}) {
    std::vector<SpelledGlyph> g;
    write(g, U"ABC123", 50, 100, 30, slope);
    const Quad q = quad_of(lines_of_glyphs(g, false), 0, 0);
    const auto dx = static_cast<double>(q[1].x - q[0].x);
    const auto dy = static_cast<double>(q[1].y - q[0].y);
    EXPECT_NEAR(dy / dx, static_cast<double>(slope), 0.02);
    EXPECT_NEAR(std::hypot(dx, dy), std::hypot(112.5, 112.5 * static_cast<double>(slope)) + 16.5, 3);
    EXPECT_NEAR(std::hypot(static_cast<double>(q[3].x - q[0].x), static_cast<double>(q[3].y - q[0].y)), 30, 2);
    EXPECT_LT(q[0].y, q[3].y);
  }
}

TEST(Quads, OfAColumnLean) {
  std::vector<SpelledGlyph> g;
  for (int i = 0; i < 11; ++i)
    g.push_back(glyph(U'8', 24 + 3.0F * static_cast<float>(i), 20 + 30 * static_cast<float>(i), 22));
  const Quad q = quad_of(lines_of_glyphs(g, true), 0, 0);
  EXPECT_NEAR((q[3].x - q[0].x) / (q[3].y - q[0].y), 0.1, 0.02);
  EXPECT_GT(q[1].x, q[0].x);
}

TEST(BadlyLaid, SlopeSmallnessAndTheRim) {
  const auto laid = [](float x, float y, float height, float slope) {
    std::vector<SpelledGlyph> g;
    write(g, U"ABC123", x, y, height, slope);
    return lines_of_glyphs(g, false);
  };
  EXPECT_FALSE(badly_laid(laid(60, 32, 34, 0), Canvas::line));
  EXPECT_TRUE(badly_laid(laid(60, 32, 34, 0.15F), Canvas::line));
  EXPECT_TRUE(badly_laid(laid(60, 32, 14, 0), Canvas::line));
  EXPECT_TRUE(badly_laid(laid(5, 32, 34, 0), Canvas::line));
  EXPECT_TRUE(badly_laid(laid(60, 14, 34, 0), Canvas::line));
}

}  // namespace
}  // namespace torugart::ocr::detail
