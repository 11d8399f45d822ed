// The lens on an x-ray picture: what lies around a place, magnified against what the picture shows now, and what was
// measured there. The finger takes it along; lifted, it stays, can be moved by its body in fine steps, resized by its corner
// and set to another magnification.
//
// ids: <base> (body), <base>.size (corner), <base>.factor.<2|4|8>, <base>.values
#pragma once

#include <optional>
#include <string>

#include "kiosk/screens/desk.h"
#include "kiosk/screens/xray_pane.h"

namespace torugart::screens {

class Lens {
 public:
  // `touch`: of the picture. After XrayPane::draw().
  void draw(Desk& desk, XrayPane& pane, const touch::Interaction& touch, const std::string& base);
  void put_away() { at_.reset(); }

 private:
  touch::Rect place_for(const touch::Ui& ui, const XrayPane& pane, touch::Point finger) const;
  void values(Desk& desk, XrayPane& pane, touch::Rect r, const std::string& base);

  std::optional<imaging::ImagePoint> at_;  // what is looked at; empty: put away
  touch::Point corner_;                    // top left on the screen
  float side_ = 380;                       // design pixels
  float factor_ = 4;
};

// What was measured in a part of the picture, in words: "T 12 % · steel 81 %, not certain 19 %".
std::string values_in_words(const imaging::RegionStatistics& measured, bool with_material);

}  // namespace torugart::screens
