#include "imaging/analyse/quality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "imaging/analyse/extents.h"
#include "imaging/analyse/test_object.h"
#include "imaging/core/raster.h"

namespace torugart::imaging {
namespace {

namespace object = test_object;

constexpr double kSeen = 5;        // Rose: standard deviations
constexpr double kResolved = 0.2;  // of the modulation
constexpr float kFrameAlpha = 0.5F;
constexpr double kShapeTaken = 0.25;  // further off it is another thing, not our frame

// The frame on the picture, and transmissions in its millimetres.
struct Shown {
  Raster<float> t;  // high energy, whole picture; no signal is 0, missing and over range are negative
  Rect frame;
  double px_x = 0, px_y = 0;  // pixels per mm

  [[nodiscard]] double x(double mm) const { return frame.x + mm * px_x; }
  [[nodiscard]] double y(double mm) const { return frame.bottom() - mm * px_y; }
  // Pixels that lie wholly in `place`, one less on each side: edges are neither one nor the other.
  [[nodiscard]] Rect inside(const object::Place& place) const {
    const int left = static_cast<int>(std::ceil(x(place.x))) + 1;
    const int right = static_cast<int>(std::floor(x(place.x + place.w))) - 1;
    const int top = static_cast<int>(std::ceil(y(place.y + place.h))) + 1;
    const int bottom = static_cast<int>(std::floor(y(place.y))) - 1;
    return Rect{left, top, right - left, bottom - top}.intersect({0, 0, t.width(), t.height()});
  }
};

struct Spot {
  double mean = 0, variance = 0;
  int n = 0;
  void add(const Shown& shown, const Rect& r) {
    double sum = mean * n, squares = (variance + mean * mean) * n;
    for (int y = r.y; y < r.bottom(); ++y) {
      for (int x = r.x; x < r.right(); ++x) {
        const auto v = static_cast<double>(shown.t.at(x, y));
        if (v < 0) continue;
        sum += v;
        squares += v * v;
        ++n;
      }
    }
    if (n == 0) return;
    mean = sum / n;
    variance = std::max(0.0, squares / n - mean * mean);
  }
};
Spot spot(const Shown& shown, const object::Place& place) {
  Spot out;
  out.add(shown, shown.inside(place));
  return out;
}

// How many standard deviations of its mean the thing at `in` differs from what is left and right of it within `on`.
double difference_of(const Shown& shown, const object::Place& in, const object::Place& on) {
  const Spot middle = spot(shown, in);
  Spot around = spot(shown, {on.x + 10, in.y, in.x - on.x - 20, in.h});
  around.add(shown, shown.inside({in.x + in.w + 10, in.y, on.x + on.w - in.x - in.w - 20, in.h}));
  if (middle.n < 4 || around.n < 4) return 0;
  const double variance = std::max(1e-12, std::max(around.variance, 0.25 * middle.variance));
  return std::abs(middle.mean - around.mean) / std::sqrt(variance * (1.0 / middle.n + 1.0 / around.n));
}

struct Grade {  // one element: how large it is, and how clearly it is seen
  double size = 0, seen = 0;
};

// From easy to hard: the size at which `seen` falls through `enough`. The first size when not even that is seen.
double crossing(const std::vector<Grade>& grades, double enough) {
  for (std::size_t i = 0; i < grades.size(); ++i) {
    if (grades[i].seen >= enough) continue;
    if (i == 0) return grades[0].size;
    const Grade& good = grades[i - 1];
    const double part = (good.seen - enough) / (good.seen - grades[i].seen);
    return good.size + part * (grades[i].size - good.size);
  }
  return grades.back().size;
}

std::string listed(const std::vector<Grade>& grades, const char* unit, int digits) {
  std::string out;
  for (const Grade& g : grades)
    out += fmt::format("{}{} {}: {:.{}f}", out.empty() ? "" : ", ", g.size, unit, g.seen, digits);
  return out;
}

// Posts first, then the bars between them, so that nothing else need be known about the picture.
std::optional<Rect> find_frame(const Raster<float>& t) {
  const float dark = std::exp(-kFrameAlpha);
  const auto is_dark = [&](int x, int y) { return t.at(x, y) >= 0 && t.at(x, y) < dark; };
  int left = t.width(), right = 0;
  for (int x = 0; x < t.width(); ++x) {
    int n = 0;
    for (int y = 0; y < t.height(); ++y)
      n += is_dark(x, y) ? 1 : 0;
    if (n < std::max(4, t.height() / 20)) continue;
    left = std::min(left, x);
    right = x + 1;
  }
  if (right - left < 40) return std::nullopt;
  int top = t.height(), bottom = 0;
  for (int y = 0; y < t.height(); ++y) {
    int n = 0;
    for (int x = left; x < right; ++x)
      n += is_dark(x, y) ? 1 : 0;
    if (n * 100 < 94 * (right - left)) continue;  // a few filled or missing columns are no gap
    top = std::min(top, y);
    bottom = y + 1;
  }
  if (bottom - top < 20) return std::nullopt;
  return Rect{left, top, right - left, bottom - top};
}

double penetration(const Shown& shown, std::string& detail) {
  std::vector<Grade> grades;
  for (std::size_t i = 0; i < object::kSteps_mm.size(); ++i)
    grades.push_back({object::kSteps_mm[i], difference_of(shown, object::step_block(i), object::step(i))});
  detail = "block behind steel, deviations: " + listed(grades, "mm", 0);
  if (grades[0].seen < kSeen) return 0;
  return crossing(grades, kSeen);
}

double contrast(const Shown& shown, std::string& detail) {
  std::vector<Grade> grades;
  for (std::size_t i = 0; i < object::kSheets_mm.size(); ++i) {
    const auto at = object::sheet(i);
    grades.push_back({100 * object::kSheets_mm[i] / object::kPlate_mm,
                      difference_of(shown, at, {at.x - 60, at.y, at.w + 120, at.h})});
  }
  detail = "sheets, deviations: " + listed(grades, "%", 0);
  return grades[0].seen < kSeen ? 100 : crossing(grades, kSeen);
}

// Column means: what all detectors get wrong in one pulse counts as noise here, since a wire looks just like it.
double wire(const Shown& shown, std::string& detail) {
  const Rect rows = shown.inside({0, object::kWireSpan.y, object::kLength_mm, object::kWireSpan.h});
  const auto column = [&](int x) {
    double sum = 0;
    int n = 0;
    for (int y = rows.y; y < rows.bottom(); ++y) {
      if (x < 0 || x >= shown.t.width() || shown.t.at(x, y) < 0) continue;
      sum += static_cast<double>(shown.t.at(x, y));
      ++n;
    }
    return n > 0 ? sum / n : 1.0;
  };
  // Two columns of the picture, or what the widest wire covers where pixels are small.
  const int wide = std::max(2, static_cast<int>(std::lround(object::kWires_mm[0] * shown.px_x)));
  const int off = wide + 1;
  const int around = std::max(6, static_cast<int>(40 * shown.px_x));
  std::vector<Grade> grades;
  for (std::size_t i = 0; i < object::kWires_mm.size(); ++i) {
    const int middle = static_cast<int>(std::lround(shown.x(object::wire_x(i)) - wide / 2.0));
    double best = 0;
    for (int from = middle - 2; from <= middle + 2; ++from) {
      double on = 0, sum = 0, squares = 0;
      int n = 0;
      for (int k = 0; k < wide; ++k)
        on += column(from + k) / wide;
      for (int k = 0; k < around; ++k) {
        for (const int x : {from - off - k, from + wide - 1 + off + k}) {
          const double v = column(x);
          sum += v;
          squares += v * v;
          ++n;
        }
      }
      const double mean = sum / n;
      const double deviation = std::sqrt(std::max(1e-12, squares / n - mean * mean) * (1.0 / wide + 1.0 / n));
      best = std::max(best, (mean - on) / deviation);
    }
    grades.push_back({object::kWires_mm[i], best});
  }
  detail = "wires, deviations: " + listed(grades, "mm", 0);
  return grades[0].seen < kSeen ? 100 : crossing(grades, kSeen);
}

// Amplitude of a sine of `period` samples in `profile`, whatever its phase.
double amplitude(const std::vector<double>& profile, double period) {
  double cc = 0, ss = 0, cs = 0, c1 = 0, s1 = 0, pc = 0, ps = 0, p1 = 0;
  const auto n = static_cast<double>(profile.size());
  for (std::size_t i = 0; i < profile.size(); ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / period;
    const double c = std::cos(angle), s = std::sin(angle), p = profile[i];
    cc += c * c, ss += s * s, cs += c * s, c1 += c, s1 += s, pc += p * c, ps += p * s, p1 += p;
  }
  // Least squares for a cos + b sin + d, d taken out of the equations.
  cc -= c1 * c1 / n, ss -= s1 * s1 / n, cs -= c1 * s1 / n, pc -= c1 * p1 / n, ps -= s1 * p1 / n;
  const double det = cc * ss - cs * cs;
  if (std::abs(det) < 1e-9) return 0;
  return std::hypot((pc * ss - ps * cs) / det, (ps * cc - pc * cs) / det);
}

double resolution(const Shown& shown, bool along, std::string& detail) {
  const Spot solid = spot(shown, object::kSolid);
  const double whole = 2 / std::numbers::pi * (1 - solid.mean);  // of bars that are wholly resolved
  const double px = along ? shown.px_x : shown.px_y;
  std::vector<Grade> grades;
  for (std::size_t i = 0; i < object::kPitches_mm.size(); ++i) {
    const double pitch = object::kPitches_mm[i];
    // Two samples a pitch are the least that can tell bars from an even grey.
    if (pitch * px <= 2 || solid.n == 0 || whole <= 0.01) break;
    const object::Place group = along ? object::upright(i) : object::lying(i);
    // Half a pitch less: the last gap is open air.
    const int from = static_cast<int>(
        std::ceil(along ? shown.x(group.x) : shown.y(group.y + group.h - pitch / 2)));
    const int to =
        static_cast<int>(std::floor(along ? shown.x(group.x + group.w - pitch / 2) : shown.y(group.y)));
    const Rect all = shown.inside(group);
    std::vector<double> profile;
    for (int k = from; k < to; ++k) {
      double sum = 0;
      int n = 0;
      for (int j = along ? all.y : all.x; j < (along ? all.bottom() : all.right()); ++j) {
        const int x = along ? k : j, y = along ? j : k;
        if (x < 0 || y < 0 || x >= shown.t.width() || y >= shown.t.height() || shown.t.at(x, y) < 0) continue;
        sum += static_cast<double>(shown.t.at(x, y));
        ++n;
      }
      profile.push_back(n > 0 ? sum / n : 1.0);
    }
    grades.push_back({pitch, profile.size() < 6 ? 0 : amplitude(profile, pitch * px) / whole});
  }
  if (grades.empty()) {
    detail = "a pixel is larger than half of the widest pitch";
    return 100;
  }
  detail = "modulation: " + listed(grades, "mm", 2);
  if (grades[0].seen < kResolved) return 100;
  return grades.back().seen >= kResolved ? std::max(grades.back().size, 2 / px) : crossing(grades, kResolved);
}

double material(const Shown& shown, const ScanImage& image, const MaterialTable& table, std::string& detail) {
  double worst = 100;
  for (const object::Block b : object::kBlocks) {
    static constexpr std::array<MaterialClass, 4> kTruth = {MaterialClass::organic, MaterialClass::light,
                                                            MaterialClass::steel, MaterialClass::heavy};
    const MaterialClass truth = kTruth[static_cast<std::size_t>(b)];
    // Classes come of a window of up to nine pixels: at its edges a block is told apart from air by nothing.
    Rect inner = shown.inside(object::block(b));
    if (std::min(inner.w, inner.h) > 16) inner = inner.grow(-4);
    const auto found = classify(image.view, inner, table);
    std::size_t right = 0;
    for (const std::uint8_t c : found.samples())
      right += static_cast<MaterialClass>(c) == truth ? 1 : 0;
    const double percent =
        found.empty() ? 0 : 100 * static_cast<double>(right) / static_cast<double>(found.samples().size());
    worst = std::min(worst, percent);
    detail += fmt::format("{}{} {:.0f} %", detail.empty() ? "right: " : ", ", to_string(truth), percent);
  }
  return worst;
}

Shown show(const ScanView& view) {
  Shown out;
  out.t = Raster<float>(view.columns, view.rows);
  std::vector<std::uint16_t> codes(static_cast<std::size_t>(view.columns));
  for (int y = 0; y < view.rows; ++y) {
    view.read_row(Energy::high, 0, 0, y, codes);
    for (int x = 0; x < view.columns; ++x) {
      const std::uint16_t code = codes[static_cast<std::size_t>(x)];
      const PixelState state = state_of(code);
      out.t.at(x, y) = state == PixelState::measured    ? transmission_of(code)
                       : state == PixelState::no_signal ? 0.0F
                                                        : -1.0F;
    }
  }
  return out;
}

}  // namespace

const char* key_of(QualityKind kind) {
  static constexpr std::array<const char*, kQualityKinds> kKeys = {
      "penetration", "wire", "contrast", "resolution_along", "resolution_across", "material", "detectors", "shape"};
  return kKeys[static_cast<std::size_t>(kind)];
}

const char* unit_of(QualityKind kind) {
  switch (kind) {
    case QualityKind::contrast:
    case QualityKind::material:
    case QualityKind::detectors:
    case QualityKind::shape:
      return "%";
    default:
      return "mm";
  }
}

bool larger_is_better(QualityKind kind) {
  return kind == QualityKind::penetration || kind == QualityKind::material;
}

double QualityLimits::of(QualityKind kind) const {
  switch (kind) {
    case QualityKind::penetration:
      return penetration_mm;
    case QualityKind::wire:
      return wire_mm;
    case QualityKind::contrast:
      return contrast_percent;
    case QualityKind::resolution_along:
    case QualityKind::resolution_across:
      return resolution_mm;
    case QualityKind::material:
      return material_percent;
    case QualityKind::detectors:
      return detectors_percent;
    case QualityKind::shape:
      return shape_percent;
  }
  return 0;
}

Result<QualityReport> measure_quality(const ScanImage& image, const MaterialTable& table,
                                      const QualityLimits& limits) {
  if (image.view.empty()) return fail(ErrorCode::bad_argument, "quality check", "the scan has no pixels");
  if (image.quantity != Quantity::transmission)
    return fail(ErrorCode::bad_argument, "quality check", "raw counts cannot be measured", "correct the scan first");
  Shown shown = show(image.view);
  const auto frame = find_frame(shown.t);
  const double wanted = object::kLength_mm / object::kHeight_mm;
  const double off = frame ? static_cast<double>(frame->w) / frame->h / wanted - 1 : 0;
  // Without a geometry a pixel's length is the truck's speed; then the proportions say nothing.
  if (!frame || (image.statistics.geometry_calibrated && std::abs(off) > kShapeTaken))
    return fail(ErrorCode::bad_argument, "quality check", "the test object was not found in the picture",
                "hang it on its carriage, free of anything else, and scan it again");
  shown.frame = *frame;
  shown.px_x = frame->w / object::kLength_mm;
  shown.px_y = frame->h / object::kHeight_mm;

  QualityReport out;
  out.frame = *frame;
  const auto add = [&](QualityKind kind, double value, std::string detail) {
    const double limit = limits.of(kind);
    const bool passed = larger_is_better(kind) ? value >= limit : value <= limit;
    out.figures.push_back({kind, value, limit, passed, std::move(detail)});
  };
  std::string detail;
  const auto said = [&detail] { return std::exchange(detail, {}); };
  double value = penetration(shown, detail);
  add(QualityKind::penetration, value, said());
  value = wire(shown, detail);
  add(QualityKind::wire, value, said());
  value = contrast(shown, detail);
  add(QualityKind::contrast, value, said());
  value = resolution(shown, true, detail);
  add(QualityKind::resolution_along, value, said());
  value = resolution(shown, false, detail);
  add(QualityKind::resolution_across, value, said());
  if (image.view.has_low) {
    value = material(shown, image, table, detail);
    add(QualityKind::material, value, said());
  }
  const auto& s = image.statistics;
  const auto filled = s.dead_detectors.size() + s.noisy_detectors.size();
  add(QualityKind::detectors, 100.0 * static_cast<double>(filled) / image.rows(),
      fmt::format("{} dead, {} noisy of {}", s.dead_detectors.size(), s.noisy_detectors.size(), image.rows()));
  if (s.geometry_calibrated)
    add(QualityKind::shape, 100 * std::abs(off), fmt::format("{} x {} pixels", frame->w, frame->h));

  if (!s.calibrated)
    out.why_not = "The scan is not calibrated: " + s.calibration_reason;
  else if (!s.complete())
    out.why_not = fmt::format("{} lines are missing", s.missing_lines + s.torn_lines);
  for (const QualityFigure& f : out.figures) {
    if (out.why_not.empty() && !f.passed) out.why_not = "A figure is beyond its limit";
  }
  out.passed = out.why_not.empty();
  return out;
}

}  // namespace torugart::imaging
