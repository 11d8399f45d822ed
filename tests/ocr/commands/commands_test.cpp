#include "ocr/commands/commands.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "tests/ocr/support/render.h"

namespace torugart::ocr {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class Commands : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("ocr_commands_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    command_.engine.owners = fs::path(TORUGART_SOURCE_DIR) / "assets/reference/owner_codes.csv";
    command_.countries = {"KZ"};
    command_.budget = std::chrono::minutes(1);  // what is read must not hang on how busy the machine is
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path picture(const std::string& name, const cv::Mat& m) {
    cv::imwrite((folder_ / name).string(), m);
    return folder_ / name;
  }
  fs::path bytes(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  std::vector<json> lines() {
    std::vector<json> all;
    std::stringstream in(out_.str());
    for (std::string line; std::getline(in, line);)
      all.push_back(json::parse(line));
    return all;
  }

  fs::path folder_;
  ReadCommand command_;
  std::ostringstream out_;
};

TEST_F(Commands, OneObjectALineInTheAgreedShape) {
  const auto drawn = test::plate_frame("123ABC02", "", 220, {9});
  EXPECT_EQ(read_files({picture("truck.png", drawn.frame)}, command_, out_), 0);
  const auto all = lines();
  ASSERT_EQ(all.size(), 1U);
  const json& one = all[0];
  EXPECT_EQ(one["file"], (folder_ / "truck.png").string());
  EXPECT_TRUE(one["ms"].is_number());
  ASSERT_FALSE(one["plates"].empty());
  EXPECT_LE(one["plates"].size(), 5U);
  const json& plate = one["plates"][0];
  EXPECT_EQ(plate["text"], "123ABC02");
  EXPECT_EQ(plate["country"], "KZ");
  EXPECT_EQ(plate["lines"], 1);
  EXPECT_TRUE(plate["confidence"].is_number());
  EXPECT_TRUE(plate["verdict"] == "accept" || plate["verdict"] == "ask");
  EXPECT_EQ(plate["box"].size(), 4U);
  EXPECT_EQ(plate["quad"].size(), 4U);
  EXPECT_EQ(plate["quad"][0].size(), 2U);
  EXPECT_TRUE(one["containers"].is_array());
}

TEST_F(Commands, ContainersCarryTheirFourJudges) {
  const auto drawn = test::container_frame("MSKU4135329", false, 34, {1});
  EXPECT_EQ(read_files({picture("box.png", drawn.frame)}, command_, out_), 0);
  const auto all = lines();
  ASSERT_FALSE(all.at(0)["containers"].empty());
  const json& box = all[0]["containers"][0];
  for (const char* key :
       {"text", "size_type", "orientation", "check_digit", "owner_known", "confidence", "verdict", "box"}) {
    EXPECT_TRUE(box.contains(key)) << key;
  }
}

TEST_F(Commands, WhatIsNoPictureIsAnErrorLineAndTheRestIsRead) {
  const auto drawn = test::plate_frame("123ABC02", "", 220, {9});
  const fs::path good = picture("good.jpg", drawn.frame);
  std::ifstream in(good, std::ios::binary);
  std::string jpeg((std::istreambuf_iterator<char>(in)), {});
  const std::vector<fs::path> files{bytes("note.txt", "not a picture"),
                                    bytes("empty.png", ""),
                                    folder_ / "missing.png",
                                    folder_,
                                    bytes("torn.jpg", jpeg.substr(0, 40)),
                                    good};
  EXPECT_EQ(read_files(files, command_, out_), 1);
  const auto all = lines();
  ASSERT_EQ(all.size(), files.size());
  for (std::size_t i = 0; i + 1 < files.size(); ++i) {
    ASSERT_TRUE(all[i].contains("error")) << files[i];
    EXPECT_NE(all[i]["error"]["what"], "");
    EXPECT_NE(all[i]["error"]["what_to_do"], "");
  }
  EXPECT_EQ(all.back()["plates"][0]["text"], "123ABC02");
}

TEST_F(Commands, TornAndSixteenBitPicturesAreReadAsFarAsTheyGo) {
  const auto drawn = test::plate_frame("123ABC02", "", 220, {9});
  const fs::path good = picture("good.jpg", drawn.frame);
  std::ifstream in(good, std::ios::binary);
  std::string jpeg((std::istreambuf_iterator<char>(in)), {});
  cv::Mat deep;
  drawn.frame.convertTo(deep, CV_16UC3, 257);
  EXPECT_EQ(
      read_files({bytes("half.jpg", jpeg.substr(0, jpeg.size() / 2)), picture("deep.png", deep)}, command_, out_), 0);
  EXPECT_EQ(lines().at(1)["plates"][0]["text"], "123ABC02");
}

TEST_F(Commands, CropsAndLinesForPeople) {
  command_.crop = true;
  command_.json = false;
  EXPECT_EQ(read_files({picture("crop.png", test::plate_picture("123ABC02", "", 160))}, command_, out_), 0);
  EXPECT_NE(out_.str().find("123 ABC 02 (KZ)"), std::string::npos) << out_.str();
}

TEST_F(Commands, AnEngineThatDoesNotStartIsAnErrorLine) {
  command_.engine.owners = "/nonexistent/owners.csv";
  EXPECT_EQ(read_files({folder_ / "x.png"}, command_, out_), 1);
  EXPECT_TRUE(lines().at(0).contains("error"));
}

TEST_F(Commands, AClipGivesOneVotedLinePerVehicle) {
  const fs::path clip = folder_ / "clip.avi";
  {
    cv::VideoWriter video(clip.string(), cv::CAP_OPENCV_MJPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 2.0,
                          {1280, 720});
    ASSERT_TRUE(video.isOpened());
    for (unsigned i = 0; i < 4; ++i)
      video.write(test::plate_frame("123ABC02", "", 220, {30 + i}).frame);
    for (int i = 0; i < 6; ++i)
      video.write(cv::Mat(720, 1280, CV_8UC3, cv::Scalar(120, 120, 120)));
    for (unsigned i = 0; i < 4; ++i)
      video.write(test::plate_frame("765KLM14", "", 220, {40 + i}).frame);
  }
  EXPECT_EQ(read_video(clip, command_, out_), 0) << out_.str();
  const auto all = lines();
  ASSERT_EQ(all.size(), 2U) << out_.str();
  EXPECT_EQ(all[0]["plates"][0]["text"], "123ABC02");
  EXPECT_GE(all[0]["plates"][0]["frames_seen"], 3);
  EXPECT_EQ(all[1]["plates"][0]["text"], "765KLM14");
  EXPECT_EQ(all[1]["vehicle"], 2);
}

TEST_F(Commands, AClipThatCannotBePlayedIsAnErrorLine) {
  EXPECT_EQ(read_video(bytes("no.mp4", "this is no clip"), command_, out_), 1);
  EXPECT_EQ(read_video(folder_ / "missing.mp4", command_, out_), 1);
  for (const auto& line : lines())
    EXPECT_TRUE(line.contains("error"));
}

}  // namespace
}  // namespace torugart::ocr
