#include "ocr/read/engine.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "ocr/numbers/plates.h"
#include "tests/ocr/support/render.h"

namespace torugart::ocr {
namespace {

Engine& engine() {
  static const std::unique_ptr<Engine> one =
      make_stock_engine({{}, std::string(TORUGART_SOURCE_DIR) + "/assets/reference/owner_codes.csv"}).value();
  return *one;
}

// Long enough for sanitizers: what is read must not depend on the machine's speed.
ReadOptions patient(std::vector<std::string> countries = {}) {
  ReadOptions options;
  options.budget = std::chrono::milliseconds(60000);
  options.countries = std::move(countries);
  return options;
}

TEST(StockEngine, ReadsPlatesOfTheRegionInAFrame) {
  struct Case {
    const char* text;
    const char* country;
  };
  const Case cases[] = {{"123ABC02", "KZ"}, {"01KG345ABD", "KG"}, {"01A777BC", "UZ"}, {"4321AB01", "TJ"},
                        {"A123BC77", "RU"}, {"10AB345", "AZ"},    {"765KLM14", "KZ"}, {"AB345CD", "GE"}};
  int right = 0;
  unsigned seed = 20;
  for (const auto& one : cases) {
    const auto drawn = test::plate_frame(one.text, "", 200, {++seed, 1280, 720, 0.1});
    const FrameReads reads = engine().read(drawn.frame, patient({one.country}));
    ASSERT_FALSE(reads.plates.empty()) << one.text;
    const Read& best = reads.plates[0];
    if (best.text == one.text) {
      ++right;
      EXPECT_EQ(best.country, one.country);
      EXPECT_GT((best.box & drawn.box).area(), best.box.area() / 2);
      ASSERT_TRUE(best.crop);
      EXPECT_EQ(best.crop->type(), CV_8UC3);
      EXPECT_LE(best.crop->cols, 400);
      EXPECT_EQ(best.char_confidences.size(), best.text.size());
    }
    for (const Read& read : reads.plates) {
      EXPECT_TRUE(read.verdict != Verdict::accept || read.text == one.text) << read.text << " for " << one.text;
    }
    EXPECT_LE(reads.plates.size(), 5U);
  }
  EXPECT_GE(right, 6) << "of 8";
}

TEST(StockEngine, ReadsTwoLinePlates) {
  int right = 0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const auto drawn = test::plate_frame("123", "ABC02", 150, {seed});
    const FrameReads reads = engine().read(drawn.frame, patient({"KZ"}));
    right += !reads.plates.empty() && reads.plates[0].text == "123ABC02" && reads.plates[0].lines == 2;
  }
  EXPECT_GE(right, 3) << "of 5";
}

TEST(StockEngine, ReadsContainerCodesLyingAndStanding) {
  int right = 0;
  for (const bool vertical : {false, true}) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      const auto drawn = test::container_frame("MSKU4135329", vertical, 34, {seed});
      const FrameReads reads = engine().read(drawn.frame, patient());
      if (reads.containers.empty() || reads.containers[0].text != "MSKU4135329") continue;
      ++right;
      const Read& best = reads.containers[0];
      EXPECT_EQ(best.orientation, vertical ? Orientation::vertical : Orientation::horizontal);
      EXPECT_TRUE(best.check_digit);
      EXPECT_TRUE(best.owner_known);
    }
  }
  EXPECT_GE(right, 4) << "of 6";
}

TEST(StockEngine, WithoutAnOwnerTableNoContainerIsAccepted) {
  const auto other = make_stock_engine({});
  ASSERT_TRUE(other);
  const auto drawn = test::container_frame("MSKU4135329", false, 34, {1});
  for (const Read& read : (*other)->read(drawn.frame, patient()).containers) {
    EXPECT_FALSE(read.owner_known);
    EXPECT_EQ(read.verdict, Verdict::ask);
  }
}

TEST(StockEngine, ACropIsReadWithoutLocating) {
  ReadOptions options = patient({"KZ"});
  options.cropped_plate = true;
  const FrameReads reads = engine().read(test::plate_picture("123ABC02", "", 160), options);
  ASSERT_FALSE(reads.plates.empty());
  EXPECT_EQ(reads.plates[0].text, "123ABC02");
}

TEST(StockEngine, WantedKindsOnly) {
  const auto drawn = test::plate_frame("123ABC02", "", 200, {5});
  ReadOptions options = patient();
  options.plates = false;
  EXPECT_TRUE(engine().read(drawn.frame, options).plates.empty());
}

TEST(StockEngine, SixteenBitsOneAndFourChannelsReadAlike) {
  const auto drawn = test::plate_frame("123ABC02", "", 220, {9});
  cv::Mat grey;
  cv::cvtColor(drawn.frame, grey, cv::COLOR_BGR2GRAY);
  cv::Mat four;
  cv::cvtColor(drawn.frame, four, cv::COLOR_BGR2BGRA);
  cv::Mat deep;
  grey.convertTo(deep, CV_16U, 16);  // a twelve-bit camera
  for (const cv::Mat& frame : {grey, four, deep}) {
    const FrameReads reads = engine().read(frame, patient({"KZ"}));
    ASSERT_FALSE(reads.plates.empty());
    EXPECT_EQ(reads.plates[0].text, "123ABC02");
    EXPECT_EQ(reads.plates[0].crop->type(), CV_8UC3);
  }
}

TEST(StockEngine, BadFramesGiveNoReads) {
  for (const cv::Mat& frame :
       {cv::Mat(), cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(0)), cv::Mat(2, 3000, CV_8UC1, cv::Scalar(9)),
        cv::Mat(100, 100, CV_32FC1, cv::Scalar(1)), cv::Mat(100, 100, CV_8UC2, cv::Scalar::all(1)),
        cv::Mat(64, 64, CV_16UC1, cv::Scalar(77))}) {
    for (const bool crop : {false, true}) {
      ReadOptions options = patient();
      options.cropped_plate = crop;
      options.codes = true;
      const FrameReads reads = engine().read(frame, options);
      EXPECT_TRUE(reads.plates.empty());
      EXPECT_TRUE(reads.containers.empty());
      EXPECT_TRUE(reads.codes.empty());
    }
  }
}

TEST(StockEngine, AHundredMegapixelsAreReducedAndCoordinatesStay) {
  cv::Mat huge(9000, 12000, CV_8UC1, cv::Scalar(120));
  cv::Mat plate;
  cv::cvtColor(test::plate_picture("123ABC02", "", 1600), plate, cv::COLOR_BGR2GRAY);
  const cv::Rect at(6000, 7000, plate.cols, plate.rows);
  plate.copyTo(huge(at));
  const FrameReads reads = engine().read(huge, patient({"KZ"}));
  ASSERT_FALSE(reads.plates.empty());
  EXPECT_EQ(reads.plates[0].text, "123ABC02");
  EXPECT_TRUE(at.contains((reads.plates[0].box.tl() + reads.plates[0].box.br()) / 2));
}

TEST(StockEngine, TheBudgetEndsTheWork) {
  cv::Mat noise(1080, 1920, CV_8UC1);
  cv::theRNG().state = 5;
  cv::randu(noise, 0, 256);
  ReadOptions options = patient();
  options.budget = std::chrono::milliseconds(0);
  const auto drawn = test::plate_frame("123ABC02", "", 200, {5});
  const FrameReads reads = engine().read(drawn.frame, options);
  EXPECT_TRUE(reads.out_of_time);
  EXPECT_TRUE(reads.plates.empty());
  (void)engine().read(noise, patient());
}

TEST(StockEngine, AMissingModelOrTableIsAnErrorThatSaysWhatToDo) {
  const auto no_model = make_stock_engine({"/nonexistent/tessdata", {}});
  ASSERT_FALSE(no_model);
  EXPECT_NE(no_model.error().what_to_do, "");
  const auto no_table = make_stock_engine({{}, "/nonexistent/owners.csv"});
  ASSERT_FALSE(no_table);
  EXPECT_EQ(no_table.error().where, "/nonexistent/owners.csv");
}

}  // namespace
}  // namespace torugart::ocr
