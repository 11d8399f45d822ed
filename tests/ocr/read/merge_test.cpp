#include "ocr/read/merge.h"

#include <gtest/gtest.h>

#include "ocr/read/gather.h"

namespace torugart::ocr::detail {
namespace {

SpelledGlyph glyph(float x, float y, double present, std::vector<Choice> choices, float size = 20) {
  SpelledGlyph g;
  g.at = {x, y};
  g.width = 0.6F * size;
  g.height = size;
  g.present = present;
  g.choices = std::move(choices);
  return g;
}

Spelling spelling(std::vector<SpelledGlyph> glyphs, const cv::Matx33d& to_frame = cv::Matx33d::eye()) {
  return {Canvas::line, to_frame, std::move(glyphs)};
}

TEST(Merge, WhatBothSeeIsTheMeanOfBoth) {
  const auto out = merged(spelling({glyph(50, 30, 0.9, {{U'8', 0.6}, {U'B', 0.4}})}),
                          spelling({glyph(53, 31, 0.7, {{U'B', 0.9}, {U'8', 0.1}})}));
  ASSERT_EQ(out.glyphs.size(), 1U);
  EXPECT_NEAR(out.glyphs[0].present, 0.8, 1e-9);
  ASSERT_EQ(out.glyphs[0].choices.size(), 2U);
  EXPECT_EQ(out.glyphs[0].choices[0].character, U'B');
  EXPECT_NEAR(out.glyphs[0].choices[0].confidence, 0.65, 1e-9);
}

TEST(Merge, WhatOneSeesAloneIsHalfAsLikely) {
  const auto out = merged(spelling({glyph(50, 30, 0.9, {{U'8', 1}}), glyph(90, 30, 0.8, {{U'1', 1}})}),
                          spelling({glyph(50, 30, 0.9, {{U'8', 1}}), glyph(130, 30, 0.6, {{U'5', 1}})}));
  ASSERT_EQ(out.glyphs.size(), 3U);
  EXPECT_NEAR(out.glyphs[0].present, 0.9, 1e-9);
  EXPECT_NEAR(out.glyphs[1].present, 0.4, 1e-9);
  EXPECT_NEAR(out.glyphs[2].present, 0.3, 1e-9);
}

// The second look saw the same part of the frame twice as large and moved.
TEST(Merge, PlacesAreComparedInTheFrame) {
  const cv::Matx33d second(0.5, 0, 10, 0, 0.5, 5, 0, 0, 1);
  const auto out =
      merged(spelling({glyph(50, 30, 0.9, {{U'7', 1}})}),
             spelling({glyph(80, 50, 0.9, {{U'7', 1}}, 40), glyph(160, 50, 0.8, {{U'4', 1}}, 40)}, second));
  ASSERT_EQ(out.glyphs.size(), 2U);
  EXPECT_NEAR(out.glyphs[0].present, 0.9, 1e-9);
  EXPECT_NEAR(out.glyphs[1].at.x, 90, 1e-3);
  EXPECT_NEAR(out.glyphs[1].height, 20, 1e-3);
}

TEST(Merge, NothingSeenIsNothing) {
  EXPECT_TRUE(merged(spelling({}), spelling({})).glyphs.empty());
  EXPECT_EQ(merged(spelling({}), spelling({glyph(5, 5, 0.6, {{U'1', 1}})})).glyphs.size(), 1U);
}

TEST(KeepBest, TheNearerVehiclesNumberGoesFirst) {
  const auto read = [](const char* text, double confidence, int height) {
    Read r;
    r.text = text;
    r.country = "KZ";
    r.confidence = confidence;
    r.box = {10, 10, 4 * height, height};
    return r;
  };
  std::vector<Read> reads{read("777AAA01", 0.95, 12), read("123ABC02", 0.85, 48)};
  keep_best(reads);
  EXPECT_EQ(reads[0].text, "123ABC02");
  reads = {read("777AAA01", 0.95, 40), read("123ABC02", 0.85, 48), read("1", 0.1, 400)};
  keep_best(reads);
  EXPECT_EQ(reads[0].text, "777AAA01") << "nearly as large, and surer; what is no number counts for nothing";
}

}  // namespace
}  // namespace torugart::ocr::detail
