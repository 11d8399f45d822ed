// Comparing the picture with another one: an earlier scan of the same container or plate, an empty vehicle or a picture of
// the library. Under the picture, in turn with it in one place, or as what differs. Both show the same part (linked) and
// move together; with Shift the finger moves the other picture against this one, where they do not lie on each other.
//
// Scale: by millimetres where both geometries are calibrated, else by height (columns by their number when both scans are
// equally high and not calibrated).
//
// ids: <base>.picture (the other one, below), <base>.of (what it is), <base>.other (list of pictures),
//      <base>.source.<n>, <base>.mode.<0 below, 1 in turn, 2 difference>, <base>.linked, <base>.shift, <base>.align
#pragma once

#include <string>
#include <vector>

#include "kiosk/screens/desk.h"
#include "kiosk/screens/review_presenter.h"
#include "kiosk/screens/xray_pane.h"

namespace torugart::screens {

enum class CompareMode { below, in_turn, difference };

class Comparison {
 public:
  explicit Comparison(Textures& textures) : other_(textures, "xray.compare") {}

  void close();
  void open() { on_ = true; }
  bool on() const { return on_; }
  bool shifting() const { return on_ && shift_; }
  static constexpr float kControls = 84;  // design pixels that controls() takes

  // Before the picture is drawn. Takes the lower half from `r` where the other one is shown below. The texture to show in
  // the picture's place, 0: the picture itself.
  touch::TextureId draw(Desk& desk, XrayPane& pane, touch::Rect& r, const std::string& crossing);
  // After it: a drag on the picture while shifting.
  void follow(const XrayPane& pane, const touch::Interaction& touch);
  // The row of controls, and the list of pictures above it where it is open. After the picture.
  void controls(Desk& desk, XrayPane& pane, touch::Rect& above, const std::string& crossing);

 private:
  struct Link {  // other = own * k + offset, image pixels
    double kx = 1, ky = 1;
  };
  Link link(const XrayPane& pane) const;
  imaging::ImageRect linked_part(const XrayPane& pane, const Link& k) const;
  touch::TextureId difference(XrayPane& pane);
  const CompareWith* chosen(const std::vector<CompareWith>& all) const;

  bool on_ = false, linked_ = true, shift_ = false, list_ = false;
  CompareMode mode_ = CompareMode::below;
  std::string source_ = {};          // key of the chosen one; empty: the first that is there
  imaging::ImagePoint offset_ = {};  // of the other picture, its pixels
  XrayPane other_;
  imaging::RasterRgba difference_ = {};
};

}  // namespace torugart::screens
