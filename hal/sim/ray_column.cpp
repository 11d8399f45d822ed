#include "hal/sim/ray_column.h"

#include <algorithm>
#include <cmath>

namespace torugart::hal::sim {

// A solid cut at x: a rectangle or a disc in (z, y), with what is in it.
struct ColumnTracer::Slice {
  bool disc = false;
  double z = 0, y = 0;            // centre
  double half_z = 0, half_y = 0;  // disc: half_z = radius
  std::size_t material = 0;
  double density = 0;            // negative: a hollow
  double low_y = 0, high_y = 0;  // span of rays (in the middle plane) that may touch it
};

namespace {

// Length of the ray y = y0 + slope·(z − z0) inside the rectangle or disc, mm.
double chord(bool disc, double cz, double cy, double hz, double hy, double slope, double y_at_cz) {
  const double stretch = std::sqrt(1 + slope * slope);
  if (disc) {
    const double distance = (y_at_cz - cy) / stretch;
    const double h2 = hz * hz - distance * distance;
    return h2 > 0 ? 2 * std::sqrt(h2) : 0;
  }
  double from = cz - hz, to = cz + hz;
  if (std::abs(slope) < 1e-9) return std::abs(y_at_cz - cy) <= hy ? to - from : 0;
  double a = cz + (cy - hy - y_at_cz) / slope, b = cz + (cy + hy - y_at_cz) / slope;
  if (a > b) std::swap(a, b);
  from = std::max(from, a);
  to = std::min(to, b);
  return to > from ? (to - from) * stretch : 0;
}

}  // namespace

ColumnTracer::ColumnTracer(const std::vector<Solid>& solids, const FanGeometry& fan,
                           std::shared_ptr<const Attenuator> attenuator)
    : fan_(fan), attenuator_(std::move(attenuator)) {
  for (const auto& s : solids) {
    const auto material = find_material(s.material);
    if (!material) continue;  // the scenario reader has refused unknown names
    solids_.push_back(s);
    material_.push_back(*material);
    density_.push_back(s.density > 0 ? s.density : materials()[*material].density);
  }
}

std::vector<ColumnTracer::Slice> ColumnTracer::slices_at(double x_mm) const {
  std::vector<Slice> out;
  const auto cut = [&](const Solid& s, double shrink, std::size_t material, double density) {
    const double dx = x_mm - s.at_mm.x;
    Slice c;
    c.z = s.at_mm.z;
    c.y = s.at_mm.y;
    c.material = material;
    c.density = density;
    const double r = s.size_mm.x / 2 - shrink;
    if (s.shape == SolidShape::box) {
      c.half_z = s.size_mm.z / 2 - shrink;
      c.half_y = s.size_mm.y / 2 - shrink;
      if (std::abs(dx) > r || c.half_z <= 0 || c.half_y <= 0) return;
    } else if (s.shape == SolidShape::cylinder && s.axis == Axis::x) {
      if (std::abs(dx) > s.size_mm.y / 2 - shrink || r <= 0) return;
      c.disc = true;
      c.half_z = r;
      c.half_y = r;
    } else {
      const double h2 = r * r - dx * dx;
      if (r <= 0 || h2 <= 0) return;
      const double h = std::sqrt(h2), half_length = s.size_mm.y / 2 - shrink;
      c.disc = s.shape == SolidShape::sphere;
      c.half_z = !c.disc && s.axis == Axis::z ? half_length : h;
      c.half_y = !c.disc && s.axis == Axis::y ? half_length : h;
      if (c.half_z <= 0 || c.half_y <= 0) return;
    }
    // The fan widens the shadow: take the nearest and farthest corner.
    const auto project = [&](double y, double z) {
      return fan_.source_y_mm + (y - fan_.source_y_mm) * -fan_.source_z_mm / (z - fan_.source_z_mm);
    };
    const double near = c.z - c.half_z, far = c.z + c.half_z;
    c.low_y = std::min(project(c.y - c.half_y, near), project(c.y - c.half_y, far)) - 1;
    c.high_y = std::max(project(c.y + c.half_y, near), project(c.y + c.half_y, far)) + 1;
    out.push_back(c);
  };
  for (std::size_t i = 0; i < solids_.size(); ++i) {
    cut(solids_[i], 0, material_[i], density_[i]);
    if (solids_[i].wall_mm > 0) cut(solids_[i], solids_[i].wall_mm, material_[i], -density_[i]);
  }
  return out;
}

std::vector<Attenuator::Pair> ColumnTracer::column(double x_mm) const {
  const auto n = static_cast<std::size_t>(fan_.detectors);
  std::vector<Attenuator::Pair> out(n);
  const auto slices = slices_at(x_mm);
  if (slices.empty()) return out;
  // Thickness per material that occurs and detector; few materials meet in one column.
  std::vector<std::size_t> present;
  std::vector<std::vector<float>> areal;
  for (const auto& s : slices) {
    auto at = static_cast<std::size_t>(std::find(present.begin(), present.end(), s.material) - present.begin());
    if (at == present.size()) {
      present.push_back(s.material);
      areal.emplace_back(n, 0.0F);
    }
    const int first = static_cast<int>(std::ceil(fan_.detectors - 1 - (s.high_y - fan_.bottom_mm) / fan_.pitch_mm));
    const int last = static_cast<int>(std::floor(fan_.detectors - 1 - (s.low_y - fan_.bottom_mm) / fan_.pitch_mm));
    for (int i = std::max(0, first); i <= std::min(fan_.detectors - 1, last); ++i) {
      const double slope = (fan_.ray_y_mm(i) - fan_.source_y_mm) / -fan_.source_z_mm;
      const double y = fan_.source_y_mm + slope * (s.z - fan_.source_z_mm);
      const double mm = chord(s.disc, s.z, s.y, s.half_z, s.half_y, slope, y);
      areal[at][static_cast<std::size_t>(i)] += static_cast<float>(mm * 0.1 * s.density);
    }
  }
  std::vector<std::pair<std::size_t, float>> ray;
  for (std::size_t i = 0; i < n; ++i) {
    ray.clear();
    for (std::size_t m = 0; m < present.size(); ++m)
      if (areal[m][i] > 0) ray.emplace_back(present[m], areal[m][i]);
    if (!ray.empty()) out[i] = attenuator_->transmit(ray.data(), ray.size());
  }
  return out;
}

std::vector<std::pair<std::size_t, float>> ColumnTracer::ray(double x_mm, int detector) const {
  std::vector<std::pair<std::size_t, float>> out;
  const double slope = (fan_.ray_y_mm(detector) - fan_.source_y_mm) / -fan_.source_z_mm;
  for (const auto& s : slices_at(x_mm)) {
    const double y = fan_.source_y_mm + slope * (s.z - fan_.source_z_mm);
    const auto g = static_cast<float>(chord(s.disc, s.z, s.y, s.half_z, s.half_y, slope, y) * 0.1 * s.density);
    if (g == 0) continue;
    const auto found = std::find_if(out.begin(), out.end(), [&s](const auto& p) { return p.first == s.material; });
    if (found == out.end()) {
      out.emplace_back(s.material, g);
    } else {
      found->second += g;
    }
  }
  return out;
}

}  // namespace torugart::hal::sim
