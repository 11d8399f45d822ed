// Layers and densities of an x-ray picture: organic or metal taken off, and a band of transmissions marked in the whole
// picture, with bands that were kept.
//
// ids: <base>.strip.<0 all, 1 without organic, 2 without metal>, <base>.band (on, off), <base>.band.window,
//      <base>.band.kept.<n>, <base>.band.keep, <base>.band.forget
#pragma once

#include <string>
#include <vector>

#include "kiosk/screens/desk.h"
#include "kiosk/screens/xray_pane.h"

namespace torugart::screens {

class LayersPanel {
 public:
  static constexpr float kHeight = 252;  // design pixels

  void draw(Desk& desk, XrayPane& pane, touch::Rect r, const std::string& base);
  // Bands that the lane has kept; drawn and changed here, kept through Options::keep_bands.
  static constexpr std::size_t kMostBands = 5;

 private:
  std::vector<imaging::DensityBand> bands_;
  bool loaded_ = false;
  imaging::DensityBand last_{0.05F, 0.15F};
};

std::string band_words(const imaging::DensityBand& band);  // "T 5 – 15 %"

}  // namespace torugart::screens
