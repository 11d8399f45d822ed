#include "imaging/analyse/analyse.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace torugart::imaging
