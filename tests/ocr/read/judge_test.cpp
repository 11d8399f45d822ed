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

}  // namespace
}  // namespace torugart::ocr::detail
