// Class of a pixel from its two attenuations, with the noise taken into account: a class is given only where it is
// clearly more likely than the others, else the answer is "ambiguous".
//
// How: for each cell of (alpha_high, alpha_low / alpha_high), the likelihood of every effective number Z from the
// curves, with the standard deviation that the air noise makes there, summed per class with equal weight for each
// class; within a class, numbers of common goods weigh more. A class with less than `sure` of the sum is ambiguous, and so is a cell that no curve comes near. The table
// is computed once (about 0.1 s) and then only looked up.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "imaging/core/raster.h"
#include "imaging/core/scan_image.h"
#include "imaging/material/curves.h"
#include "imaging/material/material_class.h"

namespace torugart::imaging {

struct ClassifierConfig {
  MaterialCurves curves = MaterialCurves::defaults();
  double air_noise_high = 0.013;  // standard deviation of T in the open beam, one pixel
  double air_noise_low = 0.019;
  double systematic =
      0.002;  // error of alpha_low that no smoothing takes away, per alpha: gain drift, scatter, curves
  double offset_error = 1e-4;  // of T: dark level and scatter; blurs the ratio where hardly anything gets through
  double low_scale = 1;        // alpha_low is multiplied by it before the lookup
  int smoothing = 9;           // window of smoothing x smoothing pixels, odd, 1 .. 9
  double edge = 0.5;           // change of attenuation within the window, over its mean, that is an edge
  double sure = 0.75;          // smallest share of likelihood for a class
  bool heavy = true;           // false: what looks heavier than steel stays ambiguous
  double thin = 0.12;          // below this alpha_high nothing is told apart
  double air = 0.035;          // below this alpha_high it is air
};

// Defaults with the noise that this scan shows in its open beam: a quieter scan gets more colour, a noisy one less. A
// scan without dark and air was taken with beams and gains that nobody measured. Its low-energy attenuations are
// scaled so that its thin parts (alpha_high 0.3 to 1: a container's sheet and frame) are steel, `systematic` is 0.012
// `offset_error` 0.002 and `edge` 0.2 (nobody knows that both energies lie on each other), and nothing is heavier than that
// steel: edges, scatter and a wrong dark level all look so. Much stays ambiguous, and what is coloured is so relative to that
// steel. The caller should say so beside the picture.
[[nodiscard]] ClassifierConfig config_for(const ScanImage& image, ClassifierConfig defaults = {});

// Immutable after make(), thread-safe.
class MaterialTable {
 public:
  static constexpr int kSide = 256;
  static constexpr float kMaxAlpha = 7.68F;  // 0.03 a row; alpha_high over it is the last row
  static constexpr float kMinRatio =
      0.8F;  // alpha_low / alpha_high; 0.003125 a column, beyond the ends is the last column
  static constexpr float kMaxRatio = 1.6F;

  [[nodiscard]] static std::shared_ptr<const MaterialTable> make(const ClassifierConfig& config = {});

  // Attenuations already smoothed over the window.
  [[nodiscard]] MaterialClass classify(float alpha_high, float alpha_low) const;
  // Likelihood shares of organic, light, steel, heavy; they add up to 1 (all 0 where nothing fits).
  [[nodiscard]] std::array<float, 4> shares(float alpha_high, float alpha_low) const;

  [[nodiscard]] const ClassifierConfig& config() const { return config_; }
  // For windows twice as wide and high, where the picture is even enough for one (material_rows.h); null in such a table.
  [[nodiscard]] const MaterialTable* wider() const { return wider_.get(); }

  // For loops over many pixels: row = alpha_high, column = ratio. Low three bits: class; the five above: how sure, 0
  // .. 31 over the range from `sure` to 1.
  [[nodiscard]] const std::vector<std::uint8_t>& cells() const { return cells_; }
  [[nodiscard]] static constexpr MaterialClass class_of(std::uint8_t cell) {
    return static_cast<MaterialClass>(cell & 7U);
  }
  [[nodiscard]] static constexpr int sureness_of(std::uint8_t cell) { return cell >> 3U; }
  [[nodiscard]] static std::size_t cell_at(float alpha_high, float alpha_low);

 private:
  void fill(const ClassifierConfig& config, int window);

  ClassifierConfig config_;
  std::shared_ptr<const MaterialTable> wider_;
  std::vector<std::uint8_t> cells_;
  std::vector<std::array<std::uint8_t, 4>> shares_;
};

// Classes of the pixels of `part` (image pixels, cut to the image). Also marks edges: where the window holds too
// different attenuations the class is ambiguous. Single-energy scans are all ambiguous or air.
[[nodiscard]] Raster<std::uint8_t> classify(const ScanView& view, Rect part, const MaterialTable& table);

}  // namespace torugart::imaging
