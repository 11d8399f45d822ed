#include <gtest/gtest.h>

#include <cmath>

#include "imaging/material/curves.h"

namespace torugart::imaging {
namespace {

TEST(Wedge, takes_up_what_the_model_leaves_out) {
  const MaterialCurves& model = MaterialCurves::defaults();
  // A scanner whose beams attenuate 4 and 6 % less than the model, more so where it is thick.
  const auto measured = [&](double z, double alpha) {
    WedgeStep s;
    s.z = z;
    s.area_density_g_cm2 = model.area_density(z, alpha);
    s.alpha_high = alpha * (0.96 - 0.004 * alpha);
    s.alpha_low = model.alpha_low(z, alpha) * (0.94 - 0.004 * alpha);
    return s;
  };
  std::vector<WedgeStep> steps;
  for (const double z : {6.0, 13.0, 26.0, 82.0}) {
    for (const double alpha : {0.5, 1.5, 3.0, 4.5})
      steps.push_back(measured(z, alpha));
  }
  const auto curves = model.calibrated(steps);
  ASSERT_TRUE(curves) << curves.error().text();
  for (const double z : {6.0, 13.0, 26.0, 82.0}) {
    for (const double alpha : {0.8, 2.0, 4.0}) {
      const WedgeStep s = measured(z, alpha);
      EXPECT_NEAR(curves->alpha_low(z, s.alpha_high), s.alpha_low, 0.004) << z << ' ' << alpha;
      EXPECT_NEAR(curves->area_density(z, s.alpha_high), s.area_density_g_cm2, 0.02 * s.area_density_g_cm2);
      EXPECT_NEAR(curves->effective_z(s.alpha_high, s.alpha_low), z, 0.12 * z) << alpha;
    }
  }
}

TEST(Wedge, mixed_up_steps_are_refused) {
  const MaterialCurves& model = MaterialCurves::defaults();
  EXPECT_FALSE(model.calibrated({}));
  WedgeStep lead;
  lead.z = 82;
  lead.area_density_g_cm2 = model.area_density(26, 2.0) * 2;
  lead.alpha_high = 2.0;
  lead.alpha_low = model.alpha_low(26, 2.0);
  const auto refused = model.calibrated(std::vector{lead});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("element 82"), std::string::npos);
}

TEST(Wedge, a_spectrum_that_is_none_is_refused) {
  EXPECT_FALSE(MaterialCurves::from_spectra({{1, 2}, {1}}, {{1, 2}, {1, 1}}));
  EXPECT_FALSE(MaterialCurves::from_spectra({{1, 2}, {0, 0}}, {{1, 2}, {1, 1}}));
  EXPECT_TRUE(MaterialCurves::from_spectra({{1, 2}, {1, 1}}, {{1, 2}, {2, 1}}));
}

}  // namespace
}  // namespace torugart::imaging
