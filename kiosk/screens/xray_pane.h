// The x-ray picture on the screen: which part is shown, in which tone, and the texture of it. Renders the visible
// window only, and only when part, tone, size or picture have changed. Used by scan, review and queue, so that a
// picture behaves the same everywhere.
//
// Coordinates: imaging/core/geometry.h (image, viewport); this class adds the screen (touch::Rect).
// Thread-bound (UI thread).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "imaging/core/scan_image.h"
#include "imaging/display/renderer.h"
#include "kiosk/screens/textures.h"
#include "kiosk/touch/image.h"
#include "kiosk/touch/ui.h"

namespace torugart::screens {

class XrayPane {
 public:
  // `slot`: prefix of the texture slots ("xray.review").
  XrayPane(Textures& textures, std::string slot);

  // What is to be seen from now on. `id` names the picture (the scan): while it stays the same, the part on the
  // screen stays too, so a scan becomes its review without a jump. The views must stay alive until the next call.
  void show_growing(const std::string& id, std::shared_ptr<const imaging::ScanView> view);
  // `materials` may be null: then no material colour is shown.
  void show_image(const std::string& id, std::shared_ptr<const imaging::ScanImage> image,
                  std::shared_ptr<const imaging::MaterialTable> materials);
  bool has_materials() const { return materials_ != nullptr; }
  const imaging::MaterialTable* materials() const { return materials_.get(); }
  void show_nothing();

  bool has_picture() const { return view() != nullptr && !view()->empty(); }
  const imaging::ScanView* view() const;
  const imaging::ScanImage* image() const { return image_.get(); }
  bool growing() const { return growing_ != nullptr; }

  // Draws into `area` and moves the picture with the finger (drag and two fingers, wheel). `pan` off: a drag means
  // something else to the caller, two fingers still move.
  // `instead`: a texture of the same part that is shown in the picture's place (comparing); 0: the picture.
  touch::Interaction draw(touch::Ui& ui, std::string_view id, const touch::Rect& area, bool pan,
                          std::string_view missing, touch::TextureId instead = 0);
  // Takes the place and settles which part is shown there, as draw() does before it draws. False without a picture.
  bool settle(const touch::Rect& area);
  // The visible part in other options, as pixels and as a texture of its own. Kept until the next call; null and 0 without
  // a picture.
  const imaging::RasterRgba* pixels(const imaging::RenderOptions& shown);
  touch::TextureId upload(const imaging::RasterRgba& shown);
  // The whole picture, small, with a frame around the visible part; a tap goes there. After draw().
  void draw_map(touch::Ui& ui, std::string_view id, const touch::Rect& area);
  // Fills `place` with what lies around `at`, magnified `factor` times against what the pane shows. After draw().
  void draw_lens(touch::Ui& ui, const touch::Rect& place, imaging::ImagePoint at, float factor);

  void fit();
  void zoom(double factor);  // around the middle
  void center_on(const imaging::Rect& part);
  // From the next draw() on; where the picture ends, beyond it is shown as background.
  void show_part(const imaging::ImageRect& part);
  void hold_part(bool held) { held_ = held; }  // no longer kept in reach: another pane leads
  const imaging::Viewport& viewport() const { return viewport_; }
  const touch::Rect& area() const { return area_; }  // on the screen, of the last draw()

  imaging::ImagePoint to_image(touch::Point screen) const;
  touch::Point to_screen(imaging::ImagePoint p) const;
  touch::Rect to_screen(const imaging::Rect& r) const;

  imaging::RenderOptions options;
  imaging::ToneWindow window() const { return renderer_.window(); }
  // Of the visible part, 0 … 1 per bin.
  const std::vector<float>& histogram();

 private:
  struct Drawn {  // what a texture was made from
    const void* picture = nullptr;
    std::uint64_t revision = 0;
    imaging::Viewport viewport;
    imaging::RenderOptions options;
    friend bool operator==(const Drawn&, const Drawn&) = default;
  };
  void resize(int width, int height);
  void keep_in_reach();
  void gestures(touch::Ui& ui, const touch::Interaction& touch, bool pan);
  touch::TextureId rendered(const std::string& slot, const imaging::Viewport& viewport, Drawn& drawn,
                            touch::TextureId before, imaging::Renderer& renderer);
  Drawn key(const imaging::Viewport& viewport) const;

  Textures& textures_;
  std::string slot_, id_;
  std::shared_ptr<const imaging::ScanView> growing_;
  std::shared_ptr<const imaging::ScanImage> image_;
  imaging::Viewport viewport_;
  bool follow_ = false, fit_wanted_ = true;
  touch::Rect area_;
  imaging::Renderer renderer_, small_renderer_, other_renderer_;
  std::shared_ptr<const imaging::MaterialTable> materials_;
  imaging::RasterRgba pixels_;
  Drawn drawn_, map_drawn_, lens_drawn_;
  touch::TextureId texture_ = 0, map_texture_ = 0, lens_texture_ = 0;
  bool held_ = false;  // show_part() decides what is seen, also past the picture's edge
  double map_at_s_ = 0;
  Drawn histogram_of_;
  std::vector<float> histogram_;
};

}  // namespace torugart::screens
