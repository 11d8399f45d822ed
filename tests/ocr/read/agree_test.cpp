// Readings put together: agreement makes sure, difference makes doubt.
#include "ocr/read/agree.h"

#include <gtest/gtest.h>

namespace torugart::ocr::detail {
namespace {

Seen seen(const std::string& text, double confidence = 0.3) {
  return {text, std::vector<double>(text.size(), confidence), {}};
}

TEST(Agreed, WhatAllReadAlikeIsSureHoweverTheReaderDoubts) {
  const Seen all = agreed({seen("12AB"), seen("12AB"), seen("12AB")}, 4);
  EXPECT_EQ(all.text, "12AB");
  for (const double c : all.confidences) {
    EXPECT_GE(c, 0.95);
    EXPECT_LT(c, 0.97) << "one frame alone must never be enough";
  }
}

TEST(Agreed, WhereTheyDifferIsDoubtAndASecondChoice) {
  const Seen most = agreed({seen("12AB"), seen("12AB"), seen("12AB"), seen("42AB")}, 4);
  EXPECT_EQ(most.text, "12AB");
  EXPECT_LT(most.confidences[0], 0.8);
  ASSERT_EQ(most.choices[0].size(), 1U);
  EXPECT_EQ(most.choices[0][0].character, U'4');
  EXPECT_GE(most.confidences[1], 0.95);
}

TEST(Agreed, ReadingsOfAnotherLengthTakeCertaintyAway) {
  const Seen some = agreed({seen("12AB"), seen("12AB"), seen("12AB"), seen("12A")}, 4);
  for (const double c : some.confidences)
    EXPECT_LT(c, 0.8);
  EXPECT_TRUE(agreed({seen("12AB"), seen("12AB"), seen("12A")}, 4).text.empty());
}

TEST(Agreed, ZeroAndOAreOneShape) {
  const Seen both = agreed({seen("0I"), seen("O1"), seen("01")}, 2);
  EXPECT_EQ(both.text, "01");
  EXPECT_GE(both.confidences[0], 0.95);
  EXPECT_EQ(same_shapes_as(seen("O8I"), "081").text, "081");
  EXPECT_EQ(same_shapes_as(seen("B8I"), "881").text, "B81");
}

}  // namespace
}  // namespace torugart::ocr::detail
