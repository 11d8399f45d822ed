// Fingers for tests and the headless demo: finds a widget by its id in the registry, taps where it stands, through
// SDL's event queue as a real finger does. Counts touches, measures how long the screen took to answer.
//
//   UiDriver finger(window, ui, [&] { app.frame(); });
//   if (!finger.tap("lane.next")) fail(finger.problem());
//   finger.wait_until([&] { return ui.registry().has("scan.stop"); }, 5);
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/platform/window.h"
#include "kiosk/touch/ui.h"

namespace torugart::tests {

class UiDriver {
 public:
  /// `frame` draws exactly one frame of the program. `advance` moves the program's clock where a test owns it; empty:
  /// time passes by itself.
  UiDriver(platform::Window& window, const touch::Ui& ui, std::function<void()> frame,
           std::function<void(double)> advance = {});

  /// How long tap(), hold() … wait for a widget to appear, be enabled and uncovered before they give up.
  void set_patience(double seconds) { patience_s_ = seconds; }

  // All return false, with problem() saying why, when the widget cannot be touched.
  bool tap(std::string_view id);
  bool hold(std::string_view id, double seconds = 0.8);
  /// Puts the finger down on a widget, moves by (dx, dy) pixels in some frames, lifts.
  bool drag(std::string_view id, float dx, float dy, int steps = 8);
  /// From a point of the widget (0 … 1 of its rectangle) to another.
  bool drag_within(std::string_view id, touch::Point from, touch::Point to, int steps = 8);
  /// Two fingers on a widget, their distance grows by `zoom`.
  bool pinch(std::string_view id, float zoom, int steps = 8);
  /// Taps the keys of the open on-screen keyboard: switches the alphabet and shift where needed.
  bool type_on_keyboard(std::string_view text);
  /// Scrolls the area until the widget is visible.
  bool scroll_to(std::string_view area, std::string_view id);

  bool wait_until(const std::function<bool()>& condition, double timeout_s);
  bool wait_for(std::string_view id, double timeout_s = 5);
  void frames(int n);

  void tap_at(touch::Point p);

  int touches() const { return touches_; }
  /// Milliseconds from a finger's arrival to the frame that shows it, and from its lifting to the frame that acts on
  /// it.
  const std::vector<double>& answers_ms() const { return answers_ms_; }
  double longest_answer_ms() const;
  const std::string& problem() const { return problem_; }

 private:
  const touch::WidgetRecord* reach(std::string_view id);
  void one_frame();

  platform::Window& window_;
  const touch::Ui& ui_;
  std::function<void()> frame_;
  std::function<void(double)> advance_;
  double patience_s_ = 5;
  int touches_ = 0;
  std::vector<double> answers_ms_;
  std::string problem_;
};

}  // namespace torugart::tests
