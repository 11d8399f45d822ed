// The daily image-quality check: what the scanner can still show, measured on a picture of the test object
// (test_object.h). Pure: a finished scan in, figures out, each with its limit.
//
// "Seen" is Rose's criterion: a difference of five standard deviations of the mean over the area looked at. Between
// the last element that is seen and the first that is not, the figure is interpolated, so that a slow decline shows in
// its trend before anything fails.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imaging/core/error.h"
#include "imaging/core/geometry.h"
#include "imaging/core/scan_image.h"
#include "imaging/material/classifier.h"

namespace torugart::imaging {

enum class QualityKind : std::uint8_t {
  penetration,        // mm of steel behind which a block of 25 mm of steel is seen
  wire,               // mm: diameter of the thinnest steel wire that is seen, in air
  contrast,           // percent: thinnest sheet that is seen on 100 mm of steel
  resolution_along,   // mm: finest pitch of bars of which a fifth of the modulation is left, along the travel
  resolution_across,  // mm: the same along the column of detectors
  material,           // percent of the worst block's pixels that are given its class
  detectors,          // percent of rows that are filled because their detector is dead or noisy
  shape,              // percent by which length over height is off: the speed, or the pitch of the detectors
};
inline constexpr int kQualityKinds = 8;

[[nodiscard]] const char* key_of(QualityKind kind);          // "penetration", …; never translated
[[nodiscard]] const char* unit_of(QualityKind kind);         // "mm" or "%"
[[nodiscard]] bool larger_is_better(QualityKind kind);

struct QualityLimits {  // a site sets its own at acceptance
  double penetration_mm = 300;
  double wire_mm = 2.5;
  double contrast_percent = 2;
  double resolution_mm = 25;
  double material_percent = 70;
  double detectors_percent = 2;
  double shape_percent = 3;
  [[nodiscard]] double of(QualityKind kind) const;
};

struct QualityFigure {
  QualityKind kind = QualityKind::penetration;
  double value = 0;  // what is beyond the object's last element is given as that element's
  double limit = 0;
  bool passed = false;
  std::string detail;  // English, with the figures behind it
};

struct QualityReport {
  Rect frame;                          // of the test object, image pixels
  std::vector<QualityFigure> figures;  // in the order of QualityKind; `material` only with two energies,
                                       // `shape` only with a calibrated geometry
  bool passed = false;                 // all of them, and the scan is calibrated with all its lines
  std::string why_not;                 // English; empty when passed
};

// Fails when no frame of the object's proportions is in the picture, or the picture has no transmissions. Thread-safe.
[[nodiscard]] Result<QualityReport> measure_quality(const ScanImage& image, const MaterialTable& table,
                                                    const QualityLimits& limits = {});

}  // namespace torugart::imaging
