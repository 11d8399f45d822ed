#include "hal/sim/test_object.h"

#include "hal/sim/physics.h"

namespace torugart::hal::sim {
namespace {

constexpr double kAboveGround = 500;

// The object's own millimetres: from its left and lower edge; thickness along the beam.
Solid plate(const char* material, double x, double y, double w, double h, double thick) {
  Solid s;
  s.shape = SolidShape::box;
  s.at_mm = {x + w / 2, kAboveGround + y + h / 2, 0};
  s.size_mm = {w, h, thick};
  s.material = material;
  s.name = "test object";
  return s;
}

double thickness_of(const char* material, double g_cm2) {
  return g_cm2 / materials()[*find_material(material)].density * 10;
}

}  // namespace

std::vector<Solid> test_object_solids() {
  std::vector<Solid> out;
  const auto steel = [&out](double x, double y, double w, double h, double thick) {
    out.push_back(plate("steel", x, y, w, h, thick));
  };
  // frame
  steel(0, 0, kTestObjectLength, 40, 60);
  steel(0, 1460, kTestObjectLength, 40, 60);
  steel(0, 40, 40, 1420, 60);
  steel(kTestObjectLength - 40, 40, 40, 1420, 60);
  // penetration; what lies on a step adds to it, wherever along the beam it is
  double x = 100;
  for (const double mm : {100.0, 200.0, 250.0, 300.0, 350.0, 400.0}) {
    steel(x, 100, 240, 600, mm);
    steel(x + 90, 370, 60, 60, 25);
    x += 260;
  }
  // contrast
  steel(1720, 100, 960, 600, 100);
  x = 1810;
  for (const double mm : {4.0, 2.0, 1.0, 0.5, 0.25}) {
    steel(x, 370, 60, 60, mm);
    x += 180;
  }
  // material
  out.push_back(plate("polyethylene", 2740, 100, 240, 600, thickness_of("polyethylene", 40)));
  out.push_back(plate("aluminium", 3000, 100, 240, 600, thickness_of("aluminium", 40)));
  out.push_back(plate("steel", 3260, 100, 240, 600, thickness_of("steel", 40)));
  out.push_back(plate("lead", 2740, 780, 240, 640, thickness_of("lead", 40)));
  // wires
  x = 160;
  for (const double mm : {6.0, 4.0, 2.5, 1.6, 1.2, 0.8}) {
    Solid wire;
    wire.shape = SolidShape::cylinder;
    wire.axis = Axis::y;
    wire.at_mm = {x, kAboveGround + 1100, 0};
    wire.size_mm = {mm, 600, 0};
    wire.material = "steel";
    wire.name = "wire";
    out.push_back(wire);
    x += 130;
  }
  // resolution
  double upright = 900, lying = 900;
  for (const double pitch : {40.0, 32.0, 25.0, 20.0, 16.0, 12.0}) {
    for (int k = 0; k < 6; ++k) {
      steel(upright + k * pitch, 1120, pitch / 2, 300, 40);
      steel(lying, 780 + k * pitch, 150, pitch / 2, 40);
    }
    upright += 6 * pitch + 40;
    lying += 190;
  }
  steel(2160, 780, 240, 640, 40);
  return out;
}

}  // namespace torugart::hal::sim
