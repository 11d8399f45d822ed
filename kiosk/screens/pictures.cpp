#include "kiosk/screens/pictures.h"

namespace torugart::screens {

namespace {
constexpr int kFramesUnused = 120;  // a slot that leaves the screen for a moment keeps its texture
}

Texture Pictures::upload(const std::string& slot, const std::shared_ptr<const std::vector<std::uint8_t>>& bgr,
                         int width, int height) {
  auto& entry = entries_[slot];
  entry.unused = 0;
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  if (!bgr || width <= 0 || height <= 0 || bgr->size() < pixels * 3) return {};
  if (entry.kept == bgr) return entry.texture;
  rgba_.resize(pixels * 4);
  const std::uint8_t* from = bgr->data();
  std::uint8_t* to = rgba_.data();
  for (std::size_t i = 0; i < pixels; ++i, from += 3, to += 4) {
    to[0] = from[2];
    to[1] = from[1];
    to[2] = from[0];
    to[3] = 255;
  }
  entry.kept = bgr;
  entry.texture = {textures_.upload(slot, rgba_, width, height), static_cast<float>(width),
                   static_cast<float>(height)};
  return entry.texture;
}

Texture Pictures::of(const std::string& slot, const lane::Picture& picture) {
  return upload(slot, picture.bgr, picture.width, picture.height);
}

Texture Pictures::of(const std::string& slot, const hal::Frame& frame) {
  return upload(slot, frame.bgr, frame.width, frame.height);
}

void Pictures::sweep() {
  for (auto it = entries_.begin(); it != entries_.end();) {
    if (++it->second.unused > kFramesUnused) {
      if (it->second.texture.id) textures_.drop(it->first);
      it = entries_.erase(it);
    } else {
      ++it;
    }
  }
}

}  // namespace torugart::screens
