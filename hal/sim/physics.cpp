#include "hal/sim/physics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "hal/sim/xcom_table.h"

namespace torugart::hal::sim {
namespace {

// Edges of the energy bins: narrow where attenuation is steep.
constexpr std::array<double, kEnergyBins + 1> kEdges = {0.05, 0.1,  0.15, 0.2,  0.3, 0.4,  0.5, 0.65, 0.8,
                                                        1.0,  1.25, 1.5,  1.75, 2.0, 2.25, 2.5, 2.75, 3.0,
                                                        3.25, 3.5,  3.75, 4.0,  4.4, 4.8,  5.2, 5.6,  6.0};

double element_attenuation(int z, double mev) {
  const auto element = std::find_if(kXcom.begin(), kXcom.end(), [z](const XcomElement& e) { return e.z == z; });
  const double e = std::clamp(mev, kXcomMev.front(), kXcomMev.back());
  const auto upper = std::upper_bound(kXcomMev.begin() + 1, kXcomMev.end() - 1, e);
  const auto i = static_cast<std::size_t>(upper - kXcomMev.begin());
  const double f = std::log(e / kXcomMev[i - 1]) / std::log(kXcomMev[i] / kXcomMev[i - 1]);
  const auto& mu = element->cm2_per_g;
  return std::exp((1 - f) * std::log(mu[i - 1]) + f * std::log(mu[i]));
}

// e^(−x) for x ≥ 0, relative error below 2e-6; a plain loop over it is vectorised.
inline float exp_minus(float x) {
  const float t = std::max(-x, -80.0F) * 1.44269504F;  // base 2
  const float whole = static_cast<float>(static_cast<std::int32_t>(t)) - 1.0F;
  const float f = t - whole;  // 0 … 1
  const float h = f * 0.5F;   // 2^f = (2^h)², so that a short series does
  float p = 0.00133335581F;
  p = p * h + 0.00961812911F;
  p = p * h + 0.0555041087F;
  p = p * h + 0.240226507F;
  p = p * h + 0.693147181F;
  p = p * h + 1.0F;
  const auto bits = static_cast<std::uint32_t>(static_cast<std::int32_t>(whole) + 127) << 23U;
  return p * p * std::bit_cast<float>(bits);
}

}  // namespace

const std::vector<Material>& materials() {
  // Compositions by weight, from the formulas; densities as usually stowed. Explosives are nitrogen- and oxygen-rich
  // organics (RDX, C3H6N6O6); narcotics hydrogen-rich ones (cocaine hydrochloride, C17H22ClNO4).
  static const std::vector<Material> kMaterials = {
      {"air", 0.001205, {{7, 0.767}, {8, 0.233}}},
      {"water", 1.0, {{1, 0.1119}, {8, 0.8881}}},
      {"polyethylene", 0.94, {{1, 0.1437}, {6, 0.8563}}},
      {"plastic", 1.05, {{1, 0.0774}, {6, 0.9226}}},  // polystyrene
      {"pvc", 1.38, {{1, 0.0484}, {6, 0.3844}, {17, 0.5672}}},
      {"rubber", 1.15, {{1, 0.09}, {6, 0.87}, {16, 0.02}, {30, 0.02}}},
      {"diesel", 0.84, {{1, 0.135}, {6, 0.865}}},
      {"cellulose", 0.34, {{1, 0.0622}, {6, 0.4445}, {8, 0.4933}}},  // paper, cartons
      {"wood", 0.55, {{1, 0.06}, {6, 0.50}, {8, 0.44}}},
      {"cotton", 0.40, {{1, 0.0622}, {6, 0.4445}, {8, 0.4933}}},
      {"tobacco", 0.30, {{1, 0.06}, {6, 0.43}, {7, 0.03}, {8, 0.43}, {20, 0.03}, {17, 0.02}}},
      {"flour", 0.60, {{1, 0.0622}, {6, 0.4445}, {8, 0.4933}}},
      {"sugar", 0.85, {{1, 0.0648}, {6, 0.4211}, {8, 0.5141}}},
      {"fruit", 0.60, {{1, 0.108}, {6, 0.06}, {8, 0.832}}},
      {"narcotic", 1.05, {{1, 0.0653}, {6, 0.6010}, {7, 0.0412}, {8, 0.1884}, {17, 0.1041}}},
      {"explosive", 1.70, {{1, 0.0272}, {6, 0.1622}, {7, 0.3784}, {8, 0.4322}}},
      {"glass", 2.40, {{8, 0.46}, {11, 0.10}, {14, 0.34}, {20, 0.10}}},
      {"ceramic", 1.60, {{8, 0.51}, {13, 0.16}, {14, 0.33}}},
      {"concrete", 2.30, {{1, 0.01}, {8, 0.53}, {14, 0.34}, {13, 0.04}, {20, 0.08}}},
      {"salt", 1.20, {{11, 0.3934}, {17, 0.6066}}},
      {"aluminium", 2.70, {{13, 1.0}}},
      {"steel", 7.85, {{26, 1.0}}},
      {"machinery", 2.20, {{26, 0.88}, {13, 0.08}, {6, 0.04}}},  // engines, parts: metal with air between
      {"electronics", 0.55, {{6, 0.45}, {1, 0.05}, {8, 0.12}, {14, 0.10}, {26, 0.13}, {29, 0.10}, {13, 0.05}}},
      {"copper", 8.96, {{29, 1.0}}},
      {"zinc", 7.14, {{30, 1.0}}},
      {"tungsten", 19.3, {{74, 1.0}}},
      {"lead", 11.35, {{82, 1.0}}},
      {"uranium", 19.0, {{92, 1.0}}},
  };
  return kMaterials;
}

std::optional<std::size_t> find_material(std::string_view name) {
  const auto& all = materials();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name) return i;
  return std::nullopt;
}

std::string material_names() {
  std::string out;
  for (const auto& m : materials()) {
    if (!out.empty()) out += ", ";
    out += m.name;
  }
  return out;
}

double mass_attenuation(const Material& material, double mev) {
  double mu = 0;
  for (const auto& [z, part] : material.weight_fractions)
    mu += part * element_attenuation(z, mev);
  return mu;
}

Spectrum make_spectrum(double end_point_mev) {
  constexpr double kTargetGcm2 = 0.3 * 19.3, kFilterGcm2 = 1.0 * 7.85, kScintillatorGcm2 = 3.0 * 4.51;
  Spectrum s;
  s.end_point_mev = end_point_mev;
  double sum = 0;
  for (std::size_t k = 0; k < kEnergyBins; ++k) {
    const double lower = kEdges[k], upper = std::min(kEdges[k + 1], end_point_mev);
    const double e = 0.5 * (kEdges[k] + kEdges[k + 1]);
    s.energy_mev[k] = e;
    if (upper <= lower) continue;
    // ∫ (E0 − E)/E dE over the bin
    const double photons = end_point_mev * std::log(upper / lower) - (upper - lower);
    const double filter =
        std::exp(-element_attenuation(74, e) * kTargetGcm2 - element_attenuation(26, e) * kFilterGcm2);
    const double absorbed = 1 - std::exp(-element_attenuation(56, e) * kScintillatorGcm2);
    s.absorbed[k] = std::max(0.0, photons) * filter * absorbed;
    sum += s.absorbed[k];
  }
  for (std::size_t k = 0; k < kEnergyBins; ++k) {
    s.absorbed[k] /= sum;
    s.mean_mev += s.absorbed[k] * s.energy_mev[k];
  }
  return s;
}

Attenuator::Attenuator(double high_mev, double low_mev)
    : high_(make_spectrum(high_mev)), low_(make_spectrum(low_mev)) {
  for (const auto& m : materials()) {
    std::array<float, kEnergyBins> row{};
    for (std::size_t k = 0; k < kEnergyBins; ++k)
      row[k] = static_cast<float>(mass_attenuation(m, high_.energy_mev[k]));
    mu_.push_back(row);
  }
  const auto weigh = [](const Spectrum& s, std::array<float, kEnergyBins>& first,
                        std::array<float, kEnergyBins>& second) {
    double sum1 = 0, sum2 = 0;
    for (std::size_t k = 0; k < kEnergyBins; ++k) {
      sum1 += s.absorbed[k] * s.energy_mev[k];
      sum2 += s.absorbed[k] * s.energy_mev[k] * s.energy_mev[k];
    }
    for (std::size_t k = 0; k < kEnergyBins; ++k) {
      first[k] = static_cast<float>(s.absorbed[k] * s.energy_mev[k] / sum1);
      second[k] = static_cast<float>(s.absorbed[k] * s.energy_mev[k] * s.energy_mev[k] / sum2);
    }
  };
  weigh(high_, energy_high_, square_high_);
  weigh(low_, energy_low_, square_low_);
}

Attenuator::Pair Attenuator::transmit(const std::pair<std::size_t, float>* areal, std::size_t count) const {
  std::array<float, kEnergyBins> depth{};
  for (std::size_t i = 0; i < count; ++i) {
    const auto& mu = mu_[areal[i].first];
    const float t = areal[i].second;
    for (std::size_t k = 0; k < kEnergyBins; ++k)
      depth[k] += mu[k] * t;
  }
  for (std::size_t k = 0; k < kEnergyBins; ++k)
    depth[k] = exp_minus(depth[k]);
  Pair out;
  out.high = {0, 0};
  out.low = {0, 0};
  for (std::size_t k = 0; k < kEnergyBins; ++k) {
    out.high.mean += energy_high_[k] * depth[k];
    out.high.variance += square_high_[k] * depth[k];
    out.low.mean += energy_low_[k] * depth[k];
    out.low.variance += square_low_[k] * depth[k];
  }
  return out;
}

}  // namespace torugart::hal::sim
