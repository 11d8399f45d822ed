// A scan, its metadata and a folder for the tests of imaging/files. Deterministic.
#pragma once

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "imaging/files/dicos.h"

namespace torugart::imaging::test {

class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::path(::testing::TempDir()) / (name + "-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline ScanImage scan(int width = 150, int height = 61, bool dual = true) {
  Raster16 high(width, height);
  Raster16 low(width, height);
  std::mt19937 random(17);
  for (std::size_t i = 0; i < high.samples().size(); ++i) {
    high.samples()[i] = static_cast<std::uint16_t>(random());
    low.samples()[i] = static_cast<std::uint16_t>(random());
  }
  ScanImage image;
  image.view = make_view(high, dual ? low : Raster16());
  image.statistics.calibrated = true;
  image.statistics.geometry_calibrated = true;
  image.statistics.pixel_mm = 4.25;
  image.statistics.air_noise_high = 0.0123;
  return image;
}

inline ScanMetadata metadata() {
  ScanMetadata m;
  m.ooi_id = "01KG123ABC";
  m.scan_id = "lane-2/2026-05-04/000117";
  m.uid_seed = "9b2f6f0e-3a55-4a0e-9b57-4d8c2f1d6a11";
  m.scan_start = DicomTime::from_unix_us(1'777'888'999'123'456);
  m.institution = "Кордай";
  m.station = "Lane 2";
  m.model = "Simulated portal";
  m.device_serial = "SIM-1";
  m.software_version = "0.1";
  return m;
}

inline std::vector<std::uint8_t> bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace torugart::imaging::test
