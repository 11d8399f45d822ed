#include "kiosk/platform/window.h"

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <cfloat>
#include <cstring>

#include "kiosk/platform/fonts.h"
#include "kiosk/platform/gl.h"
#include "kiosk/platform/window_state.h"

namespace torugart::platform {
namespace {

using Clock = std::chrono::steady_clock;

// an animation is drawn at most this often
constexpr double least_frame_s = 1.0 / 60;

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

Error no_display(const std::string& driver) {
  return {Error::Code::no_display, std::string("No display could be opened: ") + SDL_GetError(),
          driver.empty() ? "SDL_VIDEODRIVER not set" : "SDL_VIDEODRIVER=" + driver,
          "Connect a display and start from its session, or run without one (--headless, SDL_VIDEODRIVER=offscreen)"};
}

Error no_gl(const char* doing) {
  return {Error::Code::no_gl, std::string(doing) + ": " + SDL_GetError(),
          SDL_GetCurrentVideoDriver() ? SDL_GetCurrentVideoDriver() : "",
          "OpenGL 3.3 is needed; the packages libgl1-mesa-dri and libegl1 bring a software renderer"};
}

void map_keys() {
  ImGuiIO& io = ImGui::GetIO();
  io.KeyMap[ImGuiKey_Backspace] = SDL_SCANCODE_BACKSPACE;
  io.KeyMap[ImGuiKey_Enter] = SDL_SCANCODE_RETURN;
  io.KeyMap[ImGuiKey_KeyPadEnter] = SDL_SCANCODE_KP_ENTER;
  io.KeyMap[ImGuiKey_Escape] = SDL_SCANCODE_ESCAPE;
}

void show_pointer(const PointerFrame& pointer) {
  ImGuiIO& io = ImGui::GetIO();
  io.MousePos = pointer.away ? ImVec2(-FLT_MAX, -FLT_MAX) : ImVec2(pointer.x, pointer.y);
  io.MouseDown[0] = pointer.down;
  io.MouseWheel = pointer.wheel;
}

}  // namespace

Window::Window(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options) {
  // the window cleans up what a failed start leaves behind
  std::unique_ptr<Window> self(new Window(std::make_unique<State>()));
  State& s = *self->state_;
  s.options = options;
  SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
  SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
  SDL_SetHint(SDL_HINT_MOUSE_AUTO_CAPTURE, "0");
  SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
  if (options.offscreen) SDL_SetHint(SDL_HINT_VIDEODRIVER, "offscreen");
  const char* asked = SDL_GetHint(SDL_HINT_VIDEODRIVER);
  if (SDL_Init(SDL_INIT_VIDEO | SDL_INIT_EVENTS) != 0)
    return tl::make_unexpected(no_display(asked != nullptr ? asked : ""));
  s.sdl_ready = true;
  s.driver = SDL_GetCurrentVideoDriver();
  s.virtual_display = s.driver == "offscreen" || s.driver == "dummy";
  s.redraw_event = SDL_RegisterEvents(1);

  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
  Uint32 flags = SDL_WINDOW_OPENGL | SDL_WINDOW_ALLOW_HIGHDPI;
  if (options.fullscreen) flags |= SDL_WINDOW_FULLSCREEN_DESKTOP;
  s.window = SDL_CreateWindow(options.title.c_str(), SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, options.width,
                              options.height, flags);
  if (s.window == nullptr) return tl::make_unexpected(no_gl("No window with OpenGL could be opened"));
  s.context = SDL_GL_CreateContext(s.window);
  if (s.context == nullptr) return tl::make_unexpected(no_gl("OpenGL could not be started"));
  SDL_GL_SetSwapInterval(s.virtual_display ? 0 : 1);
  if (!gl().load()) return tl::make_unexpected(no_gl("OpenGL lacks functions"));
  const auto words = [](GLenum name) {
    const GLubyte* text = gl().GetString(name);
    return std::string(text == nullptr ? "unknown" : reinterpret_cast<const char*>(text));
  };
  s.renderer = words(GL_RENDERER) + ", OpenGL " + words(GL_VERSION);
  s.measure_size();

  ImGui::CreateContext();
  s.imgui_ready = true;
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = io.LogFilename = nullptr;
  io.BackendPlatformName = "torugart";
  map_keys();
  if (auto loaded = fill_font_atlas(options.fonts, options.glyph_text); !loaded)
    return tl::make_unexpected(loaded.error());
  if (!ImGui_ImplOpenGL3_Init("#version 330 core"))
    return tl::make_unexpected(no_gl("The drawing backend did not start"));
  s.backend_ready = true;
  s.canvas = std::make_unique<Canvas>();
  s.last_now_s = self->now_s();
  return self;
}

Window::~Window() {
  State& s = *state_;
  s.canvas.reset();
  if (s.backend_ready) ImGui_ImplOpenGL3_Shutdown();
  if (s.imgui_ready) ImGui::DestroyContext();
  gl() = {};
  if (s.context != nullptr) SDL_GL_DeleteContext(s.context);
  if (s.window != nullptr) SDL_DestroyWindow(s.window);
  if (s.sdl_ready) SDL_Quit();
}

Result<void> Window::load_fonts(std::span<const FontSpec> fonts, const std::string& glyph_text) {
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  auto filled = fill_font_atlas(fonts, glyph_text);
  if (filled) ImGui_ImplOpenGL3_CreateFontsTexture();
  redraw_all();
  return filled;
}

bool Window::step(const DrawFrame& draw, double max_wait_s) {
  State& s = *state_;
  s.poll();
  if (s.closed) return false;
  const auto must = [&] { return s.router.pending() || (s.wake_at_s > 0 && now_s() >= s.wake_at_s); };
  const auto may = [&] { return s.frames_left > 0 || s.animate_until_s > now_s(); };
  if (!must() && may()) {
    // nothing new, only movement: not faster than anyone sees
    s.wait(std::min(max_wait_s, least_frame_s - seconds_since(s.last_frame)));
    s.poll();
  } else if (!must()) {
    double rest = max_wait_s;
    if (s.wake_at_s > 0) rest = std::min(rest, s.wake_at_s - now_s());
    s.wait(rest);
    s.poll();
  }
  if (s.closed || !(must() || may())) return false;
  draw_now(draw);
  return true;
}

void Window::draw_now(const DrawFrame& draw) {
  State& s = *state_;
  s.poll();
  const Clock::time_point start = Clock::now();
  s.last_frame = start;
  if (SDL_GL_MakeCurrent(s.window, s.context) != 0) {
    s.lost = std::string("The display was lost: ") + SDL_GetError();
    s.closed = true;
    return;
  }
  const PointerFrame pointer = s.router.next_frame();
  if (pointer.event) s.frames_left = s.options.frames_per_event;
  s.frames_left = std::max(0, s.frames_left - 1);
  const double now = now_s();
  if (s.wake_at_s > 0 && now >= s.wake_at_s) s.wake_at_s = 0;

  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(static_cast<float>(s.width), static_cast<float>(s.height));
  io.DeltaTime = static_cast<float>(std::max(1e-4, now - s.last_now_s));
  s.last_now_s = now;
  show_pointer(pointer);
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  const FrameWish wish = draw({width(), height(), now, pointer.gesture});
  ImGui::Render();
  s.animate_until_s = wish.animate_until_s;
  if (wish.wake_at_s > 0) s.wake_at_s = wish.wake_at_s;
  const float clear[3] = {static_cast<float>(wish.red) / 255, static_cast<float>(wish.green) / 255,
                          static_cast<float>(wish.blue) / 255};

  const Gl& g = gl();
  if (!s.canvas->resize(s.width, s.height)) {
    s.lost = "The graphics driver has no memory for the window";
    s.closed = true;
  }
  const std::uint64_t drawn = s.canvas->draw(*ImGui::GetDrawData(), clear);
  s.stats.pixels += drawn;
  // nobody looks at a window without a display; screenshots read the canvas
  if (drawn > 0 && !s.virtual_display) {
    s.canvas->show();
    SDL_GL_SwapWindow(s.window);
  }
  // a frame is done when its pixels are there: the renderer's threads count too
  g.Finish();
  constexpr GLenum context_lost = 0x0507;
  if (g.GetError() == context_lost) {
    s.lost = "The graphics driver lost its context";
    s.closed = true;
  }
  s.stats.add(seconds_since(start));
}

void Window::redraw_all() {
  state_->canvas->forget();
  state_->frames_left = state_->options.frames_per_event;
}

bool Window::closed() const {
  return state_->closed || state_->close.load();
}
const std::string& Window::lost() const {
  return state_->lost;
}

void Window::request_redraw() {
  if (!state_->redraw.exchange(true)) state_->wake();
}

void Window::request_close() {
  state_->close = true;
  state_->wake();
}

float Window::width() const {
  return static_cast<float>(state_->width);
}
float Window::height() const {
  return static_cast<float>(state_->height);
}

double Window::now_s() const {
  if (state_->options.clock) return state_->options.clock();
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

const FrameStats& Window::stats() const {
  return state_->stats;
}
const std::string& Window::renderer() const {
  return state_->renderer;
}
const std::string& Window::driver() const {
  return state_->driver;
}

std::vector<std::uint8_t> Window::pixels() const {
  const State& s = *state_;
  const auto row = static_cast<std::size_t>(s.width) * 4;
  std::vector<std::uint8_t> out(row * static_cast<std::size_t>(s.height));
  if (s.stats.frames == 0) return out;
  std::vector<std::uint8_t> bottom_up;
  s.canvas->read(bottom_up);
  if (bottom_up.size() != out.size()) return out;
  for (std::size_t y = 0; y < static_cast<std::size_t>(s.height); ++y)
    std::memcpy(out.data() + y * row, bottom_up.data() + (static_cast<std::size_t>(s.height) - 1 - y) * row, row);
  for (std::size_t i = 3; i < out.size(); i += 4)
    out[i] = 255;
  return out;
}

Result<void> Window::screenshot(const std::string& png_path) const {
  return write_png(png_path, pixels(), state_->width, state_->height);
}

}  // namespace torugart::platform
