#include "kiosk/platform/input_router.h"

#include <algorithm>
#include <cmath>

namespace torugart::platform {
namespace {

// the mouse is a finger with a number that no touch device gives
constexpr std::int64_t mouse = -1;

}  // namespace

void InputRouter::push(Step step) {
  // movements between two frames are one movement
  if (!steps_.empty() && steps_.back().kind == step.kind) {
    Step& last = steps_.back();
    if (step.kind == Step::Kind::move || step.kind == Step::Kind::hover) {
      last = step;
      return;
    }
    if (step.kind == Step::Kind::gesture) {
      last.pan_x += step.pan_x, last.pan_y += step.pan_y, last.zoom *= step.zoom;
      last.x = step.x, last.y = step.y;
      return;
    }
    if (step.kind == Step::Kind::wheel) {
      last.x += step.x;
      return;
    }
  }
  steps_.push_back(step);
}

void InputRouter::start_pinch() {
  push({.kind = Step::Kind::away});
  state_ = State::pinch;
  push({.kind = Step::Kind::gesture,
        .x = (fingers_[0].x + fingers_[1].x) / 2,
        .y = (fingers_[0].y + fingers_[1].y) / 2});
}

void InputRouter::finger_down(std::int64_t finger, float x, float y) {
  const auto same = [&](const Finger& f) { return f.id == finger; };
  if (std::any_of(fingers_.begin(), fingers_.end(), same)) return finger_move(finger, x, y);
  fingers_.push_back({finger, x, y});
  if (state_ == State::idle) {
    state_ = State::one;
    push({.kind = Step::Kind::hover, .x = x, .y = y});
    push({.kind = Step::Kind::down, .x = x, .y = y});
  } else if (state_ == State::one) {
    start_pinch();
  }
}

void InputRouter::finger_move(std::int64_t finger, float x, float y) {
  const auto it = std::find_if(fingers_.begin(), fingers_.end(), [&](const Finger& f) { return f.id == finger; });
  if (it == fingers_.end()) return;
  if (state_ == State::pinch && it - fingers_.begin() < 2) {
    const Finger& other = fingers_[it == fingers_.begin() ? 1 : 0];
    const float before = std::hypot(it->x - other.x, it->y - other.y), after = std::hypot(x - other.x, y - other.y);
    // closer than a fingertip the ratio is noise
    constexpr float least_distance_px = 20;
    const float zoom = before > least_distance_px && after > least_distance_px ? after / before : 1.0F;
    push({.kind = Step::Kind::gesture,
          .x = (x + other.x) / 2,
          .y = (y + other.y) / 2,
          .pan_x = (x - it->x) / 2,
          .pan_y = (y - it->y) / 2,
          .zoom = zoom});
  }
  it->x = x, it->y = y;
  if (state_ == State::one) push({.kind = Step::Kind::move, .x = x, .y = y});
}

void InputRouter::finger_up(std::int64_t finger, float x, float y) {
  const auto it = std::find_if(fingers_.begin(), fingers_.end(), [&](const Finger& f) { return f.id == finger; });
  if (it == fingers_.end()) return;
  const bool of_pinch = it - fingers_.begin() < 2;
  fingers_.erase(it);
  if (state_ == State::one) push({.kind = Step::Kind::up, .x = x, .y = y});
  if (state_ == State::pinch && of_pinch) {
    push({.kind = Step::Kind::gesture_end});
    state_ = State::spent;
  }
  if (fingers_.empty()) state_ = State::idle;
}

void InputRouter::mouse_move(float x, float y) {
  const bool pressed = std::any_of(fingers_.begin(), fingers_.end(), [](const Finger& f) { return f.id == mouse; });
  if (pressed)
    finger_move(mouse, x, y);
  else if (state_ == State::idle)
    push({.kind = Step::Kind::hover, .x = x, .y = y});
}

void InputRouter::mouse_down(float x, float y) {
  finger_down(mouse, x, y);
}
void InputRouter::mouse_up(float x, float y) {
  finger_up(mouse, x, y);
}
void InputRouter::wheel(float steps) {
  push({.kind = Step::Kind::wheel, .x = steps});
}

void InputRouter::cancel() {
  if (fingers_.empty()) return;
  fingers_.clear();
  push({.kind = state_ == State::pinch ? Step::Kind::gesture_end : Step::Kind::away});
  state_ = State::idle;
}

PointerFrame InputRouter::next_frame() {
  now_.wheel = 0;
  now_.gesture.pan_x = now_.gesture.pan_y = 0;
  now_.gesture.zoom = 1;
  now_.event = !steps_.empty();
  if (steps_.empty()) return now_;
  const Step step = steps_.front();
  steps_.pop_front();
  switch (step.kind) {
    case Step::Kind::hover:
    case Step::Kind::move:
      now_.x = step.x, now_.y = step.y, now_.away = false;
      break;
    case Step::Kind::down:
      now_.x = step.x, now_.y = step.y, now_.away = false, now_.down = true;
      break;
    case Step::Kind::up:
      now_.x = step.x, now_.y = step.y, now_.down = false;
      break;
    // up and nowhere at once: whoever was pressed sees a finger that lifted outside
    case Step::Kind::away:
      now_.away = true, now_.down = false;
      break;
    case Step::Kind::wheel:
      now_.wheel = step.x;
      break;
    case Step::Kind::gesture:
      now_.gesture = {.active = true,
                      .center_x = step.x,
                      .center_y = step.y,
                      .pan_x = step.pan_x,
                      .pan_y = step.pan_y,
                      .zoom = step.zoom};
      break;
    case Step::Kind::gesture_end:
      now_.gesture = {};
      break;
  }
  return now_;
}

}  // namespace torugart::platform
