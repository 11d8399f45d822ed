#include "imaging/display/renderer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>

namespace torugart::imaging {
namespace {

int red(std::uint32_t v) {
  return static_cast<int>(v & 0xFFU);
}
int green(std::uint32_t v) {
  return static_cast<int>(v >> 8U & 0xFFU);
}
int blue(std::uint32_t v) {
  return static_cast<int>(v >> 16U & 0xFFU);
}

ScanView noise(int w, int h, bool dual = true) {
  Raster16 high(w, h);
  Raster16 low(w, h);
  std::mt19937 random(11);
  for (std::size_t i = 0; i < high.samples().size(); ++i) {
    high.samples()[i] = static_cast<std::uint16_t>(1 + random() % kMaxMeasured);
    low.samples()[i] = static_cast<std::uint16_t>(1 + random() % kMaxMeasured);
  }
  return make_view(high, dual ? low : Raster16());
}

RenderOptions fixed(Tone tone, float lo, float hi) {
  RenderOptions o;
  o.tone = tone;
  o.window_lo = lo;
  o.window_hi = hi;
  return o;
}

RasterRgba draw(const ScanView& view, const Viewport& viewport, const RenderOptions& options) {
  Renderer renderer;
  RasterRgba out;
  const auto result = renderer.render(view, viewport, options, out);
  EXPECT_TRUE(result) << (result ? "" : result.error().text());
  return out;
}

Viewport one_to_one(int x, int y, int w, int h) {
  return {{static_cast<double>(x), static_cast<double>(y), static_cast<double>(w), static_cast<double>(h)}, w, h};
}

TEST(Renderer, window_and_level_are_exact) {
  const ScanView view = noise(300, 50);
  for (const Tone tone : {Tone::linear, Tone::log}) {
    const RasterRgba out = draw(view, one_to_one(17, 3, 200, 40), fixed(tone, 0.1F, 0.8F));
    for (int y = 0; y < 40; ++y) {
      for (int x = 0; x < 200; ++x) {
        const float t = transmission_of(view.value(Energy::high, 17 + x, 3 + y));
        double level = tone == Tone::linear ? (t - 0.1) / 0.7 : std::log(t / 0.1) / std::log(8.0);
        level = 255 * std::min(1.0, std::max(0.0, level));
        ASSERT_NEAR(red(out.at(x, y)), level, 0.51) << x << ' ' << y;
        ASSERT_EQ(red(out.at(x, y)), grey_level(t, tone, {0.1F, 0.8F}));
      }
    }
  }
}

TEST(Renderer, inversion_is_applied_once_and_last) {
  const ScanView view = noise(200, 50);
  for (const Enhance enhance : {Enhance::none, Enhance::edge}) {
    for (const double scale : {1.0, 0.4, 2.7}) {
      RenderOptions o = fixed(Tone::log, 0.01F, 1.0F);
      o.enhance = enhance;
      const Viewport v{{10, 5, 100, 30}, static_cast<int>(100 * scale), static_cast<int>(30 * scale)};
      const RasterRgba plain = draw(view, v, o);
      o.invert = true;
      const RasterRgba inverted = draw(view, v, o);
      for (std::size_t i = 0; i < plain.samples().size(); ++i) {
        ASSERT_EQ(red(plain.samples()[i]), 255 - red(inverted.samples()[i]));
      }
    }
  }
}

TEST(Renderer, a_pixel_is_where_the_converter_says) {
  Raster16 high(400, 100, code_of(0.9F));
  high.at(212, 57) = code_of(0.1F);
  const ScanView view = make_view(high, {});
  const Viewport v{{200, 50, 40, 20}, 400, 200};  // ten times
  const RasterRgba out = draw(view, v, fixed(Tone::linear, 0, 1));
  const ViewPoint centre = v.to_view({212.5, 57.5});
  int darkest = 255;
  int at_x = 0;
  int at_y = 0;
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 400; ++x) {
      if (red(out.at(x, y)) < darkest) {
        darkest = red(out.at(x, y));
        at_x = x;
        at_y = y;
      }
    }
  }
  EXPECT_NEAR(at_x + 0.5, centre.x, 1.0);
  EXPECT_NEAR(at_y + 0.5, centre.y, 1.0);
  // Bilinear: half way to the neighbour lies half way between the values.
  EXPECT_NEAR(red(out.at(at_x + 5, at_y)), (0.9 + 0.1) / 2 * 255, 15);
}

TEST(Renderer, reducing_averages) {
  const ScanView view = noise(640, 320);
  const RasterRgba out = draw(view, {{0, 0, 640, 320}, 40, 20}, fixed(Tone::linear, 0, 1.0923F));
  for (const std::uint32_t v : out.samples())
    EXPECT_NEAR(red(v), 127, 16);
}

TEST(Renderer, outside_the_image_is_background_and_missing_lines_are_marked) {
  Raster16 high(100, 60, code_of(0.5F));
  for (int y = 0; y < 60; ++y)
    high.at(50, y) = kMissing;
  const ScanView view = make_view(high, {});
  const RasterRgba out = draw(view, one_to_one(-10, -10, 140, 90), fixed(Tone::linear, 0, 1));
  EXPECT_EQ(out.at(0, 0), kBackground);
  EXPECT_EQ(out.at(9, 40), kBackground);
  EXPECT_NE(out.at(10, 40), kBackground);
  EXPECT_NE(out.at(109, 40), kBackground);
  EXPECT_EQ(out.at(110, 40), kBackground);
  EXPECT_EQ(out.at(50, 70), kBackground);
  for (int y = 10; y < 70; ++y)
    EXPECT_NE(red(out.at(60, y)), green(out.at(60, y))) << "no grey that could be cargo";
  // Still marked when the whole is reduced four times.
  const RasterRgba small = draw(view, {{0, 0, 100, 60}, 50, 30}, fixed(Tone::linear, 0, 1));
  EXPECT_NE(red(small.at(25, 15)), green(small.at(25, 15)));
}

TEST(Renderer, masks_can_be_shown) {
  Raster16 high(64, 64, kNoSignal);
  const ScanView view = make_view(high, {});
  RenderOptions o = fixed(Tone::log, 0.001F, 1);
  EXPECT_EQ(draw(view, one_to_one(0, 0, 64, 64), o).at(8, 8), 0xFF000000U);
  o.show_masks = true;
  const RasterRgba out = draw(view, one_to_one(0, 0, 64, 64), o);
  EXPECT_NE(out.at(8, 8), 0xFF000000U);
  EXPECT_EQ(out.at(8, 12), 0xFF000000U);
}

TEST(Renderer, edges_are_enhanced_and_flat_parts_are_not) {
  Raster16 high(100, 40, code_of(0.4F));
  for (int y = 0; y < 40; ++y) {
    for (int x = 50; x < 100; ++x)
      high.at(x, y) = code_of(0.6F);
  }
  const ScanView view = make_view(high, {});
  RenderOptions o = fixed(Tone::linear, 0, 1);
  const RasterRgba plain = draw(view, one_to_one(0, 0, 100, 40), o);
  o.enhance = Enhance::edge;
  const RasterRgba sharp = draw(view, one_to_one(0, 0, 100, 40), o);
  EXPECT_EQ(sharp.at(20, 20), plain.at(20, 20));
  EXPECT_EQ(sharp.at(0, 0), plain.at(0, 0)) << "the picture's corner is no edge";
  EXPECT_EQ(sharp.at(99, 39), plain.at(99, 39));
  EXPECT_LT(red(sharp.at(49, 20)), red(plain.at(49, 20)) - 5);
  EXPECT_GT(red(sharp.at(50, 20)), red(plain.at(50, 20)) + 5);
}

TEST(Renderer, panning_shows_no_seams) {
  const ScanView view = noise(400, 120);
  RenderOptions o = fixed(Tone::log, 0.01F, 1);
  o.enhance = Enhance::edge;
  o.palette = Palette::material;
  const RasterRgba a = draw(view, one_to_one(50, 20, 200, 60), o);
  const RasterRgba b = draw(view, one_to_one(83, 31, 200, 60), o);
  for (int y = 0; y < 49; ++y) {
    for (int x = 0; x < 167; ++x)
      ASSERT_EQ(a.at(x + 33, y + 11), b.at(x, y)) << x << ' ' << y;
  }
}

TEST(Renderer, what_is_moved_is_what_would_be_drawn) {
  Raster16 high(700, 500);
  std::mt19937 random(3);
  for (auto& v : high.samples())
    v = static_cast<std::uint16_t>(1 + random() % kMaxMeasured);
  for (int y = 0; y < 500; ++y)
    high.at(300, y) = kMissing;
  const ScanView view = make_view(high, high);
  RenderOptions o = fixed(Tone::log, 0.01F, 1);
  o.palette = Palette::material;
  o.show_masks = true;
  for (const Enhance enhance : {Enhance::edge, Enhance::local}) {
    o.enhance = enhance;
    for (const double scale : {1.0, 2.7, 0.4}) {
      Renderer moving;
      Viewport v{{200, 120, 160 / scale, 90 / scale}, 160, 90};
      ASSERT_TRUE(moving.draw(view, v, o));
      for (const auto& [dx, dy] : {std::pair{24, 0}, {-13, 7}, {0, -31}, {5, 5}, {0, 0}, {400, 3}}) {
        v = v.panned(dx, dy);
        const auto moved = moving.draw(view, v, o);
        ASSERT_TRUE(moved);
        const RasterRgba anew = draw(view, v, o);
        int worst = 0;
        for (std::size_t i = 0; i < anew.samples().size(); ++i) {
          worst = std::max(worst, std::abs(red(anew.samples()[i]) - red((*moved)->samples()[i])));
          worst = std::max(worst, std::abs(blue(anew.samples()[i]) - blue((*moved)->samples()[i])));
        }
        EXPECT_LE(worst, scale == 1.0 ? 0 : 2) << scale << ' ' << dx << ' ' << dy;
      }
    }
  }
}

TEST(Renderer, two_threads_draw_the_same_pixels) {
  const ScanView view = noise(900, 500);
  RenderOptions o = fixed(Tone::log, 0.01F, 1);
  o.palette = Palette::material;
  for (const Enhance enhance : {Enhance::none, Enhance::edge, Enhance::local}) {
    o.enhance = enhance;
    Renderer one(nullptr, 1);
    Renderer two(nullptr, 3);
    RasterRgba a;
    RasterRgba b;
    const Viewport v{{11, 7, 700, 420}, 900, 500};
    ASSERT_TRUE(one.render(view, v, o, a));
    ASSERT_TRUE(two.render(view, v, o, b));
    EXPECT_EQ(a, b);
  }
}

TEST(Renderer, edges_are_those_of_the_formula) {
  const ScanView view = noise(120, 60);
  RenderOptions o = fixed(Tone::linear, 0.0F, 1.0F);
  for (const float strength : {0.5F, 1.0F, 3.0F}) {
    o.enhance = Enhance::edge;
    o.edge_strength = strength;
    const RasterRgba out = draw(view, one_to_one(0, 0, 120, 60), o);
    const auto level = [&](int x, int y) {
      return 255.0 *
             std::min(1.0F, transmission_of(view.value(Energy::high, std::clamp(x, 0, 119), std::clamp(y, 0, 59))));
    };
    for (int y = 0; y < 60; ++y) {
      for (int x = 0; x < 120; ++x) {
        double mean = 0;
        for (int k = 0; k < 25; ++k)
          mean += level(x + k % 5 - 2, y + k / 5 - 2) / 25;
        const double wanted =
            std::clamp(level(x, y) + static_cast<double>(strength) * (level(x, y) - mean), 0.0, 255.0);
        ASSERT_NEAR(red(out.at(x, y)), wanted, 1.0) << x << ' ' << y;
      }
    }
  }
}

// Thick cargo with a faint pattern in it, thin cargo with one, and open beam.
ScanView thick_and_thin() {
  Raster16 high(960, 480, kOpenBeam);
  for (int y = 60; y < 480; ++y) {
    for (int x = 0; x < 960; ++x) {
      const bool stripe = x / 6 % 2 == 0;
      const float alpha = (x < 480 ? 4.0F : 0.5F) + (stripe ? 0.08F : 0.0F);
      high.at(x, y) = code_of(std::exp(-alpha));
    }
  }
  return make_view(high, {});
}

TEST(Renderer, local_contrast_shows_patterns_in_thick_and_thin_cargo_and_leaves_air_alone) {
  const ScanView view = thick_and_thin();
  RenderOptions o = fixed(Tone::log, 0.005F, 1);
  const RasterRgba plain = draw(view, one_to_one(0, 0, 960, 480), o);
  o.enhance = Enhance::local;
  const RasterRgba local = draw(view, one_to_one(0, 0, 960, 480), o);
  const auto step = [](const RasterRgba& p, int x) { return std::abs(red(p.at(x, 300)) - red(p.at(x + 6, 300))); };
  EXPECT_GT(step(local, 242), step(plain, 242) * 3 / 2);
  EXPECT_GT(step(local, 722), step(plain, 722) * 3 / 2);
  EXPECT_NEAR(red(local.at(400, 5)), red(plain.at(400, 5)), 1);
}

TEST(Renderer, local_contrast_lies_fixed_on_the_image) {
  const ScanView view = noise(800, 500);
  RenderOptions o = fixed(Tone::log, 0.01F, 1);
  o.enhance = Enhance::local;
  const RasterRgba a = draw(view, one_to_one(50, 20, 400, 300), o);
  const RasterRgba b = draw(view, one_to_one(83, 31, 400, 300), o);
  for (int y = 0; y < 289; ++y) {
    for (int x = 0; x < 367; ++x)
      ASSERT_EQ(a.at(x + 33, y + 11), b.at(x, y)) << x << ' ' << y;
  }
}

TEST(Renderer, a_band_of_densities_stands_out) {
  Raster16 high(60, 40, code_of(0.5F));
  for (int y = 0; y < 40; ++y) {
    for (int x = 20; x < 40; ++x)
      high.at(x, y) = code_of(0.2F);
  }
  const ScanView view = make_view(high, {});
  RenderOptions o = fixed(Tone::linear, 0, 1);
  o.band = DensityBand{0.15F, 0.25F};
  const RasterRgba out = draw(view, one_to_one(0, 0, 60, 40), o);
  EXPECT_EQ(red(out.at(5, 5)), green(out.at(5, 5)));
  EXPECT_GT(red(out.at(30, 5)), green(out.at(30, 5)) + 40);
  Renderer renderer;
  RasterRgba unused;
  o.band = DensityBand{0.3F, 0.2F};
  EXPECT_EQ(renderer.render(view, one_to_one(0, 0, 10, 10), o, unused).error().where, "band");
}

TEST(Renderer, material_colour_keeps_the_luminance_of_the_grey_picture) {
  const int w = 200;
  Raster16 high(w, 60);
  Raster16 low(w, 60);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < w; ++x) {
      const double z = x < w / 2 ? 6 : 26;
      high.at(x, y) = code_of(static_cast<float>(std::exp(-2.5)));
      low.at(x, y) = code_of(static_cast<float>(std::exp(-MaterialCurves::defaults().alpha_low(z, 2.5))));
    }
  }
  const ScanView view = make_view(high, low);
  RenderOptions o = fixed(Tone::log, 0.005F, 1);
  const RasterRgba grey = draw(view, one_to_one(0, 0, w, 60), o);
  for (const Palette palette : {Palette::material, Palette::material_safe}) {
    o.palette = palette;
    const RasterRgba colour = draw(view, one_to_one(0, 0, w, 60), o);
    const std::uint32_t organic = colour.at(40, 30);
    const std::uint32_t steel = colour.at(160, 30);
    EXPECT_GT(red(organic), blue(organic) + 40);
    EXPECT_GT(blue(steel), red(steel) + 40);
    for (const std::uint32_t c : {organic, steel}) {
      EXPECT_NEAR(0.299 * red(c) + 0.587 * green(c) + 0.114 * blue(c), red(grey.at(40, 30)), 1.5);
    }
  }
}

TEST(Renderer, a_layer_can_be_stripped) {
  const int w = 200;
  Raster16 high(w, 60);
  Raster16 low(w, 60);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < w; ++x) {
      const double z = x < w / 2 ? 6 : 26;
      high.at(x, y) = code_of(static_cast<float>(std::exp(-2.5)));
      low.at(x, y) = code_of(static_cast<float>(std::exp(-MaterialCurves::defaults().alpha_low(z, 2.5))));
    }
  }
  RenderOptions o = fixed(Tone::log, 0.005F, 1);
  const RasterRgba whole = draw(make_view(high, low), one_to_one(0, 0, w, 60), o);
  for (const Palette palette : {Palette::grey, Palette::material}) {
    o.palette = palette;
    o.strip = Strip::organic;
    const RasterRgba metal = draw(make_view(high, low), one_to_one(0, 0, w, 60), o);
    EXPECT_GT(green(metal.at(40, 30)), 220);
    EXPECT_LT(green(metal.at(160, 30)), 160);
    o.strip = Strip::metal;
    const RasterRgba organic = draw(make_view(high, low), one_to_one(0, 0, w, 60), o);
    EXPECT_LT(green(organic.at(40, 30)), 160);
    EXPECT_GT(green(organic.at(160, 30)), 220);
  }
  o.palette = Palette::grey;
  EXPECT_EQ(draw(make_view(high, {}), one_to_one(0, 0, w, 60), o).at(160, 30), whole.at(160, 30))
      << "one energy tells no layers";
}

TEST(Renderer, refuses_what_cannot_be_drawn) {
  Renderer renderer;
  RasterRgba out;
  const ScanView view = noise(100, 50);
  const auto code = [&](const Viewport& v, const RenderOptions& o) {
    const auto r = renderer.render(view, v, o, out);
    return r ? std::string("ok") : r.error().where;
  };
  EXPECT_EQ(code({}, {}), "viewport");
  EXPECT_EQ(code({{0, 0, 10, 10}, 20000, 10}, {}), "viewport");
  EXPECT_EQ(code(one_to_one(0, 0, 10, 10), fixed(Tone::log, 0.5F, 0.5F)), "window");
  EXPECT_EQ(code(one_to_one(0, 0, 10, 10), fixed(Tone::log, 0.0F, 0.5F)), "window");
  RenderOptions o;
  o.gamma = std::nanf("");
  EXPECT_EQ(code(one_to_one(0, 0, 10, 10), o), "tone");
  EXPECT_EQ(code(one_to_one(500, 500, 10, 10), {}), "ok");
  EXPECT_EQ(out.at(5, 5), kBackground);
  EXPECT_TRUE(renderer.render({}, one_to_one(0, 0, 10, 10), {}, out));
  EXPECT_EQ(out.at(5, 5), kBackground);
}

TEST(Renderer, single_energy_and_every_preset_draw) {
  const ScanView single = noise(150, 70, false);
  const ScanView dual = noise(150, 70, true);
  Renderer renderer;
  RasterRgba out;
  for (int n = 0; n <= 10; ++n) {
    const Preset p = preset(n);
    for (const ScanView* view : {&single, &dual}) {
      for (const Source source : {Source::high, Source::low, Source::mean}) {
        RenderOptions o = p.options;
        o.source = source;
        for (const double scale : {0.03, 0.5, 1.0, 3.3}) {
          const Viewport v{
              {-5.5, -3.25, 170, 80}, static_cast<int>(170 * scale) + 1, static_cast<int>(80 * scale) + 1};
          ASSERT_TRUE(renderer.render(*view, v, o, out)) << n;
        }
      }
    }
  }
  RenderOptions inverted;
  inverted.invert = true;
  EXPECT_TRUE(preset(3, inverted).options.invert);
  EXPECT_EQ(preset(0, inverted).options, inverted);
}

TEST(Options, names_of_palettes_go_both_ways) {
  for (const Palette p :
       {Palette::grey, Palette::inverse_safe, Palette::hot, Palette::material, Palette::material_safe}) {
    EXPECT_EQ(palette_named(name_of(p)), p);
  }
  EXPECT_FALSE(palette_named("pink"));
}

}  // namespace
}  // namespace torugart::imaging
