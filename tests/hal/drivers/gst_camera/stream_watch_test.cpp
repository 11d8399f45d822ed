#include "hal/drivers/gst_camera/stream_watch.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

namespace torugart::hal::gst_camera {
namespace {

void packet(StreamWatch& watch, unsigned number, StreamWatch::Pts pts) {
  std::array<std::uint8_t, 12> bytes{};
  bytes[0] = 0x80;
  bytes[2] = static_cast<std::uint8_t>(number >> 8U);
  bytes[3] = static_cast<std::uint8_t>(number);
  watch.packet(bytes.data(), bytes.size(), pts);
}

TEST(StreamWatch, ALossSpoilsEverythingUntilAKeyFrameThatBeganAfterIt) {
  StreamWatch watch;
  packet(watch, 65534, 10);
  watch.coded(10, true, false);
  packet(watch, 65535, 20);
  watch.coded(20, false, false);
  packet(watch, 0, 30);  // the number wraps: no loss
  watch.coded(30, false, false);
  EXPECT_FALSE(watch.decoded(30).damaged);
  packet(watch, 3, 40);
  watch.coded(40, true, false);  // may have lost its beginning
  watch.coded(50, false, false);
  watch.coded(60, true, false);
  EXPECT_EQ(watch.lost_packets(), 2U);
  EXPECT_TRUE(watch.decoded(40).damaged);
  EXPECT_TRUE(watch.decoded(50).damaged);
  EXPECT_FALSE(watch.decoded(60).damaged);
  EXPECT_EQ(watch.decoded(60).sequence, 5U);
}

TEST(StreamWatch, AnotherSenderIsOneLossAndAnUnknownTimeIsTheNewestFrame) {
  StreamWatch watch;
  packet(watch, 50'000, 1);
  packet(watch, 10, 2);
  EXPECT_EQ(watch.lost_packets(), 15'545U) << "50,001 to 65,535 and 0 to 9";
  packet(watch, 9, 3);
  EXPECT_EQ(watch.lost_packets(), 15'546U) << "backwards: another sender";
  watch.coded(3, true, false);
  EXPECT_TRUE(watch.decoded(999).damaged);
  EXPECT_EQ(watch.decoded(999).sequence, 0U);
}

TEST(StreamWatch, WhatIsRememberedIsBounded) {
  StreamWatch watch;
  for (StreamWatch::Pts i = 0; i < 10'000; ++i)
    watch.coded(i, true, false);
  EXPECT_EQ(watch.decoded(9'999).sequence, 9'999U);
  EXPECT_EQ(watch.decoded(9'950).sequence, 9'950U);
  EXPECT_EQ(watch.decoded(5).sequence, 9'999U);
}

TEST(StreamWatch, AJpegPictureHasAnEnd) {
  const std::vector<std::uint8_t> whole{0xFF, 0xD8, 1, 2, 0xFF, 0xD9}, padded{0xFF, 0xD8, 1, 0xFF, 0xD9, 0, 0, 0},
      cut{0xFF, 0xD8, 1, 2, 3}, none;
  EXPECT_TRUE(jpeg_is_whole(whole.data(), whole.size()));
  EXPECT_TRUE(jpeg_is_whole(padded.data(), padded.size()));
  EXPECT_FALSE(jpeg_is_whole(cut.data(), cut.size()));
  EXPECT_FALSE(jpeg_is_whole(none.data(), none.size()));
}

TEST(StreamWatch, AnyBytesAreSurvived) {
  std::mt19937 random(3);
  StreamWatch watch;
  for (int i = 0; i < 200'000; ++i) {
    std::vector<std::uint8_t> bytes(random() % 24);
    for (auto& b : bytes)
      b = static_cast<std::uint8_t>(random() % 5 == 0 ? 0xFF : random());
    watch.packet(bytes.data(), bytes.size(), random() % 50);
    (void)jpeg_is_whole(bytes.data(), bytes.size());
    if (i % 3 == 0) watch.coded(random() % 100, random() % 2 == 0, random() % 7 == 0);
    (void)watch.decoded(random() % 100);
  }
  EXPECT_EQ(watch.coded_frames(), 66'667U);
}

}  // namespace
}  // namespace torugart::hal::gst_camera
