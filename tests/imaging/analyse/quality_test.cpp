// The quality check against pictures of which every figure is known (tests/support/painted_test_object.h).
#include "imaging/analyse/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "imaging/analyse/test_object.h"
#include "tests/support/painted_test_object.h"

namespace torugart::imaging {
namespace {

namespace object = test_object;
using tests::kAbove;
using tests::kLeft;
using tests::kMm;
using tests::kMu;
using tests::kSteel;
using tests::Painted;

Result<QualityReport> measured(const ScanImage& image, const QualityLimits& limits = {}) {
  return measure_quality(image, *MaterialTable::make(config_for(image)), limits);
}

const QualityFigure& figure(const QualityReport& report, QualityKind kind) {
  for (const QualityFigure& f : report.figures) {
    if (f.kind == kind) return f;
  }
  throw std::runtime_error("the figure is missing");
}

TEST(Quality, a_good_scanner_passes_with_every_figure_where_it_must_be) {
  Painted p;
  p.paint();
  const auto r = measured(p.image());
  ASSERT_TRUE(r) << r.error().text();
  EXPECT_TRUE(r->passed) << r->why_not;
  ASSERT_EQ(r->figures.size(), 8U);
  for (std::size_t i = 0; i < r->figures.size(); ++i)
    EXPECT_EQ(r->figures[i].kind, static_cast<QualityKind>(i));
  EXPECT_NEAR(r->frame.x, kLeft, 1);
  EXPECT_NEAR(r->frame.y, kAbove, 1);
  EXPECT_NEAR(r->frame.w, 900, 1);
  EXPECT_NEAR(r->frame.h, 375, 1);
  // 12 mm are three pixels: all bars are resolved.
  EXPECT_NEAR(figure(*r, QualityKind::resolution_along).value, 12, 0.1);
  EXPECT_NEAR(figure(*r, QualityKind::resolution_across).value, 12, 0.1);
  EXPECT_GT(figure(*r, QualityKind::material).value, 90) << figure(*r, QualityKind::material).detail;
  EXPECT_LT(figure(*r, QualityKind::shape).value, 0.5);
  EXPECT_EQ(figure(*r, QualityKind::detectors).value, 0);
}

// A block of 25 mm takes 1 - e^(-0.687) = half of what comes through. With n pixels of it and about twice as many around,
// it is seen while 0.5 T > 5 sqrt(noise2 T + floor2) sqrt(1/n + 1/m).
TEST(Quality, penetration_ends_where_noise_says) {
  Painted p;
  p.floor = 3e-4;
  p.paint();
  const auto r = measured(p.image());
  ASSERT_TRUE(r) << r.error().text();
  const double n = 12 * 12, m = 2 * 12 * 17;
  double last = 0;
  for (double mm = 100; mm < 400; mm += 1) {
    const double t = std::exp(-kMu * kSteel * mm);
    const double noise = std::hypot(p.noise * std::sqrt(t), p.floor) * std::sqrt(1 / n + 1 / m);
    if (t * (1 - std::exp(-kMu * kSteel * object::kStepBlock_mm)) > 5 * noise) last = mm;
  }
  const auto& f = figure(*r, QualityKind::penetration);
  EXPECT_NEAR(f.value, last, 20) << f.detail;
  EXPECT_EQ(f.passed, f.value >= 300);
  EXPECT_LT(f.value, 300);
  EXPECT_FALSE(r->passed);
  EXPECT_EQ(r->why_not, "A figure is beyond its limit");
}

TEST(Quality, contrast_and_wire_get_worse_with_noise) {
  double sheet = 0, wire = 0;
  for (const double noise : {0.002, 0.006, 0.02}) {
    Painted p;
    p.noise = noise;
    p.paint();
    const auto r = measured(p.image(false));
    ASSERT_TRUE(r);
    EXPECT_GT(figure(*r, QualityKind::contrast).value, sheet) << noise;
    EXPECT_GE(figure(*r, QualityKind::wire).value, wire) << noise;
    sheet = figure(*r, QualityKind::contrast).value;
    wire = figure(*r, QualityKind::wire).value;
  }
  // 1 % of 100 mm takes 2.7 % of T; noise there is 0.02 / sqrt(T) of it = 7.9 %, over 12 x 12 pixels 0.66 %, with
  // what is around 0.8 %: 3.4 deviations. 2 %: 6.8. So five lie at 1.5 %.
  EXPECT_NEAR(sheet, 1.5, 0.4);
  // 0.8 mm take 0.4 % of a column of 4 mm; over two columns of 150 pixels of noise 0.02 that is under two deviations.
  EXPECT_GT(wire, 1);
  EXPECT_LT(wire, 2.5);
}

// A blur of s pixels leaves exp(-2 pi2 s2 / pitch2) of a sine.
TEST(Quality, resolution_ends_where_the_blur_says) {
  Painted p;
  p.blur = 2.2;
  p.paint();
  const auto r = measured(p.image());
  ASSERT_TRUE(r);
  const double pitch = kMm * p.blur * std::numbers::pi * std::sqrt(2 / std::log(5.0));
  ASSERT_GT(pitch, 25);  // over the limit
  for (const auto kind : {QualityKind::resolution_along, QualityKind::resolution_across}) {
    EXPECT_NEAR(figure(*r, kind).value, pitch, 2.5) << figure(*r, kind).detail;
    EXPECT_FALSE(figure(*r, kind).passed);
  }
  EXPECT_FALSE(r->passed);
}

TEST(Quality, wrong_colours_fail) {
  Painted p;
  p.paint();
  p.fill(object::block(object::Block::light), 0, 26);  // steel hangs where aluminium should, so both look alike
  const auto r = measured(p.image());
  ASSERT_TRUE(r);
  EXPECT_LT(figure(*r, QualityKind::material).value, 10);
  EXPECT_FALSE(figure(*r, QualityKind::material).passed);
}

TEST(Quality, detectors_shape_calibration_and_lines_count) {
  Painted p;
  p.paint();
  ScanImage image = p.image();
  image.statistics.dead_detectors = {1, 2, 3, 4, 5, 6};
  image.statistics.noisy_detectors = {9, 10, 11, 12};
  auto r = measured(image);
  ASSERT_TRUE(r);
  EXPECT_NEAR(figure(*r, QualityKind::detectors).value, 1000.0 / image.rows(), 0.01);
  EXPECT_FALSE(r->passed);
  image.statistics.dead_detectors = image.statistics.noisy_detectors = {};
  image.statistics.calibrated = false;
  image.statistics.calibration_reason = "no air lines came";
  r = measured(image);
  EXPECT_EQ(r->why_not, "The scan is not calibrated: no air lines came");
  EXPECT_FALSE(r->passed);
  image.statistics.calibrated = true;
  image.statistics.torn_lines = 2;
  EXPECT_EQ(measured(image)->why_not, "2 lines are missing");
  image.statistics.torn_lines = 0;

  // Every eleventh column was never there: the speed was taken for a tenth too fast.
  const Raster16 high = to_raster(image.view, Energy::high);
  Raster16 short_one(high.width() * 10 / 11, high.height());
  for (int y = 0; y < high.height(); ++y) {
    for (int x = 0; x < short_one.width(); ++x)
      short_one.at(x, y) = high.at(x * 11 / 10, y);
  }
  image.view = make_view(short_one, {});
  r = measured(image);
  ASSERT_TRUE(r);
  EXPECT_NEAR(figure(*r, QualityKind::shape).value, 9.1, 0.6);
  EXPECT_FALSE(figure(*r, QualityKind::shape).passed);
}

TEST(Quality, a_picture_without_the_object_is_an_error_that_says_what_to_do) {
  Painted nothing;
  auto r = measured(nothing.image());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().what, "the test object was not found in the picture");
  EXPECT_FALSE(r.error().remedy.empty());
  Painted block;
  block.fill({500, 300, 900, 800}, 80);
  EXPECT_FALSE(measured(block.image()));
  EXPECT_FALSE(measured(ScanImage{}));
}

TEST(Quality, limits_are_the_sites) {
  Painted p;
  p.paint();
  QualityLimits limits;
  limits.wire_mm = 0.1;
  const auto r = measured(p.image(false), limits);
  ASSERT_TRUE(r);
  EXPECT_FALSE(r->passed);
  EXPECT_EQ(figure(*r, QualityKind::wire).limit, 0.1);
  EXPECT_EQ(r->figures.size(), 7U);  // one energy: nothing about materials
}

}  // namespace
}  // namespace torugart::imaging
