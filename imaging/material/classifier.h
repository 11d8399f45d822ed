// Class of a pixel from its two attenuations, with the noise taken into account: a class is given only where it is
// clearly more likely than the others, else the answer is "ambiguous".
//
// How: for each cell of (alpha_high, alpha_low - alpha_high), the likelihood of every effective number Z from the
// curves, with the standard deviation that the air noise makes there, summed per class with equal weight for each
// class. A class with less than `sure` of the sum is ambiguous. The table is computed once (about 0.1 s) and then
// only looked up.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "imaging/core/raster.h"
#include "imaging/core/scan_view.h"
#include "imaging/material/curves.h"
#include "imaging/material/material_class.h"

namespace torugart::imaging {

struct ClassifierConfig {
  MaterialCurves curves = MaterialCurves::defaults();
  double air_noise_high = 0.013;  // standard deviation of T in the open beam, one pixel
  double air_noise_low = 0.019;
  int smoothing = 5;   // window of smoothing x smoothing pixels, odd, 1 .. 9
  double sure = 0.70;  // smallest share of likelihood for a class
  double thin = 0.12;  // below this alpha_high nothing is told apart
  double air = 0.035;  // below this alpha_high it is air
};

// Immutable after make(), thread-safe.
class MaterialTable {
 public:
  static constexpr int kSide = 256;
  static constexpr float kMaxAlpha = 10.0F;  // alpha_high over it is the last row
  static constexpr float kMinDifference = -0.75F;
  static constexpr float kMaxDifference = 2.25F;

  [[nodiscard]] static std::shared_ptr<const MaterialTable> make(const ClassifierConfig& config = {});

  // Attenuations already smoothed over the window.
  [[nodiscard]] MaterialClass classify(float alpha_high, float alpha_low) const;
  // Likelihood shares of organic, light, steel, heavy; they add up to 1 (all 0 where nothing fits).
  [[nodiscard]] std::array<float, 4> shares(float alpha_high, float alpha_low) const;

  [[nodiscard]] const ClassifierConfig& config() const { return config_; }
  // Row = alpha_high, column = difference; for renderers that look up many pixels.
  [[nodiscard]] const std::vector<MaterialClass>& cells() const { return cells_; }
  // Effective number of each cell in 1/2 Z (0: none), for a colour without steps.
  [[nodiscard]] const std::vector<std::uint8_t>& half_z() const { return half_z_; }

 private:
  ClassifierConfig config_;
  std::vector<MaterialClass> cells_;
  std::vector<std::uint8_t> half_z_;
  std::vector<std::array<std::uint8_t, 4>> shares_;
};

// Classes of the pixels of `part` (image pixels, cut to the image). Also marks edges: where the window holds too
// different attenuations the class is ambiguous. Single-energy scans are all ambiguous or air.
[[nodiscard]] Raster<std::uint8_t> classify(const ScanView& view, Rect part, const MaterialTable& table);

}  // namespace torugart::imaging
