#include "hal/sim/scenario.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace torugart::hal::sim {
namespace {

const std::string kFolder = std::string(TORUGART_SOURCE_DIR) + "/assets/scenarios/";

TEST(Scenario, TheDeliveredOnesLoad) {
  const auto demo = load_scenario(kFolder + "demo.toml");
  ASSERT_TRUE(demo) << demo.error().where << ": " << demo.error().what;
  ASSERT_EQ(demo->trucks.size(), 3U);
  const auto hidden = [](const Truck& t) {
    return std::count_if(t.cargo.begin(), t.cargo.end(), [](const Solid& s) { return s.contraband; });
  };
  EXPECT_EQ(hidden(demo->trucks[0]), 0);
  EXPECT_GT(hidden(demo->trucks[1]), 0);
  EXPECT_EQ(hidden(demo->trucks[2]), 0);
  const auto quiet = load_scenario(kFolder + "quiet.toml");
  ASSERT_TRUE(quiet) << quiet.error().what;
  EXPECT_TRUE(quiet->endless);
  const auto faults = load_scenario(kFolder + "faults.toml");
  ASSERT_TRUE(faults) << faults.error().where << ": " << faults.error().what;
  std::set<FaultKind> kinds;
  for (const auto& t : faults->trucks)
    for (const auto& f : t.faults)
      kinds.insert(f.kind);
  EXPECT_EQ(kinds.size(), 12U) << "every fault occurs";
}

struct Wrong {
  const char* text;
  const char* line;
  const char* words;
};
class WrongScenario : public testing::TestWithParam<Wrong> {};

TEST_P(WrongScenario, NamesLineAndWhatWasExpected) {
  const auto s = parse_scenario(GetParam().text, "bad.toml");
  ASSERT_FALSE(s);
  EXPECT_EQ(s.error().where, std::string("bad.toml:") + GetParam().line);
  EXPECT_NE((s.error().what + s.error().remedy).find(GetParam().words), std::string::npos) << s.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Scenario, WrongScenario,
    testing::Values(Wrong{"seed = 1\nseeed = 2\n", "2", "seeed"}, Wrong{"seed = \"x\"\n", "1", "a number from"},
                    Wrong{"[[truck]]\n\n[[truck.solid]]\nat_mm=[1,2,3]\nsize_mm=[1,1,1]\nmaterial=\"kryptonite\"\n",
                          "6", "one of air, water"},
                    Wrong{"[[truck]]\nspeed_mm_s = -3\n", "2", "from 200 to 5000"},
                    Wrong{"[[truck]]\nfault = [{ kind = \"meteor\" }]\n", "2", "torn_lines"},
                    Wrong{"[[truck]]\nload = [{ pattern = \"cats\" }]\n", "2", "pallets"},
                    Wrong{"[[truck]]\nplate_front = { text = \"1\", country = \"XX\" }\n", "2", "KZ"},
                    Wrong{"[[truck]\n", "1", "not TOML"}, Wrong{"truck = 3\n", "1", "[[truck]]"}));

TEST(Scenario, AMissingFileIsAnError) {
  const auto s = load_scenario("/nowhere/x.toml");
  ASSERT_FALSE(s);
  EXPECT_EQ(s.error().where, "/nowhere/x.toml");
}

bool check_digit_fits(const std::string& n) {
  return container_number(n.substr(0, 4), n.substr(4, 6)) == n;
}

TEST(Scenario, CheckDigitOfAKnownContainer) {
  EXPECT_EQ(container_number("CSQU", "305438"), "CSQU3054383");  // the example of ISO 6346
}

bool plate_fits(const Plate& p) {
  static const std::map<std::string, std::string> kGrammars = {
      {"KZ", R"(\d{3}[A-Z]{2,3}(0[1-9]|1\d|20)|\d{2}[A-Z]{3}\d{2})"},
      {"KG", R"(\d{2}(KG)?\d{3}[A-Z]{3})"},
      {"UZ", R"(\d{2}[A-Z]\d{3}[A-Z]{2}|\d{5}[A-Z]{3}|\d{6}[A-Z]{2})"},
      {"TJ", R"(\d{4}[A-Z]{2}0[1-8])"},
      {"RU", R"([ABEKMHOPCTYX]\d{3}[ABEKMHOPCTYX]{2}\d{2,3}|[A-Z]{2}\d{4}\d{2,3})"}};
  return std::regex_match(p.text, std::regex(kGrammars.at(p.country)));
}

TEST(Scenario, RandomTrucksHaveValidNumbersAndFittingPapers) {
  std::set<std::string> countries;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    const auto s = make_random_scenario(seed, 4);
    ASSERT_EQ(s.trucks.size(), 4U);
    for (const auto& t : s.trucks) {
      EXPECT_TRUE(plate_fits(t.plate_front)) << t.plate_front.text << " " << t.plate_front.country;
      EXPECT_TRUE(plate_fits(t.plate_rear)) << t.plate_rear.text << " " << t.plate_rear.country;
      countries.insert(t.plate_front.country);
      for (const auto& c : t.containers)
        EXPECT_TRUE(check_digit_fits(c.number)) << c.number;
      const double gross = gross_weight_kg(t);
      EXPECT_NEAR(t.declared_kg, gross, 0.01 * gross);
      EXPECT_GT(gross, 13'000);
      EXPECT_LT(gross, 50'000) << t.loads.at(0).pattern << " of " << t.loads.at(0).material;
    }
  }
  EXPECT_EQ(countries.size(), 5U);
}

TEST(Scenario, TheSameSeedMakesTheSameTrucks) {
  const auto a = make_random_truck(3, 1), b = make_random_truck(3, 1), c = make_random_truck(4, 1);
  EXPECT_EQ(a.plate_front.text, b.plate_front.text);
  EXPECT_EQ(a.cargo.size(), b.cargo.size());
  EXPECT_EQ(gross_weight_kg(a), gross_weight_kg(b));
  EXPECT_NE(a.plate_front.text, c.plate_front.text);
}

TEST(Scenario, ReseedingKeepsTheStoryAndChangesTheNumbers) {
  const auto demo = load_scenario(kFolder + "demo.toml");
  ASSERT_TRUE(demo);
  std::set<std::string> plates;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto s = reseed(*demo, seed);
    ASSERT_EQ(s.trucks.size(), demo->trucks.size());
    for (std::size_t i = 0; i < s.trucks.size(); ++i) {
      const auto& t = s.trucks[i];
      plates.insert(t.plate_front.text);
      EXPECT_TRUE(plate_fits(t.plate_front)) << t.plate_front.text;
      EXPECT_EQ(t.containers.size(), demo->trucks[i].containers.size());
      EXPECT_EQ(t.direction, demo->trucks[i].direction);
      EXPECT_NEAR(t.declared_kg, gross_weight_kg(t), 0.01 * t.declared_kg);
      const auto room = cargo_room(t);
      int hidden = 0;
      for (const auto& c : t.cargo) {
        if (!c.contraband) continue;
        ++hidden;
        EXPECT_GE(c.at_mm.x - c.size_mm.x / 2, 0) << seed;
        EXPECT_LE(c.at_mm.x + c.size_mm.x / 2, room.size_mm.x) << seed;
        EXPECT_GE(c.at_mm.y - c.size_mm.y / 2, 0) << seed;
      }
      EXPECT_EQ(hidden > 0, i == 1);
    }
  }
  EXPECT_EQ(plates.size(), 60U);
}

}  // namespace
}  // namespace torugart::hal::sim
