// Attenuation of materials in two beams: for each effective Z, the low-energy attenuation as a function of the
// high-energy one. Below Z about 20 a beam of lower end-point is attenuated clearly more; with Z, pair production
// adds to the high beam and the ratio alpha_low / alpha_high falls. That is all that dual energy at MeV sees.
// Attenuation coefficients: NIST XCOM (Berger et al., NIST Standard Reference Database 8), total with coherent
// scattering.
#pragma once

#include <span>
#include <vector>

#include "imaging/core/error.h"

namespace torugart::imaging {

// A bremsstrahlung beam and the detector that sees it. Kramers' shape N(E) ~ (E0 - E) / E (H. A. Kramers, Phil. Mag.
// 46 (1923) 836), hardened by the target's tungsten and by iron (window, collimator filter); the detector absorbs 1 -
// exp(-mu t) of the photons and sums their energies. Defaults: 3 mm tungsten, 10 mm steel, 30 mm caesium iodide taken
// as barium of the same mass. A real beam is calibrated with a step wedge instead.
struct BeamModel {
  double endpoint_mev = 6;
  double filter_tungsten_g_cm2 = 5.79;
  double filter_iron_g_cm2 = 7.85;
  double detector_barium_g_cm2 = 13.53;
  double lowest_mev = 0.05;
};

struct MaterialCurve {
  double z = 0;                   // effective atomic number
  std::vector<float> alpha_high;  // grows strictly from 0
  std::vector<float> alpha_low;   // at the same thickness
  std::vector<float> area_density_g_cm2;
};

// From theory (from_beams) or from a step wedge. Curves are sorted by z.
struct MaterialCurves {
  std::vector<MaterialCurve> curves;
  // Low-energy attenuation of a material of effective number z that has alpha_high in the high beam; between two
  // curves by linear interpolation in z, past the ends of a curve along its last step.
  [[nodiscard]] double alpha_low(double z, double alpha_high) const;
  [[nodiscard]] double area_density(double z, double alpha_high) const;

  [[nodiscard]] static MaterialCurves from_beams(const BeamModel& high, const BeamModel& low);
  // 6 MeV and 4 MeV end-points.
  [[nodiscard]] static const MaterialCurves& defaults();
};

// Mass attenuation coefficient in cm^2/g of element z at an energy of 0.05 .. 10 MeV, log-log interpolated in the
// energy; fails for an element that the table does not hold.
[[nodiscard]] Result<double> mass_attenuation(int z, double energy_mev);
[[nodiscard]] std::span<const int> tabulated_elements();

}  // namespace torugart::imaging
