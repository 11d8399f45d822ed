// The physics of the simulated x-ray: what photons leave the accelerator, what matter leaves of them, what a detector
// makes of the rest. README.md, "The physics", says what is in the model and what is not.
//
// Units: MeV, cm²/g for mass attenuation, g/cm² for thickness (length × density). Pure functions and constants;
// reentrant.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace torugart::hal::sim {

struct Material {
  std::string_view name;
  double density = 1;                                    // g/cm³, as usually packed
  std::vector<std::pair<int, double>> weight_fractions;  // element number, part by weight; sums to 1
};

// Materials a scenario may name. The order is stable; the index is used below.
const std::vector<Material>& materials();
// Index into materials(), empty when there is no such name.
std::optional<std::size_t> find_material(std::string_view name);
std::string material_names();  // "air, water, …" for messages

// Log-log interpolation of XCOM (0.05 … 6 MeV), mixture rule. Between 0.06 and 0.1 MeV the K edges of tungsten and
// lead are smoothed away; the filtered spectra have next to nothing there.
double mass_attenuation(const Material& material, double mev);

inline constexpr std::size_t kEnergyBins = 26;

// Thick-target bremsstrahlung after H. A. Kramers, Phil. Mag. 46 (1923) 836: dN/dE ∝ (E0 − E)/E, behind the target's
// own 3 mm of tungsten and 10 mm of steel (exit window, collimator filter), seen by a scintillator that absorbs
// 1 − exp(−µt) of the photons (30 mm CsI, taken as barium of the same mass) and sums their energies.
struct Spectrum {
  double end_point_mev = 6;
  std::array<double, kEnergyBins> energy_mev{};  // middle of each bin; the same for every spectrum
  std::array<double, kEnergyBins> absorbed{};    // part of the absorbed photons in each bin, sums to 1
  double mean_mev = 0;                           // of the absorbed photons
};
Spectrum make_spectrum(double end_point_mev);

// What a ray lets through, as the detector sees it.
struct Transmission {
  float mean = 1;      // signal / signal without object
  float variance = 1;  // variance of one detected photon's worth of signal, relative to no object: Σ n E² e^(−µt)
                       // over the same without object; falls less than `mean` as the beam hardens
};

// Both energies at once, since they share the exponentials.
class Attenuator {
 public:
  Attenuator(double high_mev, double low_mev);

  struct Pair {
    Transmission high, low;
  };
  // `areal` g/cm² of materials()[i] for each (i, g/cm²).
  Pair transmit(const std::pair<std::size_t, float>* areal, std::size_t count) const;

  const Spectrum& high() const { return high_; }
  const Spectrum& low() const { return low_; }

 private:
  Spectrum high_, low_;
  std::vector<std::array<float, kEnergyBins>> mu_;  // [material][bin]
  std::array<float, kEnergyBins> energy_high_{}, energy_low_{}, square_high_{}, square_low_{};
};

}  // namespace torugart::hal::sim
