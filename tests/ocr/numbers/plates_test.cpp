#include "ocr/numbers/plates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "ocr/numbers/confusion.h"

namespace torugart::ocr {
namespace {

bool offers(const std::vector<PlateCandidate>& all, const std::string& text, const std::string& country) {
  return std::any_of(all.begin(), all.end(),
                     [&](const PlateCandidate& one) { return one.text == text && one.country == country; });
}

struct Example {
  const char* text;
  const char* country;
  const char* display;
};
class Examples : public ::testing::TestWithParam<Example> {};

TEST_P(Examples, IsAPlateOfItsCountry) {
  const Example& e = GetParam();
  EXPECT_TRUE(is_plate(e.text, e.country)) << e.text;
  EXPECT_EQ(display_plate(e.text, e.country), e.display);
  PlateSearch search;
  search.countries = {e.country};
  const auto found = parse_plate({e.text, {}}, search);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].text, e.text);
  EXPECT_EQ(found[0].country, e.country);
  EXPECT_EQ(found[0].repair_cost, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Region, Examples,
    ::testing::Values(Example{"123ABC02", "KZ", "123 ABC 02"}, Example{"123AB20", "KZ", "123 AB 20"},
                      Example{"A123BCD", "KZ", "A 123 BCD"}, Example{"12ABC05", "KZ", "12 ABC 05"},
                      Example{"01KG123ABC", "KG", "01 KG 123 ABC"}, Example{"01123ABC", "KG", "01 123 ABC"},
                      Example{"01123AB", "KG", "01 123 AB"}, Example{"B1234A", "KG", "B 1234 A"},
                      Example{"01A123BC", "UZ", "01 A 123 BC"}, Example{"01123ABC", "UZ", "01 123 ABC"},
                      Example{"011234AB", "UZ", "01 1234 AB"}, Example{"1234AB01", "TJ", "1234 AB 01"},
                      Example{"AB1234AG", "TM", "AB 1234 AG"}, Example{"B1234MR", "TM", "B 1234 MR"},
                      Example{"1537УНЛ", "MN", "1537 УНЛ"}, Example{"4919ӨҮБ", "MN", "4919 ӨҮБ"},
                      Example{"10AB123", "AZ", "10 AB 123"}, Example{"AB123CD", "GE", "AB 123 CD"},
                      Example{"A123BC77", "RU", "A 123 BC 77"}, Example{"A123BC777", "RU", "A 123 BC 777"},
                      Example{"AB123477", "RU", "AB 1234 77"}, Example{"皖A12345", "CN", "皖A 12345"},
                      Example{"新AD12345", "CN", "新A D12345"}, Example{"新A1234挂", "CN", "新A 1234挂"},
                      Example{"ABC1234", "PK", "ABC 1234"}));

TEST(Plates, RegionCodesBeyondTheTableAreNoPlates) {
  EXPECT_FALSE(is_plate("123ABC21", "KZ"));
  EXPECT_FALSE(is_plate("123ABC00", "KZ"));
  EXPECT_FALSE(is_plate("1234AB09", "TJ"));
  EXPECT_FALSE(is_plate("AB1234XX", "TM"));
  EXPECT_FALSE(is_plate("D123BC77", "RU")) << "D is not on Russian plates";
  EXPECT_FALSE(is_plate("皖AI2345", "CN")) << "I is not in Chinese serials";
}

TEST(Plates, LookAlikesAreRepaired) {
  PlateSearch kz{{"KZ"}, 5};
  const auto found = parse_plate({"I23A8CO2", {}}, kz);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].text, "123ABC02");
  EXPECT_EQ(found[0].repairs, 3);
  EXPECT_GT(found[0].repair_cost, 0);
}

TEST(Plates, CyrillicSeenAsLatinIsMongolian) {
  const auto found = parse_plate({"1537YHB", {}}, {{"MN"}, 5});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].country, "MN");
  // Y is the shape of Ү; У leans and has a tail, and is the next to be tried.
  EXPECT_EQ(found[0].text, "1537ҮНВ");
  ASSERT_GE(found.size(), 2U);
  EXPECT_EQ(found[1].text, "1537УНВ");
}

TEST(Plates, CertainCharactersAreDearerToChange) {
  const auto sure = parse_plate({"12SABC02", std::vector<double>(8, 1.0)}, {{"KZ"}, 1});
  const auto doubtful = parse_plate({"12SABC02", {1, 1, 0.2, 1, 1, 1, 1, 1}}, {{"KZ"}, 1});
  ASSERT_FALSE(sure.empty());
  ASSERT_FALSE(doubtful.empty());
  EXPECT_EQ(sure[0].text, "125ABC02");
  EXPECT_LT(doubtful[0].repair_cost, sure[0].repair_cost);
}

TEST(Plates, NeverMakesANumberOutOfSomethingElse) {
  for (const char* word :
       {"VOLVO", "SCANIA", "TRANSPORT", "TORUGART", "WWWWWWWW", "XXXXXX", "HELLOWORLD", "SOS", "", "8"}) {
    EXPECT_TRUE(parse_plate({word, {}}).empty()) << word << " -> " << parse_plate({word, {}})[0].text;
  }
}

TEST(Plates, CountryMarksAtTheEdgeAreNotPartOfTheNumber) {
  const auto found = parse_plate({"KZ123ABC02", {}});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].text, "123ABC02");
  EXPECT_TRUE(offers(parse_plate({"A123BC77RUS", {}}), "A123BC77", "RU"));
}

TEST(Plates, ADoubtfulEdgeCharacterMayGo) {
  std::vector<double> confidences(9, 0.95);
  confidences[0] = 0.2;
  const auto found = parse_plate({"I123ABC02", confidences}, {{"KZ"}, 5});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].text, "123ABC02");
}

TEST(Plates, PreferenceRanksAndExcludesNone) {
  const Seen seen{"AB123CD", {}};
  EXPECT_EQ(parse_plate(seen, {{"IT"}, 5})[0].country, "IT");
  EXPECT_EQ(parse_plate(seen, {{"GE"}, 5})[0].country, "GE");
  EXPECT_TRUE(offers(parse_plate(seen, {{"KZ"}, 5}), "AB123CD", "GE"));
}

TEST(Plates, TheTableIsWellFormed) {
  std::set<std::string> rows;
  for (const PlateRule& rule : plate_rules()) {
    EXPECT_EQ(rule.country.size(), 2U);
    EXPECT_TRUE(rows.insert(std::string(rule.country) + std::string(rule.pattern)).second) << rule.pattern;
  }
}

// Any plate of the region with one look-alike in the place of a character comes back among the five, at a bounded
// cost.
TEST(Plates, OneLookAlikeIsAlwaysRepaired) {
  std::mt19937 random(11);
  const std::string letters = "ABCDEFGHKLMNPRSTUVWXYZ";
  const auto letter = [&] { return letters[random() % letters.size()]; };
  const auto digit = [&] { return static_cast<char>('0' + random() % 10); };
  for (int round = 0; round < 500; ++round) {
    std::string text{digit(),  digit(),  digit(), letter(),
                     letter(), letter(), '0',     static_cast<char>('1' + random() % 9)};
    std::string seen = text;
    const std::size_t at = random() % 3;
    const std::string swap = "OIZEASGTBG";
    seen[at] = swap[static_cast<std::size_t>(text[at] - '0')];
    if (confusion_cost(static_cast<char32_t>(seen[at]), static_cast<char32_t>(text[at])) > 1.0) continue;
    const auto found = parse_plate({seen, {}}, {{"KZ"}, 5});
    EXPECT_TRUE(offers(found, text, "KZ")) << seen << " should offer " << text;
    for (const auto& one : found)
      EXPECT_LE(one.repair_cost, repair_limit);
  }
}

}  // namespace
}  // namespace torugart::ocr
