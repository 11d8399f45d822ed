#include "imaging/analyse/proposals.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "imaging/analyse/extents.h"
#include "imaging/analyse/regions.h"
#include "imaging/material/material_rows.h"

namespace torugart::imaging::detail {
namespace {

Rect on_image(const Rect& r, int level, const Rect& bounds) {
  return Rect{r.x << level, r.y << level, r.w << level, r.h << level}.intersect(bounds);
}

// A run of columns of `band` that attenuates more than the band's other columns by more than they differ.
void propose_in_band(const Raster<float>& alpha, const Rect& band, const char* name, int level, const Rect& bounds,
                     std::vector<Proposal>& out) {
  std::vector<float> columns;
  for (int x = band.x; x < band.right(); ++x) {
    float sum = 0;
    for (int y = band.y; y < band.bottom(); ++y)
      sum += alpha.at(x, y);
    columns.push_back(sum / static_cast<float>(band.h));
  }
  const float usual = percentile(columns, 0.5);
  std::vector<float> away;
  for (const float a : columns)
    away.push_back(std::abs(a - usual));
  const float spread = 1.4826F * percentile(std::move(away), 0.5);
  const float limit = usual + std::max({5 * spread, 0.25F * usual, 0.15F});
  const int shortest = std::max(6, band.w * 3 / 100);  // a door post or a hinge is shorter
  const int longest = band.w / 3;                      // what goes on and on is how this floor is built
  for (std::size_t i = 0; i < columns.size();) {
    if (columns[i] <= limit) {
      ++i;
      continue;
    }
    std::size_t end = i;
    float sum = 0;
    while (end < columns.size() && columns[end] > limit)
      sum += columns[end++];
    const int length = static_cast<int>(end - i);
    const bool at_an_end =
        i < static_cast<std::size_t>(shortest) || end + static_cast<std::size_t>(shortest) > columns.size();
    if (length >= shortest && length <= longest && !at_an_end) {
      const float mean = sum / static_cast<float>(length);
      Proposal p;
      p.kind = ProposalKind::hidden_compartment;
      p.box = on_image({band.x + static_cast<int>(i), band.y, length, band.h}, level, bounds);
      p.score = std::clamp(1.0 - std::exp(-static_cast<double>(mean - usual) / 0.6), 0.0, 1.0);
      p.why = fmt::format("the {} attenuates {:.1f} here over {} columns, {:.1f} along the rest of it", name, mean,
                          p.box.w, usual);
      out.push_back(std::move(p));
    }
    i = end;
  }
}

}  // namespace

void propose_in_structure(const Raster<float>& alpha, const Rect& container, int level, const Rect& bounds,
                          std::vector<Proposal>& out) {
  const Rect all{0, 0, alpha.width(), alpha.height()};
  const int thick = std::max(3, container.h * 6 / 100);
  const Rect roof = Rect{container.x, container.y, container.w, thick}.intersect(all);
  const Rect floor = Rect{container.x, container.bottom() - thick / 2, container.w, thick}.intersect(all);
  if (!roof.empty()) propose_in_band(alpha, roof, "roof", level, bounds, out);
  if (!floor.empty()) propose_in_band(alpha, floor, "floor", level, bounds, out);
}

void propose_persons(const ScanView& view, const MaterialTable& table, int level, const Rect& part, double pixel_mm,
                     std::vector<Proposal>& out) {
  if (part.empty() || !(pixel_mm > 0)) return;
  MaterialRows rows;
  rows.start(view, table, level, part.x, part.w);
  Raster<std::uint8_t> organic(part.w, part.h);
  Raster<float> values(part.w, part.h);
  std::vector<std::uint16_t> codes(static_cast<std::size_t>(part.w));
  for (int y = 0; y < part.h; ++y) {
    const auto cells = rows.row(part.y + y);
    view.read_row(Energy::high, level, part.x, part.y + y, codes);
    for (std::size_t x = 0; x < codes.size(); ++x) {
      if (state_of(codes[x]) != PixelState::measured) continue;
      const float a = attenuation_of(codes[x]);
      const MaterialClass c = MaterialTable::class_of(cells[x]);
      // Ten to forty centimetres of tissue behind two walls.
      organic.at(static_cast<int>(x), y) =
          (c == MaterialClass::organic || c == MaterialClass::ambiguous) && a > 0.35F && a < 2.2F ? 1 : 0;
      values.at(static_cast<int>(x), y) = c == MaterialClass::organic ? 1.0F : 0.0F;
    }
  }
  const auto fewest = static_cast<std::int64_t>(0.2e6 / (pixel_mm * pixel_mm));  // 0.2 m2
  for (const Region& r : connected_regions(organic, values, fewest)) {
    const double w = r.box.w * pixel_mm;
    const double h = r.box.h * pixel_mm;
    const double area = static_cast<double>(r.pixels) * pixel_mm * pixel_mm / 1e6;
    const double lengthy = std::max(w, h);
    const double narrow = std::min(w, h);
    const double sure_organic = r.sum / static_cast<double>(r.pixels);
    if (lengthy < 700 || lengthy > 2100 || narrow < 250 || narrow > 1100 || area > 1.3 || sure_organic < 0.4)
      continue;
    const double filled = area * 1e6 / (w * h);
    if (filled < 0.35 || filled > 0.9) continue;  // a box fills its own box
    Proposal p;
    p.kind = ProposalKind::person_sized;
    p.box = on_image({r.box.x + part.x, r.box.y + part.y, r.box.w, r.box.h}, level, view.bounds());
    p.score = std::clamp(sure_organic * (1 - std::abs(area - 0.55)), 0.05, 0.95);
    p.why = fmt::format("organic, {:.1f} x {:.1f} m, {:.1f} m2: as large as a person", w / 1000, h / 1000, area);
    out.push_back(std::move(p));
  }
}

}  // namespace torugart::imaging::detail
