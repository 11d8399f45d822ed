#include "imaging/analyse/threat.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <utility>

#include <fmt/core.h>

#include "imaging/analyse/extents.h"

namespace torugart::imaging {
namespace {

constexpr int kFrame = 3;

std::optional<float> even_ground(const ScanView& view, Energy energy, Rect box, int y) {
  std::vector<float> around;
  for (int k = 1; k <= kFrame; ++k) {
    for (const int x : {box.x - k, box.right() - 1 + k}) {
      for (int dy = -1; dy <= 1; ++dy) {
        const std::uint16_t code = view.value(energy, x, y + dy);
        if (state_of(code) == PixelState::measured) around.push_back(transmission_of(code));
      }
    }
  }
  if (around.size() < 6) return std::nullopt;
  const float middle = detail::percentile(around, 0.5);
  for (float& v : around)
    v = std::abs(v - middle);
  if (detail::percentile(std::move(around), 0.8) > 0.1F * middle) return std::nullopt;
  return middle;
}

// No detector sees more than the open beam.
Raster<float> smoothed(const Raster<float>& from) {
  Raster<float> out = detail::mean_of_nine(from);
  for (int y = 0; y < out.height(); ++y)
    for (int x = 0; x < out.width(); ++x)
      out.at(x, y) = std::min(1.0F, out.at(x, y));
  return out;
}

// To another size, by area or bilinear as the taps fall; both suffice for a smoothed patch.
Raster<float> scaled(const Raster<float>& from, double factor) {
  if (from.empty() || std::abs(factor - 1) < 0.01) return from;
  const int w = std::max(1, static_cast<int>(std::lround(from.width() * factor)));
  const int h = std::max(1, static_cast<int>(std::lround(from.height() * factor)));
  Raster<float> out(w, h);
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      const double fx = std::clamp((x + 0.5) / factor - 0.5, 0.0, from.width() - 1.0);
      const double fy = std::clamp((y + 0.5) / factor - 0.5, 0.0, from.height() - 1.0);
      const int x0 = static_cast<int>(fx);
      const int y0 = static_cast<int>(fy);
      const int x1 = std::min(x0 + 1, from.width() - 1);
      const int y1 = std::min(y0 + 1, from.height() - 1);
      const auto u = static_cast<float>(fx - x0);
      const auto v = static_cast<float>(fy - y0);
      out.at(x, y) = (1 - v) * ((1 - u) * from.at(x0, y0) + u * from.at(x1, y0)) +
                     v * ((1 - u) * from.at(x0, y1) + u * from.at(x1, y1));
    }
  }
  return out;
}

std::uint16_t behind(std::uint16_t code, float transmission) {
  if (state_of(code) != PixelState::measured) return code;
  const float value = std::nearbyint(static_cast<float>(code) * transmission);
  return value < 1 ? kNoSignal : static_cast<std::uint16_t>(value);
}

// The block with the threat over it; its other levels are made anew.
std::shared_ptr<const ColumnBlock> covered(const ColumnBlock& block, int first_column, const Raster<float>& high,
                                           const Raster<float>& low, Rect at) {
  auto out = std::make_shared<ColumnBlock>(block.rows(), block.columns(), block.has_low(), block.levels() > 1);
  const Raster<float>* threats[2] = {&high, &low};
  for (const Energy energy : {Energy::high, Energy::low}) {
    if (energy == Energy::low && !block.has_low()) continue;
    std::copy_n(block.row(energy, 0, 0), static_cast<std::ptrdiff_t>(block.rows()) * ColumnBlock::kColumns,
                out->edit(energy, 0));
    const Raster<float>& threat = *threats[static_cast<std::size_t>(energy)];
    for (int y = at.y; y < at.bottom(); ++y) {
      std::uint16_t* row = out->edit(energy, y);
      for (int x = std::max(at.x, first_column); x < std::min(at.right(), first_column + block.columns()); ++x)
        row[x - first_column] = behind(row[x - first_column], threat.at(x - at.x, y - at.y));
    }
  }
  out->reduce();
  return out;
}

}  // namespace

Result<Threat> extract_threat(const ScanImage& image, Rect box, std::string name) {
  const ScanView& view = image.view;
  if (box.empty() || box.grow(kFrame).intersect(view.bounds()) != box.grow(kFrame)) {
    return fail(ErrorCode::bad_argument, "threat",
                fmt::format("the box and {} pixels around it do not lie in the picture", kFrame));
  }
  Threat out;
  out.name = std::move(name);
  out.pixel_mm = image.statistics.geometry_calibrated ? image.statistics.pixel_mm : 0;
  for (const Energy energy : {Energy::high, Energy::low}) {
    if (energy == Energy::low && !view.has_low) continue;
    Raster<float> alone(box.w, box.h, 1.0F);
    for (int y = 0; y < box.h; ++y) {
      const auto ground = even_ground(view, energy, box, box.y + y);
      if (!ground) {
        return fail(ErrorCode::bad_argument, "threat", "what is around it is not even",
                    "scan it alone, or before an even wall");
      }
      for (int x = 0; x < box.w; ++x) {
        const std::uint16_t code = view.value(energy, box.x + x, box.y + y);
        if (code == kNoSignal) alone.at(x, y) = 0;
        if (state_of(code) == PixelState::measured)
          alone.at(x, y) = std::min(1.0F, transmission_of(code) / std::max(*ground, 1e-4F));
      }
    }
    (energy == Energy::high ? out.high : out.low) = smoothed(alone);
  }
  return out;
}

Result<Projection> project_threat(const ScanImagePtr& clean, const Threat& threat, int x, int y) {
  if (!clean || clean->view.empty() || clean->quantity != Quantity::transmission) {
    return fail(ErrorCode::bad_argument, "projection", "there is no corrected picture to project into");
  }
  const ScanView& view = clean->view;
  if (threat.high.empty() || (view.has_low && threat.low.empty())) {
    return fail(ErrorCode::bad_argument, threat.name, "the threat was not recorded with both energies",
                "record it with the scanner that it is used for");
  }
  const ScanStatistics& s = clean->statistics;
  const double factor =
      s.geometry_calibrated && s.pixel_mm > 0 && threat.pixel_mm > 0 ? threat.pixel_mm / s.pixel_mm : 1;
  const Raster<float> high = scaled(threat.high, factor);
  const Raster<float> low = scaled(threat.low, factor);
  const Rect at{x, y, high.width(), high.height()};
  if (at.intersect(view.bounds()) != at) {
    return fail(ErrorCode::bad_argument, threat.name,
                fmt::format("{} x {} pixels at {}, {} do not lie in the picture", at.w, at.h, x, y));
  }
  Projection out;
  out.box = at;
  auto image = std::make_shared<ScanImage>(*clean);  // shares the blocks
  image->view.revision ^= 0x8000000000000000U;
  for (int b = x / ColumnBlock::kColumns; b <= (at.right() - 1) / ColumnBlock::kColumns; ++b) {
    auto& block = image->view.blocks[static_cast<std::size_t>(b)];
    block = covered(*block, b * ColumnBlock::kColumns, high, low, at);
  }
  const double noise = s.air_noise_high > 0 ? s.air_noise_high : 0.013;
  std::int64_t all = 0;
  std::int64_t seen = 0;
  for (int v = 0; v < at.h; ++v) {
    for (int u = 0; u < at.w; ++u) {
      const double t = static_cast<double>(high.at(u, v));
      if (t > 0.98) continue;
      ++all;
      const std::uint16_t before = view.value(Energy::high, x + u, y + v);
      if (state_of(before) != PixelState::measured) continue;
      const double was = static_cast<double>(transmission_of(before));
      seen += was * (1 - t) > 2 * noise * std::sqrt(was) ? 1 : 0;
    }
  }
  out.visible_percent = all > 0 ? 100.0 * static_cast<double>(seen) / static_cast<double>(all) : 0;
  out.image = std::move(image);
  return out;
}

Result<Projection> project_threat_somewhere(const ScanImagePtr& clean, const Threat& threat, Rect load,
                                            std::uint64_t seed) {
  constexpr int kPlaces = 24;
  std::mt19937_64 random(seed);
  std::optional<Projection> best;
  Result<Projection> last = fail(ErrorCode::bad_argument, threat.name, "it does not fit into the load space");
  for (int k = 0; k < kPlaces; ++k) {
    const auto within = [&random](int from, int room) {
      return from + static_cast<int>(random() % static_cast<std::uint64_t>(std::max(1, room)));
    };
    const int x = within(load.x, load.w - threat.high.width());
    const int y = within(load.y, load.h - threat.high.height());
    last = project_threat(clean, threat, x, y);
    if (last && (!best || last->visible_percent > best->visible_percent)) best = *last;
  }
  if (!best) return last;
  return *best;
}

}  // namespace torugart::imaging
