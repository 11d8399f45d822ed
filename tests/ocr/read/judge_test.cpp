#include "ocr/read/judge.h"

#include <gtest/gtest.h>

namespace torugart::ocr::detail {
namespace {

Seen seen(const std::string& text, double confidence) {
  return {text, std::vector<double>(to_code_points(text).size(), confidence)};
}

TEST(Judge, AcceptsOneFrameOnlyWhenNothingHadToBeBelieved) {
  EXPECT_EQ(judge_plate(seen("123ABC02", 0.99), 1, {}).at(0).verdict, Verdict::accept);
  EXPECT_EQ(judge_plate(seen("123ABC02", 0.8), 1, {}).at(0).verdict, Verdict::ask);
  EXPECT_EQ(judge_plate(seen("1Z3A8C02", 0.99), 1, {"KZ"}).at(0).verdict, Verdict::ask) << "repaired";
  EXPECT_EQ(judge_plate(seen("ABC123", 0.99), 1, {}).at(0).verdict, Verdict::ask) << "loose grammar";
}

TEST(Judge, WordsAreNotReads) {
  EXPECT_TRUE(judge_plate(seen("SCANIA", 0.99), 1, {}).empty());
  EXPECT_TRUE(judge_plate(seen("", 0.99), 1, {}).empty());
  EXPECT_TRUE(judge_plate(seen("TRANSPORT", 0.99), 1, {}).empty());
}

TEST(Judge, AnUnknownPatternIsShownButNeverAccepted) {
  const auto reads = judge_plate(seen("9X9X99X9", 0.99), 1, {});
  ASSERT_EQ(reads.size(), 1U);
  EXPECT_EQ(reads[0].country, "");
  EXPECT_EQ(reads[0].verdict, Verdict::ask);
  EXPECT_EQ(reads[0].text, "9X9X99X9");
}

TEST(Judge, ConfidencesBelongToTheCharactersOfTheText) {
  Seen s = seen("KZ123ABC02", 0.9);
  s.confidences[4] = 0.5;  // the 3
  const auto reads = judge_plate(s, 1, {"KZ"});
  ASSERT_FALSE(reads.empty());
  EXPECT_EQ(reads[0].text, "123ABC02");
  ASSERT_EQ(reads[0].char_confidences.size(), 8U);
  EXPECT_DOUBLE_EQ(reads[0].char_confidences[2], 0.5);
}

TEST(Judge, ContainersNeedCheckDigitAndOwnerAndCategory) {
  const auto owners = OwnerTable::parse("code,company\nMSK,Maersk\n", "test");
  EXPECT_EQ(judge_container(seen("MSKU4135329", 0.99), &*owners).at(0).verdict, Verdict::accept);
  EXPECT_EQ(judge_container(seen("MSKU4135328", 0.99), &*owners).at(0).verdict, Verdict::ask);
  EXPECT_EQ(judge_container(seen("MSKU4135329", 0.99), nullptr).at(0).verdict, Verdict::ask);
  EXPECT_EQ(judge_container(seen("MSKU4135329", 0.7), &*owners).at(0).verdict, Verdict::ask);
}

TEST(Judge, SizeAndTypeAfterTheNumber) {
  const auto reads = judge_container(seen("MSKU413532922G1", 0.95), nullptr);
  ASSERT_FALSE(reads.empty());
  EXPECT_EQ(reads[0].text, "MSKU4135329");
  EXPECT_EQ(reads[0].size_type, "22G1");
}

// What a reader of shapes gives to O counts for 0 where only a digit can stand.
TEST(Judge, NamesOfOneShapeCountTogether) {
  Seen s = seen("1O3ABC02", 0.98);
  s.choices.resize(8);
  s.confidences[1] = 0.52;
  s.choices[1] = {{U'0', 0.46}, {U'Q', 0.01}};
  s.confidences[6] = 0.55;  // the zero of the region
  s.choices[6] = {{U'O', 0.43}};
  const auto reads = judge_plate(s, 1, {"KZ"});
  ASSERT_FALSE(reads.empty());
  EXPECT_EQ(reads[0].text, "103ABC02");
  EXPECT_NEAR(reads[0].char_confidences[1], 0.98, 1e-9);
  EXPECT_NEAR(reads[0].char_confidences[6], 0.98, 1e-9);
  EXPECT_EQ(reads[0].verdict, Verdict::accept);
}

// Seen on Czech plates (test_065): 4BO 4979 of the truck series, 4B0 4979 of the ordinary one.
TEST(Judge, TwoNumbersOfOneShapeAreAskedAbout) {
  const auto reads = judge_plate(seen("4B04979", 0.99), 1, {"CZ"});
  ASSERT_GE(reads.size(), 2U);
  for (const Read& read : reads)
    EXPECT_EQ(read.verdict, Verdict::ask);
}

// 610 JB 14 of a company and 61 OJB 14 of a trailer are one picture in many fonts, whatever the reader says.
TEST(Judge, ZeroAndOAreAskedAboutWhereBothAreNumbers) {
  const auto reads = judge_plate(seen("610JB14", 0.999), 1, {"KZ"});
  ASSERT_GE(reads.size(), 2U);
  EXPECT_FALSE(reads[0].firm);
  EXPECT_EQ(reads[0].verdict, Verdict::ask);
  EXPECT_EQ(judge_plate(seen("623JB14", 0.999), 1, {"KZ"}).at(0).verdict, Verdict::accept);
}

TEST(Judge, ZeroAndOAreToldApartByWhatTheReaderGaveToEach) {
  const auto read_with = [](double zero, double letter) {
    Seen s = seen("620JB14", 0.995);
    s.choices.assign(7, {{U'Q', 0.001}});
    s.confidences[2] = zero;
    s.choices[2] = {{U'O', letter}};
    return judge_plate(s, 1, {"KZ"}).at(0);
  };
  EXPECT_EQ(read_with(0.99, 0.005).verdict, Verdict::accept);
  const Read wavers = read_with(0.9, 0.09);
  EXPECT_FALSE(wavers.firm);
  EXPECT_EQ(wavers.verdict, Verdict::ask);
}

TEST(Judge, ALooseRuleIsEnoughForACountryThatIsExpected) {
  EXPECT_EQ(judge_plate(seen("S1234A", 0.99), 1, {}).at(0).verdict, Verdict::ask);
  EXPECT_EQ(judge_plate(seen("S1234A", 0.99), 1, {"KG"}).at(0).verdict, Verdict::accept);
  EXPECT_EQ(judge_plate(seen("S1234A", 0.99), 1, {"KZ"}).at(0).verdict, Verdict::ask);
}

TEST(Judge, SurenessIsOfTheWeakestAndFallsWithDoubts) {
  Seen s = seen("123ABC02", 0.99);
  s.confidences[4] = 0.7;
  Read read = judge_plate(s, 1, {}).at(0);
  EXPECT_TRUE(read.firm);
  EXPECT_DOUBLE_EQ(read.sureness, 0.7);
  doubt(read, 0.9, sure_plate);
  EXPECT_DOUBLE_EQ(read.sureness, 0.7);
  doubt(read, 0.2, sure_plate);
  EXPECT_DOUBLE_EQ(read.sureness, 0.2);
  EXPECT_EQ(read.verdict, Verdict::ask);
}

TEST(Judge, ARepairIsAsSureAsTheReadersChoiceForIt) {
  Seen s = seen("12BABC02", 0.97);
  s.choices.resize(8);
  s.choices[2] = {{U'8', 0.02}};
  const auto hardly = judge_plate(s, 1, {"KZ"});
  ASSERT_FALSE(hardly.empty());
  EXPECT_EQ(hardly[0].text, "128ABC02");
  EXPECT_LT(hardly[0].char_confidences[2], 0.4);
  EXPECT_EQ(hardly[0].verdict, Verdict::ask);
  s.confidences[2] = 0.5;
  s.choices[2] = {{U'8', 0.45}};
  EXPECT_NEAR(judge_plate(s, 1, {"KZ"}).at(0).char_confidences[2], 0.43, 0.02);
}

TEST(Judge, ShapesOfAMongolianPlateAreItsLetters) {
  const auto reads = judge_plate(seen("1537YHЛ", 0.99), 2, {"MN"});
  ASSERT_FALSE(reads.empty());
  EXPECT_EQ(reads[0].country, "MN");
  EXPECT_EQ(reads[0].text, "1537ҮНЛ");
  EXPECT_EQ(reads[0].verdict, Verdict::accept);
  const auto latin = judge_plate(seen("0032ABX", 0.99), 1, {"MN"});
  EXPECT_EQ(latin.at(0).text, "0032АВХ");
  EXPECT_EQ(latin.at(0).verdict, Verdict::ask) << "no letter shows the script";
  EXPECT_EQ(judge_plate(seen("4919УБЦ", 0.99), 1, {}).at(0).text, "4919УБЦ");
  EXPECT_EQ(judge_plate(seen("A123У C77", 0.99), 1, {"RU"}).at(0).text, "A123YC77");
}

}  // namespace
}  // namespace torugart::ocr::detail
