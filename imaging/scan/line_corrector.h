// Internal to imaging/scan: counts of one line -> transmission codes. Thread-bound.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "imaging/scan/calibration.h"
#include "imaging/scan/scan_builder.h"

namespace torugart::imaging::detail {

class LineCorrector {
 public:
  LineCorrector(const Calibration& calibration, const ScanConfig& config);

  // From now on: what each detector reads in the open beam over what it should (drift.h).
  void set_drift(Energy energy, const std::vector<float>& drift);
  // From now on these detectors are filled, too.
  void fill_also(const std::vector<int>& detectors);
  // Returns the factor of this pulse: by the monitor if there is one in the line and in the calibration, else by the
  // detectors that see over the truck, and 1 where they see something. `out` holds the codes afterwards.
  float correct(Energy energy, std::span<const std::uint16_t> counts, std::optional<double> reference,
                std::span<std::uint16_t> out);

  // How often each detector dropped out, both energies together.
  [[nodiscard]] const std::vector<std::int64_t>& dropouts() const { return dropouts_; }

 private:
  struct Plane {
    std::vector<float> dark, calibrated, scale;  // scale: calibrated over drift
    std::vector<std::uint16_t> dark_until;       // counts up to here are no signal, only the dark level and its noise
    std::optional<float> reference_air;
  };
  struct Fill {
    int row, above, below;  // -1: no good neighbour within reach, the row is missing
  };
  void plan_fills();
  // A sample without signal between two that see well is a detector that dropped out for a line: nothing is so narrow
  // and so dense. It is filled like a dead one's and counted.
  void fill_dropouts(std::span<std::uint16_t> codes);
  [[nodiscard]] float air_rows_factor(const Plane& plane, std::span<const std::uint16_t> counts);

  Plane planes_[2];
  std::vector<char> bad_;
  std::vector<std::int64_t> dropouts_;
  std::vector<Fill> fills_;
  std::vector<int> air_rows_;
  std::vector<float> scratch_;
  std::uint16_t full_scale_;
  bool use_monitor_;
};

}  // namespace torugart::imaging::detail
