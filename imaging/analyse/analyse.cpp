#include "imaging/analyse/analyse.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "imaging/analyse/extents.h"
#include "imaging/analyse/load.h"
#include "imaging/analyse/mass.h"
#include "imaging/analyse/proposals.h"
#include "imaging/analyse/regions.h"
#include "imaging/material/material_rows.h"

namespace torugart::imaging {
namespace {

constexpr float kOpaque = 9.0F;  // stands for the attenuation of a pixel without signal: about where scanners end
constexpr int kMostColumns = 2000;
constexpr std::size_t kMostProposals = 32;

struct Reduced {
  int level = 0;
  Raster<float> alpha;  // missing and over range: 0
  Raster<std::uint8_t> no_signal;
};

Reduced reduce(const ScanView& view) {
  Reduced out;
  while ((view.columns >> out.level) > kMostColumns && out.level + 1 < view.levels())
    ++out.level;
  const int columns = (view.columns + (1 << out.level) - 1) >> out.level;
  const int rows = view.blocks.front()->level_rows(out.level);
  out.alpha = Raster<float>(columns, rows);
  out.no_signal = Raster<std::uint8_t>(columns, rows);
  std::vector<std::uint16_t> codes(static_cast<std::size_t>(columns));
  for (int y = 0; y < rows; ++y) {
    view.read_row(Energy::high, out.level, 0, y, codes);
    for (int x = 0; x < columns; ++x) {
      const std::uint16_t code = codes[static_cast<std::size_t>(x)];
      const PixelState state = state_of(code);
      if (state == PixelState::measured) out.alpha.at(x, y) = std::min(kOpaque, attenuation_of(code));
      if (state == PixelState::no_signal) {
        out.alpha.at(x, y) = kOpaque;
        out.no_signal.at(x, y) = 1;
      }
    }
  }
  return out;
}

Rect to_image(const Rect& r, int level, const Rect& bounds) {
  return Rect{r.x << level, r.y << level, r.w << level, r.h << level}.intersect(bounds);
}

// Inside of the load space, away from its walls, roof and floor.
Rect inside_of(const Rect& box) {
  const int side = box.w * 5 / 100 + 2;
  const int above = box.h * 12 / 100 + 2;
  const int below = box.h * 10 / 100 + 2;
  return {box.x + side, box.y + above, box.w - 2 * side, box.h - above - below};
}

// All of the load space that holds load, for its mass.
Rect down_to_floor(const Rect& box) {
  const int side = box.w * 2 / 100 + 2;
  const int above = box.h * 6 / 100 + 2;
  const int below = box.h * 5 / 100 + 1;
  return {box.x + side, box.y + above, box.w - 2 * side, box.h - above - below};
}

std::vector<float> values_in(const Raster<float>& alpha, const Rect& part) {
  std::vector<float> out;
  for (int y = part.y; y < part.bottom(); ++y) {
    const auto row = alpha.row(y).subspan(static_cast<std::size_t>(part.x), static_cast<std::size_t>(part.w));
    out.insert(out.end(), row.begin(), row.end());
  }
  return out;
}

void count_materials(const ScanView& view, const MaterialTable& table, int level, const Rect& object, Analysis& out) {
  MaterialRows rows;
  rows.start(view, table, level, object.x, object.w);
  std::array<std::int64_t, kMaterialClasses> count{};
  for (int y = object.y; y < object.bottom(); ++y) {
    for (const std::uint8_t cell : rows.row(y))
      ++count[static_cast<std::size_t>(MaterialTable::class_of(cell))];
  }
  const auto of = [&count](MaterialClass c) { return static_cast<double>(count[static_cast<std::size_t>(c)]); };
  double all = 0;
  for (const auto n : count)
    all += static_cast<double>(n);
  all -= of(MaterialClass::air);
  if (all <= 0) return;
  for (std::size_t c = 1; c < count.size(); ++c)
    out.material_percent[c] = 100 * static_cast<double>(count[c]) / all;
  out.saturated_percent = 100 * of(MaterialClass::saturated) / all;
  out.ambiguous_percent = 100 * of(MaterialClass::ambiguous) / all;
}

void propose(Reduced& reduced, const Rect& part, const Rect& bounds, Analysis& out) {
  const Rect inside = part.intersect({0, 0, reduced.alpha.width(), reduced.alpha.height()});
  if (inside.empty()) return;
  std::vector<float> load;
  for (const float a : values_in(reduced.alpha, inside)) {
    if (a > 0.15F) load.push_back(a);
  }
  if (load.size() < 50) return;
  const float middle = detail::percentile(load, 0.5);
  std::vector<float> away;
  for (const float a : load)
    away.push_back(std::abs(a - middle));
  const float spread = 1.4826F * detail::percentile(std::move(away), 0.5);
  const float limit = std::max({middle + 3 * spread, middle * 1.4F, 1.2F});
  const std::int64_t fewest = std::max<std::int64_t>(12, static_cast<std::int64_t>(inside.w) * inside.h / 2500);

  Raster<float> values(inside.w, inside.h);
  Raster<std::uint8_t> dense(inside.w, inside.h);
  Raster<std::uint8_t> dark(inside.w, inside.h);
  for (int y = 0; y < inside.h; ++y) {
    for (int x = 0; x < inside.w; ++x) {
      values.at(x, y) = reduced.alpha.at(inside.x + x, inside.y + y);
      dark.at(x, y) = reduced.no_signal.at(inside.x + x, inside.y + y);
      dense.at(x, y) = values.at(x, y) > limit && !dark.at(x, y) ? 1 : 0;
    }
  }
  const auto box_of = [&](const detail::Region& r) {
    return to_image({r.box.x + inside.x, r.box.y + inside.y, r.box.w, r.box.h}, reduced.level, bounds);
  };
  for (const detail::Region& r : detail::connected_regions(dense, values, fewest)) {
    const double mean = r.sum / static_cast<double>(r.pixels);
    Proposal p;
    p.kind = ProposalKind::dense_region;
    p.box = box_of(r);
    p.score = std::clamp(
        1 - std::exp(-(mean - static_cast<double>(middle)) / std::max(0.5, 2.0 * static_cast<double>(spread))), 0.0,
        1.0);
    p.why = fmt::format("attenuation {:.1f} on average, {:.1f} is usual in this load; {} x {} pixels", mean, middle,
                        p.box.w, p.box.h);
    out.proposals.push_back(std::move(p));
  }
  for (const detail::Region& r : detail::connected_regions(dark, values, fewest)) {
    Proposal p;
    p.kind = ProposalKind::no_signal_region;
    p.box = box_of(r);
    p.score = std::min(1.0, 0.5 + 5 * static_cast<double>(r.pixels) / (static_cast<double>(inside.w) * inside.h));
    p.why = fmt::format("nothing gets through {} x {} pixels: what is behind cannot be seen", p.box.w, p.box.h);
    out.proposals.push_back(std::move(p));
  }
}

}  // namespace

const char* key_of(ProposalKind kind) {
  switch (kind) {
    case ProposalKind::dense_region:
      return "dense_region";
    case ProposalKind::no_signal_region:
      return "no_signal_region";
    case ProposalKind::person_sized:
      return "person_sized";
    case ProposalKind::hidden_compartment:
      return "hidden_compartment";
  }
  return "dense_region";
}

Result<Analysis> analyse(const ScanImage& image, const MaterialTable& table) {
  if (image.view.empty()) return fail(ErrorCode::bad_argument, "analysis", "the scan has no pixels");
  if (image.quantity != Quantity::transmission) {
    return fail(ErrorCode::bad_argument, "analysis", "raw counts cannot be analysed", "correct the scan first");
  }
  Analysis out;
  const ScanView& view = image.view;
  Reduced reduced = reduce(view);
  const Rect object = detail::object_extent(reduced.alpha);
  if (object.empty()) {
    out.empty = true;
    out.empty_probability = 1;
    return out;
  }
  out.object = to_image(object, reduced.level, view.bounds());
  const auto container = detail::container_extent(reduced.alpha, object);
  const Rect inside = container ? inside_of(*container) : object;
  if (container) out.container = to_image(*container, reduced.level, view.bounds());
  const double pixel_mm = image.statistics.geometry_calibrated ? image.statistics.pixel_mm * (1 << reduced.level) : 0;
  const detail::LoadFound load = detail::find_load(reduced.alpha, inside.intersect(object), pixel_mm);
  out.walls = load.walls;
  out.load_attenuation = load.mean;
  out.remains = load.remains;
  if (load.remains > 0) out.remains_at = to_image(load.at, reduced.level, view.bounds());
  out.empty_probability = detail::empty_probability(load);
  out.empty = out.empty_probability > 0.5;
  count_materials(view, table, reduced.level, object, out);
  propose(reduced, inside, view.bounds(), out);
  if (container) detail::propose_in_structure(reduced.alpha, *container, reduced.level, view.bounds(), out.proposals);
  if (pixel_mm > 0 && view.has_low) {
    detail::propose_persons(view, table, reduced.level, inside.intersect(object), pixel_mm, out.proposals);
  }
  std::stable_sort(out.proposals.begin(), out.proposals.end(),
                   [](const Proposal& a, const Proposal& b) { return a.score > b.score; });
  if (out.proposals.size() > kMostProposals) out.proposals.resize(kMostProposals);
  out.mass = mass_of(image, table, out.object);
  if (container) {
    out.load_mass = detail::mass_over_walls(
        image, table, to_image(down_to_floor(*container), reduced.level, view.bounds()), out.walls);
  }
  return out;
}

}  // namespace torugart::imaging
