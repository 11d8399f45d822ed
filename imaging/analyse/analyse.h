// Measurements and aids on a finished scan. Aids: they propose, the inspector decides; every result says how it was
// found.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imaging/core/error.h"
#include "imaging/core/scan_image.h"
#include "imaging/material/classifier.h"

namespace torugart::imaging {

enum class ProposalKind : std::uint8_t {
  dense_region,        // much denser than the rest of the load
  no_signal_region,    // nothing gets through
  person_sized,        // organic, as large as a person; only with a calibrated geometry
  hidden_compartment,  // roof or floor attenuates more over a stretch than elsewhere
};
[[nodiscard]] const char* key_of(ProposalKind kind);  // "dense_region", …

struct Proposal {
  ProposalKind kind = ProposalKind::dense_region;
  Rect box;          // image pixels
  double score = 0;  // 0 .. 1: how far it stands out, not a probability of contraband
  std::string why;   // English sentence with the figures
};

// Of what is in the beam, from its attenuation and the area density that a material of its class has there.
struct MassEstimate {
  double kg = 0;
  double error_kg = 0;    // one standard deviation: class, calibration, ambiguous pixels
  bool at_least = false;  // pixels without signal count with what just stops the beam: it may be much more
};

struct Analysis {
  Rect object;                    // what stands in the beam at all (truck and trailer); empty when nothing does
  std::optional<Rect> container;  // the box-like load space, if one was found
  bool empty = false;             // nothing but walls, floor and roof in the container
  double empty_probability = 0;   // 0 .. 1; a guide, not calibrated on real trucks
  double remains = 0;             // of the largest thing inside: attenuation over the walls times its area, m2
  std::optional<Rect> remains_at;
  double load_attenuation = 0;   // mean attenuation of the load space over its own walls
  double walls = 0;              // attenuation of the load space's own walls, where nothing else is
  double saturated_percent = 0;  // of the object's pixels
  double ambiguous_percent = 0;
  std::array<double, kMaterialClasses> material_percent{};  // of the object's pixels, air left out
  // Empty without calibrated geometry, dark and air: no figure is better than a wrong one.
  std::optional<MassEstimate> mass;       // of the whole object
  std::optional<MassEstimate> load_mass;  // of the load space, over its own walls
  std::vector<Proposal> proposals;        // best first, at most 32
};

// Works on a reduced copy (at most about 2,000 columns), so the time does not grow with the scan. Thread-safe.
[[nodiscard]] Result<Analysis> analyse(const ScanImage& image, const MaterialTable& table);

// Mass of any part (image pixels), for a region that someone draws. Empty as above, or for a single-energy scan.
[[nodiscard]] std::optional<MassEstimate> mass_of(const ScanImage& image, const MaterialTable& table, Rect part);

// Difference of two pictures: mean absolute difference of the attenuation, and the picture b - a around middle grey. b is
// moved by whole pixels onto a first, where that makes them clearly more alike: a truck never stands twice in one place.
struct Difference {
  Raster<std::uint8_t> picture;    // of a's size; 128 equal, or nothing to compare; brighter where b attenuates more
  int offset_x = 0, offset_y = 0;  // pixel (x, y) of a was held against (x + offset_x, y + offset_y) of b
  double mean_absolute = 0;
  double changed_percent = 0;  // |difference| over 0.25, of what was compared
};
// Fails when one is over a quarter larger than the other, in either direction.
[[nodiscard]] Result<Difference> difference(const ScanImage& a, const ScanImage& b);

}  // namespace torugart::imaging
