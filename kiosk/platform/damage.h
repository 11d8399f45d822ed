// Private to kiosk/platform: which parts of the screen differ from the frame before. On a software renderer the
// pixels are what costs; a pressed button or a new camera picture changes few of them.
//
// The window is a grid of cells. Everything that is drawn is hashed, triangle by triangle, into the cells that its
// bounding box touches, together with its clip rectangle and its texture's version. A cell whose hash is that of the
// last frame holds the same pixels. Pure; no GL.
#pragma once
#include <imgui.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace torugart::platform {

struct PixelRect {
  int x = 0, y = 0, w = 0, h = 0;
};

class Damage {
 public:
  /// How often the texture's pixels have changed.
  using TextureVersion = std::function<std::uint64_t(ImTextureID)>;

  /// Rectangles, not overlapping, outside of which nothing changed since the last call. `salt` stands for what is not
  /// in the draw data (the clear colour). A new size makes everything new.
  std::vector<PixelRect> update(const ImDrawData& data, int width, int height, std::uint64_t salt,
                                const TextureVersion& version);

  /// Everything is new at the next update.
  void forget() { last_.clear(); }

 private:
  void hash_command(const ImDrawList& list, const ImDrawCmd& command, std::uint64_t seed);
  std::vector<PixelRect> changed_rects(int width, int height) const;

  int columns_ = 0, rows_ = 0;
  std::vector<std::uint64_t> now_, last_;
};

}  // namespace torugart::platform
