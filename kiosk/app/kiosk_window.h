// The workstation's window: screens on a lane, drawn until somebody closes it. Thread-bound: UI thread.
#pragma once

#include <functional>
#include <memory>

#include "kiosk/app/assembly.h"
#include "kiosk/platform/window.h"
#include "kiosk/screens/screens.h"

namespace torugart::app {

struct WindowWish {
  bool offscreen = false;     // no display: Mesa draws into memory
  int width = 0, height = 0;  // 0: as the configuration says
  std::string language;       // empty: as the configuration says
};

class KioskWindow {
 public:
  // `assembly` must outlive the window.
  static tl::expected<std::unique_ptr<KioskWindow>, Problem> open(Assembly& assembly, const WindowWish& wish);
  ~KioskWindow();
  KioskWindow(const KioskWindow&) = delete;
  KioskWindow& operator=(const KioskWindow&) = delete;

  // Waits until something is to be drawn, at most so long; true if a frame was drawn.
  bool step(double max_wait_s);
  // Draws one frame now, whatever there is.
  void draw_now();
  // Draws until the window is closed; returns why it ended (empty: somebody closed it).
  std::string run();

  platform::Window& window();
  screens::Screens& screens();

 private:
  struct Impl;
  explicit KioskWindow(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::app
