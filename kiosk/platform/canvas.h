// Private to kiosk/platform: the picture that the window keeps between frames, so that only what changed is drawn
// again. A frame buffer of its own, because a display's back buffer holds nothing that one may count on after a swap.
#pragma once
#include <imgui.h>

#include <cstdint>
#include <vector>

#include "kiosk/platform/damage.h"

namespace torugart::platform {

class Canvas {
 public:
  ~Canvas();
  /// Makes or resizes the buffer. False if the driver refuses.
  bool resize(int width, int height);
  /// Draws what differs from the last frame; returns the number of pixels drawn.
  std::uint64_t draw(ImDrawData& data, const float clear[3]);
  /// Copies all of it to the window's back buffer.
  void show() const;
  /// RGBA, bottom row first.
  void read(std::vector<std::uint8_t>& bottom_up) const;
  /// Everything is drawn again next time.
  void forget() { damage_.forget(); }

 private:
  void destroy();
  std::uint32_t buffer_ = 0, texture_ = 0;
  int width_ = 0, height_ = 0;
  Damage damage_;
};

}  // namespace torugart::platform
