// Real dual-energy cargo scans that lie beside the project on development machines (never in it). They come without
// dark and air, with a black strip below, zeros behind heavy cargo and detectors that saturate.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "imaging/analyse/analyse.h"
#include "imaging/commands/commands.h"
#include "imaging/display/renderer.h"
#include "imaging/material/classifier.h"

namespace torugart::imaging::commands {
namespace {

std::filesystem::path shared() {
  const char* set = std::getenv("TORUGART_SHARED");
  return set != nullptr ? std::filesystem::path(set) : std::filesystem::path(TORUGART_SOURCE_DIR) / ".." / "shared";
}

class RealScan : public ::testing::TestWithParam<const char*> {};

TEST_P(RealScan, comes_out_readable_and_says_that_it_is_not_calibrated) {
  const auto folder = shared() / "data" / "xray";
  const std::string name = std::string("zcon_") + GetParam();
  const Inputs pair = {folder / (name + "_high.png"), folder / (name + "_low.png")};
  if (!std::filesystem::exists(pair[0])) GTEST_SKIP() << "no real scans at " << folder << " (set TORUGART_SHARED)";
  const auto image = open(pair);
  ASSERT_TRUE(image) << image.error().text();
  const ScanStatistics& s = (*image)->statistics;
  EXPECT_FALSE(s.calibrated);
  EXPECT_FALSE(s.geometry_calibrated);
  EXPECT_EQ(s.dead_detectors.size(), 7U) << "the black strip";
  EXPECT_GT(s.dropouts, 50) << "detectors that give nothing for single lines";
  EXPECT_GT(s.air_noise_high, 0.008);
  EXPECT_LT(s.air_noise_high, 0.03);
  const ScanView& view = (*image)->view;
  EXPECT_EQ(view.value(Energy::high, 700, view.rows - 3), kMissing) << "no cargo where no detector is";

  RasterRgba out;
  Renderer renderer(MaterialTable::make(config_for(**image)));
  ASSERT_TRUE(renderer.render(view, Viewport::fit(view.columns, view.rows, view.columns, view.rows), {}, out));
  int black = 0;
  int white = 0;
  for (const std::uint32_t v : out.samples()) {
    black += (v & 0xFFU) == 0 ? 1 : 0;
    white += (v & 0xFFU) == 255 ? 1 : 0;
  }
  const auto all = static_cast<double>(out.samples().size());
  EXPECT_LT(black / all, 0.25) << "automatic window drowns the cargo";
  EXPECT_LT(white / all, 0.6) << "automatic window bleaches the picture";

  // All three are loaded, two of them to the roof.
  const auto analysis = analyse(**image, *MaterialTable::make(config_for(**image)));
  ASSERT_TRUE(analysis);
  EXPECT_FALSE(analysis->empty) << analysis->remains;
  EXPECT_LT(analysis->empty_probability, 0.01);
  EXPECT_FALSE(analysis->mass) << "no geometry, no mass";

  // Beams that nobody measured: most must stay without a colour.
  const auto region = region_statistics(view, view.bounds(), MaterialTable::make(config_for(**image)).get());
  std::int64_t coloured = 0;
  for (const auto c : {MaterialClass::organic, MaterialClass::light, MaterialClass::steel, MaterialClass::heavy}) {
    coloured += region.material[static_cast<std::size_t>(c)];
  }
  EXPECT_LT(static_cast<double>(coloured) / all, 0.5);
}

INSTANTIATE_TEST_SUITE_P(Zcon, RealScan, ::testing::Values("05", "07", "09"));

}  // namespace
}  // namespace torugart::imaging::commands
