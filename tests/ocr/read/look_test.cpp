#include "ocr/read/look.h"
#include "ocr/read/readings.h"

#include <gtest/gtest.h>

#include "ocr/read/gather.h"
#include "tests/ocr/support/glyphs.h"

namespace torugart::ocr::detail {
namespace {

using test::write;
using test::write_down;

Look look(const std::vector<SpelledGlyph>& glyphs, Canvas canvas) {
  Look out;
  out.spelling = {canvas, cv::Matx33d(2, 0, 100, 0, 2, 50, 0, 0, 1), glyphs};
  out.layout = lines_of_glyphs(glyphs, canvas == Canvas::column);
  return out;
}

OwnerTable owners() {
  return OwnerTable::parse("code,company\nMSK,Maersk\nEIT,Evergreen\nAMF,Amficon\n", "test").value();
}

TEST(PlatesIn, OneLineInPixelsOfTheFrame) {
  std::vector<SpelledGlyph> g;
  write(g, U"123 ABC 02", 20, 32);
  const RegionReads got = plates_in(look(g, Canvas::line), {"KZ"}, Place::plate);
  ASSERT_FALSE(got.reads.empty());
  EXPECT_EQ(got.reads[0].text, "123ABC02");
  EXPECT_EQ(got.reads[0].lines, 1);
  EXPECT_EQ(got.reads[0].verdict, Verdict::accept);
  EXPECT_NEAR(got.quad[0].x, 100 + 2 * (20 - 30 * 0.125), 9);
  EXPECT_NEAR(got.quad[0].y, 50 + 2 * 17, 2);
  EXPECT_NEAR(got.quad[3].y, 50 + 2 * 47, 2);
}

TEST(PlatesIn, TwoLinesAreOneNumber) {
  std::vector<SpelledGlyph> g;
  write(g, U"1537", 30, 25, 32);
  write(g, U"УHЛ", 40, 68, 32);
  const RegionReads got = plates_in(look(g, Canvas::block), {"MN"}, Place::plate);
  ASSERT_FALSE(got.reads.empty());
  EXPECT_EQ(got.reads[0].text, "1537УНЛ");
  EXPECT_EQ(got.reads[0].lines, 2);
}

TEST(PlatesIn, ALineThatIsNoPartOfTheNumberCostsConfidenceAndTheVerdict) {
  std::vector<SpelledGlyph> g;
  write(g, U"123ABC02", 20, 32);
  const double alone = plates_in(look(g, Canvas::line), {"KZ"}, Place::plate).reads.at(0).confidence;
  write(g, U"TRANSPORT", 20, 80);
  const RegionReads got = plates_in(look(g, Canvas::block), {"KZ"}, Place::plate);
  ASSERT_FALSE(got.reads.empty());
  EXPECT_EQ(got.reads[0].text, "123ABC02");
  EXPECT_EQ(got.reads[0].verdict, Verdict::ask);
  EXPECT_LT(got.reads[0].confidence, alone);
}

// A faint digit left out makes a shorter number that fits another rule (59L167824 read as 59L17824).
TEST(PlatesIn, WhatMayLackACharacterIsAskedAbout) {
  std::vector<SpelledGlyph> g;
  write(g, U"123ABC02", 20, 32);
  EXPECT_EQ(plates_in(look(g, Canvas::line), {"KZ"}, Place::plate).reads.at(0).verdict, Verdict::accept);
  g.push_back(test::glyph(U'7', 20 + 8 * 22.5F, 32, 30, 0.4));
  const RegionReads got = plates_in(look(g, Canvas::line), {"KZ"}, Place::plate);
  ASSERT_FALSE(got.reads.empty());
  EXPECT_EQ(got.reads[0].text, "123ABC02");
  EXPECT_EQ(got.reads[0].verdict, Verdict::ask);
}

TEST(PlatesIn, NothingFromNothingWordsAndWeights) {
  EXPECT_TRUE(plates_in(look({}, Canvas::line), {}, Place::plate).reads.empty());
  std::vector<SpelledGlyph> word;
  write(word, U"SCANIA", 20, 32);
  EXPECT_TRUE(plates_in(look(word, Canvas::line), {}, Place::plate).reads.empty());
  std::vector<SpelledGlyph> weight;
  write(weight, U"TARE3820KG", 20, 32);
  EXPECT_TRUE(plates_in(look(weight, Canvas::line), {}, Place::plate).reads.empty());
}

TEST(ContainersIn, LinesColumnsAndSizeAndType) {
  const OwnerTable table = owners();
  struct Case {
    std::vector<std::u32string> lines;
    int number_lines;
    const char* text;
    const char* size_type;
  };
  for (const Case& one :
       {Case{{U"MSKU 413532 9"}, 1, "MSKU4135329", ""}, Case{{U"MSKU 413532 9", U"22G1"}, 1, "MSKU4135329", "22G1"},
        Case{{U"MSKU4135329 45R1"}, 1, "MSKU4135329", "45R1"}, Case{{U"EITU", U"178639 3"}, 2, "EITU1786393", ""},
        Case{{U"EITU", U"178639 3", U"45G1"}, 2, "EITU1786393", "45G1"}}) {
    std::vector<SpelledGlyph> g;
    float y = 20;
    for (const auto& line : one.lines) {
      write(g, line, 20, y, 22);
      y += 30;
    }
    const RegionReads got = containers_in(look(g, Canvas::wide_block), &table);
    ASSERT_FALSE(got.reads.empty());
    EXPECT_EQ(got.reads[0].text, one.text);
    EXPECT_EQ(got.reads[0].size_type, one.size_type) << one.text;
    EXPECT_EQ(got.reads[0].lines, one.number_lines);
    EXPECT_EQ(got.reads[0].verdict, Verdict::accept);
    EXPECT_NEAR(got.quad[3].y - got.quad[0].y, 2 * (22 + 30 * (one.number_lines - 1)), 3);
  }
}

TEST(ContainersIn, AColumnWithItsTypeBeside) {
  const OwnerTable table = owners();
  std::vector<SpelledGlyph> g;
  write_down(g, U"AMFU3254527", 20, 20);
  write_down(g, U"45G1", 44, 20);
  const RegionReads got = containers_in(look(g, Canvas::column), &table);
  ASSERT_FALSE(got.reads.empty());
  EXPECT_EQ(got.reads[0].text, "AMFU3254527");
  EXPECT_EQ(got.reads[0].size_type, "45G1");
  EXPECT_TRUE(got.reads[0].check_digit);
}

TEST(ContainersIn, TooFewCharactersAreNone) {
  std::vector<SpelledGlyph> g;
  write(g, U"MSKU4135", 20, 32);
  EXPECT_TRUE(containers_in(look(g, Canvas::code), nullptr).reads.empty());
  EXPECT_TRUE(containers_in(look({}, Canvas::column), nullptr).reads.empty());
}

// A lock rod between owner and number ends the region at the rod (CXTU, macarize_container3 and others).
TEST(WholeCode, IsLookedForFromItsParts) {
  const auto around = [](const std::u32string& text) {
    std::vector<SpelledGlyph> g;
    write(g, text, 200, 32, 20);
    return whole_code_around(lines_of_glyphs(g, false));
  };
  const auto number = around(U"413532 9");
  ASSERT_TRUE(number);
  EXPECT_LT((*number)[0].x, 200 - 5 * 15);
  EXPECT_NEAR((*number)[0].y, 22, 1);
  const auto owner = around(U"MSKU");
  ASSERT_TRUE(owner);
  EXPECT_GT((*owner)[1].x, 245 + 9 * 15);
  EXPECT_GT((*owner)[0].x, 200 - 40);
  EXPECT_FALSE(around(U"K"));
  EXPECT_FALSE(whole_code_around(lines_of_glyphs({}, false)));
  std::vector<SpelledGlyph> column;
  write_down(column, U"4135329", 24, 200, 20);
  const auto down = whole_code_around(lines_of_glyphs(column, true));
  ASSERT_TRUE(down);
  EXPECT_LT((*down)[0].y, 200 - 5 * 27);
  EXPECT_NEAR((*down)[1].x - (*down)[0].x, 11, 1);
}

TEST(WholeCode, PartsAreKnownByTheirBuild) {
  const auto part = [](const std::u32string& text) {
    std::vector<SpelledGlyph> g;
    write(g, text, 20, 32, 20);
    return part_of_a_code(lines_of_glyphs(g, false));
  };
  for (const char32_t* yes : {U"MSKU", U"413532", U"4135329", U"MSKU413532"})
    EXPECT_TRUE(part(yes));
  for (const char32_t* no : {U"123ABC02", U"MAERSK", U"22G1", U"01A777BC"})
    EXPECT_FALSE(part(no));
}

TEST(SizeTypes, OnlyWhereOneMayStand) {
  const auto in = [](const std::vector<std::u32string>& lines, std::size_t skip) {
    std::vector<SpelledGlyph> g;
    float y = 20;
    for (const auto& line : lines) {
      write(g, line, 20, y, 22);
      y += 30;
    }
    return size_type_in(lines_of_glyphs(g, false), skip);
  };
  EXPECT_EQ(in({U"22G1"}, 0), "22G1");
  EXPECT_EQ(in({U"Z2G1"}, 0), "22G1");
  EXPECT_EQ(in({U"ZZGI"}, 0), "");  // three repairs are an invention
  EXPECT_EQ(in({U"MAX GROSS", U"42G1"}, 0), "42G1");
  EXPECT_EQ(in({U"22G1304B0KG"}, 0), "");
  EXPECT_EQ(in({U"MSKU4135329"}, 11), "");
  EXPECT_EQ(in({}, 0), "");
}

Read read(const char* text, double confidence, cv::Rect box, int lines = 1, const char* country = "KZ") {
  Read r;
  r.text = text;
  r.confidence = confidence;
  r.box = box;
  r.lines = lines;
  r.country = country;
  return r;
}

TEST(KeepBest, EachTextOnceTheBestFirstAndNoPartsBeforeTheWhole) {
  std::vector<Read> reads{read("A", 0.5, {0, 0, 10, 5}), read("A", 0.7, {0, 0, 10, 5}),
                          read("B", 0.6, {50, 0, 10, 5}), read("ABC02", 0.9, {100, 10, 50, 10}),
                          read("123ABC02", 0.8, {98, 0, 54, 22}, 2)};
  keep_best(reads);
  ASSERT_EQ(reads.size(), 4U);
  EXPECT_EQ(reads[0].text, "123ABC02");
  EXPECT_EQ(reads[1].text, "A");
  EXPECT_EQ(reads[1].confidence, 0.7);
  std::vector<Read> many;
  for (int i = 0; i < 9; ++i)
    many.push_back(read(std::to_string(i).c_str(), 0.1 * i, {20 * i, 0, 10, 5}));
  keep_best(many);
  ASSERT_EQ(many.size(), 5U);
  EXPECT_EQ(many[0].text, "8");
}

TEST(Crops, AreLaidFlatInColourAndSmall) {
  cv::Mat frame(600, 900, CV_8UC3, cv::Scalar(0, 0, 255));
  const auto crop = crop_of(frame, {cv::Point2f(100, 100), {800, 150}, {800, 350}, {100, 300}});
  ASSERT_TRUE(crop);
  EXPECT_EQ(crop->type(), CV_8UC3);
  EXPECT_LE(crop->cols, 400);
  EXPECT_LE(crop->rows, 200);
  EXPECT_EQ(crop->at<cv::Vec3b>(crop->rows / 2, crop->cols / 2), cv::Vec3b(0, 0, 255));
  EXPECT_FALSE(crop_of(frame, {cv::Point2f(2000, 0), {2100, 0}, {2100, 20}, {2000, 20}}));
  EXPECT_TRUE(
      crop_of(cv::Mat(50, 50, CV_16UC1, cv::Scalar(9)), {cv::Point2f(-10, 10), {60, 10}, {60, 20}, {-10, 20}}));
  EXPECT_TRUE(crop_of(frame, {cv::Point2f(500, 10), {530, 10}, {530, 590}, {500, 590}}));
}

}  // namespace
}  // namespace torugart::ocr::detail
