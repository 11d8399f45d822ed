#include "imaging/analyse/threat.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace torugart::imaging {
namespace {

// Even cargo of attenuation `ground`, with a block of `more` at 200, 60 of 40 x 24 pixels.
ScanImagePtr picture(float ground, float more, double pixel_mm = 4, double noise = 0.005) {
  std::mt19937 random(4);
  std::normal_distribution<double> normal;
  Raster16 high(512, 160);
  Raster16 low(512, 160);
  for (int y = 0; y < 160; ++y) {
    for (int x = 0; x < 512; ++x) {
      const bool block = x >= 200 && x < 240 && y >= 60 && y < 84;
      const double a = static_cast<double>(ground + (block ? more : 0.0F));
      high.at(x, y) = code_of(static_cast<float>(std::exp(-a) + noise * std::exp(-a / 2) * normal(random)));
      low.at(x, y) = code_of(static_cast<float>(std::exp(-1.1 * a) + noise * std::exp(-a / 2) * normal(random)));
    }
  }
  auto image = std::make_shared<ScanImage>();
  image->view = make_view(high, low);
  image->statistics.calibrated = image->statistics.geometry_calibrated = true;
  image->statistics.pixel_mm = pixel_mm;
  image->statistics.air_noise_high = noise;
  return image;
}

double mean_alpha(const ScanView& view, Energy energy, Rect r) {
  double sum = 0;
  for (int y = r.y; y < r.bottom(); ++y) {
    for (int x = r.x; x < r.right(); ++x)
      sum += static_cast<double>(transmission_of(view.value(energy, x, y)));
  }
  return -std::log(sum / (static_cast<double>(r.w) * r.h));
}

TEST(Threat, adds_its_attenuation_to_what_is_there_and_to_nothing_else) {
  const auto threat = extract_threat(*picture(0.3F, 1.2F), {196, 56, 48, 32}, "block");
  ASSERT_TRUE(threat) << threat.error().text();
  const ScanImagePtr clean = picture(1.0F, 0.0F);
  const auto projected = project_threat(clean, *threat, 90, 40);
  ASSERT_TRUE(projected) << projected.error().text();
  const ScanView& after = projected->image->view;
  EXPECT_NEAR(mean_alpha(after, Energy::high, {98, 48, 30, 14}), 2.2, 0.02);
  EXPECT_NEAR(mean_alpha(after, Energy::low, {98, 48, 30, 14}), 2.42, 0.02);
  EXPECT_GT(projected->visible_percent, 95);
  for (int y = 0; y < 160; ++y) {
    for (int x = 0; x < 512; ++x) {
      if (projected->box.contains(x, y)) continue;
      ASSERT_EQ(after.value(Energy::high, x, y), clean->view.value(Energy::high, x, y));
    }
  }
  EXPECT_EQ(after.blocks[5], clean->view.blocks[5]) << "what is not covered is shared";
  EXPECT_NE(after.blocks[1], clean->view.blocks[1]);
  EXPECT_NE(after.revision, clean->view.revision);
  EXPECT_NEAR(mean_alpha(clean->view, Energy::high, {98, 48, 30, 14}), 1.0, 0.02) << "the clean one stays clean";
}

TEST(Threat, is_scaled_to_the_pictures_pixels) {
  const auto threat = extract_threat(*picture(0.3F, 1.2F, 4), {196, 56, 48, 32}, "block");
  ASSERT_TRUE(threat);
  const auto projected = project_threat(picture(1.0F, 0.0F, 8), *threat, 90, 40);
  ASSERT_TRUE(projected);
  EXPECT_EQ(projected->box, (Rect{90, 40, 24, 16}));
  EXPECT_NEAR(mean_alpha(projected->image->view, Energy::high, {96, 44, 12, 8}), 2.2, 0.03);
}

TEST(Threat, finds_a_place_where_it_can_be_seen_and_the_same_again) {
  const auto threat = extract_threat(*picture(0.3F, 1.2F), {196, 56, 48, 32}, "block");
  ASSERT_TRUE(threat);
  const ScanImagePtr clean = picture(0.8F, 0.0F);
  const auto a = project_threat_somewhere(clean, *threat, {100, 20, 300, 120}, 7);
  const auto b = project_threat_somewhere(clean, *threat, {100, 20, 300, 120}, 7);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->box, b->box);
  EXPECT_EQ(a->box.intersect({100, 20, 300, 120}), a->box);
  EXPECT_GT(a->visible_percent, 90);
}

TEST(Threat, refuses_what_would_be_no_threat) {
  const auto block = picture(0.3F, 1.2F);
  EXPECT_FALSE(extract_threat(*block, {0, 0, 20, 20}, "at the edge"));
  EXPECT_FALSE(extract_threat(*block, {210, 50, 60, 20}, "half of it in its own frame"));
  const auto threat = extract_threat(*block, {196, 56, 48, 32}, "block");
  ASSERT_TRUE(threat);
  EXPECT_FALSE(project_threat(block, *threat, 500, 10));
  EXPECT_FALSE(project_threat(nullptr, *threat, 0, 0));
  Threat single = *threat;
  single.low = {};
  EXPECT_FALSE(project_threat(block, single, 10, 10));
}

}  // namespace
}  // namespace torugart::imaging
