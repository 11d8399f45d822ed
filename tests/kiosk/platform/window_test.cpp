// The window without a display: opening, drawing, sleeping, textures, what it says when it cannot.
#include <gmock/gmock.h>
#include <imgui.h>

#include <cstdlib>
#include <thread>

#include "kiosk/platform/window.h"

namespace torugart::platform {
namespace {

WindowOptions small() {
  WindowOptions o;
  o.width = 320, o.height = 200;
  o.offscreen = true;
  return o;
}

std::unique_ptr<Window> open_small() {
  auto opened = Window::open(small());
  EXPECT_TRUE(opened) << opened.error().text();
  return opened ? std::move(*opened) : nullptr;
}

std::vector<std::uint8_t> plain(int width, int height, std::uint8_t r, std::uint8_t g, std::uint8_t b) {
  std::vector<std::uint8_t> out;
  for (int i = 0; i < width * height; ++i)
    out.insert(out.end(), {r, g, b, 255});
  return out;
}

std::vector<int> pixel(const Window& window, std::size_t x, std::size_t y) {
  const auto all = window.pixels();
  const std::uint8_t* p = &all[(y * 320 + x) * 4];
  return {p[0], p[1], p[2]};
}

DrawFrame picture_of(const Texture& texture) {
  return [&texture](const Frame& f) {
    ImGui::GetBackgroundDrawList()->AddImage(reinterpret_cast<ImTextureID>(texture.id()), {0, 0},
                                             {f.width, f.height});
    return FrameWish{};
  };
}

TEST(Window, DrawsWithoutADisplay) {
  auto window = open_small();
  ASSERT_TRUE(window);
  EXPECT_EQ(window->driver(), "offscreen");
  EXPECT_EQ(window->width(), 320);
  window->draw_now([](const Frame&) { return FrameWish{.red = 10, .green = 200, .blue = 30}; });
  EXPECT_THAT(pixel(*window, 5, 5), testing::ElementsAre(10, 200, 30));
  EXPECT_EQ(window->stats().frames, 1U);
}

TEST(Window, CanBeOpenedAgain) {
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(open_small());
}

TEST(Window, SaysWhatToDoWhenThereIsNoDisplay) {
  setenv("SDL_VIDEODRIVER", "no-such-driver", 1);
  WindowOptions o = small();
  o.offscreen = false;
  const auto opened = Window::open(o);
  unsetenv("SDL_VIDEODRIVER");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Error::Code::no_display);
  EXPECT_THAT(opened.error().text(), testing::HasSubstr("no-such-driver"));
  EXPECT_THAT(opened.error().help, testing::HasSubstr("offscreen"));
  EXPECT_TRUE(open_small());
}

TEST(Window, SleepsUntilSomethingHappens) {
  auto window = open_small();
  ASSERT_TRUE(window);
  int drawn = 0;
  const DrawFrame draw = [&](const Frame&) { return ++drawn, FrameWish{}; };
  while (window->step(draw, 0.01)) {
  }
  const int before = drawn;
  for (int i = 0; i < 5; ++i)
    EXPECT_FALSE(window->step(draw, 0.01));
  EXPECT_EQ(drawn, before);
  EXPECT_GE(window->stats().sleeps, 5U);
  window->inject_finger_down(1, 10, 10);
  EXPECT_TRUE(window->step(draw, 0.01));
}

TEST(Window, AnotherThreadWakesIt) {
  auto window = open_small();
  ASSERT_TRUE(window);
  int drawn = 0;
  const DrawFrame draw = [&](const Frame&) { return ++drawn, FrameWish{}; };
  while (window->step(draw, 0.01)) {
  }
  const int before = drawn;
  std::jthread other([&] { window->request_redraw(); });
  for (int i = 0; i < 200 && drawn == before; ++i)
    window->step(draw, 0.25);
  EXPECT_GT(drawn, before);
  std::jthread closer([&] { window->request_close(); });
  for (int i = 0; i < 200 && !window->closed(); ++i)
    window->step(draw, 0.25);
  EXPECT_TRUE(window->closed());
}

TEST(Window, DrawsOnceAtTheTimeThatAFrameWishes) {
  double clock = 10;
  WindowOptions o = small();
  o.clock = [&] { return clock; };
  auto window = Window::open(o);
  ASSERT_TRUE(window);
  int drawn = 0;
  const DrawFrame draw = [&](const Frame& f) {
    ++drawn;
    return FrameWish{.wake_at_s = f.now_s < 15 ? 15.0 : 0.0};
  };
  while ((*window)->step(draw, 0.005)) {
  }
  const int before = drawn;
  clock = 14.9;
  EXPECT_FALSE((*window)->step(draw, 0.005));
  clock = 15;
  EXPECT_TRUE((*window)->step(draw, 0.005));
  EXPECT_FALSE((*window)->step(draw, 0.005));
  EXPECT_EQ(drawn, before + 1);
}

TEST(Texture, IsUploadedReusedAndRefused) {
  auto window = open_small();
  ASSERT_TRUE(window);
  Texture texture;
  EXPECT_EQ(texture.id(), 0U);
  const auto red = plain(4, 4, 255, 0, 0);
  ASSERT_TRUE(texture.update(red, 4, 4));
  const auto id = texture.id();
  window->draw_now(picture_of(texture));
  EXPECT_THAT(pixel(*window, 100, 100), testing::ElementsAre(255, 0, 0));
  const auto blue = plain(4, 4, 0, 0, 255);
  ASSERT_TRUE(texture.update(blue, 4, 4));
  EXPECT_EQ(texture.id(), id);
  EXPECT_EQ(texture.bytes_uploaded(), 128U);
  window->draw_now(picture_of(texture));
  EXPECT_THAT(pixel(*window, 100, 100), testing::ElementsAre(0, 0, 255));
  // only the right half
  ASSERT_TRUE(texture.update_part(red, 0, 2, 0, 2, 4));
  window->draw_now(picture_of(texture));
  EXPECT_THAT(pixel(*window, 20, 100), testing::ElementsAre(0, 0, 255));
  EXPECT_THAT(pixel(*window, 300, 100), testing::ElementsAre(255, 0, 0));

  EXPECT_FALSE(texture.update(red, 0, 4));
  EXPECT_FALSE(texture.update(red, 5, 4));
  EXPECT_FALSE(texture.update(red, 100000, 1));
  EXPECT_FALSE(texture.update_part(red, 0, 3, 0, 2, 4));
  EXPECT_FALSE(texture.update_part(std::span(red).first(16), 0, 0, 0, 4, 4));
  Texture moved = std::move(texture);
  EXPECT_EQ(moved.id(), id);
  EXPECT_EQ(texture.id(), 0U);  // NOLINT(bugprone-use-after-move): what it is left with is the point
}

TEST(Texture, WithoutAWindowIsAnErrorAndMayOutliveOne) {
  Texture texture;
  EXPECT_FALSE(texture.update(plain(1, 1, 0, 0, 0), 1, 1));
  {
    auto window = open_small();
    ASSERT_TRUE(window);
    ASSERT_TRUE(texture.update(plain(1, 1, 0, 0, 0), 1, 1));
  }
}

TEST(Fonts, HoldTheAlphabetsOfTheRegion) {
  WindowOptions o = small();
  o.fonts = {{400, 20}, {500, 40, true}};
  o.glyph_text = "Ω";
  auto window = Window::open(o);
  ASSERT_TRUE(window) << window.error().text();
  const ImVector<ImFont*>& fonts = ImGui::GetIO().Fonts->Fonts;
  ASSERT_EQ(fonts.Size, 2);
  for (const unsigned c : {0x41U, 0x42FU, 0x451U, 0x49AU, 0x4E9U, 0x3A9U, 0xB5U, 0x3C3U})
    EXPECT_NE(fonts[0]->FindGlyphNoFallback(static_cast<ImWchar>(c)), nullptr) << c;
  EXPECT_EQ(fonts[1]->FindGlyphNoFallback(0x42F), nullptr);
  // figures stand under each other
  for (char c = '1'; c <= '9'; ++c)
    EXPECT_EQ(fonts[0]->GetCharAdvance(static_cast<ImWchar>(c)), fonts[0]->GetCharAdvance('0'));
}

}  // namespace
}  // namespace torugart::platform
