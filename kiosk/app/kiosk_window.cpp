#include "kiosk/app/kiosk_window.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>

#include "kiosk/app/background.h"
#include "kiosk/app/kept_bands.h"
#include "kiosk/lane/engine.h"
#include "kiosk/touch/i18n.h"
#include "kiosk/touch/theme.h"

namespace torugart::app {
namespace {

// One texture of the window per slot.
class WindowTextures final : public screens::Textures {
 public:
  touch::TextureId upload(const std::string& slot, std::span<const std::uint8_t> rgba, int width,
                          int height) override {
    auto& texture = slots_[slot];
    if (!texture.update(rgba, width, height)) return {};
    return texture.id();
  }
  void drop(const std::string& slot) override { slots_.erase(slot); }
  void clear() { slots_.clear(); }

 private:
  std::map<std::string, platform::Texture> slots_;
};

platform::WindowOptions window_options(const Config& config, const WindowWish& wish) {
  platform::WindowOptions out;
  out.title = "Torugart · " + config.lane.name;
  out.width = wish.width > 0 ? wish.width : config.screen.width;
  out.height = wish.height > 0 ? wish.height : config.screen.height;
  out.fullscreen = config.screen.fullscreen && !wish.offscreen;
  out.offscreen = wish.offscreen;
  for (const auto& face :
       touch::font_faces(touch::scale_for(static_cast<float>(out.width), static_cast<float>(out.height)))) {
    out.fonts.push_back({face.weight, face.size_px, face.figures_only});
  }
  out.glyph_text = touch::all_translations();
  return out;
}

touch::FrameInput input_of(const platform::Frame& frame) {
  touch::FrameInput in;
  in.width = frame.width;
  in.height = frame.height;
  in.now_s = frame.now_s;
  in.pinch.active = frame.gesture.active;
  in.pinch.center = {frame.gesture.center_x, frame.gesture.center_y};
  in.pinch.pan = {frame.gesture.pan_x, frame.gesture.pan_y};
  in.pinch.zoom = frame.gesture.zoom;
  return in;
}

}  // namespace

struct KioskWindow::Impl {
  explicit Impl(Assembly& parts) : assembly(parts), background(parts) {}

  platform::FrameWish draw(const platform::Frame& frame) {
    const auto out = screens->draw(input_of(frame));
    platform::FrameWish wish;
    wish.animate_until_s = out.animate_until_s;
    wish.wake_at_s = out.wake_at_s;
    wish.red = out.background.r;
    wish.green = out.background.g;
    wish.blue = out.background.b;
    return wish;
  }

  Assembly& assembly;
  Background background;
  std::unique_ptr<platform::Window> window;
  WindowTextures textures;
  std::unique_ptr<screens::Screens> screens;
};

tl::expected<std::unique_ptr<KioskWindow>, Problem> KioskWindow::open(Assembly& assembly, const WindowWish& wish) {
  const auto& config = assembly.config();
  const auto language = wish.language.empty() ? config.lane.language : wish.language;
  // POSIX counts the other way round: "LANE-05:00" is five hours east of Greenwich.
  const auto& east = config.lane.utc_offset;
  const auto zone = std::string("LANE") + (east[0] == '-' ? "+" : "-") + east.substr(1);
  setenv("TZ", zone.c_str(), 1);
  tzset();
  touch::init_translations();
  touch::set_language(language);

  auto impl = std::make_unique<Impl>(assembly);
  auto window = platform::Window::open(window_options(config, wish));
  if (!window) return tl::unexpected(Problem{window.error().what, window.error().where, window.error().help});
  impl->window = std::move(*window);

  screens::Options options;
  options.language = language;
  options.dark = config.screen.theme == "dark";
  options.figures = [background = &impl->background] { return background->figures(); };
  const std::string bands = (std::filesystem::path(config.storage.directory) / "bands.txt").string();
  options.bands = load_bands(bands);
  options.keep_bands = [bands](const auto& kept) { (void)save_bands(bands, kept); };
  options.export_record = [background = &impl->background](const std::string& crossing, auto done) {
    background->export_record(crossing, std::move(done));
  };
  impl->screens = std::make_unique<screens::Screens>(assembly.engine(), assembly.engine().accounts(), impl->textures,
                                                     std::move(options));
  assembly.engine().on_change([to = impl->window.get()] { to->request_redraw(); });
  return std::unique_ptr<KioskWindow>(new KioskWindow(std::move(impl)));
}

KioskWindow::KioskWindow(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

KioskWindow::~KioskWindow() {
  impl_->assembly.engine().on_change({});
  impl_->screens.reset();
  impl_->textures.clear();  // textures go before their window
}

bool KioskWindow::step(double max_wait_s) {
  return impl_->window->step([this](const platform::Frame& frame) { return impl_->draw(frame); }, max_wait_s);
}

void KioskWindow::draw_now() {
  impl_->window->draw_now([this](const platform::Frame& frame) { return impl_->draw(frame); });
}

std::string KioskWindow::run() {
  while (!impl_->window->closed())
    step(1.0);
  return impl_->window->lost();
}

platform::Window& KioskWindow::window() {
  return *impl_->window;
}
screens::Screens& KioskWindow::screens() {
  return *impl_->screens;
}

}  // namespace torugart::app
