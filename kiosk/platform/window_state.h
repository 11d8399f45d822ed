// Private to kiosk/platform: what a Window holds.
#pragma once
#include <SDL.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "kiosk/platform/canvas.h"
#include "kiosk/platform/window.h"

namespace torugart::platform {

struct Window::State {
  WindowOptions options;
  SDL_Window* window = nullptr;
  SDL_GLContext context = nullptr;
  bool sdl_ready = false, imgui_ready = false, backend_ready = false;
  int width = 0, height = 0;             ///< of the drawable, pixels
  float per_unit_x = 1, per_unit_y = 1;  ///< drawable pixels per window unit
  std::string renderer, driver, lost;
  bool virtual_display = false;  ///< offscreen or dummy: nobody but us sends events

  std::unique_ptr<Canvas> canvas;
  InputRouter router;
  FrameStats stats;
  int frames_left = 1;
  double animate_until_s = 0, wake_at_s = 0;
  bool closed = false;
  std::chrono::steady_clock::time_point last_frame{};
  double last_now_s = 0;
  Uint32 redraw_event = 0;

  // any thread
  std::atomic<bool> redraw{false}, close{false};
  std::mutex mutex;
  std::condition_variable woken;

  void handle(const SDL_Event& event);  // events.cpp
  void poll();
  void wait(double seconds);
  void wake();
  void measure_size();
};

}  // namespace torugart::platform
