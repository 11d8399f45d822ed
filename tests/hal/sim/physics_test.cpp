#include "hal/sim/physics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "hal/sim/detector.h"
#include "hal/sim/ray_column.h"

namespace torugart::hal::sim {
namespace {

std::size_t index_of(const char* name) {
  return *find_material(name);
}

Attenuator::Pair through(const Attenuator& a, const char* material, double g_cm2) {
  const std::pair<std::size_t, float> one{index_of(material), static_cast<float>(g_cm2)};
  return a.transmit(&one, 1);
}
double alpha(double t) {
  return -std::log(t);
}

// NIST XCOM, total with coherent scattering.
TEST(Physics, TabulatedValuesComeBackExactly) {
  const auto& all = materials();
  EXPECT_NEAR(mass_attenuation(all[index_of("steel")], 1.0), 5.995e-2, 1e-5);
  EXPECT_NEAR(mass_attenuation(all[index_of("lead")], 2.0), 4.606e-2, 1e-4);
  EXPECT_NEAR(mass_attenuation(all[index_of("water")], 1.0), 7.072e-2, 2e-4);
}

TEST(Physics, MaterialsAreWhole) {
  for (const auto& m : materials()) {
    double sum = 0;
    for (const auto& [z, part] : m.weight_fractions)
      sum += part;
    EXPECT_NEAR(sum, 1.0, 0.011) << m.name;
    EXPECT_GT(m.density, 0) << m.name;
  }
}

TEST(Physics, SpectraEndAtTheirEndPointAndAreHarderAtSix) {
  const auto high = make_spectrum(6), low = make_spectrum(4);
  double sum = 0;
  for (std::size_t k = 0; k < kEnergyBins; ++k) {
    sum += low.absorbed[k];
    if (low.energy_mev[k] > 4) {
      EXPECT_EQ(low.absorbed[k], 0);
    }
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_GT(high.mean_mev, low.mean_mev);
  EXPECT_GT(low.mean_mev, 0.7);
  EXPECT_LT(high.mean_mev, 2.5);
}

TEST(Physics, NothingInTheWayLetsEverythingThrough) {
  const Attenuator a(6, 4);
  const auto t = a.transmit(nullptr, 0);
  EXPECT_NEAR(t.high.mean, 1, 1e-5);
  EXPECT_NEAR(t.low.mean, 1, 1e-5);
  EXPECT_NEAR(t.high.variance, 1, 1e-5);
}

// Thin: α = Σ w µ t exactly. Thick: only the most penetrating energy is left, so α grows by µ_min per g/cm².
TEST(Physics, BeerLambertInBothLimits) {
  const Attenuator a(6, 4);
  const auto& steel = materials()[index_of("steel")];
  const auto s = make_spectrum(6);
  double weighted = 0, energy = 0, smallest = 1e9;
  for (std::size_t k = 0; k < kEnergyBins; ++k) {
    if (s.absorbed[k] == 0) continue;
    const double mu = mass_attenuation(steel, s.energy_mev[k]);
    weighted += s.absorbed[k] * s.energy_mev[k] * mu;
    energy += s.absorbed[k] * s.energy_mev[k];
    smallest = std::min(smallest, mu);
  }
  EXPECT_NEAR(alpha(through(a, "steel", 0.5).high.mean) / 0.5, weighted / energy, 0.02 * weighted / energy);
  const double slope = (alpha(through(a, "steel", 400).high.mean) - alpha(through(a, "steel", 300).high.mean)) / 100;
  EXPECT_GT(slope, smallest);
  EXPECT_LT(slope, 1.15 * smallest);
}

TEST(Physics, TheBeamHardensMonotonically) {
  const Attenuator a(6, 4);
  for (const char* m : {"water", "steel", "lead"}) {
    double last_mu = 1e9;
    for (double t = 5; t <= 200; t += 5) {
      const double mu = alpha(through(a, m, t).high.mean) / t;
      EXPECT_LT(mu, last_mu) << m << " at " << t;
      last_mu = mu;
    }
  }
}

// What tells materials apart: α_low / α_high falls with the atomic number at equal attenuation.
TEST(Physics, TheRatioOfTheTwoEnergiesOrdersByAtomicNumber) {
  const Attenuator a(6, 4);
  const auto ratio_at = [&a](const char* m, double wanted) {
    double low = 0, high = 600;
    for (int i = 0; i < 60; ++i) {
      const double t = (low + high) / 2;
      (alpha(through(a, m, t).high.mean) < wanted ? low : high) = t;
    }
    const auto t = through(a, m, low);
    return alpha(t.low.mean) / alpha(t.high.mean);
  };
  for (const double wanted : {1.0, 2.0, 3.0}) {
    const double organic = ratio_at("polyethylene", wanted), aluminium = ratio_at("aluminium", wanted),
                 steel = ratio_at("steel", wanted), lead = ratio_at("lead", wanted);
    EXPECT_GT(organic, aluminium) << wanted;
    EXPECT_GT(aluminium, steel) << wanted;
    EXPECT_GT(steel, lead) << wanted;
  }
}

TEST(Detector, PoissonNoiseHasTheVarianceOfItsPhotons) {
  DetectorModel model;
  model.pulse_spread = 0;
  model.electronic_noise = 0;
  model.gain_spread = 0;
  model.dead = 0;
  const Attenuator a(6, 4);
  for (const double t : {0.0, 60.0, 150.0}) {
    const auto pair = through(a, "steel", t);
    const std::vector<Attenuator::Pair> column(64, pair);
    DetectorColumn detectors(64, 1, 99, model);
    double sum = 0, squares = 0;
    const int n = 3000;
    std::vector<double> dark(64, 0);
    for (int i = 0; i < 50; ++i) {
      const auto d = detectors.dark();
      for (std::size_t k = 0; k < 64; ++k)
        dark[k] += d.high[k] / 50.0;
    }
    for (int i = 0; i < n; ++i) {
      const double v = detectors.object(column, column, 0).high[20] - dark[20];
      sum += v;
      squares += v * v;
    }
    const double mean = sum / n, variance = squares / n - mean * mean;
    // Signal S = c·Σ E: variance = c·S·⟨E²⟩/⟨E⟩, relative to air (V/M of the transmission).
    double first = 0, second = 0;
    const auto s = make_spectrum(6);
    for (std::size_t k = 0; k < kEnergyBins; ++k) {
      first += s.absorbed[k] * s.energy_mev[k];
      second += s.absorbed[k] * s.energy_mev[k] * s.energy_mev[k];
    }
    const double effective = model.photons * first * first / second;
    const double expected = model.air_counts * model.air_counts / effective * static_cast<double>(pair.high.variance);
    EXPECT_NEAR(mean, model.air_counts * static_cast<double>(pair.high.mean), 0.01 * model.air_counts) << t;
    EXPECT_NEAR(variance / (expected + 1.0 / 12), 1, 0.12) << t;
  }
}

TEST(Detector, TheSameSeedGivesTheSameCounts) {
  const std::vector<Attenuator::Pair> column(128);
  DetectorColumn a(128, 5, 9), b(128, 5, 9), c(128, 5, 10);
  const auto x = a.object(column, column, 0.5F), y = b.object(column, column, 0.5F),
             z = c.object(column, column, 0.5F);
  EXPECT_EQ(x.high, y.high);
  EXPECT_EQ(x.low, y.low);
  EXPECT_EQ(x.reference_high, y.reference_high);
  EXPECT_NE(x.high, z.high);
  EXPECT_EQ(a.dead_detectors(), c.dead_detectors()) << "the hardware does not change between scans";
}

TEST(RayColumn, PathLengthsOfABoxASphereAndAHollow) {
  Solid box;
  box.at_mm = {1000, 900, 0};
  box.size_mm = {400, 600, 500};
  box.material = "water";
  Solid ball = box;
  ball.shape = SolidShape::sphere;
  ball.at_mm.x = 2000;
  Solid shell = box;
  shell.at_mm.x = 3000;
  shell.material = "steel";
  shell.wall_mm = 10;
  const FanGeometry fan;
  const ColumnTracer tracer({box, ball, shell}, fan, std::make_shared<Attenuator>(6, 4));
  const int level = static_cast<int>(std::lround(fan.detector_at(900, 0)));  // the ray that runs straight across
  EXPECT_NEAR(tracer.ray(1000, level).at(0).second, 50, 0.05);
  EXPECT_NEAR(tracer.ray(2000, level).at(0).second, 40, 0.05);
  EXPECT_NEAR(tracer.ray(3000, level).at(0).second, 2 * 1.0 * 7.85, 0.02);
  EXPECT_TRUE(tracer.ray(1300, level).empty());
  EXPECT_TRUE(tracer.ray(1000, 10).empty());
}

}  // namespace
}  // namespace torugart::hal::sim
