// Where pictures become textures. The application implements this with platform::Texture, one per slot; tests with
// whatever they have. Screens keep no pixels of the graphics card themselves.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "kiosk/touch/painter.h"

namespace torugart::screens {

class Textures {
 public:
  virtual ~Textures() = default;

  // Replaces the picture of `slot` ("camera.front", "xray.review", …) and returns its texture; the id may change from
  // call to call. `rgba`: width × height × 4 bytes, no gaps. 0 when the graphics card refused it. UI thread.
  virtual touch::TextureId upload(const std::string& slot, std::span<const std::uint8_t> rgba, int width,
                                  int height) = 0;
  // The slot will not be drawn any more.
  virtual void drop(const std::string& slot) = 0;
};

}  // namespace torugart::screens
