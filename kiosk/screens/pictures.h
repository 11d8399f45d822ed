// Small pictures (camera frames, crops, thumbnails) as textures: converted and uploaded only when they are other than
// the last time. Thread-bound (UI thread).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hal/api/camera.h"
#include "kiosk/lane/lane_view.h"
#include "kiosk/screens/textures.h"

namespace torugart::screens {

struct Texture {
  touch::TextureId id = 0;  // 0: there is no picture
  float width = 0, height = 0;
};

class Pictures {
 public:
  explicit Pictures(Textures& textures) : textures_(textures) {}

  Texture of(const std::string& slot, const lane::Picture& picture);
  Texture of(const std::string& slot, const hal::Frame& frame);  // new when its sequence is
  // Forgets slots that were not asked for since the last call; once per frame.
  void sweep();

 private:
  struct Entry {
    std::shared_ptr<const std::vector<std::uint8_t>> kept;
    Texture texture;
    int unused = 0;
  };
  Texture upload(const std::string& slot, const std::shared_ptr<const std::vector<std::uint8_t>>& bgr, int width,
                 int height);

  Textures& textures_;
  std::map<std::string, Entry> entries_;
  std::vector<std::uint8_t> rgba_;
};

}  // namespace torugart::screens
