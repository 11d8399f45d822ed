#include "imaging/core/geometry.h"

#include <gtest/gtest.h>

#include "imaging/core/error.h"
#include "imaging/core/transmission.h"

namespace torugart::imaging {
namespace {

TEST(Rect, intersects_and_unites) {
  const Rect a{0, 0, 10, 10};
  EXPECT_EQ(a.intersect({5, 6, 10, 10}), (Rect{5, 6, 5, 4}));
  EXPECT_TRUE(a.intersect({10, 0, 5, 5}).empty());
  EXPECT_EQ(a.unite({20, 20, 1, 1}), (Rect{0, 0, 21, 21}));
  EXPECT_EQ(Rect{}.unite(a), a);
  EXPECT_EQ(a.grow(2), (Rect{-2, -2, 14, 14}));
}

TEST(Viewport, converts_both_ways) {
  const Viewport v{{100.5, 20, 400, 300}, 800, 900};
  const ImagePoint p{212.25, 77.5};
  const ImagePoint back = v.to_image(v.to_view(p));
  EXPECT_NEAR(back.x, p.x, 1e-9);
  EXPECT_NEAR(back.y, p.y, 1e-9);
  EXPECT_DOUBLE_EQ(v.to_view({100.5, 20}).x, 0);
  EXPECT_DOUBLE_EQ(v.to_view({500.5, 320}).y, 900);
  EXPECT_EQ(v.image_pixels(), (Rect{100, 20, 401, 300}));
}

TEST(Viewport, fit_shows_all_with_square_pixels) {
  const Viewport v = Viewport::fit(2000, 500, 1000, 1000);
  EXPECT_DOUBLE_EQ(v.scale_x(), v.scale_y());
  EXPECT_DOUBLE_EQ(v.image.w, 2000);
  EXPECT_DOUBLE_EQ(v.to_view({1000, 250}).y, 500);
  EXPECT_FALSE(Viewport::fit(0, 5, 10, 10).valid());
}

TEST(Viewport, zoom_keeps_the_point_under_the_finger) {
  const Viewport v = Viewport::fit(2000, 500, 1000, 400);
  const ViewPoint finger{300, 111};
  const ImagePoint before = v.to_image(finger);
  const ImagePoint after = v.zoomed(2.7, finger).to_image(finger);
  EXPECT_NEAR(after.x, before.x, 1e-9);
  EXPECT_NEAR(after.y, before.y, 1e-9);
}

TEST(Viewport, pan_moves_the_picture_with_the_finger) {
  const Viewport v = Viewport::fit(2000, 500, 1000, 400);
  const ImagePoint p = v.to_image({300, 100});
  const ViewPoint moved = v.panned(40, -10).to_view(p);
  EXPECT_NEAR(moved.x, 340, 1e-9);
  EXPECT_NEAR(moved.y, 90, 1e-9);
}

TEST(Transmission, codes_keep_the_mask_apart_from_values) {
  EXPECT_EQ(code_of(1.0F), kOpenBeam);
  EXPECT_EQ(code_of(-0.2F), 1);
  EXPECT_EQ(code_of(7.0F), kMaxMeasured);
  EXPECT_EQ(code_of(std::nanf("")), 1);
  for (const int code : {1, 2, 59999, 60000, 65533}) {
    EXPECT_EQ(code_of(transmission_of(static_cast<std::uint16_t>(code))), code);
    EXPECT_EQ(state_of(static_cast<std::uint16_t>(code)), PixelState::measured);
  }
  EXPECT_EQ(state_of(kNoSignal), PixelState::no_signal);
  EXPECT_EQ(state_of(kOverRange), PixelState::over_range);
  EXPECT_EQ(state_of(kMissing), PixelState::missing);
  EXPECT_NEAR(attenuation_of(kOpenBeam), 0.0F, 1e-6);
}

TEST(Error, reads_as_one_sentence) {
  const Error e = fail(ErrorCode::bad_file, "a.dcs", "it ends after 12 bytes", "copy it again").value();
  EXPECT_EQ(e.text(), "a.dcs: it ends after 12 bytes; copy it again");
}

}  // namespace
}  // namespace torugart::imaging
