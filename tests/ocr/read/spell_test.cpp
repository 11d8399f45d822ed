#include "ocr/read/spell.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include <opencv2/imgproc.hpp>

#include "tests/ocr/support/onnx_writer.h"

namespace torugart::ocr::detail {
namespace {

namespace fs = std::filesystem;
using test::write_file;

const std::u32string classes = U"01AB京";
constexpr int planes = 3 + 5;

struct Drawn {
  int x, y;
  float present;        // logit
  float width, height;  // pixels
  int best;             // class
};

cv::Mat maps(const std::vector<Drawn>& glyphs, int rows = 16, int cols = 64) {
  const int shape[] = {1, planes, rows, cols};
  cv::Mat m(4, shape, CV_32F);
  m.setTo(-8);
  for (const Drawn& g : glyphs) {
    const auto at = [&](int plane) -> float& { return m.ptr<float>(0, plane)[g.y * cols + g.x]; };
    at(0) = g.present;
    at(1) = std::log(g.width / 16);
    at(2) = std::log(g.height / 16);
    for (int k = 0; k < 5; ++k)
      at(3 + k) = k == g.best ? 4.0F : k == g.best - 1 ? 2.0F : 0.0F;
  }
  return m;
}

TEST(DecodeGlyphs, PlaceSizeAndChoices) {
  const auto got = decode_glyphs(maps({{10, 7, 3.0F, 20, 40, 1}, {20, 7, 5.0F, 12, 38, 4}}), classes);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].choices[0].character, U'京');  // the surest first
  const SpelledGlyph& one = got[1];
  EXPECT_EQ(one.at, cv::Point2f(42, 30));
  EXPECT_NEAR(one.width, 20, 0.1);
  EXPECT_NEAR(one.height, 40, 0.1);
  EXPECT_GT(one.present, 0.9);
  EXPECT_LT(one.present, got[0].present);
  ASSERT_EQ(one.choices.size(), 5U);
  EXPECT_EQ(one.choices[0].character, U'1');
  EXPECT_EQ(one.choices[1].character, U'0');
  double sum = 0;
  for (const Choice& c : one.choices)
    sum += c.confidence;
  EXPECT_NEAR(sum, 1.0, 1e-6);  // five classes in all
  EXPECT_GT(one.choices[0].confidence, 0.8);
}

TEST(DecodeGlyphs, OnePeakForACharacterAndTheFirstOfEqualOnes) {
  EXPECT_EQ(decode_glyphs(maps({{10, 7, 3, 20, 40, 1}, {11, 7, 3, 20, 40, 1}}), classes).size(), 1U);
  // Two cells apart on a wide character: still one.
  EXPECT_EQ(decode_glyphs(maps({{10, 7, 3, 24, 40, 1}, {12, 7, 2, 24, 40, 2}}), classes).size(), 1U);
  // Two narrow ones so near are two.
  EXPECT_EQ(decode_glyphs(maps({{10, 7, 3, 9, 40, 1}, {12, 7, 2, 9, 40, 2}}), classes).size(), 2U);
}

TEST(DecodeGlyphs, DoubtAndNoise) {
  EXPECT_TRUE(decode_glyphs(maps({{10, 7, -1.0F, 20, 40, 1}}), classes).empty());
  EXPECT_EQ(decode_glyphs(maps({{0, 0, 1, 20, 40, 1}, {63, 15, 1, 20, 40, 1}}), classes).size(), 2U);
  cv::Mat m = maps({});
  cv::theRNG().state = 11;
  cv::randu(m.reshape(1, planes), -8, 8);
  EXPECT_LE(decode_glyphs(m, classes).size(), 64U);
  m.setTo(std::nanf(""));
  EXPECT_TRUE(decode_glyphs(m, classes).empty());
  m.setTo(std::numeric_limits<float>::infinity());
  for (const SpelledGlyph& g : decode_glyphs(m, classes))
    EXPECT_TRUE(std::isfinite(g.width) && std::isfinite(g.height));
}

TEST(Classes, OneCharacterALine) {
  EXPECT_EQ(parse_classes("0\nA\nӨ\n京\n", "x").value(), U"0AӨ京");
  EXPECT_EQ(parse_classes("0\r\nA", "x").value(), U"0A");
  for (const char* bad : {"", "0", "0\n0\n", "0\nAB\n", "0\n\nA\n", "0\n \n", "\xFF\n0\n", "0\n\xE4\xBA"}) {
    const auto classes_read = parse_classes(bad, "spell.txt");
    ASSERT_FALSE(classes_read) << bad;
    EXPECT_EQ(classes_read.error().where, "spell.txt");
    EXPECT_NE(classes_read.error().what_to_do, "");
  }
  EXPECT_NE(parse_classes("0\nA\n0\n", "x").error().what.find("Line 3"), std::string::npos);
}

TEST(Classes, NoBytesBreakTheParser) {
  const std::string good = "0\n1\nA\nB\nБ\nӨ\n京\n挂\n";
  std::uint32_t random = 3;
  for (int round = 0; round < 20000; ++round) {
    std::string text = good.substr(0, 1 + random % good.size());
    for (int k = 0; k < 3; ++k) {
      random = random * 1664525U + 1013904223U;
      text[(random >> 8U) % text.size()] = static_cast<char>(random >> 24U);
    }
    const auto list = parse_classes(text, "x");
    if (!list) continue;
    for (const char32_t c : *list)
      EXPECT_TRUE(c > U' ' && c != 0xFFFD);
  }
}

TEST(Flatten, TheTextLandsInTheMiddleWithItsMargins) {
  cv::Mat frame(400, 600, CV_8UC1, cv::Scalar(100));
  // A turned bar with a bright left third.
  const cv::RotatedRect bar({300, 200}, {180, 40}, 15);
  cv::Point2f c[4];
  bar.points(c);  // bottom left, top left, top right, bottom right of the upright box
  const Quad quad{c[1], c[2], c[3], c[0]};
  std::vector<cv::Point> polygon;
  for (const auto& p : quad)
    polygon.emplace_back(cvRound(p.x), cvRound(p.y));
  cv::fillConvexPoly(frame, polygon, cv::Scalar(220));
  const Flat flat = flatten(frame, quad, Canvas::line);
  ASSERT_EQ(flat.picture.size(), cv::Size(256, 64));
  ASSERT_EQ(flat.picture.type(), CV_8UC1);
  EXPECT_GT(flat.picture.at<uchar>(32, 128), 210);
  EXPECT_GT(flat.picture.at<uchar>(32, 35), 210);
  EXPECT_LT(flat.picture.at<uchar>(32, 5), 110);
  EXPECT_LT(flat.picture.at<uchar>(2, 128), 110);
  // Points go back to where they came from.
  const Quad corners = mapped({cv::Point2f(128, 32), {128, 32}, {128, 32}, {128, 32}}, flat.to_frame);
  EXPECT_NEAR(corners[0].x, 300, 1);
  EXPECT_NEAR(corners[0].y, 200, 1);
}

TEST(Flatten, BeyondTheFrameItsRimGoesOn) {
  const cv::Mat frame(40, 90, CV_8UC1, cv::Scalar(77));
  for (const Canvas canvas : {Canvas::line, Canvas::block, Canvas::code, Canvas::wide_block, Canvas::column}) {
    const Flat flat = flatten(frame, {cv::Point2f(0, 0), {90, 0}, {90, 40}, {0, 40}}, canvas);
    ASSERT_EQ(flat.picture.size(), size_of(canvas));
    double lowest = 0;
    double highest = 0;
    cv::minMaxLoc(flat.picture, &lowest, &highest);
    EXPECT_EQ(lowest, 77);
    EXPECT_EQ(highest, 77);
  }
  // Outside altogether, or nothing at all.
  EXPECT_FALSE(
      flatten(frame, {cv::Point2f(500, 500), {600, 500}, {600, 520}, {500, 520}}, Canvas::line).picture.empty());
  EXPECT_FALSE(flatten(frame, Quad{}, Canvas::line).picture.empty());
}

TEST(Flatten, FineDetailIsAveragedNotPicked) {
  cv::Mat frame(400, 1600, CV_8UC1, cv::Scalar(0));
  for (int x = 0; x < frame.cols; x += 2)
    frame.col(x).setTo(255);
  const Flat flat = flatten(frame, {cv::Point2f(100, 50), {1500, 50}, {1500, 350}, {100, 350}}, Canvas::line);
  cv::Scalar mean, deviation;
  cv::meanStdDev(flat.picture, mean, deviation);
  EXPECT_NEAR(mean[0], 127, 6);
  EXPECT_LT(deviation[0], 25);
}

TEST(Canvases, ByWhatStandsThere) {
  EXPECT_EQ(canvas_for(RegionKind::plate, false, 4.5), Canvas::line);
  EXPECT_EQ(canvas_for(RegionKind::plate, false, 1.5), Canvas::block);
  EXPECT_EQ(canvas_for(RegionKind::plate, false, 2.0), Canvas::block);
  EXPECT_EQ(canvas_for(RegionKind::code, false, 9), Canvas::code);
  EXPECT_EQ(canvas_for(RegionKind::code, false, 3.2), Canvas::wide_block);
  EXPECT_EQ(canvas_for(RegionKind::code, false, 1.3), Canvas::block);
  EXPECT_EQ(canvas_for(RegionKind::code, true, 0.1), Canvas::column);
}

class SpellerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("spell_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    // A character wherever a cell is bright, all sixteen pixels large, its class 1.
    net_ = test::cell_network({{6, -6}, {0, 0}, {0, 0}, {0, 0}, {0, 5}}, 256, 64);
    write_file(folder_ / "spell.onnx", net_);
    write_file(folder_ / "spell.txt", "0\n1\n");
  }
  void TearDown() override { fs::remove_all(folder_); }
  tl::expected<Speller, Error> load() { return Speller::load(folder_ / "spell.onnx", folder_ / "spell.txt"); }
  fs::path folder_;
  std::string net_;
};

TEST_F(SpellerTest, SpellsOnEveryCanvas) {
  auto speller = load();
  ASSERT_TRUE(speller) << speller.error().what;
  cv::Mat frame(300, 300, CV_8UC1, cv::Scalar(128));
  frame(cv::Rect(140, 140, 20, 20)).setTo(255);
  for (const Canvas canvas : {Canvas::line, Canvas::block, Canvas::code, Canvas::wide_block, Canvas::column}) {
    const Spelling spelling =
        speller->spell(frame, {cv::Point2f(110, 110), {190, 110}, {190, 190}, {110, 190}}, canvas);
    ASSERT_FALSE(spelling.glyphs.empty());
    const SpelledGlyph& g = spelling.glyphs[0];
    EXPECT_EQ(g.choices[0].character, U'1');
    const Quad at = mapped({g.at, g.at, g.at, g.at}, spelling.to_frame);
    EXPECT_NEAR(at[0].x, 150, 14);
    EXPECT_NEAR(at[0].y, 150, 14);
  }
}

TEST_F(SpellerTest, BrokenFilesAreErrorsThatNameThem) {
  const auto refused = [&](const char* file, const std::string& bytes) -> std::string {
    write_file(folder_ / file, bytes);
    const auto speller = load();
    EXPECT_FALSE(speller) << file;
    if (speller) return "";
    EXPECT_NE(speller.error().what_to_do, "");
    return speller.error().where;
  };
  // A class too many or too few: net and list do not belong together.
  EXPECT_FALSE(refused("spell.txt", "0\n1\n2\n").empty());
  EXPECT_EQ(refused("spell.txt", "0\n"), (folder_ / "spell.txt").string());
  EXPECT_EQ(refused("spell.txt", std::string(100000, '0')), (folder_ / "spell.txt").string());
  write_file(folder_ / "spell.txt", "0\n1\n");
  for (std::size_t length = 0; length < net_.size(); length += 37)
    EXPECT_EQ(refused("spell.onnx", net_.substr(0, length)), (folder_ / "spell.onnx").string());
  write_file(folder_ / "spell.onnx", net_);
  test::write_sums(folder_, {"spell.onnx", "spell.txt"});
  ASSERT_TRUE(load());
  EXPECT_EQ(refused("spell.txt", "1\n0\n"), (folder_ / "spell.txt").string());
  fs::remove(folder_ / "spell.txt");
  ASSERT_FALSE(load());
}

}  // namespace
}  // namespace torugart::ocr::detail
