// Pure parts: theme, text layout, numbers, languages.
#include <gmock/gmock.h>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/numbers.h"
#include "kiosk/touch/text_layout.h"
#include "kiosk/touch/theme.h"
#include "kiosk/touch/utf8.h"

namespace torugart::touch {
namespace {

using testing::ElementsAre;

TEST(Theme, EveryPairOfColoursCanBeRead) {
  for (const Theme* theme : {&dark_theme(), &light_theme()})
    for (const ContrastCheck& check : contrast_audit(*theme))
      EXPECT_TRUE(check.ok()) << check.what << ": " << check.ratio << " < " << check.needed;
}

TEST(Theme, ContrastIsThatOfWcag) {
  EXPECT_NEAR(contrast_ratio(Color::hex(0x000000), Color::hex(0xFFFFFF)), 21, 0.01);
  EXPECT_NEAR(contrast_ratio(Color::hex(0x767676), Color::hex(0xFFFFFF)), 4.54, 0.01);
}

TEST(Theme, AnUnreadablePairIsFound) {
  Theme theme = dark_theme();
  theme.text_dim = Color::hex(0x505860);
  int bad = 0;
  for (const ContrastCheck& check : contrast_audit(theme))
    bad += check.ok() ? 0 : 1;
  EXPECT_GT(bad, 0);
}

TEST(Theme, SizesHoldTheLeast) {
  EXPECT_FLOAT_EQ(scale_for(1920, 1080), 1.0F);
  EXPECT_FLOAT_EQ(scale_for(1280, 800), 0.75F);
  EXPECT_FLOAT_EQ(scale_for(3840, 2160), 2.0F);
  for (const FontFace& f : font_faces(1.0F))
    EXPECT_GE(f.size_px, 20);
  for (const FontFace& f : font_faces(0.75F))
    EXPECT_GE(f.size_px, 16);
}

// every character half as wide as high
float half(std::string_view words) {
  return 0.5F * static_cast<float>(characters(words).size());
}

TEST(TextLayout, FitsWrapsShrinksAndSaysWhenItDoesNot) {
  const Layout one = fit("abcdef", 60, 30, 20, 16, 1, 1.1F, half);
  EXPECT_THAT(one.lines, ElementsAre("abcdef"));
  EXPECT_FLOAT_EQ(one.size, 20);
  const Layout two = fit("abcdef ghij", 70, 60, 20, 16, 2, 1.1F, half);
  EXPECT_THAT(two.lines, ElementsAre("abcdef", "ghij"));
  EXPECT_FLOAT_EQ(two.size, 20);
  const Layout smaller = fit("abcdef ghij", 98, 30, 20, 16, 1, 1.1F, half);
  EXPECT_THAT(smaller.lines, ElementsAre("abcdef ghij"));
  EXPECT_LT(smaller.size, 20);
  EXPECT_FALSE(smaller.clipped);
  const Layout clipped = fit("Радиационная тревога", 60, 30, 20, 16, 1, 1.1F, half);
  EXPECT_TRUE(clipped.clipped);
  ASSERT_EQ(clipped.lines.size(), 1U);
  EXPECT_LE(half(clipped.lines[0]) * 16, 60);
  EXPECT_THAT(clipped.lines[0], testing::StartsWith("Радиац"));
}

TEST(TextLayout, BreaksAtLineFeeds) {
  EXPECT_THAT(wrap("a b\nc", 100, 10, half), ElementsAre("a b", "c"));
}

TEST(Numbers, AreGroupedAsPeopleWriteThem) {
  EXPECT_EQ(grouped_plate("123ABC02", "KZ"), "123 ABC 02");
  EXPECT_EQ(grouped_plate("01KG123ABC", "KG"), "01 KG 123 ABC");
  EXPECT_EQ(grouped_plate("01123ABC", "KG"), "01 123 ABC");
  EXPECT_EQ(grouped_plate("01A123BC", "UZ"), "01 A 123 BC");
  EXPECT_EQ(grouped_plate("1234УБА", "MN"), "1234 УБА");
  EXPECT_EQ(grouped_container("MSKU1234565"), "MSKU 123456 5");
  EXPECT_EQ(grouped_container("MSKU12"), "MSKU 12");
  EXPECT_EQ(grouped_container(""), "");
}

TEST(Utf8, CaseOfBothAlphabets) {
  EXPECT_EQ(upper("kz ёлка 7"), "KZ ЁЛКА 7");
  EXPECT_EQ(lower("KZ ЁЛКА 7"), "kz ёлка 7");
}

TEST(Languages, SwitchWhileTheProgramRuns) {
  init_translations(TORUGART_BINARY_DIR "/share/locale");
  EXPECT_STREQ(tr("Cancel"), "Cancel");
  ASSERT_TRUE(set_language("ru"));
  EXPECT_STREQ(tr("Cancel"), "Отмена");
  EXPECT_STREQ(trc("keyboard", "Clear"), "Стереть");
  EXPECT_STREQ(trc("no such context", "Clear"), "Clear");
  EXPECT_STREQ(tr("no such text"), "no such text");
  EXPECT_FALSE(set_language("xx"));
  EXPECT_EQ(current_language(), "ru");
  ASSERT_TRUE(set_language("en"));
  EXPECT_STREQ(tr("Cancel"), "Cancel");
  EXPECT_STREQ(trn("{} truck", "{} trucks", 2), "{} trucks");
}

TEST(Languages, AnEmptyTextIsNotTheHeaderOfTheCatalogue) {
  EXPECT_STREQ(tr(""), "");
}

TEST(Languages, ABrokenPlaceholderDoesNotThrow) {
  EXPECT_EQ(trf("{} trucks wait", 3), "3 trucks wait");
  EXPECT_EQ(trf("{} of {}", 3), "{} of {}");
}

TEST(Languages, FontsLearnEveryWord) {
  init_translations(TORUGART_BINARY_DIR "/share/locale");
  const std::string all = all_translations();
  EXPECT_THAT(all, testing::HasSubstr("Отмена"));
  EXPECT_EQ(all.find('\0'), std::string::npos);
}

}  // namespace
}  // namespace torugart::touch
