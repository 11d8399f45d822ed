#include "imaging/analyse/mass.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "imaging/material/material_rows.h"

namespace torugart::imaging {
namespace {

constexpr int kLevel = 2;              // means of 4 x 4 pixels: the logarithm of noise is not its mean
constexpr double kOpaque = 9.0;        // where scanners end
constexpr double kCalibration = 0.02;  // of the curves and the geometry, one standard deviation

// What stands for each class, and how far its area density may be off for a material of that class, as a share.
struct Stand {
  double z;
  double error;
};
constexpr Stand stand_for(MaterialClass material) {
  switch (material) {
    case MaterialClass::organic:
      return {7, 0.04};
    case MaterialClass::light:
      return {13, 0.04};
    case MaterialClass::steel:
      return {26, 0.03};
    case MaterialClass::heavy:
      return {82, 0.08};
    default:
      return {16, 0.08};  // ambiguous: between organic and steel, which differ little per mass at these energies
  }
}

// Area density by class over attenuation, in steps of 0.01.
class Densities {
 public:
  explicit Densities(const MaterialCurves& curves) {
    for (const MaterialClass c : kAllMaterialClasses) {
      auto& row = rows_[static_cast<std::size_t>(c)];
      for (int k = 0; k <= 1200; ++k)
        row.push_back(curves.area_density(stand_for(c).z, 0.01 * k));
    }
  }
  [[nodiscard]] double at(MaterialClass c, double alpha) const {
    const auto& row = rows_[static_cast<std::size_t>(c)];
    const double at = std::clamp(alpha * 100, 0.0, 1199.0);
    const auto k = static_cast<std::size_t>(at);
    return row[k] + (at - static_cast<double>(k)) * (row[k + 1] - row[k]);
  }

 private:
  std::array<std::vector<double>, kMaterialClasses> rows_;
};

}  // namespace

std::optional<MassEstimate> detail::mass_over_walls(const ScanImage& image, const MaterialTable& table, Rect part,
                                                    double walls) {
  const ScanView& view = image.view;
  const ScanStatistics& s = image.statistics;
  part = part.intersect(view.bounds());
  if (!s.calibrated || !s.geometry_calibrated || !(s.pixel_mm > 0) || !view.has_low || part.empty())
    return std::nullopt;
  const int level = std::min(kLevel, view.levels() - 1);
  const Rect at{part.x >> level, part.y >> level, std::max(1, part.w >> level), std::max(1, part.h >> level)};
  const double side_cm = s.pixel_mm * (1 << level) / 10;
  const Densities densities(table.config().curves);
  const double wall = walls > 0 ? densities.at(MaterialClass::steel, walls) : 0;
  MaterialRows rows;
  rows.start(view, table, level, at.x, at.w);
  std::vector<std::uint16_t> codes(static_cast<std::size_t>(at.w));
  std::array<double, kMaterialClasses> grams{};
  double blocked = 0;
  for (int y = at.y; y < at.bottom(); ++y) {
    const auto cells = rows.row(y);
    view.read_row(Energy::high, level, at.x, y, codes);
    for (std::size_t x = 0; x < codes.size(); ++x) {
      const PixelState state = state_of(codes[x]);
      MaterialClass c = MaterialTable::class_of(cells[x]);
      if (c == MaterialClass::saturated) c = MaterialClass::steel;
      double alpha = 0;
      if (state == PixelState::no_signal) {
        alpha = kOpaque;
        blocked += 1;
      } else if (state == PixelState::measured) {
        // Not cut at zero: in the open beam noise has to cancel.
        alpha = static_cast<double>(attenuation_of(codes[x]));
      }
      const double density = alpha >= 0 ? densities.at(c, alpha) : -densities.at(c, -alpha);
      grams[static_cast<std::size_t>(c)] += (density - wall) * side_cm * side_cm;
    }
  }
  MassEstimate out;
  double variance = 0;
  for (const MaterialClass c : kAllMaterialClasses) {
    const double kg = grams[static_cast<std::size_t>(c)] / 1000;
    out.kg += kg;
    // Errors of one class go the same way in all its pixels.
    variance += kg * kg * stand_for(c).error * stand_for(c).error;
  }
  out.kg = std::max(0.0, out.kg);
  out.error_kg = std::sqrt(variance + out.kg * out.kg * kCalibration * kCalibration);
  out.at_least = blocked > 0.002 * static_cast<double>(at.w) * at.h;
  return out;
}

std::optional<MassEstimate> mass_of(const ScanImage& image, const MaterialTable& table, Rect part) {
  return detail::mass_over_walls(image, table, part, 0);
}

}  // namespace torugart::imaging
