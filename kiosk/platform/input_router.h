// From SDL's finger and mouse events to what a frame sees. Dear ImGui's own SDL backend polls the mouse and loses or
// sticks short taps; here every event is kept in order and given out so that no frame hears of two things at once:
//
//   a finger comes     frame 1: the pointer stands there (hover)     frame 2: it is down
//   a finger leaves    frame n: it is up, the pointer stays where it was
//   a second finger    the first one's press is called off (pointer away, then up); from then on it is a pinch,
//                      until all fingers have left
//
// Movements between two frames are merged. The mouse's left button is a finger. Pure state: no SDL calls, testable
// alone. Thread-bound (UI thread).
//
//   state    | event               | becomes  | frames hear
//   idle     | finger 1 down       | one      | hover, down
//   one      | finger 1 moves      | one      | moved
//   one      | finger 1 up         | idle     | up
//   one      | finger 2 down       | pinch    | pointer away, up; pinch
//   pinch    | 1 or 2 moves        | pinch    | pan, zoom
//   pinch    | one of them up      | spent    | pinch over
//   spent    | last finger up      | idle     | –
//   any      | cancel              | idle     | pointer away, up
#pragma once
#include <cstdint>
#include <deque>
#include <vector>

namespace torugart::platform {

/// Two fingers since the frame before; pixels.
struct Gesture {
  bool active = false;
  float center_x = 0, center_y = 0;
  float pan_x = 0, pan_y = 0;
  float zoom = 1.0F;
};

/// What one frame sees of the pointer.
struct PointerFrame {
  float x = 0, y = 0;  ///< pixels; stays after release
  bool away = false;   ///< nowhere (before the first touch, and when a press is called off)
  bool down = false;
  float wheel = 0;
  Gesture gesture = {};
  bool event = false;  ///< something of this came from an event (draw the next frame too)
};

class InputRouter {
 public:
  void finger_down(std::int64_t finger, float x, float y);
  void finger_move(std::int64_t finger, float x, float y);
  void finger_up(std::int64_t finger, float x, float y);
  void mouse_move(float x, float y);
  void mouse_down(float x, float y);
  void mouse_up(float x, float y);
  void wheel(float steps);
  /// The window lost the focus or the touch device went away: every finger is up, no press counts.
  void cancel();

  /// True while there is something that the next frame has not heard of yet.
  bool pending() const { return !steps_.empty(); }

  /// The next frame's pointer.
  PointerFrame next_frame();

 private:
  enum class State { idle, one, pinch, spent };
  struct Finger {
    std::int64_t id;
    float x, y;
  };
  struct Step {
    enum class Kind { hover, move, down, up, away, wheel, gesture, gesture_end } kind;
    float x = 0, y = 0;
    float pan_x = 0, pan_y = 0, zoom = 1.0F;
  };
  void push(Step step);
  void start_pinch();

  State state_ = State::idle;
  std::vector<Finger> fingers_;
  std::deque<Step> steps_;
  PointerFrame now_{.away = true};
};

}  // namespace torugart::platform
