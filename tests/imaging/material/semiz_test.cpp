// A published dual-energy image with its calibration objects and its authors' own solution (P. Lalor, semiZ; simulated
// elsewhere, with scatter), where it lies beside the project: calibrated on its calibration, each detector by its own
// spectrum, then classes against theirs.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "imaging/core/raster.h"
#include "imaging/material/curves.h"

namespace torugart::imaging {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* set = std::getenv("TORUGART_SHARED");
  return (set != nullptr ? fs::path(set) : fs::path(TORUGART_SOURCE_DIR) / ".." / "shared") / "data" / "xray" /
         "semiz";
}

// The set's TIFFs: little-endian, uncompressed, one channel of 32-bit floats in one or several strips.
Raster<float> read_tiff(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  const std::string bytes = text.str();
  const auto number = [&](std::size_t at, std::size_t size) {
    std::uint32_t out = 0;
    std::memcpy(&out, bytes.data() + at, size);
    return out;
  };
  if (bytes.size() < 8 || bytes.compare(0, 2, "II") != 0) return {};
  std::size_t at = number(4, 4);
  std::map<std::uint32_t, std::vector<std::uint32_t>> tags;
  const std::size_t count = number(at, 2);
  at += 2;
  for (std::size_t k = 0; k < count; ++k, at += 12) {
    const std::size_t size = number(at + 2, 2) == 3 ? 2 : 4;
    const std::size_t n = number(at + 4, 4);
    const std::size_t from = n * size <= 4 ? at + 8 : number(at + 8, 4);
    if (n > 4096) continue;
    for (std::size_t i = 0; i < n; ++i)
      tags[number(at, 2)].push_back(number(from + i * size, size));
  }
  Raster<float> out(static_cast<int>(tags[256].at(0)), static_cast<int>(tags[257].at(0)));
  std::size_t done = 0;
  for (std::size_t strip = 0; strip < tags[273].size(); ++strip) {
    const std::size_t n = tags[279].at(strip);
    std::memcpy(reinterpret_cast<char*>(out.samples().data()) + done, bytes.data() + tags[273][strip], n);
    done += n;
  }
  return out;
}

std::vector<std::vector<double>> read_csv(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  std::vector<std::vector<double>> out;
  while (std::getline(in, line)) {
    std::vector<double> row;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');)
      row.push_back(std::strtod(cell.c_str(), nullptr));
    out.push_back(std::move(row));
  }
  return out;
}

std::size_t group(double z) {
  return z <= 10 ? 0 : z <= 20 ? 1 : z <= 45 ? 2 : 3;
}

TEST(SemiZ, classes_are_those_of_its_authors) {
  if (!fs::exists(folder() / "im_H.tiff")) GTEST_SKIP() << "no set at " << folder() << " (set TORUGART_SHARED)";
  const Raster<float> high = read_tiff(folder() / "im_H.tiff");
  const Raster<float> low = read_tiff(folder() / "im_L.tiff");
  const Raster<float> phi_high = read_tiff(folder() / "phi_9MeV.tiff");
  const Raster<float> phi_low = read_tiff(folder() / "phi_6MeV.tiff");
  const Raster<float> theirs = read_tiff(folder() / "peer_Z_segment.tiff");
  const auto detector = read_csv(folder() / "energy_detector.csv");
  const auto objects = read_csv(folder() / "calibration.csv");
  ASSERT_EQ(high.height(), phi_high.height());

  const auto begin = std::chrono::steady_clock::now();
  std::vector<MaterialCurves> curves;
  for (int bin = 0; bin < high.height(); ++bin) {
    BeamSpectrum beams[2];
    for (std::size_t b = 0; b < 2; ++b) {
      const auto phi = (b == 0 ? phi_high : phi_low).row(bin);
      for (std::size_t k = 0; k + 4 < phi.size(); k += 5) {  // in steps of 0.05 MeV
        double signal = 0;
        for (std::size_t j = k; j < k + 5; ++j)
          signal += static_cast<double>(phi[j]) * detector[j][2];
        beams[b].mev.push_back(detector[k + 2][1]);
        beams[b].signal.push_back(signal);
      }
    }
    const auto model = MaterialCurves::from_spectra(beams[0], beams[1]);
    ASSERT_TRUE(model) << model.error().text();
    std::vector<WedgeStep> steps;
    for (const auto& o : objects) {
      if (static_cast<int>(o[0]) == bin) steps.push_back({o[2], o[3], o[4], o[5]});
    }
    const auto own = model->calibrated(steps);
    ASSERT_TRUE(own) << own.error().text();
    curves.push_back(*own);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  std::array<std::array<int, 4>, 4> seen{};
  int right = 0;
  int all = 0;
  for (int y = 2; y + 2 < high.height(); ++y) {
    for (int x = 2; x + 2 < high.width(); ++x) {
      if (high.at(x, y) <= 0.3F) continue;
      bool edge = false;
      double a = 0;
      double b = 0;
      for (int dy = -2; dy <= 2; ++dy) {
        for (int dx = -2; dx <= 2; ++dx) {
          edge = edge || theirs.at(x + dx, y + dy) != theirs.at(x, y);
          if (std::abs(dx) > 1 || std::abs(dy) > 1) continue;
          a += static_cast<double>(high.at(x + dx, y + dy)) / 9;
          b += static_cast<double>(low.at(x + dx, y + dy)) / 9;
        }
      }
      if (edge) continue;
      const std::size_t ours = group(curves[static_cast<std::size_t>(y)].effective_z(a, b));
      const std::size_t wanted = group(static_cast<double>(theirs.at(x, y)));
      ++seen[wanted][ours];
      ++all;
      right += ours == wanted ? 1 : 0;
    }
  }
  std::cout << "calibration and curves of " << curves.size() << " detectors: " << seconds
            << " s; same class: " << right << " of " << all << " pixels (" << 100.0 * right / all << " %)\n";
  const char* names[] = {"organic", "light", "steel", "heavy"};
  for (std::size_t k = 0; k < 4; ++k) {
    std::cout << "  theirs " << names[k] << ": ours organic " << seen[k][0] << ", light " << seen[k][1] << ", steel "
              << seen[k][2] << ", heavy " << seen[k][3] << '\n';
  }
  EXPECT_GT(all, 4000);
  EXPECT_GE(100.0 * right, 92.0 * all);
}

}  // namespace
}  // namespace torugart::imaging
