// Private to kiosk/touch: what a Ui keeps between frames.
#pragma once
#include <imgui.h>

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kiosk/touch/ui.h"

namespace torugart::touch {

inline constexpr int layer_channels = 6;  ///< 0 screen … 3 sheets, 4 keyboard, 5 messages
inline constexpr int keyboard_layer = 4;
inline constexpr int toast_layer = 5;

struct KeyboardState {
  std::string field;        ///< id of the field that is typed into; empty: closed
  std::string name, shown;  ///< what is asked for; the text as it may be shown
  int kind = 0;             ///< FieldKind
  bool masked = false;
  bool seen = false;  ///< the field was drawn in this frame
  bool cyrillic = false, shift = false;
  std::string typed;  ///< characters that the field has not taken yet; '\b' erases, '\f' clears
  bool done = false;
  Rect rect;
};

struct Toast {
  std::string text;
  Tone tone;
  double until_s;
};

struct Ui::State {
  explicit State(Ui& ui) : painter(ui) {}

  Theme theme;
  float scale = 1;
  FrameInput in;
  FrameOutput out;
  Painter painter;
  Registry now, last;
  bool in_frame = false;

  ImDrawList* draw = nullptr;
  std::vector<Rect> clips;
  int layer = 0;
  std::vector<int> layers;
  int owner = -1;  ///< index of the record that words drawn now belong to

  // the finger
  Point at{-1e6F, -1e6F}, before{-1e6F, -1e6F}, went_down;
  bool down = false, press = false, release = false;
  double down_since = 0;
  std::string active;  ///< whose press it is
  bool active_drags = false;
  bool left = false;  ///< the finger left the rectangle since it went down
  bool hold_fired = false;
  std::string scroll_area, pinch_target;
  bool scrolling = false, was_pinching = false;
  float wheel = 0;

  std::unordered_map<std::string, float> scroll;                   ///< offsets, pixels
  std::unordered_map<std::string, std::pair<int, float>> grabbed;  ///< part of a range and distance to the finger
  KeyboardState keyboard;
  std::vector<Toast> toasts;
};

inline ImVec2 vec(Point p) {
  return {p.x, p.y};
}
inline ImU32 u32(Color c) {
  return IM_COL32(c.r, c.g, c.b, c.a);
}

/// One line of typed text, its end in sight, with the caret behind it.
void draw_field_text(Ui& ui, const Rect& r, std::string_view shown, Face face, bool caret);
void draw_keyboard(Ui& ui);
void draw_toasts(Ui& ui);
/// Moves what follows to a channel without taking touches (messages).
void set_layer(Ui::State& s, int layer);

/// Words at a given size, for numbers whose plate dictates it: no wrapping; shrinks to the rectangle's width.
void draw_sized_text(Ui& ui, const Rect& r, std::string_view words, Face face, float size_px, Color c, Align align);

}  // namespace torugart::touch
