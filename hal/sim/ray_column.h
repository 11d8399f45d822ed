// One column of the x-ray picture: what every detector sees when a given place of the truck is in the beam.
//
// Geometry: a fan in the plane across the lane. The source stands at z = −8000 mm, y = 900 mm; ray i goes through
// (z = 0, y = top − i·pitch), index 0 topmost. Solids nearer to the source look larger.
//
// ColumnTracer is immutable after construction and reentrant.
#pragma once

#include <memory>
#include <vector>

#include "hal/sim/physics.h"
#include "hal/sim/scenario.h"

namespace torugart::hal::sim {

struct FanGeometry {
  int detectors = 640;
  double pitch_mm = 7.6;  // in the lane's middle plane
  double bottom_mm = 10;  // height of the lowest ray there
  double source_z_mm = -8000;
  double source_y_mm = 900;

  double ray_y_mm(int detector) const { return bottom_mm + pitch_mm * (detectors - 1 - detector); }
  // Detector whose ray passes the point (y, z), not clamped.
  double detector_at(double y_mm, double z_mm) const {
    const double y0 = source_y_mm + (y_mm - source_y_mm) * (0 - source_z_mm) / (z_mm - source_z_mm);
    return detectors - 1 - (y0 - bottom_mm) / pitch_mm;
  }
};

class ColumnTracer {
 public:
  ColumnTracer(const std::vector<Solid>& solids, const FanGeometry& fan,
               std::shared_ptr<const Attenuator> attenuator);

  // At x along the truck; `detectors` values.
  std::vector<Attenuator::Pair> column(double x_mm) const;
  // Thickness in g/cm² of every material along one ray, for tests: (material index, g/cm²).
  std::vector<std::pair<std::size_t, float>> ray(double x_mm, int detector) const;

 private:
  struct Slice;
  std::vector<Slice> slices_at(double x_mm) const;

  std::vector<Solid> solids_;
  std::vector<std::size_t> material_;
  std::vector<double> density_;
  FanGeometry fan_;
  std::shared_ptr<const Attenuator> attenuator_;
};

}  // namespace torugart::hal::sim
