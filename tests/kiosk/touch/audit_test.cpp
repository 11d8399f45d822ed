// The registry finds what is wrong with a screen; the gallery, in both sizes' kit and both languages, has nothing
// wrong.
#include <gmock/gmock.h>

#include <set>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/text_field.h"
#include "kiosk/touch/widgets.h"
#include "tests/kiosk/touch/fixture.h"
#include "tests/kiosk/touch/gallery.h"

namespace torugart::tests {
namespace {

using touch::FindingKind;
using touch::Rect;
using touch::Ui;

class Audit : public TouchTest {
 protected:
  std::set<std::pair<FindingKind, std::string>> findings() {
    std::set<std::pair<FindingKind, std::string>> out;
    for (const touch::Finding& f : screen->ui().audit())
      out.insert({f.kind, f.id});
    return out;
  }
};

TEST_F(Audit, FindsSmallClippedCrowdedOverlappingDoubleAndOutside) {
  show([](Ui& ui) {
    touch::button(ui, "small", {10, 10, 40, 60}, "x");
    touch::button(ui, "clipped", {10, 100, 80, 60}, "Ask for a scan of the whole truck");
    touch::button(ui, "near", {10, 300, 80, 60}, "a");
    touch::button(ui, "nearer", {92, 300, 80, 60}, "b");
    touch::button(ui, "over", {10, 400, 80, 60}, "a");
    touch::button(ui, "under", {60, 420, 80, 60}, "b");
    touch::button(ui, "twice", {300, 300, 80, 60}, "a");
    touch::button(ui, "twice", {300, 400, 80, 60}, "a");
    touch::button(ui, "outside", {1250, 300, 80, 60}, "a");
    touch::label(ui, "", {400, 10, 60, 20}, "words without a name that do not fit");
    touch::button(ui, "good", {600, 10, 200, 60}, "Read again");
  });
  EXPECT_THAT(
      findings(),
      testing::UnorderedElementsAre(
          testing::Pair(FindingKind::small_target, "small"), testing::Pair(FindingKind::clipped_text, "clipped"),
          testing::Pair(FindingKind::crowded, "near"), testing::Pair(FindingKind::overlap, "over"),
          testing::Pair(FindingKind::duplicate_id, "twice"), testing::Pair(FindingKind::off_screen, "outside"),
          testing::Pair(FindingKind::clipped_text, "words without a name that do not fit")));
}

TEST_F(Audit, WordsWrapAndShrinkBeforeTheyAreClipped) {
  show([](Ui& ui) { touch::button(ui, "two", {10, 10, 130, 70}, "Confirm the numbers"); });
  EXPECT_THAT(findings(), testing::IsEmpty());
}

TEST_F(Audit, TheGalleryIsCleanInBothLanguages) {
  Gallery gallery;
  show([&](Ui& ui) { gallery.draw(ui); });
  for (const char* language : {"en", "ru"}) {
    ASSERT_TRUE(touch::set_language(language));
    for (int i = 0; i < Gallery::page_count; ++i) {
      gallery.page = static_cast<Gallery::Page>(i);
      if (gallery.page == Gallery::Page::keyboard) touch::focus_field(screen->ui(), "k.name");
      finger->frames(3);
      EXPECT_THAT(findings(), testing::IsEmpty()) << Gallery::name_of(gallery.page) << " " << language;
    }
    screen->ui().close_keyboard();
  }
  touch::set_language("en");
}

TEST_F(Audit, RecordsSayWhatIsOnTheScreen) {
  show([](Ui& ui) {
    touch::toggle(ui, "toggle", {10, 10, 400, 64}, "Enhance edges", true);
    touch::label_value(ui, "weight", {10, 100, 300, 80}, "weight", "38 240 kg");
  });
  const touch::WidgetRecord* toggle = screen->ui().registry().find("toggle");
  ASSERT_NE(toggle, nullptr);
  EXPECT_EQ(toggle->role, touch::Role::toggle);
  EXPECT_EQ(toggle->label, "Enhance edges");
  EXPECT_EQ(toggle->value, "on");
  EXPECT_EQ(screen->ui().registry().find("weight")->value, "38 240 kg");
}

TEST_F(Audit, DrawingOnlyWhatChangedGivesTheSamePixels) {
  Gallery gallery;
  platform::Texture texture;
  std::vector<unsigned char> rgba = gallery_picture();
  ASSERT_TRUE(texture.update(rgba, 1200, 400));
  gallery.picture = texture.id();
  show([&](Ui& ui) { gallery.draw(ui); });
  const auto same = [&](const std::string& after) {
    finger->frames(2);
    const std::vector<std::uint8_t> parts = screen->window().pixels();
    screen->window().redraw_all();
    screen->frame();
    EXPECT_TRUE(parts == screen->window().pixels()) << after;
  };
  for (int i = 0; i < Gallery::page_count; ++i) {
    gallery.page = static_cast<Gallery::Page>(i);
    same(Gallery::name_of(gallery.page));
  }
  gallery.page = Gallery::Page::controls;
  finger->frames(3);
  const std::uint64_t before = screen->window().stats().pixels;
  ASSERT_TRUE(finger->tap("g.toggle"));
  const std::uint64_t drawn = screen->window().stats().pixels - before;
  EXPECT_GT(drawn, 0U);
  EXPECT_LT(drawn, 1280U * 800U / 2) << "a toggle is not half of the screen";
  same("toggle");
  finger->drag("g.slider", 60, 0);
  same("slider");
  gallery.page = Gallery::Page::list;
  finger->frames(2);
  finger->drag("list.row.3", 0, -111);
  same("scrolled list");
  gallery.page = Gallery::Page::lane;
  finger->frames(2);
  for (unsigned char& v : rgba)
    v = static_cast<unsigned char>(v ^ 0x55U);
  ASSERT_TRUE(texture.update(rgba, 1200, 400));
  const std::vector<std::uint8_t> old = screen->window().pixels();
  screen->frame();
  EXPECT_FALSE(old == screen->window().pixels()) << "a new picture in the same texture is drawn";
  same("new picture");
  show({});
}

TEST_F(Audit, AScreenshotShowsWhatWasDrawn) {
  show([](Ui& ui) { ui.paint().fill({100, 100, 200, 200}, touch::Color::hex(0x12AB56)); });
  const std::vector<std::uint8_t> pixels = screen->window().pixels();
  const auto at = [&](std::size_t x, std::size_t y) {
    const std::uint8_t* p = &pixels[(y * 1280 + x) * 4];
    return touch::Color{p[0], p[1], p[2]};
  };
  EXPECT_EQ(at(150, 150), touch::Color::hex(0x12AB56));
  EXPECT_EQ(at(50, 50), screen->ui().theme().background);
  const std::string path = testing::TempDir() + "touch_shot.png";
  ASSERT_TRUE(screen->window().screenshot(path));
  EXPECT_FALSE(screen->window().screenshot("/no/such/folder/x.png"));
}

}  // namespace
}  // namespace torugart::tests
