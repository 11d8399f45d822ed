// Pictures: camera frames, crops, thumbnails, the x-ray viewport. The texture is uploaded by the window
// (platform::Texture); the kit only places it, hands over the finger's movements and draws marks on it.
#pragma once
#include <string_view>

#include "kiosk/touch/ui.h"

namespace torugart::touch {

enum class Fit { contain, cover, stretch };

struct ImageOptions {
  Fit fit = Fit::contain;
  bool touchable = false;         ///< a tap, drag or pinch is reported
  bool drag = false;              ///< dragging is reported too (pan); without it only taps
  std::string_view caption = {};  ///< on a dark strip at the lower edge
  std::string_view missing = {};  ///< words shown while there is no picture (texture 0)
  bool selected = false;
};

struct ImageResult {
  Rect placed;  ///< where the picture stands; whole area while there is none
  Interaction touch;
  /// From the screen to the picture, 0 … 1 of its width and height, and back.
  Point to_picture(Point screen) const {
    return {(screen.x - placed.x) / placed.w, (screen.y - placed.y) / placed.h};
  }
  Point to_screen(Point p) const { return {placed.x + p.x * placed.w, placed.y + p.y * placed.h}; }
};

/// `width`, `height`: the texture's size in its own pixels (for its proportions). texture 0: there is no picture.
ImageResult image(Ui& ui, std::string_view id, const Rect& r, TextureId texture, float width, float height,
                  const ImageOptions& o = {});

/// The name of a mark in a small plate outside of `r`, for marks whose shape the caller draws.
void mark_name(Ui& ui, std::string_view id, const Rect& r, std::string_view name, Tone tone);
/// A mark on a picture: edge in the tone's colour on a dark rim, its name in a small plate outside of it.
void mark_box(Ui& ui, std::string_view id, const Rect& r, std::string_view name, Tone tone, bool selected = false);

}  // namespace torugart::touch
