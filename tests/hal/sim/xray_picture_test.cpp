// The truth about hidden objects points at the right pixels of the raw picture.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "hal/sim/ray_column.h"
#include "hal/sim/truck_body.h"

namespace torugart::hal::sim {
namespace {

TEST(XrayPicture, AWholeTruckHasEngineWheelsWallsAndAirAbove) {
  Truck t = make_random_truck(4, 0);
  t.cargo.clear();
  t.containers = {{"MSKU1234565", "42G1", Marking::horizontal}};
  t.body = BodyKind::container;
  const FanGeometry fan;
  const ColumnTracer tracer(all_solids(t), fan, std::make_shared<Attenuator>(6, 4));
  const auto at = [&](double x, double y) {
    const auto d = static_cast<std::size_t>(std::lround(fan.detector_at(y, 0)));
    return -std::log(static_cast<double>(tracer.column(x)[d].high.mean));
  };
  EXPECT_GT(at(1200, 950), 1.5) << "engine";
  EXPECT_GT(at(1400, 500), 1.5) << "hub of the front axle";
  const double wall = at(9000, 2500);
  EXPECT_GT(wall, 0.08) << "two container walls";
  EXPECT_LT(wall, 0.6);
  EXPECT_LT(at(9000, 4700), 1e-4) << "air above";
  EXPECT_LT(at(truck_length_mm(t) + 100, 2000), 1e-4) << "air behind";
}

TEST(XrayPicture, TheHighestContainerFitsUnderTheHighestRay) {
  const FanGeometry fan;
  const BodyBox b = container_size("45G1");
  EXPECT_GT(fan.detector_at(b.y0_mm + b.height_mm, -b.width_mm / 2), 0);
}

}  // namespace
}  // namespace torugart::hal::sim
