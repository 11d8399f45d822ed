// On nets made by hand for what must hold with any net, on the shipped ones for what they
// read.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include <opencv2/imgproc.hpp>

#include "ocr/read/engine.h"
#include "tests/ocr/support/onnx_writer.h"
#include "tests/ocr/support/render.h"

namespace torugart::ocr {
namespace {

namespace fs = std::filesystem;

const fs::path owner_table = fs::path(TORUGART_SOURCE_DIR) / "assets/reference/owner_codes.csv";
const fs::path shipped = fs::path(TORUGART_SOURCE_DIR) / "assets/models";

ReadOptions patient(std::vector<std::string> countries = {}) {
  ReadOptions options;
  options.budget = std::chrono::milliseconds(60000);
  options.countries = std::move(countries);
  return options;
}

// Bright places are plates, dark ones codes; every bright cell has a character, a digit or a letter by its brightness.
class NetEngine : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("engine_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    test::write_file(folder_ / "locate.onnx", test::bright_plates_dark_codes());
    test::write_file(folder_ / "spell.onnx", test::cell_network({{6, -6}, {0, 0}, {0, 0}, {0, 0}, {4, -6}}, 256, 64));
    test::write_file(folder_ / "spell.txt", "7\nA\n");
    const std::vector<float> blind(std::size_t{32} * 40, 0.0F);
    test::write_file(folder_ / "character.onnx", test::whole_network({{blind, 0}, {blind, 0}, {blind, 9}}, 32, 40));
    engine_ = make_engine({folder_, owner_table}).value();
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(NetEngine, BadFramesGiveNoReads) {
  for (const cv::Mat& frame :
       {cv::Mat(), cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(0)), cv::Mat(2, 3000, CV_8UC1, cv::Scalar(9)),
        cv::Mat(100, 100, CV_32FC1, cv::Scalar(1)), cv::Mat(100, 100, CV_8UC2, cv::Scalar::all(1)),
        cv::Mat(64, 64, CV_16UC1, cv::Scalar(77))}) {
    for (const bool crop : {false, true}) {
      ReadOptions options = patient();
      options.cropped_plate = crop;
      options.codes = true;
      const FrameReads reads = engine_->read(frame, options);
      EXPECT_TRUE(reads.plates.empty());
      EXPECT_TRUE(reads.containers.empty());
      EXPECT_TRUE(reads.codes.empty());
    }
  }
}

TEST_F(NetEngine, NoiseOfAnyKindIsBounded) {
  cv::theRNG().state = 5;
  for (const int type : {CV_8UC1, CV_8UC3, CV_8UC4, CV_16UC1, CV_16UC3}) {
    for (const cv::Size size : {cv::Size(1920, 1080), cv::Size(60, 700), cv::Size(8, 8), cv::Size(3000, 9)}) {
      cv::Mat noise(size, type);
      cv::randu(noise, 0, CV_MAT_DEPTH(type) == CV_8U ? 256 : 65536);
      for (const bool crop : {false, true}) {
        ReadOptions options = patient();
        options.cropped_plate = crop;
        const FrameReads reads = engine_->read(noise, options);
        EXPECT_LE(reads.plates.size(), 5U);
        EXPECT_LE(reads.containers.size(), 5U);
        for (const Read& read : reads.plates)
          EXPECT_EQ(read.box & cv::Rect({}, size), read.box);
      }
    }
  }
}

TEST_F(NetEngine, TheBudgetEndsTheWork) {
  cv::Mat frame(720, 1280, CV_8UC1, cv::Scalar(128));
  frame(cv::Rect(300, 300, 200, 40)).setTo(255);
  ReadOptions options = patient();
  options.budget = std::chrono::milliseconds(0);
  const FrameReads reads = engine_->read(frame, options);
  EXPECT_TRUE(reads.out_of_time);
  EXPECT_TRUE(reads.plates.empty());
  EXPECT_FALSE(engine_->read(frame, patient()).out_of_time);
}

TEST_F(NetEngine, AHundredMegapixels) {
  cv::Mat huge(9000, 12000, CV_8UC1, cv::Scalar(128));
  huge(cv::Rect(6000, 7000, 1600, 320)).setTo(255);
  EXPECT_LE(engine_->read(huge, patient()).plates.size(), 5U);
}

TEST_F(NetEngine, AMissingOrDamagedFileIsAnErrorThatNamesIt) {
  for (const char* name : {"locate.onnx", "spell.onnx", "spell.txt", "character.onnx"}) {
    const fs::path path = folder_ / name;
    fs::rename(path, folder_ / "away");
    const auto missing = make_engine({folder_, owner_table});
    ASSERT_FALSE(missing) << name;
    EXPECT_EQ(missing.error().where, path.string());
    EXPECT_NE(missing.error().what_to_do, "");
    test::write_file(path, "damaged");
    const auto damaged = make_engine({folder_, owner_table});
    ASSERT_FALSE(damaged) << name;
    EXPECT_EQ(damaged.error().where, path.string());
    fs::rename(folder_ / "away", path);
  }
  const auto no_table = make_engine({folder_, "/nonexistent/owners.csv"});
  ASSERT_FALSE(no_table);
  EXPECT_EQ(no_table.error().where, "/nonexistent/owners.csv");
}

// What the shipped nets read.
class ShippedEngine : public ::testing::Test {
 protected:
  void SetUp() override {
    static const auto one = make_engine({shipped, owner_table});
    ASSERT_TRUE(one) << one.error().what;
    engine_ = one->get();
  }
  Engine* engine_ = nullptr;
};

TEST_F(ShippedEngine, PlatesOfTheRegionInAFrame) {
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
    const FrameReads reads = engine_->read(drawn.frame, patient({one.country}));
    if (reads.plates.empty()) continue;
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
    for (const Read& read : reads.plates)
      EXPECT_TRUE(read.verdict != Verdict::accept || read.text == one.text) << read.text << " for " << one.text;
  }
  EXPECT_GE(right, 6) << "of 8";
}

TEST_F(ShippedEngine, TwoLinePlates) {
  int right = 0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const auto drawn = test::plate_frame("123", "ABC02", 150, {seed});
    const FrameReads reads = engine_->read(drawn.frame, patient({"KZ"}));
    right += !reads.plates.empty() && reads.plates[0].text == "123ABC02" && reads.plates[0].lines == 2;
  }
  EXPECT_GE(right, 4) << "of 5";
}

TEST_F(ShippedEngine, ContainerCodesLyingAndStanding) {
  int right = 0;
  for (const bool vertical : {false, true}) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      const auto drawn = test::container_frame("MSKU4135329", vertical, 34, {seed});
      const FrameReads reads = engine_->read(drawn.frame, patient());
      if (reads.containers.empty() || reads.containers[0].text != "MSKU4135329") continue;
      ++right;
      const Read& best = reads.containers[0];
      EXPECT_EQ(best.orientation, vertical ? Orientation::vertical : Orientation::horizontal);
      EXPECT_TRUE(best.check_digit);
      EXPECT_TRUE(best.owner_known);
    }
  }
  EXPECT_GE(right, 5) << "of 6";
}

TEST_F(ShippedEngine, WithoutAnOwnerTableNoContainerIsAccepted) {
  const auto other = make_engine({shipped, {}});
  ASSERT_TRUE(other);
  const auto drawn = test::container_frame("MSKU4135329", false, 34, {1});
  for (const Read& read : (*other)->read(drawn.frame, patient()).containers) {
    EXPECT_FALSE(read.owner_known);
    EXPECT_EQ(read.verdict, Verdict::ask);
  }
}

TEST_F(ShippedEngine, ACropIsReadWithoutLocating) {
  ReadOptions options = patient({"KZ"});
  options.cropped_plate = true;
  const FrameReads one = engine_->read(test::plate_picture("123ABC02", "", 160), options);
  ASSERT_FALSE(one.plates.empty());
  EXPECT_EQ(one.plates[0].text, "123ABC02");
  const FrameReads two = engine_->read(test::plate_picture("123", "ABC02", 160), options);
  ASSERT_FALSE(two.plates.empty());
  EXPECT_EQ(two.plates[0].text, "123ABC02");
  EXPECT_EQ(two.plates[0].lines, 2);
}

TEST_F(ShippedEngine, WantedKindsOnly) {
  const auto drawn = test::plate_frame("123ABC02", "", 200, {5});
  ReadOptions options = patient();
  options.plates = false;
  EXPECT_TRUE(engine_->read(drawn.frame, options).plates.empty());
}

TEST_F(ShippedEngine, SixteenBitsOneAndFourChannelsReadAlike) {
  const auto drawn = test::plate_frame("123ABC02", "", 220, {9});
  cv::Mat grey, four, deep;
  cv::cvtColor(drawn.frame, grey, cv::COLOR_BGR2GRAY);
  cv::cvtColor(drawn.frame, four, cv::COLOR_BGR2BGRA);
  grey.convertTo(deep, CV_16U, 16);  // a twelve-bit camera
  for (const cv::Mat& frame : {grey, four, deep}) {
    const FrameReads reads = engine_->read(frame, patient({"KZ"}));
    ASSERT_FALSE(reads.plates.empty());
    EXPECT_EQ(reads.plates[0].text, "123ABC02");
    EXPECT_EQ(reads.plates[0].crop->type(), CV_8UC3);
  }
}

TEST_F(ShippedEngine, CoordinatesStayThoseOfALargeFrame) {
  cv::Mat huge(9000, 12000, CV_8UC1, cv::Scalar(120));
  cv::Mat plate;
  cv::cvtColor(test::plate_picture("123ABC02", "", 1600), plate, cv::COLOR_BGR2GRAY);
  const cv::Rect at(6000, 7000, plate.cols, plate.rows);
  plate.copyTo(huge(at));
  const FrameReads reads = engine_->read(huge, patient({"KZ"}));
  ASSERT_FALSE(reads.plates.empty());
  EXPECT_EQ(reads.plates[0].text, "123ABC02");
  EXPECT_TRUE(at.contains((reads.plates[0].box.tl() + reads.plates[0].box.br()) / 2));
}

TEST_F(ShippedEngine, NoiseStripesAndPhotographsOfNothingAreNeverAccepted) {
  cv::RNG random(11);
  for (int i = 0; i < 24; ++i) {
    cv::Mat picture(random.uniform(20, 900), random.uniform(20, 1600), i % 2 == 0 ? CV_8UC1 : CV_8UC3);
    random.fill(picture, cv::RNG::UNIFORM, 0, 256);
    if (i % 3 == 1) cv::GaussianBlur(picture, picture, {}, random.uniform(1.0, 8.0));
    if (i % 3 == 2) {
      picture.setTo(cv::Scalar::all(40));
      const int step = random.uniform(3, 30);
      for (int x = 0; x < picture.cols; x += step)
        cv::line(picture, {x, 0}, {x + random.uniform(-9, 10), picture.rows}, cv::Scalar::all(random.uniform(0, 256)),
                 2);
    }
    for (const bool crop : {false, true}) {
      ReadOptions options = patient();
      options.cropped_plate = crop;
      const FrameReads reads = engine_->read(picture, options);
      for (const auto* list : {&reads.plates, &reads.containers}) {
        EXPECT_LE(list->size(), 5U);
        for (const Read& read : *list)
          EXPECT_NE(read.verdict, Verdict::accept) << read.text << " in picture " << i;
      }
    }
  }
}

TEST_F(ShippedEngine, AnEmptyRoadHasNoNumbers) {
  EXPECT_TRUE(engine_->read(cv::Mat(720, 1280, CV_8UC3, cv::Scalar(110, 115, 120)), patient()).plates.empty());
}

}  // namespace
}  // namespace torugart::ocr
