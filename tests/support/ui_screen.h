// A window and its touch interface together, as the program has them, for tests, the gallery and benches. Offscreen,
// with a clock that a test moves.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "kiosk/platform/window.h"
#include "kiosk/touch/ui.h"

namespace torugart::tests {

struct UiScreenOptions {
  int width = 1920, height = 1080;
  bool offscreen = true;
  bool manual_clock = true;  ///< time stands still but for advance()
  bool light = false;
};

class UiScreen {
 public:
  using Draw = std::function<void(touch::Ui&)>;

  static platform::Result<std::unique_ptr<UiScreen>> open(const UiScreenOptions& options, Draw draw);

  platform::Window& window() { return *window_; }
  touch::Ui& ui() { return *ui_; }
  void set_draw(Draw draw) { draw_ = std::move(draw); }

  /// One frame now.
  void frame();
  /// One turn of the sleeping loop; true if a frame was drawn.
  bool step(double max_wait_s);
  /// Moves the manual clock.
  void advance(double seconds) { *clock_s_ += seconds; }

 private:
  platform::FrameWish draw(const platform::Frame& frame);

  std::shared_ptr<double> clock_s_ = std::make_shared<double>(100.0);
  std::unique_ptr<platform::Window> window_;
  std::unique_ptr<touch::Ui> ui_;
  Draw draw_;
};

}  // namespace torugart::tests
