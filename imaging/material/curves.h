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

// A beam as measured or simulated elsewhere: what each energy adds to the detector's signal in the open beam, in any
// unit.
struct BeamSpectrum {
  std::vector<double> mev;     // 0.05 … 10; lower energies count as 0.05, they reach no detector behind cargo
  std::vector<double> signal;  // photons times what the detector makes of one
};

// One step of a wedge, or one calibration object: known material and thickness, measured attenuations (means over
// enough pixels that noise does not matter).
struct WedgeStep {
  double z = 0;
  double area_density_g_cm2 = 0;
  double alpha_high = 0, alpha_low = 0;
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

  // The effective number whose curve passes nearest to a measured pair, 6 … 92; noise is up to the caller, who gives
  // means.
  [[nodiscard]] double effective_z(double alpha_high, double alpha_low) const;

  // The same curves as a scanner's own wedge shows them: at each measured material both attenuations are scaled by
  // measured over computed, piecewise linear along the thickness; between materials by linear interpolation in log z,
  // beyond them like the nearest. That takes up what a model of the beam leaves out: scatter, filters, the detector.
  // Fails without steps, or when one lies more than 30 % off the model: then materials or energies were mixed up.
  [[nodiscard]] Result<MaterialCurves> calibrated(std::span<const WedgeStep> steps) const;

  [[nodiscard]] static MaterialCurves from_beams(const BeamModel& high, const BeamModel& low);
  [[nodiscard]] static Result<MaterialCurves> from_spectra(const BeamSpectrum& high, const BeamSpectrum& low);
  // 6 MeV and 4 MeV end-points.
  [[nodiscard]] static const MaterialCurves& defaults();
};

// Mass attenuation coefficient in cm^2/g of element z at an energy of 0.05 .. 10 MeV, log-log interpolated in the
// energy; fails for an element that the table does not hold.
[[nodiscard]] Result<double> mass_attenuation(int z, double energy_mev);
[[nodiscard]] std::span<const int> tabulated_elements();

}  // namespace torugart::imaging
