// A window, the screens and a fake lane together, with a finger; as the application has them, but for the devices.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "kiosk/platform/window.h"
#include "kiosk/screens/screens.h"
#include "kiosk/touch/i18n.h"
#include "tests/support/fake_lane.h"
#include "tests/support/ui_driver.h"

namespace torugart::tests {

class WindowTextures final : public screens::Textures {
 public:
  touch::TextureId upload(const std::string& slot, std::span<const std::uint8_t> rgba, int w, int h) override {
    ++uploads[slot];
    auto& texture = textures_[slot];
    return texture.update(rgba, w, h) ? texture.id() : 0;
  }
  void drop(const std::string& slot) override { textures_.erase(slot); }
  std::map<std::string, int> uploads;

 private:
  std::map<std::string, platform::Texture> textures_;
};

class ScreensBench {
 public:
  ScreensBench(int width, int height, const std::string& language)
      : size_(std::to_string(width)), language_(language) {
    setenv("TZ", "UTC", 1);
    touch::init_translations(std::string(TORUGART_BINARY_DIR) + "/share/locale");
    platform::WindowOptions o;
    o.width = width;
    o.height = height;
    o.offscreen = true;
    o.glyph_text = touch::all_translations();
    for (const auto& f : touch::font_faces(touch::scale_for(static_cast<float>(width), static_cast<float>(height))))
      o.fonts.push_back({f.weight, f.size_px, f.figures_only});
    o.clock = [this] { return clock_s_; };
    auto opened = platform::Window::open(o);
    if (!opened) {
      problem = opened.error().text();
      return;
    }
    window = std::move(*opened);
    textures = std::make_unique<WindowTextures>();
    screens::Options options;
    options.language = language;
    options.figures = [this] { return figures; };
    options.keep_bands = [this](const std::vector<imaging::DensityBand>& bands) { bands_kept = bands; };
    options.export_record = [this](const std::string& id, std::function<void(screens::ExportResult)> done) {
      exported.push_back(id);
      done({true, "Written"});
    };
    screens = std::make_unique<screens::Screens>(lane, FakeLane::accounts(), *textures, options);
    finger = std::make_unique<UiDriver>(
        *window, screens->ui(), [this] { frame(); }, [this](double s) { advance(s); });
    finger->set_patience(0.5);
    frames(3);
  }
  ~ScreensBench() {
    screens.reset();
    textures.reset();  // textures must not outlive their window
    window.reset();
  }

  void frame() {
    window->draw_now([this](const platform::Frame& f) {
      const auto& g = f.gesture;
      const auto out = screens->draw(
          {f.width, f.height, f.now_s, {g.active, {g.center_x, g.center_y}, {g.pan_x, g.pan_y}, g.zoom}});
      const auto& back = out.background;
      return platform::FrameWish{out.animate_until_s, out.wake_at_s, back.r, back.g, back.b};
    });
  }
  void frames(int n) {
    for (int i = 0; i < n; ++i)
      frame();
  }
  void advance(double seconds) {
    clock_s_ += seconds;
    lane.state.now.mono_us += static_cast<std::int64_t>(seconds * 1e6);
    lane.state.now.wall_us += static_cast<std::int64_t>(seconds * 1e6);
    if (lane.state.chain) lane.state.chain->at = lane.state.now;
  }
  // Signs in without a finger, in the bench's language.
  void sign_in(const std::string& account) {
    lane.sign_in(account, "2468");
    lane.state.session.language = language_;
    frames(2);
  }
  bool has(std::string_view id) const { return screens->ui().registry().has(id); }
  std::string label(std::string_view id) const {
    const auto* r = screens->ui().registry().find(id);
    return r ? r->label : "";
  }
  // All words on the screen, one line.
  std::string words() const {
    std::string out;
    for (const auto& r : screens->ui().registry().all())
      out += r.label + " | " + r.value + " | ";
    return out;
  }
  void shoot(const std::string& name) {
    frames(2);
    const std::string folder = std::string(TORUGART_BINARY_DIR) + "/screenshots";
    std::filesystem::create_directories(folder);
    if (auto ok = window->screenshot(folder + "/" + name + "-" + size_ + "-" + language_ + ".png"); !ok)
      problem = ok.error().text();
  }

  std::string problem;
  FakeLane lane;
  std::unique_ptr<platform::Window> window;
  std::unique_ptr<WindowTextures> textures;
  std::unique_ptr<screens::Screens> screens;
  std::unique_ptr<UiDriver> finger;
  std::shared_ptr<const reports::ShiftFigures> figures;
  std::vector<std::string> exported;
  std::vector<imaging::DensityBand> bands_kept;

 private:
  double clock_s_ = 100;
  std::string size_, language_;
};

}  // namespace torugart::tests
