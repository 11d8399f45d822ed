#include "imaging/material/curves.h"

#include <gtest/gtest.h>

namespace torugart::imaging {
namespace {

TEST(Curves, published_coefficients_are_given_back) {
  // NIST XCOM, total with coherent scattering.
  EXPECT_NEAR(mass_attenuation(26, 1.0).value(), 0.05995, 1e-5);
  EXPECT_NEAR(mass_attenuation(26, 5.0).value(), 0.03146, 1e-5);
  EXPECT_NEAR(mass_attenuation(6, 2.0).value(), 0.04442, 1e-4);
  const double between = mass_attenuation(82, 3.5).value();
  EXPECT_LT(between, mass_attenuation(82, 3.0).value());
  EXPECT_GT(between, mass_attenuation(82, 4.0).value());
  EXPECT_FALSE(mass_attenuation(27, 1.0));
  EXPECT_FALSE(mass_attenuation(26, 100.0));
}

TEST(Curves, more_material_attenuates_more) {
  for (const MaterialCurve& curve : MaterialCurves::defaults().curves) {
    for (std::size_t i = 1; i < curve.alpha_high.size(); ++i) {
      ASSERT_GT(curve.alpha_high[i], curve.alpha_high[i - 1]) << curve.z;
      ASSERT_GT(curve.alpha_low[i], curve.alpha_low[i - 1]) << curve.z;
    }
    EXPECT_FLOAT_EQ(curve.alpha_high.front(), 0.0F);
  }
}

TEST(Curves, the_low_beam_is_attenuated_more_and_the_less_so_the_higher_z) {
  const auto& curves = MaterialCurves::defaults();
  for (const double alpha : {1.0, 2.0, 4.0, 6.0}) {
    double before = 10;
    for (const double z : {6.0, 8.0, 13.0, 17.0, 20.0, 26.0, 29.0, 47.0}) {
      const double ratio = curves.alpha_low(z, alpha) / alpha;
      EXPECT_GT(ratio, 1.0);
      EXPECT_LT(ratio, before) << z << " at " << alpha;
      before = ratio;
    }
  }
  // Beyond Z about 60 photoelectric absorption in thin layers hides the pair production; thick lead is clear.
  EXPECT_LT(curves.alpha_low(82, 3.0), curves.alpha_low(26, 3.0));
}

TEST(Curves, beams_harden) {
  const auto& curves = MaterialCurves::defaults();
  const double thin = curves.area_density(26, 0.5) / 0.5;
  const double thick = curves.area_density(26, 5.0) / 5.0;
  EXPECT_GT(thick, thin) << "each centimetre attenuates less than the one before";
  EXPECT_NEAR(curves.area_density(6, 1.0), 22, 3);  // g/cm^2
}

}  // namespace
}  // namespace torugart::imaging
