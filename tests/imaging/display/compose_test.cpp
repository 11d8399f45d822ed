#include "imaging/display/compose.h"

#include <gtest/gtest.h>

#include "imaging/display/renderer.h"

namespace torugart::imaging {
namespace {

constexpr std::uint32_t grey(unsigned level) {
  return level * 0x00010101U | 0xFF000000U;
}
int red(std::uint32_t c) {
  return static_cast<int>(c & 255U);
}
int blue(std::uint32_t c) {
  return static_cast<int>(c >> 16U & 255U);
}

TEST(Difference, more_in_the_beam_is_orange_less_is_blue_and_noise_is_grey) {
  RasterRgba now(5, 1, grey(100)), before(5, 1, grey(100)), out;
  before.at(1, 0) = grey(180);
  before.at(2, 0) = grey(20);
  before.at(3, 0) = grey(100 + kSameLevels);
  before.at(4, 0) = kBackground;
  ASSERT_TRUE(difference_of(now, before, out));
  EXPECT_EQ(red(out.at(0, 0)), blue(out.at(0, 0)));
  EXPECT_GT(red(out.at(1, 0)), blue(out.at(1, 0)) + 100);
  EXPECT_GT(blue(out.at(2, 0)), red(out.at(2, 0)) + 100);
  EXPECT_EQ(red(out.at(3, 0)), blue(out.at(3, 0)));
  EXPECT_EQ(out.at(4, 0), kBackground);
}

TEST(Difference, two_sizes_are_refused) {
  RasterRgba now(4, 2), before(3, 2), out;
  EXPECT_FALSE(difference_of(now, before, out));
}

}  // namespace
}  // namespace torugart::imaging
