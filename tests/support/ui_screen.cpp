#include "tests/support/ui_screen.h"

#include "kiosk/touch/i18n.h"

namespace torugart::tests {

platform::Result<std::unique_ptr<UiScreen>> UiScreen::open(const UiScreenOptions& options, Draw draw) {
  auto self = std::make_unique<UiScreen>();
  touch::init_translations();
  platform::WindowOptions window;
  window.width = options.width;
  window.height = options.height;
  window.offscreen = options.offscreen;
  window.glyph_text = touch::all_translations();
  const float scale = touch::scale_for(static_cast<float>(options.width), static_cast<float>(options.height));
  for (const touch::FontFace& f : touch::font_faces(scale))
    window.fonts.push_back({f.weight, f.size_px, f.figures_only});
  if (options.manual_clock) window.clock = [clock = self->clock_s_] { return *clock; };
  auto opened = platform::Window::open(window);
  if (!opened) return tl::make_unexpected(opened.error());
  self->window_ = std::move(*opened);
  self->ui_ = std::make_unique<touch::Ui>(options.light ? touch::light_theme() : touch::dark_theme());
  self->draw_ = std::move(draw);
  return self;
}

platform::FrameWish UiScreen::draw(const platform::Frame& f) {
  const platform::Gesture& g = f.gesture;
  ui_->begin_frame({f.width, f.height, f.now_s, {g.active, {g.center_x, g.center_y}, {g.pan_x, g.pan_y}, g.zoom}});
  if (draw_) draw_(*ui_);
  const touch::FrameOutput out = ui_->end_frame();
  const touch::Color c = out.background;
  return {out.animate_until_s, out.wake_at_s, c.r, c.g, c.b};
}

void UiScreen::frame() {
  window_->draw_now([this](const platform::Frame& f) { return draw(f); });
}

bool UiScreen::step(double max_wait_s) {
  return window_->step([this](const platform::Frame& f) { return draw(f); }, max_wait_s);
}

}  // namespace torugart::tests
