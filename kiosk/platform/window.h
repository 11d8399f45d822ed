// The window: display, OpenGL 3.3, fonts, input, the loop that sleeps, textures, screenshots. The only code that
// calls SDL and GL. Works on a real display and, with SDL_VIDEODRIVER=offscreen (or WindowOptions::offscreen), on
// none at all: Mesa's llvmpipe draws the same pixels without X.
//
// It owns SDL's video, the GL context and the Dear ImGui context; there is one Window per process at a time. It knows
// nothing of widgets: a frame is handed to a function that draws it.
//
//   auto window = Window::open(options);            // Result<std::unique_ptr<Window>>
//   while (!window->closed()) window->step([&](const Frame& f) { …; return FrameWish{…}; });
//
// The loop sleeps in SDL_WaitEventTimeout. After an event it draws `frames_per_event` frames, then sleeps again,
// unless the frame's wish says that something moves or names a time for the next one. request_redraw() wakes it from
// any thread.
//
// Threads: everything belongs to the thread that opened the window, except request_redraw() and request_close().
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kiosk/platform/error.h"
#include "kiosk/platform/frame_stats.h"
#include "kiosk/platform/input_router.h"

namespace torugart::platform {

struct FontSpec {
  int weight = 400;  ///< CSS: 400 regular, 500 medium, 700 bold
  float size_px = 20;
  bool figures_only = false;  ///< ASCII and signs only: large figures, a small atlas
};

struct WindowOptions {
  std::string title = "Torugart";
  int width = 1920, height = 1080;  ///< pixels; a full-screen window takes the display's
  bool fullscreen = false;
  bool offscreen = false;            ///< same as SDL_VIDEODRIVER=offscreen
  std::vector<FontSpec> fonts = {};  ///< in the order in which they shall stand in the atlas
  std::string glyph_text = {};       ///< UTF-8; besides Latin and Cyrillic, fonts hold every character of this
  int frames_per_event = 3;
  std::function<double()> clock = {};  ///< seconds, monotonic; empty: steady clock (tests bring their own)
};

/// What a frame may know.
struct Frame {
  float width = 0, height = 0;  ///< pixels
  double now_s = 0;             ///< the window's clock
  Gesture gesture = {};
};

/// What a frame asks for.
struct FrameWish {
  double animate_until_s = 0;  ///< draw continuously until then
  double wake_at_s = 0;        ///< draw once at that time; 0: no wish
  /// The window is cleared to this, 0 … 255: cheaper than a rectangle over all of it.
  std::uint8_t red = 0, green = 0, blue = 0;
};

using DrawFrame = std::function<FrameWish(const Frame&)>;

/// An RGBA picture on the graphics card. Reused: update() uploads into the same memory while the size stays.
/// Must not outlive its Window. Movable.
class Texture {
 public:
  Texture() = default;
  ~Texture();
  Texture(Texture&& other) noexcept;
  Texture& operator=(Texture&& other) noexcept;

  /// `rgba`: 8-bit R, G, B, A, rows of `stride_bytes` (0: width·4, no gaps). Sizes 1 … 8192. UI thread.
  Result<void> update(std::span<const std::uint8_t> rgba, int width, int height, std::size_t stride_bytes = 0);
  /// Uploads only the rectangle x, y, w, h of a picture that has this texture's size. `rgba` is the whole picture.
  Result<void> update_part(std::span<const std::uint8_t> rgba, std::size_t stride_bytes, int x, int y, int w, int h);

  std::uint64_t id() const { return id_; }  ///< 0: no picture yet; goes to touch::image()
  int width() const { return width_; }
  int height() const { return height_; }
  std::uint64_t bytes_uploaded() const { return bytes_uploaded_; }

 private:
  std::uint32_t id_ = 0;
  int width_ = 0, height_ = 0;
  std::uint64_t bytes_uploaded_ = 0;
};

class Window {
 public:
  static Result<std::unique_ptr<Window>> open(const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// Waits until something is to be done, at most `max_wait_s`, and draws at most one frame. True if one was drawn.
  bool step(const DrawFrame& draw, double max_wait_s = 1.0);
  /// Draws one frame now, whatever there is.
  void draw_now(const DrawFrame& draw);

  /// Loads other fonts (the window turned out larger than asked for); the atlas is rebuilt. Between frames only.
  Result<void> load_fonts(std::span<const FontSpec> fonts, const std::string& glyph_text);

  bool closed() const;
  /// Empty while all is well; why the display was lost otherwise (closed() is true then).
  const std::string& lost() const;

  /// Any thread: draw a frame soon. Cheap; many calls make one frame.
  void request_redraw();
  /// Any thread: closed() becomes true.
  void request_close();

  /// Draws every pixel anew with the next frame (frames otherwise draw only what changed).
  void redraw_all();

  float width() const;
  float height() const;
  double now_s() const;
  const FrameStats& stats() const;
  /// "llvmpipe …, OpenGL 4.5": what draws.
  const std::string& renderer() const;
  /// Display driver: "x11", "wayland", "KMSDRM", "offscreen".
  const std::string& driver() const;

  /// The last frame's pixels: RGBA, top row first.
  std::vector<std::uint8_t> pixels() const;
  /// The last frame as PNG.
  Result<void> screenshot(const std::string& png_path) const;

  // -- fingers that tests and the demo put on the glass: they go through SDL's event queue like a real one's
  void inject_finger_down(std::int64_t finger, float x, float y);
  void inject_finger_move(std::int64_t finger, float x, float y);
  void inject_finger_up(std::int64_t finger, float x, float y);
  void inject_text(const char* utf8);  // as a keyboard on a cable types it
  void inject_mouse_move(float x, float y);
  void inject_mouse_button(bool down, float x, float y);

 private:
  struct State;
  explicit Window(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The font files tried, best first, for a weight (assets/fonts.txt says why these).
std::vector<std::string> font_candidates(int weight);

/// Writes RGBA (top row first) as PNG.
Result<void> write_png(const std::string& path, std::span<const std::uint8_t> rgba, int width, int height);

}  // namespace torugart::platform
