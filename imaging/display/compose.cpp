#include "imaging/display/compose.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <fmt/core.h>

#include "imaging/display/renderer.h"

namespace torugart::imaging {
namespace {

struct Ink {
  int red, green, blue;
};
constexpr Ink kMore{230, 120, 0}, kLess{0, 100, 220};  // apart with every colour vision (Okabe and Ito 2008)
constexpr int kPaper = 225;                            // the grey that both fade to

std::uint32_t rgba(int r, int g, int b) {
  return static_cast<std::uint32_t>(r) | static_cast<std::uint32_t>(g) << 8U | static_cast<std::uint32_t>(b) << 16U |
         0xFF000000U;
}

}  // namespace

Result<void> difference_of(const RasterRgba& now, const RasterRgba& before, RasterRgba& out) {
  if (now.width() != before.width() || now.height() != before.height()) {
    return fail(ErrorCode::bad_argument, "difference",
                fmt::format("{} x {} and {} x {} pixels", now.width(), now.height(), before.width(), before.height()),
                "draw both at one size");
  }
  out.resize(now.width(), now.height());
  const auto a = now.samples();
  const auto b = before.samples();
  const auto to = out.samples();
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == kBackground || b[i] == kBackground) {
      to[i] = kBackground;
      continue;
    }
    const int level_a = static_cast<int>(a[i] & 255U);
    const int level_b = static_cast<int>(b[i] & 255U);
    const int grey = kPaper - (255 - (level_a + level_b) / 2) / 3;
    const int apart = std::abs(level_a - level_b) - kSameLevels;
    if (apart <= 0) {
      to[i] = rgba(grey, grey, grey);
      continue;
    }
    const Ink& ink = level_a < level_b ? kMore : kLess;
    const int weight = std::min(256, 48 + apart * 4);
    const auto mixed = [&](int c) { return grey + (c - grey) * weight / 256; };
    to[i] = rgba(mixed(ink.red), mixed(ink.green), mixed(ink.blue));
  }
  return {};
}

}  // namespace torugart::imaging
