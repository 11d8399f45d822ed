// Internal to imaging/scan: collects dark and air lines and makes a Calibration of them. Thread-bound.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "imaging/scan/calibration.h"

namespace torugart::imaging::detail {

class CalibrationMaker {
 public:
  // A line of one energy; `reference` of the pulse monitor. At most kKept lines of a kind are kept.
  void add_dark(Energy energy, std::span<const std::uint16_t> counts);
  void add_air(Energy energy, std::span<const std::uint16_t> counts, std::optional<double> reference,
               std::int64_t time_us);
  // Empty until both dark and air came, of both energies when dual.
  [[nodiscard]] std::optional<Calibration> make(bool dual_energy) const;

 private:
  static constexpr std::size_t kKept = 512;  // 2,500 detectors: 5 MB for both kinds and energies
  struct Plane {
    std::vector<std::vector<std::uint16_t>> dark, air;
    std::vector<std::optional<double>> reference;
  };
  Plane planes_[2];
  std::int64_t made_at_us_ = 0;
};

}  // namespace torugart::imaging::detail
