#include "imaging/material/classifier.h"

#include <algorithm>
#include <cmath>

#include "imaging/material/material_rows.h"

namespace torugart::imaging {
namespace {

struct Hypothesis {
  double z;
  std::size_t group;  // organic, light, steel, heavy
  double weight;      // groups weigh the same, whatever their number of hypotheses
};

// How common a number is in cargo, within its class: what people load is food, wood and plastics (6 to 8), aluminium, glass
// and stone (11 to 15), iron and steel (26), lead and tungsten. Mixtures reach every number, so none is left out.
double commonness(double z) {
  if (z < 8.5) return 1.0;
  if (z < 10.5) return 0.25;
  if (z < 11.5) return 0.5;
  if (z < 14.5) return 1.0;
  if (z < 17.5) return 0.5;
  if (z < 24.5) return 0.25;
  if (z < 29.5) return 1.0;
  if (z < 73.5) return 0.25;
  return 1.0;
}

// Effective numbers, finer where the curves lie further apart. Limits of the groups: 10, 20, 45.
std::vector<Hypothesis> hypotheses() {
  std::vector<Hypothesis> out;
  std::array<double, 4> sums{};
  for (double z = 6; z <= 92; z += z < 30 ? 1.0 : 3.0) {
    const std::size_t group = z < 10.5 ? 0 : z < 20.5 ? 1 : z < 45.5 ? 2 : 3;
    out.push_back({z, group, commonness(z)});
    sums[group] += out.back().weight;
  }
  for (auto& h : out)
    h.weight /= sums[h.group];
  return out;
}

constexpr std::size_t kSide = MaterialTable::kSide;

std::uint8_t cell(MaterialClass material, int sureness = 0) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(material) | static_cast<unsigned>(sureness) << 3U);
}

}  // namespace

ClassifierConfig config_for(const ScanImage& image, ClassifierConfig defaults) {
  const ScanStatistics& statistics = image.statistics;
  if (statistics.air_noise_high > 0) defaults.air_noise_high = statistics.air_noise_high;
  if (statistics.air_noise_low > 0) defaults.air_noise_low = statistics.air_noise_low;
  if (statistics.calibrated || !image.view.has_low) return defaults;
  defaults.systematic = 0.012;
  defaults.offset_error = 0.002;
  defaults.edge = 0.2;
  defaults.heavy = false;
  // Level 2 holds means of 4 x 4 pixels: quiet enough for a ratio, small enough to be quick.
  constexpr int kLevel = 2;
  const ScanView& view = image.view;
  if (view.levels() <= kLevel || view.empty()) return defaults;
  std::vector<std::uint16_t> high(static_cast<std::size_t>((view.columns + 3) >> kLevel));
  std::vector<std::uint16_t> low(high.size());
  std::vector<float> scales;
  for (int y = 0; y < view.blocks.front()->level_rows(kLevel); ++y) {
    view.read_row(Energy::high, kLevel, 0, y, high);
    view.read_row(Energy::low, kLevel, 0, y, low);
    for (std::size_t x = 0; x < high.size(); ++x) {
      if (state_of(high[x]) != PixelState::measured || state_of(low[x]) != PixelState::measured) continue;
      const float a = attenuation_of(high[x]);
      const float b = attenuation_of(low[x]);
      if (a < 0.3F || a > 1.0F || b <= 0) continue;
      scales.push_back(static_cast<float>(defaults.curves.alpha_low(26, a)) / b);
    }
  }
  if (scales.size() < 200) return defaults;
  const auto middle = scales.begin() + static_cast<std::ptrdiff_t>(scales.size() / 2);
  std::nth_element(scales.begin(), middle, scales.end());
  if (*middle > 0.85F && *middle < 1.15F) defaults.low_scale = *middle;
  return defaults;
}

std::shared_ptr<const MaterialTable> MaterialTable::make(const ClassifierConfig& config) {
  const int window = std::clamp(config.smoothing | 1, 1, 9);
  auto wider = std::make_shared<MaterialTable>();
  wider->fill(config, 2 * window);
  auto table = std::make_shared<MaterialTable>();
  table->fill(config, window);
  table->wider_ = std::move(wider);
  return table;
}

void MaterialTable::fill(const ClassifierConfig& config, int smoothing) {
  config_ = config;
  config_.smoothing = smoothing;
  cells_.assign(kSide * kSide, cell(MaterialClass::ambiguous));
  shares_.assign(kSide * kSide, {});
  const auto all = hypotheses();
  const double window = smoothing;
  for (std::size_t row = 0; row < kSide; ++row) {
    const double alpha = (static_cast<double>(row) + 0.5) * kMaxAlpha / kSide;
    std::vector<double> expected;
    for (const auto& h : all)
      expected.push_back(config.curves.alpha_low(h.z, alpha));
    for (std::size_t column = 0; column < kSide; ++column) {
      const std::size_t at = row * kSide + column;
      if (alpha < config.air) {
        cells_[at] = cell(MaterialClass::air);
        continue;
      }
      const double ratio = kMinRatio + (static_cast<double>(column) + 0.5) * (kMaxRatio - kMinRatio) / kSide;
      const double measured = ratio * alpha * config.low_scale;
      // Photon noise of T is sigma_air * sqrt(T), so that of alpha grows with exp(alpha / 2). `systematic` stands for
      // what no smoothing takes away.
      // The beam hardens, so a photon that comes through brings more energy, and its noise more.
      const double harder = 1 + 0.07 * alpha;
      const double quantum = harder *
                             (config.air_noise_high * config.air_noise_high * std::exp(alpha) +
                              config.air_noise_low * config.air_noise_low * std::exp(std::max(0.0, measured))) /
                             (window * window);
      const double systematic = config.systematic * (0.5 + alpha);
      // An offset of both beams moves the two attenuations together; what is left is their difference.
      const double offset =
          config.offset_error * std::max(std::exp(measured), std::exp(alpha)) * (1 - std::exp(-0.25 * alpha));
      const double sigma = std::sqrt(quantum + systematic * systematic + offset * offset);
      std::array<double, 4> group{};
      double nearest = 1e9;
      for (std::size_t h = 0; h < all.size(); ++h) {
        const double away = (measured - expected[h]) / sigma;
        group[all[h].group] += all[h].weight * std::exp(-0.5 * std::min(away * away, 1400.0));
        nearest = std::min(nearest, std::abs(away));
      }
      // Lighter than carbon is hydrogen-rich and organic; heavier than anything is a measurement gone wrong.
      const bool lighter = measured > expected.front();
      if (lighter && nearest > 3) group = {1, 0, 0, 0};
      const double sum = group[0] + group[1] + group[2] + group[3];
      const bool fits = nearest < 4 || (lighter && measured - expected.front() < 0.12 * alpha + 6 * sigma);
      if (!fits || !(sum > 0)) continue;
      std::size_t best = 0;
      for (std::size_t g = 0; g < 4; ++g) {
        shares_[at][g] = static_cast<std::uint8_t>(std::lround(255 * group[g] / sum));
        if (group[g] > group[best]) best = g;
      }
      const double share = group[best] / sum;
      if (alpha < config.thin || share < config.sure || (best == 3 && !config.heavy)) continue;
      const int sureness = static_cast<int>(31 * (share - config.sure) / std::max(1e-6, 1 - config.sure));
      cells_[at] = cell(static_cast<MaterialClass>(best + 1), std::clamp(sureness, 0, 31));
    }
  }
}

std::size_t MaterialTable::cell_at(float alpha_high, float alpha_low) {
  const float row = std::clamp(alpha_high * (kSide / kMaxAlpha), 0.0F, static_cast<float>(kSide - 1));
  const float ratio = alpha_high > 1e-6F ? alpha_low / alpha_high : 1.0F;
  const float column =
      std::clamp((ratio - kMinRatio) * (kSide / (kMaxRatio - kMinRatio)), 0.0F, static_cast<float>(kSide - 1));
  return static_cast<std::size_t>(row) * kSide + static_cast<std::size_t>(column);
}

MaterialClass MaterialTable::classify(float alpha_high, float alpha_low) const {
  return class_of(cells_[cell_at(alpha_high, alpha_low)]);
}

std::array<float, 4> MaterialTable::shares(float alpha_high, float alpha_low) const {
  std::array<float, 4> out{};
  const auto& from = shares_[cell_at(alpha_high, alpha_low)];
  const float sum = static_cast<float>(from[0] + from[1] + from[2] + from[3]);
  for (std::size_t g = 0; g < 4 && sum > 0; ++g)
    out[g] = static_cast<float>(from[g]) / sum;
  return out;
}

Raster<std::uint8_t> classify(const ScanView& view, Rect part, const MaterialTable& table) {
  const Rect inside = part.intersect(view.bounds());
  if (inside.empty()) return {};
  Raster<std::uint8_t> out(inside.w, inside.h);
  MaterialRows rows;
  rows.start(view, table, 0, inside.x, inside.w);
  for (int y = 0; y < inside.h; ++y) {
    const auto cells = rows.row(inside.y + y);
    auto to = out.row(y);
    for (std::size_t x = 0; x < to.size(); ++x) {
      to[x] = static_cast<std::uint8_t>(MaterialTable::class_of(cells[x]));
    }
  }
  return out;
}

}  // namespace torugart::imaging
