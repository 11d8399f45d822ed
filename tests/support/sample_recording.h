// Makes a small recording in a temporary folder: what the tests of hal/replay and the conformance bench play.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>

namespace torugart::hal::replay::test {

namespace fs = std::filesystem;

class SampleRecording {
 public:
  explicit SampleRecording(const std::string& name, int lines = kLines)
      : root(fs::temp_directory_path() / ("torugart-" + name + "-" + std::to_string(::getpid()))) {
    fs::remove_all(root);
    add_crossing("crossing-0001", lines);
  }
  SampleRecording(const SampleRecording&) = delete;
  SampleRecording& operator=(const SampleRecording&) = delete;
  ~SampleRecording() {
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }

  // `lines`: how many object lines the x-ray picture has.
  fs::path add_crossing(const std::string& name, int lines = kLines) const {
    const auto folder = root / name;
    fs::create_directories(folder / "front");
    fs::create_directories(folder / "xray");
    for (int i = 0; i < 2; ++i) {
      const cv::Mat picture(90, 160, CV_8UC3, cv::Scalar(40.0 + 100.0 * i, 80, 120));
      cv::imwrite((folder / "front" / ("000" + std::to_string(i) + ".png")).string(), picture);
    }
    cv::Mat high(kDetectors, lines, CV_16UC1), low(kDetectors, lines, CV_16UC1);
    for (int y = 0; y < kDetectors; ++y) {
      for (int x = 0; x < lines; ++x) {
        high.at<std::uint16_t>(y, x) = static_cast<std::uint16_t>(1000 * y + x);
        low.at<std::uint16_t>(y, x) = static_cast<std::uint16_t>(500 * y + x);
      }
    }
    cv::imwrite((folder / "xray" / "high.png").string(), high);
    cv::imwrite((folder / "xray" / "low.png").string(), low);
    cv::imwrite((folder / "xray" / "dark.png").string(), cv::Mat(kDetectors, 4, CV_16UC1, cv::Scalar(100)));
    cv::imwrite((folder / "xray" / "air.png").string(), cv::Mat(kDetectors, 6, CV_16UC1, cv::Scalar(60000)));
    write(folder / "crossing.toml",
          "direction = \"entry\"\nweight_kg = 21480\n[[document]]\nkind = \"TIR\"\nnumber = \"JX95000448\"\n"
          "[truth]\nplates = [\"123ABC02\"]\n");
    write(folder / "portal.csv",
          "GB,000382,000401,000395,000377,2016-05-31 09:30:00.899 -07\n"
          "GS,000082,000101,000095,000077,2016-05-31 09:30:01.899 -07\n"
          "XX,whatever,2016-05-31 09:30:02.099 -07\n"
          "GX,000017,002391,000000,000000,2016-05-31 09:30:02.399 -07\n");
    return folder;
  }

  static void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

  static constexpr int kDetectors = 32, kLines = 50;
  fs::path root;
};

}  // namespace torugart::hal::replay::test
