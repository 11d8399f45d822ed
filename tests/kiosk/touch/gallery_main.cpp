// touch_gallery: looks at the widget kit.
//   touch_gallery                                       opens a window (rail taps change the page)
//   touch_gallery --shots DIR [--size 1280x800] [--lang ru] [--light]   one PNG a page, offscreen
#include <cstdio>
#include <cstring>
#include <string>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/text_field.h"
#include "tests/kiosk/touch/gallery.h"
#include "tests/support/ui_screen.h"

using namespace torugart;

int main(int argc, char** argv) {
  tests::UiScreenOptions options;
  std::string shots, lang = "en";
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    const bool more = i + 1 < argc;
    if (a == "--shots" && more) shots = argv[++i];
    if (a == "--lang" && more) lang = argv[++i];
    if (a == "--light") options.light = true;
    if (a == "--size" && more && std::sscanf(argv[++i], "%dx%d", &options.width, &options.height) != 2) return 2;
  }
  options.offscreen = options.manual_clock = !shots.empty();
  tests::Gallery gallery;
  auto screen = tests::UiScreen::open(options, [&](touch::Ui& ui) { gallery.draw(ui); });
  if (!screen) {
    std::fprintf(stderr, "%s\n", screen.error().text().c_str());
    return 1;
  }
  if (!touch::set_language(lang)) std::fprintf(stderr, "no catalogue for %s\n", lang.c_str());
  tests::UiScreen& s = **screen;
  platform::Texture texture;
  if (auto up = texture.update(tests::gallery_picture(), 1200, 400); !up)
    std::fprintf(stderr, "%s\n", up.error().text().c_str());
  gallery.picture = texture.id();
  if (shots.empty()) {
    while (!s.window().closed()) {
      s.step(1.0);
      gallery.page = static_cast<tests::Gallery::Page>(gallery.rail % tests::Gallery::page_count);
    }
    return 0;
  }
  int findings = 0;
  for (int i = 0; i < tests::Gallery::page_count; ++i) {
    gallery.page = static_cast<tests::Gallery::Page>(i);
    const char* name = tests::Gallery::name_of(gallery.page);
    if (gallery.page == tests::Gallery::Page::keyboard) touch::focus_field(s.ui(), "k.name");
    if (gallery.page == tests::Gallery::Page::list)
      s.ui().toast(lang == "ru" ? "Номер подтверждён" : "Numbers confirmed", touch::Tone::green);
    for (int k = 0; k < 3; ++k)
      s.frame(), s.advance(0.3);
    for (const touch::Finding& f : s.ui().audit()) {
      std::printf("%s: %s: %s %s\n", name, std::string(touch::to_string(f.kind)).c_str(), f.id.c_str(),
                  f.detail.c_str());
      ++findings;
    }
    const std::string path = shots + "/" + name + "-" + std::to_string(options.width) + "-" + lang +
                             (options.light ? "-light" : "") + ".png";
    if (auto ok = s.window().screenshot(path); !ok) std::fprintf(stderr, "%s\n", ok.error().text().c_str());
  }
  std::printf("%d findings; %s; p50 %.1f ms, p95 %.1f ms\n", findings, s.window().renderer().c_str(),
              s.window().stats().p50_ms(), s.window().stats().p95_ms());
  return 0;
}
