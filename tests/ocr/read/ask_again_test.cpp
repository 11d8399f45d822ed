// With a character network made by hand: a bright bar in the middle of a cell is 皖, a bright bar above a dark one is G,
// all else is no character.
#include "ocr/read/ask_again.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include <opencv2/imgproc.hpp>

#include "tests/ocr/support/glyphs.h"
#include "tests/ocr/support/onnx_writer.h"

namespace torugart::ocr::detail {
namespace {

namespace fs = std::filesystem;
using test::glyph;
using test::write;

constexpr int cell_width = 32;
constexpr int cell_height = 40;

class AskAgain : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("ask_again_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    std::vector<float> bar;
    std::vector<float> flag;
    for (int y = 0; y < cell_height; ++y) {
      for (int x = 0; x < cell_width; ++x) {
        const bool middle = x >= 11 && x < 21;
        const bool tall = y >= 8 && y < 32;
        bar.push_back(middle && tall ? 0.1F : -0.03F);
        flag.push_back(!middle || !tall ? 0 : y < 20 ? 0.15F : -0.15F);
      }
    }
    const std::vector<float> blind(bar.size(), 0.0F);
    test::write_file(folder_ / "character.onnx",
                     test::whole_network({{flag, -10}, {bar, -10}, {blind, 0}}, cell_width, cell_height));
    namer_.emplace(Namer::load(folder_ / "character.onnx", U"G皖").value());
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Letters of height 30, steps of 22.5; A stands at x = 100 of the frame.
  static Spelling chinese_plate() {
    Spelling spelling;
    spelling.canvas = Canvas::line;
    spelling.to_frame = cv::Matx33d::eye();
    write(spelling.glyphs, U"A05279", 100, 40);
    return spelling;
  }
  void bar_at(float x, float y = 40) {
    cv::rectangle(frame_, cv::Rect(static_cast<int>(x) - 5, static_cast<int>(y) - 13, 10, 26), cv::Scalar(220),
                  cv::FILLED);
  }
  std::string text(Spelling& spelling) {
    ask_again(spelling, lines_of_glyphs(spelling.glyphs, false), frame_, *namer_);
    const Layout layout = lines_of_glyphs(spelling.glyphs, false);
    return seen_of(layout, 0, layout.lines.size() - 1).text;
  }

  fs::path folder_;
  std::optional<Namer> namer_;
  cv::Mat frame_{140, 320, CV_8UC1, cv::Scalar(40)};
};

TEST_F(AskAgain, AProvinceThatNobodySawIsFoundOneStepBeforeTheLetter) {
  bar_at(100 - 22.5F);
  Spelling spelling = chinese_plate();
  EXPECT_EQ(text(spelling), "皖A05279");
  EXPECT_GT(spelling.glyphs.back().present, 0.9);
}

TEST_F(AskAgain, ItMayStandOutsideOfTheCanvas) {
  bar_at(100 - 22.5F);
  Spelling spelling = chinese_plate();
  // A canvas that begins at the letter.
  spelling.to_frame = cv::Matx33d(1, 0, 90, 0, 1, 0, 0, 0, 1);
  for (SpelledGlyph& g : spelling.glyphs)
    g.at.x -= 90;
  EXPECT_EQ(text(spelling), "皖A05279");
}

TEST_F(AskAgain, AlongALineThatFalls) {
  constexpr float slope = 0.45F;
  bar_at(100 - 22.5F, 40 - 22.5F * slope);
  Spelling spelling = chinese_plate();
  spelling.glyphs.clear();
  write(spelling.glyphs, U"A05279", 100, 40, 30, slope);
  EXPECT_EQ(text(spelling), "皖A05279");
}

TEST_F(AskAgain, WhereNothingStandsNothingIsAdded) {
  Spelling spelling = chinese_plate();
  EXPECT_EQ(text(spelling), "A05279");
}

TEST_F(AskAgain, ADoubtfulFirstCharacterMayBeTheProvince) {
  bar_at(100 - 22.5F);
  Spelling spelling = chinese_plate();
  spelling.glyphs.push_back(glyph(U'6', 100 - 22.5F, 40, 30, 0.8));
  EXPECT_EQ(text(spelling), "皖A05279");
}

TEST_F(AskAgain, ArmsTakenForAProvinceBecomeUnlikely) {
  Spelling spelling = chinese_plate();
  spelling.glyphs.push_back(glyph(U'皖', 100 - 22.5F, 40));
  text(spelling);
  EXPECT_LT(spelling.glyphs.back().present, 0.05);
}

TEST_F(AskAgain, DoubtfulCharactersOfAChinesePlateAreWhatBothSayTogether) {
  bar_at(100 - 22.5F);
  // A flag at the third place.
  cv::rectangle(frame_, cv::Rect(140, 27, 10, 13), cv::Scalar(220), cv::FILLED);
  cv::rectangle(frame_, cv::Rect(140, 40, 10, 13), cv::Scalar(0), cv::FILLED);
  Spelling spelling = chinese_plate();
  spelling.glyphs[2].choices = {{U'6', 0.5}, {U'G', 0.4}};
  EXPECT_EQ(text(spelling), "皖A0G279");
}

TEST_F(AskAgain, OtherPlatesAreLeftAsTheyAre) {
  Spelling spelling = chinese_plate();
  cv::rectangle(frame_, cv::Rect(140, 27, 10, 13), cv::Scalar(220), cv::FILLED);
  cv::rectangle(frame_, cv::Rect(140, 40, 10, 13), cv::Scalar(0), cv::FILLED);
  spelling.glyphs[2].choices = {{U'6', 0.5}, {U'G', 0.4}};
  EXPECT_EQ(text(spelling), "A06279");
}

TEST_F(AskAgain, ANetworkOfAnotherTrainingIsRefused) {
  const auto namer = Namer::load(folder_ / "character.onnx", U"G皖A");
  ASSERT_FALSE(namer);
  EXPECT_EQ(namer.error().where, (folder_ / "character.onnx").string());
}

TEST(Cut, IsTheSameByDayAndByNight) {
  cv::Mat day(80, 80, CV_8UC1, cv::Scalar(60));
  cv::rectangle(day, cv::Rect(35, 25, 10, 30), cv::Scalar(200), cv::FILLED);
  cv::Mat night;
  day.convertTo(night, CV_8U, 0.25, 5);
  const Cell cell{{40, 40}, 30, 0};
  const cv::Mat a = cut(day, cv::Matx33d::eye(), cell);
  const cv::Mat b = cut(night, cv::Matx33d::eye(), cell);
  EXPECT_EQ(a.size(), cv::Size(cell_width, cell_height));
  EXPECT_LT(cv::norm(a, b, cv::NORM_INF), 8);
  EXPECT_NEAR(cv::mean(a)[0], 128, 3);
}

TEST(Cut, FollowsTheSlopeOfItsLine) {
  // A bar that falls with the line lies level in the cell: a row is bright from end to end.
  cv::Mat frame(80, 120, CV_8UC1, cv::Scalar(0));
  cv::line(frame, {20, 20}, {100, 60}, cv::Scalar(255), 8);
  const auto darkest_of_brightest_row = [&frame](double slope) {
    cv::Mat least;
    cv::reduce(cut(frame, cv::Matx33d::eye(), {{60, 40}, 30, slope}), least, 1, cv::REDUCE_MIN);
    double highest = 0;
    cv::minMaxLoc(least, nullptr, &highest);
    return highest;
  };
  EXPECT_GT(darkest_of_brightest_row(0.5), 170);
  EXPECT_LT(darkest_of_brightest_row(0), 150);
}

}  // namespace
}  // namespace torugart::ocr::detail
