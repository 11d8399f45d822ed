#include "ocr/numbers/papers.h"

#include <gtest/gtest.h>

namespace torugart::ocr {
namespace {

TEST(Tir, PublishedExamples) {
  EXPECT_EQ(check_tir("JX95000448"), TirVerdict::valid);
  EXPECT_EQ(tir_prefix("72581267"), "JX");
  EXPECT_EQ(check_tir("jx 95000448"), TirVerdict::valid);
}

TEST(Tir, PrefixIsNeededOnlyAboveTwentyFiveMillion) {
  EXPECT_EQ(check_tir("25000000"), TirVerdict::valid);
  EXPECT_EQ(check_tir("25000001"), TirVerdict::prefix_missing);
  EXPECT_EQ(check_tir("XX95000448"), TirVerdict::prefix_wrong);
}

TEST(Tir, OtherThingsAreNoCarnets) {
  for (const char* text : {"", "JX", "ABC123", "0", "1234567890", "12A4"}) {
    EXPECT_EQ(check_tir(text), TirVerdict::not_a_carnet) << text;
  }
}

TEST(Tir, EveryRemainderHasALetterAndAnX) {
  for (int n = 30000000; n < 30000023; ++n) {
    const auto prefix = tir_prefix(std::to_string(n));
    ASSERT_TRUE(prefix);
    EXPECT_EQ((*prefix)[n % 23 < 12 ? 1 : 0], 'X');
    EXPECT_EQ(check_tir(*prefix + std::to_string(n)), TirVerdict::valid);
  }
}

TEST(Adr, HazardOverUnNumber) {
  const auto petrol = parse_adr("33/1203");
  ASSERT_TRUE(petrol);
  EXPECT_EQ(petrol->hazard, "33");
  EXPECT_EQ(petrol->un, "1203");
  EXPECT_FALSE(petrol->no_water);
  const auto sodium = parse_adr("X423\n1428");
  ASSERT_TRUE(sodium);
  EXPECT_EQ(sodium->hazard, "X423");
  EXPECT_TRUE(sodium->no_water);
  for (const char* text : {"", "X", "3/1203", "33/120", "3333/1203", "33/12O3"})
    EXPECT_FALSE(parse_adr(text)) << text;
}

}  // namespace
}  // namespace torugart::ocr
