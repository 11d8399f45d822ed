#include "ocr/numbers/seen.h"

#include <gtest/gtest.h>

#include <random>

#include "ocr/numbers/confusion.h"
#include "ocr/numbers/container.h"
#include "ocr/numbers/papers.h"
#include "ocr/numbers/plates.h"

namespace torugart::ocr {
namespace {

TEST(Seen, Utf8ThereAndBack) {
  const std::string text = "1537УНЛ 皖A挂\xF0\x9F\x9A\x9B";
  EXPECT_EQ(to_utf8(to_code_points(text)), text);
  EXPECT_EQ(to_code_points("УНЛ").size(), 3U);
}

TEST(Seen, BrokenUtf8BecomesReplacementCharacters) {
  EXPECT_EQ(to_code_points("A\xFFZ"), U"A\uFFFDZ");
  EXPECT_EQ(to_code_points("\xC3"), U"\uFFFD");
  EXPECT_EQ(to_code_points("\xC0\x80"), U"\uFFFD\uFFFD");
  EXPECT_EQ(to_code_points("\xED\xA0\x80").front(), char32_t{0xFFFD});
}

TEST(Seen, NormalisedIsUpperWithoutSeparators) {
  EXPECT_EQ(normalised(" 123 abc-02 "), "123ABC02");
  EXPECT_EQ(normalised("51F-446.14"), "51F44614");
  EXPECT_EQ(normalised("1537 унлө"), "1537УНЛӨ");
}

TEST(Confusion, SymmetricAndZeroOnlyForTheSame) {
  for (char32_t a = U'0'; a <= U'Z'; ++a) {
    for (char32_t b = U'0'; b <= U'Z'; ++b) {
      EXPECT_EQ(confusion_cost(a, b), confusion_cost(b, a));
      EXPECT_EQ(confusion_cost(a, b) == 0, a == b);
    }
  }
  EXPECT_LT(confusion_cost(U'0', U'O'), confusion_cost(U'0', U'D'));
  EXPECT_EQ(confusion_cost(U'X', U'7'), impossible_repair);
}

// Whatever bytes a reader hands over, the grammars answer within bounds and keep their promises.
TEST(Numbers, RandomBytesNeverBreakAGrammar) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> byte(0, 255);
  std::uniform_int_distribution<int> length(0, 60);
  for (int round = 0; round < 2000; ++round) {
    Seen seen;
    const int n = length(random);
    for (int i = 0; i < n; ++i)
      seen.text.push_back(static_cast<char>(byte(random)));
    for (int i = 0; i < n / 2; ++i)
      seen.confidences.push_back(byte(random) / 100.0 - 0.5);
    const auto plates = parse_plate(seen);
    EXPECT_LE(plates.size(), 5U);
    for (const auto& plate : plates) {
      EXPECT_LE(plate.repair_cost, repair_limit);
      EXPECT_TRUE(is_plate(plate.text, plate.country)) << plate.text;
    }
    for (const auto& container : parse_container(seen))
      EXPECT_LE(container.repair_cost, repair_limit);
    (void)repair_size_type(seen);
    (void)check_tir(seen.text);
    (void)parse_adr(seen.text);
    (void)display_plate(seen.text);
    (void)display_container(seen.text);
    (void)OwnerTable::parse(seen.text, "random");
  }
}

}  // namespace
}  // namespace torugart::ocr
