// One screen's worth of touch interface: takes the finger, hands it to the widget that it pressed, keeps the
// registry. Widgets (widgets.h, scroll.h, text_field.h, image.h, numbers.h, sheet.h) are functions that draw into a
// rectangle and return what the finger did.
//
// A frame:   ui.begin_frame(input);  …widgets…;  FrameOutput out = ui.end_frame();
//
// How a touch works
// - A press belongs to the widget that the finger saw: the topmost in the registry of the frame before. Nobody else hears
//   of it, not even if the screen changes meanwhile.
// - tap: pressed, and lifted inside. Lifted outside: nothing happened.
// - hold: pressed and kept inside for hold_time_s; leaving the rectangle starts it anew with the next press.
// - drag: image, slider, range follow the finger wherever it goes.
// - A finger that travels further than the scroll threshold inside a scroll area scrolls; the row under it is let go.
// - Two fingers: the press of the first is called off, and the picture under their middle gets the pinch.
// - Layers: what is pushed later lies above; a sheet or the keyboard takes every touch of what it covers.
//
// Time comes in with FrameInput, so tests can hold a button for 0.6 s in no time. Needs a current Dear ImGui context
// whose atlas holds font_faces() in order (platform::Window does that). Thread-bound: UI thread.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "kiosk/touch/geometry.h"
#include "kiosk/touch/painter.h"
#include "kiosk/touch/registry.h"
#include "kiosk/touch/theme.h"

namespace torugart::touch {

inline constexpr double hold_time_s = 0.6;

/// Two fingers, as the window's input router saw them since the frame before.
struct Pinch {
  bool active = false;
  Point center;       ///< middle of the two fingers, pixels
  Point pan;          ///< how far the middle moved since the last frame
  float zoom = 1.0F;  ///< factor of their distance since the last frame
};

struct FrameInput {
  float width = 0, height = 0;  ///< window, pixels
  double now_s = 0;             ///< monotonic
  Pinch pinch = {};
};

struct FrameOutput {
  /// Something moves until then (a ring fills, a toast leaves): draw continuously until this time. 0: nothing moves.
  double animate_until_s = 0;
  /// Draw one frame at this time (a toast ends). 0: no need.
  double wake_at_s = 0;
  /// What the window is to be cleared to: the kit draws no rectangle over all of it (a quarter of a software
  /// renderer's work).
  Color background;
};

enum class Behaviour { none, tap, hold, drag };

struct WidgetSpec {
  std::string_view id = {};
  Rect rect = {};
  Role role = Role::button;
  Behaviour behaviour = Behaviour::tap;
  bool enabled = true;
  std::string_view label = {};
  std::string_view value = {};
};

/// What the finger did to a widget in this frame.
struct Interaction {
  bool pressed = false;     ///< finger went down on it in this frame
  bool down = false;        ///< finger is on it (draw it pressed)
  bool tapped = false;      ///< lifted inside; for hold: the time is up (once)
  bool released = false;    ///< a drag ended
  float hold_progress = 0;  ///< 0 … 1
  Point finger;             ///< where the finger is, pixels
  Point drag;               ///< movement since the last frame (drag behaviour)
  Point drag_total;         ///< since it went down
  Pinch pinch;              ///< two fingers over it (images)
  float wheel = 0;          ///< mouse wheel steps over it, for desks with a mouse
};

class Ui {
 public:
  explicit Ui(const Theme& theme = dark_theme());
  ~Ui();
  Ui(const Ui&) = delete;
  Ui& operator=(const Ui&) = delete;

  void begin_frame(const FrameInput& input);
  FrameOutput end_frame();

  void set_theme(const Theme& theme);
  const Theme& theme() const;

  /// Design pixels (as at 1920×1080) to pixels of this window, whole pixels.
  float u(float design_px) const;
  float scale() const;
  Rect screen() const;  ///< the whole window
  double now_s() const;
  float min_target() const;  ///< 64 design pixels
  float gap() const;         ///< 8 design pixels
  float margin() const;      ///< 24 design pixels: from a card's edge to its content

  Painter& paint();

  /// Registers a widget and says what the finger did to it. Widgets are made of this and paint().
  Interaction interact(const WidgetSpec& spec);
  /// Registers something that is not touched: text, values, badges. Returns nothing to do.
  void note(std::string_view id, const Rect& rect, Role role, std::string_view label, std::string_view value = {},
            bool enabled = true);

  /// The frame that was drawn last (inside a frame: the one before).
  const Registry& registry() const;
  /// audit() of the last frame with this window's least sizes.
  std::vector<Finding> audit() const;

  // -- layers: what follows lies above and takes the touches inside `blocks`
  void push_layer(const Rect& blocks);
  void pop_layer();

  // -- messages that come and go by themselves, at the bottom, above everything, never in the way of a finger
  void toast(std::string_view text, Tone tone = Tone::neutral);

  /// 1 … 9: such a key of a keyboard on a cable was pressed since the last frame, and no field was open. 0: none.
  int digit_key() const;

  // -- on-screen keyboard
  bool keyboard_open() const;
  Rect keyboard_rect() const;  ///< empty when closed; what the keyboard covers
  void close_keyboard();

  /// Draw continuously until `until_s` (something of a view moves).
  void animate_until(double until_s);
  /// Draw a frame at this time.
  void wake_at(double at_s);

  struct State;
  State& state();  ///< for the kit's own widgets only (ui_state.h)

 private:
  std::unique_ptr<State> state_;
};

}  // namespace torugart::touch
