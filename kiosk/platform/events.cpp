// SDL's events: to the router, to Dear ImGui's keys, to the loop.
#include <imgui.h>

#include <algorithm>

#include "kiosk/platform/window_state.h"

namespace torugart::platform {

void Window::State::measure_size() {
  int w = 0, h = 0;
  SDL_GetWindowSize(window, &w, &h);
  SDL_GL_GetDrawableSize(window, &width, &height);
  per_unit_x = w > 0 ? static_cast<float>(width) / static_cast<float>(w) : 1;
  per_unit_y = h > 0 ? static_cast<float>(height) / static_cast<float>(h) : 1;
}

void Window::State::handle(const SDL_Event& event) {
  const auto w = static_cast<float>(width), h = static_cast<float>(height);
  ImGuiIO& io = ImGui::GetIO();
  frames_left = options.frames_per_event;
  switch (event.type) {
    case SDL_FINGERDOWN:
      router.finger_down(event.tfinger.fingerId, event.tfinger.x * w, event.tfinger.y * h);
      break;
    case SDL_FINGERMOTION:
      router.finger_move(event.tfinger.fingerId, event.tfinger.x * w, event.tfinger.y * h);
      break;
    case SDL_FINGERUP:
      router.finger_up(event.tfinger.fingerId, event.tfinger.x * w, event.tfinger.y * h);
      break;
    case SDL_MOUSEMOTION:
      if (event.motion.which == SDL_TOUCH_MOUSEID) break;
      router.mouse_move(static_cast<float>(event.motion.x) * per_unit_x,
                        static_cast<float>(event.motion.y) * per_unit_y);
      break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP: {
      if (event.button.which == SDL_TOUCH_MOUSEID || event.button.button != SDL_BUTTON_LEFT) break;
      const float x = static_cast<float>(event.button.x) * per_unit_x,
                  y = static_cast<float>(event.button.y) * per_unit_y;
      if (event.type == SDL_MOUSEBUTTONDOWN)
        router.mouse_down(x, y);
      else
        router.mouse_up(x, y);
      break;
    }
    case SDL_MOUSEWHEEL:
      router.wheel(event.wheel.preciseY);
      break;
    case SDL_TEXTINPUT:
      io.AddInputCharactersUTF8(event.text.text);
      break;
    case SDL_KEYDOWN:
    case SDL_KEYUP:
      if (event.key.keysym.scancode < IM_ARRAYSIZE(io.KeysDown))
        io.KeysDown[event.key.keysym.scancode] = event.type == SDL_KEYDOWN;
      break;
    case SDL_WINDOWEVENT:
      if (event.window.event == SDL_WINDOWEVENT_SIZE_CHANGED) measure_size();
      if (event.window.event == SDL_WINDOWEVENT_FOCUS_LOST) router.cancel();
      if (event.window.event == SDL_WINDOWEVENT_CLOSE) closed = true;
      break;
    case SDL_QUIT:
      closed = true;
      break;
    default:
      // our own wake-up, and what concerns nobody
      if (event.type != redraw_event) break;
      break;
  }
}

void Window::State::poll() {
  SDL_Event event;
  while (SDL_PollEvent(&event) != 0)
    handle(event);
  if (redraw.exchange(false)) frames_left = std::max(frames_left, 1);
  if (close.exchange(false)) closed = true;
}

void Window::State::wait(double seconds) {
  if (seconds <= 0) return;
  ++stats.sleeps;
  const auto before = std::chrono::steady_clock::now();
  if (virtual_display) {
    // SDL would look a thousand times a second for events that only this process can send
    std::unique_lock lock(mutex);
    woken.wait_for(lock, std::chrono::duration<double>(std::min(seconds, 0.25)),
                   [this] { return redraw.load() || close.load(); });
  } else {
    SDL_Event event;
    if (SDL_WaitEventTimeout(&event, std::max(1, static_cast<int>(seconds * 1e3))) != 0) handle(event);
  }
  stats.slept_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

void Window::State::wake() {
  { const std::scoped_lock lock(mutex); }
  woken.notify_all();
  if (virtual_display) return;
  SDL_Event event{};
  event.type = redraw_event;
  SDL_PushEvent(&event);
}

namespace {

void push_finger(Uint32 type, std::int64_t finger, float x, float y) {
  SDL_Event event{};
  event.type = type;
  event.tfinger.type = type;
  event.tfinger.timestamp = SDL_GetTicks();
  event.tfinger.touchId = 1;
  event.tfinger.fingerId = finger;
  event.tfinger.x = x;
  event.tfinger.y = y;
  event.tfinger.pressure = 1;
  SDL_PushEvent(&event);
}

}  // namespace

void Window::inject_finger_down(std::int64_t finger, float x, float y) {
  push_finger(SDL_FINGERDOWN, finger, x / width(), y / height());
  request_redraw();
}

void Window::inject_text(const char* utf8) {
  SDL_Event event{};
  event.type = SDL_TEXTINPUT;
  SDL_strlcpy(event.text.text, utf8, sizeof event.text.text);
  SDL_PushEvent(&event);
  request_redraw();
}

void Window::inject_finger_move(std::int64_t finger, float x, float y) {
  push_finger(SDL_FINGERMOTION, finger, x / width(), y / height());
  request_redraw();
}

void Window::inject_finger_up(std::int64_t finger, float x, float y) {
  push_finger(SDL_FINGERUP, finger, x / width(), y / height());
  request_redraw();
}

void Window::inject_mouse_move(float x, float y) {
  SDL_Event event{};
  event.type = SDL_MOUSEMOTION;
  event.motion.x = static_cast<Sint32>(x / state_->per_unit_x);
  event.motion.y = static_cast<Sint32>(y / state_->per_unit_y);
  SDL_PushEvent(&event);
  request_redraw();
}

void Window::inject_mouse_button(bool down, float x, float y) {
  SDL_Event event{};
  event.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;
  event.button.button = SDL_BUTTON_LEFT;
  event.button.state = down ? SDL_PRESSED : SDL_RELEASED;
  event.button.x = static_cast<Sint32>(x / state_->per_unit_x);
  event.button.y = static_cast<Sint32>(y / state_->per_unit_y);
  SDL_PushEvent(&event);
  request_redraw();
}

}  // namespace torugart::platform
