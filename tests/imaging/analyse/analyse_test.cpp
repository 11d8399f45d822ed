#include "imaging/analyse/analyse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace torugart::imaging {
namespace {

// A container from (150, 60) to (650, 260) on a chassis, air around it, with 1.2 % noise. Attenuation and z are added
// up.
struct Picture {
  Raster<float> alpha{800, 320, 0.0F};
  Raster<float> z{800, 320, 26.0F};

  void fill(Rect r, float a, float number) {
    for (int y = r.y; y < r.bottom(); ++y) {
      for (int x = r.x; x < r.right(); ++x) {
        alpha.at(x, y) += a;
        z.at(x, y) = number;
      }
    }
  }
  void container() {
    fill({150, 60, 500, 200}, 0.12F, 26);  // two side walls
    fill({150, 60, 500, 6}, 0.5F, 26);     // roof beam
    fill({150, 60, 6, 200}, 0.6F, 26);
    fill({644, 60, 6, 200}, 0.6F, 26);
    fill({150, 252, 500, 8}, 1.0F, 26);   // floor
    fill({100, 262, 600, 20}, 1.5F, 26);  // chassis
  }
  [[nodiscard]] ScanImage image() const {
    std::mt19937 random(9);
    std::normal_distribution<float> normal;
    Raster16 high(alpha.width(), alpha.height());
    Raster16 low(alpha.width(), alpha.height());
    for (int y = 0; y < alpha.height(); ++y) {
      for (int x = 0; x < alpha.width(); ++x) {
        const float a = alpha.at(x, y);
        const auto b = static_cast<float>(
            MaterialCurves::defaults().alpha_low(static_cast<double>(z.at(x, y)), static_cast<double>(a)));
        high.at(x, y) = a > 9 ? kNoSignal : code_of(std::exp(-a) + 0.012F * std::exp(-a / 2) * normal(random));
        low.at(x, y) = a > 9 ? kNoSignal : code_of(std::exp(-b) + 0.016F * std::exp(-b / 2) * normal(random));
      }
    }
    ScanImage out;
    out.view = make_view(high, low);
    out.statistics.calibrated = true;
    return out;
  }
};

const MaterialTable& table() {
  static const auto kTable = MaterialTable::make();
  return *kTable;
}

void expect_near(const Rect& found, const Rect& wanted, int by) {
  EXPECT_NEAR(found.x, wanted.x, by);
  EXPECT_NEAR(found.y, wanted.y, by);
  EXPECT_NEAR(found.right(), wanted.right(), by);
  EXPECT_NEAR(found.bottom(), wanted.bottom(), by);
}

TEST(Analyse, finds_the_truck_and_the_container_and_sees_that_it_is_empty) {
  Picture p;
  p.container();
  const auto a = analyse(p.image(), table());
  ASSERT_TRUE(a);
  expect_near(a->object, {100, 60, 600, 222}, 3);
  ASSERT_TRUE(a->container);
  expect_near(*a->container, {150, 60, 500, 194}, 8);
  EXPECT_TRUE(a->empty) << a->load_attenuation;
  EXPECT_GT(a->empty_probability, 0.9);
  EXPECT_TRUE(a->proposals.empty());
}

TEST(Analyse, a_load_is_a_load_even_when_it_is_the_same_everywhere) {
  for (const Rect load : {Rect{200, 180, 200, 70}, Rect{156, 66, 488, 186}}) {
    Picture p;
    p.container();
    p.fill(load, 0.8F, 7);
    const auto a = analyse(p.image(), table());
    ASSERT_TRUE(a);
    EXPECT_FALSE(a->empty) << a->load_attenuation;
    EXPECT_LT(a->empty_probability, 0.1);
  }
}

TEST(Analyse, proposes_what_is_denser_than_the_load) {
  Picture p;
  p.container();
  p.fill({160, 150, 470, 100}, 1.0F, 7);
  p.fill({400, 180, 40, 30}, 2.5F, 82);
  p.fill({300, 190, 40, 40}, 12.0F, 82);
  const auto a = analyse(p.image(), table());
  ASSERT_TRUE(a);
  ASSERT_EQ(a->proposals.size(), 2U);
  for (const Proposal& proposal : a->proposals) {
    if (proposal.kind == ProposalKind::dense_region) {
      expect_near(proposal.box, {400, 180, 40, 30}, 2);
      EXPECT_GT(proposal.score, 0.8);
    } else {
      expect_near(proposal.box, {300, 190, 40, 40}, 2);
    }
    EXPECT_NE(proposal.why.find("pixels"), std::string::npos);
  }
  EXPECT_GT(a->saturated_percent, 0.5);
  double sum = 0;
  for (const double percent : a->material_percent)
    sum += percent;
  EXPECT_NEAR(sum, 100, 1e-6);
  EXPECT_DOUBLE_EQ(a->ambiguous_percent, a->material_percent[static_cast<std::size_t>(MaterialClass::ambiguous)]);
}

TEST(Analyse, nothing_in_the_beam) {
  const Picture p;
  const auto a = analyse(p.image(), table());
  ASSERT_TRUE(a);
  EXPECT_TRUE(a->object.empty());
  EXPECT_FALSE(a->container);
  EXPECT_TRUE(a->empty);
  EXPECT_FALSE(analyse(ScanImage{}, table()));
}

// Attenuation of an area density.
double alpha_for(double z, double g_cm2) {
  const auto& curves = MaterialCurves::defaults();
  double lo = 0;
  double hi = 11;
  for (int k = 0; k < 60; ++k)
    (curves.area_density(z, (lo + hi) / 2) < g_cm2 ? lo : hi) = (lo + hi) / 2;
  return lo;
}

TEST(Mass, is_within_a_tenth_at_the_noise_of_a_real_scanner) {
  for (const double z : {6.0, 13.0, 26.0, 82.0}) {
    for (const double g_cm2 : {20.0, 60.0, 110.0}) {
      // Thin lead has the ratio of steel, and more attenuation for its mass: nobody can tell.
      const double within = z > 80 && g_cm2 < 40 ? 0.15 : 0.1;
      Picture p;
      p.fill({300, 100, 200, 100}, static_cast<float>(alpha_for(z, g_cm2)), static_cast<float>(z));
      ScanImage image = p.image();
      image.statistics.geometry_calibrated = true;
      image.statistics.pixel_mm = 5;
      const double true_kg = g_cm2 * 100 * 50 / 1000;
      const auto mass = mass_of(image, table(), {280, 80, 240, 140});
      ASSERT_TRUE(mass);
      EXPECT_NEAR(mass->kg, true_kg, within * true_kg) << z << ' ' << g_cm2;
      EXPECT_LT(mass->error_kg, 0.15 * mass->kg);
      EXPECT_FALSE(mass->at_least);
    }
  }
}

TEST(Mass, is_not_given_without_a_geometry_and_is_a_lower_limit_behind_what_stops_the_beam) {
  Picture p;
  p.fill({300, 100, 200, 100}, 12.0F, 26);
  ScanImage image = p.image();
  EXPECT_FALSE(mass_of(image, table(), {280, 80, 240, 140}));
  image.statistics.geometry_calibrated = true;
  image.statistics.pixel_mm = 5;
  const auto mass = mass_of(image, table(), {280, 80, 240, 140});
  ASSERT_TRUE(mass);
  EXPECT_TRUE(mass->at_least);
  image.statistics.calibrated = false;
  EXPECT_FALSE(mass_of(image, table(), {280, 80, 240, 140}));
}

TEST(Mass, of_the_load_leaves_the_walls_out) {
  Picture p;
  p.container();
  p.fill({250, 150, 200, 100}, static_cast<float>(alpha_for(6, 40)), 6);
  ScanImage image = p.image();
  image.statistics.geometry_calibrated = true;
  image.statistics.pixel_mm = 5;
  const auto a = analyse(image, table());
  ASSERT_TRUE(a && a->load_mass && a->mass);
  EXPECT_NEAR(a->load_mass->kg, 40 * 100 * 50 / 1000.0, 30);
  EXPECT_GT(a->mass->kg, a->load_mass->kg * 2);
}

TEST(Analyse, proposes_a_thick_place_in_the_floor) {
  Picture p;
  p.container();
  p.fill({160, 180, 480, 72}, 0.8F, 7);
  p.fill({300, 250, 60, 12}, 1.4F, 26);
  const auto a = analyse(p.image(), table());
  ASSERT_TRUE(a);
  const auto found = std::find_if(a->proposals.begin(), a->proposals.end(),
                                  [](const Proposal& q) { return q.kind == ProposalKind::hidden_compartment; });
  ASSERT_NE(found, a->proposals.end());
  EXPECT_NEAR(found->box.x, 300, 6);
  EXPECT_NEAR(found->box.w, 60, 12);
  EXPECT_NE(found->why.find("floor"), std::string::npos);
  Picture plain;
  plain.container();
  plain.fill({160, 180, 480, 72}, 0.8F, 7);
  const auto without = analyse(plain.image(), table());
  ASSERT_TRUE(without);
  for (const Proposal& q : without->proposals)
    EXPECT_NE(q.kind, ProposalKind::hidden_compartment) << q.why;
}

TEST(Analyse, proposes_what_is_as_large_as_a_person) {
  const auto persons = [](bool with, double pixel_mm) {
    Picture p;
    p.container();
    if (with) {  // sits: trunk, head, thighs
      p.fill({400, 170, 36, 60}, 1.0F, 7);
      p.fill({408, 148, 18, 22}, 0.8F, 7);
      p.fill({436, 208, 34, 22}, 0.9F, 7);
    }
    p.fill({200, 150, 120, 100}, 1.0F, 7);  // a pallet of food
    ScanImage image = p.image();
    image.statistics.geometry_calibrated = pixel_mm > 0;
    image.statistics.pixel_mm = pixel_mm;
    ClassifierConfig config;
    config.air_noise_high = 0.004;
    config.air_noise_low = 0.005;
    const auto a = analyse(image, *MaterialTable::make(config));
    int count = 0;
    for (const Proposal& q : a->proposals) {
      if (q.kind != ProposalKind::person_sized) continue;
      ++count;
      EXPECT_NEAR(q.box.x, 400, 12);
    }
    return count;
  };
  EXPECT_EQ(persons(true, 12), 1);
  EXPECT_EQ(persons(false, 12), 0);
  EXPECT_EQ(persons(true, 0), 0) << "without a geometry nothing has a size";
  EXPECT_EQ(persons(true, 4), 0) << "a doll";
}

TEST(Difference, shows_where_and_how_much) {
  Picture p;
  p.container();
  const ScanImage before = p.image();
  p.fill({300, 150, 100, 50}, 0.7F, 26);
  const ScanImage after = p.image();
  const auto same = difference(before, before);
  ASSERT_TRUE(same);
  EXPECT_DOUBLE_EQ(same->mean_absolute, 0);
  const auto d = difference(before, after);
  ASSERT_TRUE(d);
  EXPECT_NEAR(d->changed_percent, 100.0 * 5000 / (800 * 320), 0.3);
  EXPECT_NEAR(d->picture.at(350, 170), 128 + 64 * 0.7, 12);
  EXPECT_EQ(d->picture.at(20, 20), 128);
  ScanImage other;
  other.view = make_view(Raster16(10, 10, 5), {});
  EXPECT_FALSE(difference(before, other));
}

TEST(Difference, moves_one_onto_the_other_first) {
  Picture p;
  p.container();
  p.fill({200, 150, 120, 100}, 0.9F, 7);
  const ScanImage before = p.image();
  Picture q;
  q.alpha = Raster<float>(806, 318);
  q.z = Raster<float>(806, 318, 26.0F);
  for (int y = 0; y < 318; ++y) {
    for (int x = 0; x < 806; ++x) {
      const int from_x = std::clamp(x - 9, 0, 799);
      const int from_y = std::clamp(y + 4, 0, 319);
      q.alpha.at(x, y) = p.alpha.at(from_x, from_y);
    }
  }
  q.fill({480, 160, 40, 40}, 1.0F, 26);  // what is new
  const auto d = difference(before, q.image());
  ASSERT_TRUE(d) << d.error().text();
  EXPECT_EQ(d->offset_x, 9);
  EXPECT_EQ(d->offset_y, -4);
  EXPECT_EQ(d->picture.width(), 800);
  EXPECT_NEAR(d->picture.at(490, 180), 128 + 64, 12);
  EXPECT_NEAR(d->changed_percent, 100.0 * 1600 / (800 * 320), 0.3);
}

}  // namespace
}  // namespace torugart::imaging
