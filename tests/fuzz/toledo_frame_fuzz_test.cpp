// Mutated frames of an indicator, in pieces: what comes out is a weight that an indicator can show.
#include <gtest/gtest.h>

#include <random>

#include "hal/drivers/toledo_scale/toledo_frame.h"
#include "tests/fuzz/mutate.h"

namespace torugart::hal::drivers::toledo {
namespace {

TEST(FuzzToledoFrame, MutatedFramesNeverBreakIt) {
  std::string good;
  for (int i = 0; i < 5; ++i)
    good += std::string("\x02\x2a\x30\x20") + "038420000000\r";
  std::mt19937 random(29);
  int frames = 0;
  for (int i = 0; i < 20'000; ++i) {
    FrameFinder finder(i % 2 == 0);
    const auto bytes = fuzz::mutated(good, random, "\x02\r 0123456789\x20\x2a\xff");
    std::string_view rest = bytes;
    while (!rest.empty()) {
      const auto piece = std::min<std::size_t>(rest.size(), 1 + random() % 30);
      finder.push(rest.substr(0, piece), [&](const Frame& frame) {
        ++frames;
        const auto reading = reading_of(frame, {});
        if (!reading) return;
        EXPECT_GE(reading->gross_kg, 0);
        EXPECT_LE(reading->gross_kg, 200'000);
      });
      rest.remove_prefix(piece);
    }
  }
  EXPECT_GT(frames, 1000);
}

}  // namespace
}  // namespace torugart::hal::drivers::toledo
