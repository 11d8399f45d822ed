#include "hal/drivers/code_scanner/code_assembler.h"

#include <gtest/gtest.h>
#include <linux/input-event-codes.h>

#include <random>

namespace torugart::hal::code_scanner {
namespace {

std::vector<Code> take(SerialAssembler& a, const std::string& bytes) {
  return a.take(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

TEST(SerialAssembler, ACodeEndsWithCrLfOrEtxHoweverItIsTorn) {
  SerialAssembler a;
  EXPECT_TRUE(take(a, "]C1XD725").empty());
  auto codes = take(a,
                    "81267\r\n\x02]Q3{\"seal\":1}\x03"
                    "4006381333931\n");
  ASSERT_EQ(codes.size(), 3U);
  EXPECT_EQ(codes[0].symbology, "Code128");
  EXPECT_EQ(codes[0].text, "XD72581267");
  EXPECT_EQ(codes[1].symbology, "QRCode");
  EXPECT_EQ(codes[1].text, "{\"seal\":1}");
  EXPECT_EQ(codes[2].symbology, "");
  EXPECT_EQ(codes[2].text, "4006381333931");
  EXPECT_FALSE(a.pause());
}

TEST(SerialAssembler, APauseEndsACodeWithoutATerminator) {
  SerialAssembler a;
  EXPECT_TRUE(take(a, "SEAL-77").empty());
  EXPECT_EQ(a.pause()->text, "SEAL-77");
}

TEST(SerialAssembler, AnUnendedCodeIsDroppedWhenTheNextBegins) {
  SerialAssembler a;
  const auto codes = take(a, "\x02half\x02whole\x03");
  ASSERT_EQ(codes.size(), 1U);
  EXPECT_EQ(codes[0].text, "whole");
  EXPECT_EQ(a.discarded(), 4U);
}

TEST(SerialAssembler, ACodeThatIsTooLongIsNoCodeAndTheNextIs) {
  SerialAssembler a;
  EXPECT_TRUE(take(a, std::string(5000, 'A') + "\r").empty());
  EXPECT_EQ(a.discarded(), 5000U);
  EXPECT_EQ(take(a, std::string(4096, 'B') + "\r").at(0).text.size(), 4096U);
}

TEST(SerialAssembler, WhatIsNotUtf8IsLatin1) {
  SerialAssembler a;
  EXPECT_EQ(take(a, "Z\xFCrich\r").at(0).text, "Zürich");
  EXPECT_EQ(take(a, "\xD0\x96\r").at(0).text, "Ж");
  EXPECT_EQ(take(a, "\xED\xA0\x80\r").at(0).text, "\xC3\xAD\xC2\xA0\xC2\x80") << "a surrogate is not UTF-8";
}

TEST(CodeOf, AnIdentifierThatIsNotKnownStaysPartOfTheText) {
  EXPECT_EQ(code_of("]?9abc")->text, "]?9abc");
  EXPECT_EQ(code_of("]L2abc")->symbology, "PDF417");
  EXPECT_EQ(code_of("]d1abc")->symbology, "DataMatrix");
  EXPECT_FALSE(code_of("]C0"));
  EXPECT_FALSE(code_of(""));
}

TEST(KeyAssembler, KeysShiftAndEnterMakeACode) {
  KeyAssembler a;
  const auto press = [&](std::uint16_t key) {
    auto code = a.take(EV_KEY, key, 1);
    EXPECT_FALSE(a.take(EV_KEY, key, 2)) << "a repeat is no second key";
    EXPECT_FALSE(a.take(EV_KEY, key, 0));
    EXPECT_FALSE(a.take(EV_SYN, SYN_REPORT, 0));
    return code;
  };
  a.take(EV_KEY, KEY_LEFTSHIFT, 1);
  press(KEY_X);
  press(KEY_SEMICOLON);
  a.take(EV_KEY, KEY_LEFTSHIFT, 0);
  press(KEY_7);
  press(KEY_Z);
  press(KEY_F13);
  EXPECT_EQ(press(KEY_ENTER)->text, "X:7z");
  EXPECT_EQ(a.unknown_keys(), 1U);
  EXPECT_FALSE(press(KEY_ENTER)) << "nothing was typed";
}

TEST(KeyAssembler, EventsThatTheKernelLostSpoilTheCode) {
  KeyAssembler a;
  a.take(EV_KEY, KEY_1, 1);
  a.take(EV_SYN, SYN_DROPPED, 0);
  a.take(EV_KEY, KEY_2, 1);
  EXPECT_EQ(a.take(EV_KEY, KEY_TAB, 1)->text, "2");
}

TEST(CodeScannerFuzz, AnyBytesAndAnyEventsAreSurvivedAndCodesStayWithinTheirBounds) {
  std::mt19937 random(11);
  SerialAssembler serial;
  KeyAssembler keys;
  std::size_t codes = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string bytes(random() % 2000, ' ');
    const bool ends = random() % 3 == 0;
    for (auto& c : bytes) {
      c = static_cast<char>(random());
      if (!ends && (c == '\r' || c == '\n' || c == 2 || c == 3)) c = 'x';
    }
    for (const auto& code : take(serial, bytes)) {
      ++codes;
      ASSERT_LE(code.text.size(), kLongest);
      ASSERT_FALSE(code.text.empty());
    }
    if (i % 5 == 0) (void)serial.pause();
    for (int k = 0; k < 50; ++k) {
      const auto code =
          keys.take(static_cast<std::uint16_t>(random() % 3), static_cast<std::uint16_t>(random() % 300),
                    static_cast<std::int32_t>(random() % 4) - 1);
      if (code) {
        ASSERT_LE(code->text.size(), kLongest);
      }
    }
  }
  EXPECT_GT(codes, 100U);
}

}  // namespace
}  // namespace torugart::hal::code_scanner
