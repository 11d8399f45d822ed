#include "hal/sim/truck_body.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "hal/sim/physics.h"

namespace torugart::hal::sim {
namespace {

constexpr double kBodyStart = 3150;      // front of the container or trailer body
constexpr double kContainerBase = 1330;  // underside of a container on its chassis

Solid box(const char* material, Vec3 from, Vec3 to, double wall = 0, double density = 0) {
  Solid s;
  s.shape = SolidShape::box;
  s.at_mm = {(from.x + to.x) / 2, (from.y + to.y) / 2, (from.z + to.z) / 2};
  s.size_mm = {to.x - from.x, to.y - from.y, to.z - from.z};
  s.material = material;
  s.wall_mm = wall;
  s.density = density;
  return s;
}

Solid cylinder(const char* material, Axis axis, Vec3 at, double diameter, double length, double wall = 0) {
  Solid s;
  s.shape = SolidShape::cylinder;
  s.axis = axis;
  s.at_mm = at;
  s.size_mm = {diameter, length, 0};
  s.material = material;
  s.wall_mm = wall;
  return s;
}

// A wheel: tyre with air inside, steel rim and hub.
void wheel(std::vector<Solid>& out, double x, double z, double width) {
  const double y = kWheelDiameter / 2;
  out.push_back(cylinder("rubber", Axis::z, {x, y, z}, kWheelDiameter, width, 34));
  out.push_back(cylinder("steel", Axis::z, {x, y, z}, 600, width - 60, 9));
  out.push_back(cylinder("steel", Axis::z, {x, y, z}, 330, width * 0.5));
}

void axle(std::vector<Solid>& out, double x, bool twin) {
  const double width = twin ? 590 : 315;
  wheel(out, x, -1220 + width / 2, width);
  wheel(out, x, 1220 - width / 2, width);
  out.push_back(cylinder("steel", Axis::z, {x, kWheelDiameter / 2, 0}, 130, 1500, 16));
}

void cab(std::vector<Solid>& out) {
  // Skin: two sides, each steel sheet and trim; windows are gaps of glass.
  for (const double side : {-1.0, 1.0}) {
    const double z0 = side * 1245, z1 = side * 1241;
    const auto sheet = [&](double x0, double x1, double y0, double y1) {
      out.push_back(box("steel", {x0, y0, std::min(z0, z1)}, {x1, y1, std::max(z0, z1)}, 0, 3.0));
      out.push_back(box("plastic", {x0, y0, side * 1215 - 3}, {x1, y1, side * 1215 + 3}));
    };
    sheet(60, kCabLength, 950, 2050);
    sheet(1550, kCabLength, 2050, 3300);
    sheet(160, 1550, 2900, 3300);
    sheet(160, 300, 2050, 2900);
    out.push_back(box("glass", {300, 2050, side * 1235 - 2.5}, {1550, 2900, side * 1235 + 2.5}));
    out.push_back(box("plastic", {250, 2100, side * 1330 - 90}, {360, 2850, side * 1330 + 90}, 4));  // mirror
  }
  out.push_back(box("steel", {60, 950, -1240}, {75, 1950, 1240}, 0, 1.0));     // front wall
  out.push_back(box("glass", {150, 1950, -1180}, {165, 2900, 1180}, 0, 1.2));  // windscreen
  out.push_back(box("steel", {kCabLength - 12, 950, -1240}, {kCabLength, 3300, 1240}, 0, 0.9));
  out.push_back(box("steel", {160, 3285, -1240}, {kCabLength, 3300, 1240}, 0, 0.9));
  out.push_back(box("plastic", {500, 3300, -1100}, {kCabLength, 3750, 1100}, 7));    // roof spoiler
  out.push_back(box("steel", {60, 1180, -1240}, {kCabLength, 1200, 1240}, 0, 1.6));  // floor
  // Seats, dashboard, bunk.
  for (const double z : {-650.0, 650.0}) {
    out.push_back(box("plastic", {1000, 1500, z - 240}, {1500, 1640, z + 240}, 0, 0.12));
    out.push_back(box("plastic", {1430, 1640, z - 240}, {1570, 2450, z + 240}, 0, 0.12));
    out.push_back(box("steel", {1050, 1200, z - 180}, {1450, 1500, z + 180}, 3));
  }
  out.push_back(box("plastic", {180, 1550, -1150}, {520, 1980, 1150}, 9));
  out.push_back(cylinder("steel", Axis::x, {700, 1850, -650}, 430, 25, 6));  // steering wheel
  out.push_back(box("plastic", {1650, 1650, -1100}, {2280, 1790, 1100}, 0, 0.09));
  // Bumper, radiator, engine, gearbox.
  out.push_back(box("steel", {0, 380, -1230}, {140, 760, 1230}, 4));
  out.push_back(box("aluminium", {230, 620, -420}, {330, 1450, 420}, 0, 1.0));
  out.push_back(box("steel", {700, 760, -210}, {1800, 1180, 210}, 0, 1.7));       // block
  out.push_back(box("machinery", {740, 1180, -190}, {1760, 1420, 190}, 0, 1.1));  // head
  out.push_back(box("steel", {820, 560, -170}, {1700, 760, 170}, 6));             // sump
  for (int i = 0; i < 6; ++i)  // cylinder bores are lighter than the block around them, liners heavier
    out.push_back(cylinder("steel", Axis::y, {800 + 180.0 * i, 1010, 0}, 140, 330, 14));
  out.push_back(cylinder("aluminium", Axis::x, {560, 980, 0}, 640, 70));  // fan and flywheel
  out.push_back(cylinder("steel", Axis::x, {1850, 930, 0}, 480, 60));
  out.push_back(box("machinery", {1900, 720, -190}, {2700, 1130, 190}, 0, 1.4));
  out.push_back(cylinder("steel", Axis::x, {3700, 820, 0}, 110, 1900, 6));                       // propeller shaft
  out.push_back(cylinder("steel", Axis::z, {kDriveAxle, kWheelDiameter / 2, 0}, 430, 420, 40));  // differential
}

void tractor(std::vector<Solid>& out) {
  cab(out);
  axle(out, kFrontAxle, false);
  axle(out, kDriveAxle, true);
  for (const double z : {-395.0, 395.0})
    out.push_back(box("steel", {500, 800, z - 38}, {5900, 1070, z + 38}, 8));
  // Tank on one side, exhaust and batteries on the other.
  out.push_back(box("aluminium", {2600, 450, -1200}, {3900, 1050, -560}, 4));
  out.push_back(box("diesel", {2610, 460, -1190}, {3890, 860, -570}));
  out.push_back(cylinder("steel", Axis::x, {2950, 700, 900}, 560, 700, 3));
  out.push_back(box("lead", {3450, 560, 700}, {3950, 790, 1150}, 0, 2.1));  // batteries
  out.push_back(cylinder("steel", Axis::y, {5000, 1190, 0}, 900, 60));      // fifth wheel
  for (const double z : {-820.0, 820.0})
    out.push_back(cylinder("steel", Axis::x, {4300, 900, z * 0.35}, 270, 620, 4));  // air vessels
}

void trailer(std::vector<Solid>& out, double x0, double x1, double deck, const std::vector<double>& axles) {
  for (const double z : {-480.0, 480.0})
    out.push_back(box("steel", {x0 + 250, deck - 330, z - 60}, {x1 - 100, deck - 10, z + 60}, 9));
  for (double x = x0 + 300; x < x1 - 200; x += 620)
    out.push_back(box("steel", {x, deck - 130, -1180}, {x + 70, deck - 15, 1180}, 4));
  for (const double x : axles) {
    axle(out, x, false);
    out.push_back(cylinder("rubber", Axis::y, {x + 260, 830, 480}, 260, 300, 12));  // air springs
    out.push_back(cylinder("rubber", Axis::y, {x + 260, 830, -480}, 260, 300, 12));
  }
  for (const double z : {-700.0, 700.0})  // landing legs
    out.push_back(box("steel", {x0 + 2450, 380, z - 70}, {x0 + 2590, deck - 60, z + 70}, 8));
  out.push_back(box("steel", {x1 - 160, 420, -1150}, {x1 - 60, 540, 1150}, 4));     // underrun bar
  out.push_back(box("plastic", {x0 + 2900, 450, 760}, {x0 + 3700, 900, 1180}, 5));  // tool box
}

// ISO 1496 walls: trapezoid corrugation, 2 mm outside sheet; the slopes look thicker from the side.
void container(std::vector<Solid>& out, const BodyBox& b) {
  const double x1 = b.x0_mm + b.length_mm, y1 = b.y0_mm + b.height_mm, half = b.width_mm / 2;
  for (const double side : {-1.0, 1.0}) {
    const double z = side * (half - 20);
    const auto wall = [&](double from, double to, double thick) {
      out.push_back(box("steel", {from, b.y0_mm + 160, z - 1}, {to, y1 - 60, z + 1}, 0, 7.85 * thick / 2));
    };
    for (double x = b.x0_mm + 160; x < x1 - 160; x += 278) {
      const double end = std::min(x + 278, x1 - 160);
      wall(x, std::min(x + 72, end), 2.0);
      wall(std::min(x + 72, end), std::min(x + 140, end), 2.9);
      wall(std::min(x + 140, end), std::min(x + 210, end), 2.0);
      wall(std::min(x + 210, end), end, 2.9);
    }
    const double zr = side * (half - 30);
    out.push_back(box("steel", {b.x0_mm, y1 - 60, zr - 30}, {x1, y1, zr + 30}, 3.5));
    out.push_back(box("steel", {b.x0_mm, b.y0_mm, zr - 25}, {x1, b.y0_mm + 160, zr + 25}, 4.5));
    const double zp = side * (half - 75);
    out.push_back(box("steel", {b.x0_mm, b.y0_mm, zp - 75}, {b.x0_mm + 150, y1, zp + 75}, 6));
    out.push_back(box("steel", {x1 - 150, b.y0_mm, zp - 75}, {x1, y1, zp + 75}, 7));
    for (const double xc : {b.x0_mm + 89, x1 - 89})
      for (const double yc : {b.y0_mm + 59, y1 - 59})
        out.push_back(box("steel", {xc - 89, yc - 59, zp - 75}, {xc + 89, yc + 59, zp + 75}, 18));
    // Door rods.
    out.push_back(cylinder("steel", Axis::y, {x1 + 15, (b.y0_mm + y1) / 2, side * 350}, 34, b.height_mm - 200, 3));
    out.push_back(cylinder("steel", Axis::y, {x1 + 15, (b.y0_mm + y1) / 2, side * 850}, 34, b.height_mm - 200, 3));
  }
  out.push_back(box("steel", {b.x0_mm + 20, b.y0_mm + 160, -half + 80}, {b.x0_mm + 56, y1 - 60, half - 80}, 0, 0.6));
  out.push_back(box("steel", {x1 - 60, b.y0_mm + 120, -half + 80}, {x1 - 15, y1 - 60, half - 80}, 0, 0.9));
  out.push_back(box("steel", {b.x0_mm, y1 - 30, -half + 60}, {x1, y1 - 10, half - 60}, 0, 0.8));  // roof
  out.push_back(box("wood", {b.x0_mm + 20, b.y0_mm + 145, -half + 60}, {x1 - 60, b.y0_mm + 173, half - 60}, 0, 0.75));
  for (double x = b.x0_mm + 280; x < x1 - 200; x += 305)
    out.push_back(box("steel", {x, b.y0_mm + 23, -half + 60}, {x + 45, b.y0_mm + 145, half - 60}, 4));
}

void trailer_body(std::vector<Solid>& out, const BodyBox& b, bool curtain) {
  const double x1 = b.x0_mm + b.length_mm, y1 = b.y0_mm + b.height_mm, half = b.width_mm / 2;
  for (const double side : {-1.0, 1.0}) {
    const double z = side * (half - 15);
    if (curtain) {
      out.push_back(box("pvc", {b.x0_mm + 80, b.y0_mm + 100, z - 1}, {x1 - 80, y1 - 130, z + 1}));
      for (double x = b.x0_mm + 3400; x < x1 - 400; x += 3400)
        out.push_back(box("steel", {x - 50, b.y0_mm, z - 40}, {x + 50, y1 - 60, z + 40}, 3));
      for (double y = b.y0_mm + 700; y < y1 - 300; y += 420)
        out.push_back(box("aluminium", {b.x0_mm + 100, y, z - 12}, {x1 - 100, y + 110, z + 12}, 2));
    } else {
      out.push_back(box("plastic", {b.x0_mm, b.y0_mm, z - 30}, {x1, y1, z + 30}, 0, 0.1));
      out.push_back(box("aluminium", {b.x0_mm, b.y0_mm, z - 1}, {x1, y1, z + 1}));
    }
    out.push_back(box("aluminium", {b.x0_mm, y1 - 130, z - 30}, {x1, y1, z + 30}, 4));
  }
  out.push_back(box("steel", {b.x0_mm, b.y0_mm, -half}, {b.x0_mm + 40, y1, half}, 0, 0.5));
  out.push_back(box("aluminium", {x1 - 40, b.y0_mm, -half}, {x1, y1, half}, 0, 0.5));
  out.push_back(box("wood", {b.x0_mm, b.y0_mm, -half + 30}, {x1, b.y0_mm + 28, half - 30}, 0, 0.7));
}

}  // namespace

BodyBox container_size(const std::string& size_type) {
  BodyBox b;
  b.x0_mm = kBodyStart;
  b.y0_mm = kContainerBase;
  b.width_mm = 2438;
  const char length = size_type.empty() ? '4' : size_type[0];
  const char height = size_type.size() < 2 ? '2' : size_type[1];
  b.length_mm = length == '2' ? 6058 : length == 'L' ? 13716 : 12192;
  b.height_mm = height == '5' ? 2896 : height == '0' ? 2438 : 2591;
  return b;
}

std::vector<BodyBox> bodies(const Truck& truck) {
  std::vector<BodyBox> out;
  if (truck.body == BodyKind::container && !truck.containers.empty()) {
    double x = kBodyStart;
    for (const auto& c : truck.containers) {
      BodyBox b = container_size(c.size_type);
      b.x0_mm = x;
      x += b.length_mm + 76;
      out.push_back(b);
    }
    return out;
  }
  BodyBox b;
  b.x0_mm = kBodyStart - 150;
  b.length_mm = 13600;
  b.y0_mm = 1200;
  b.height_mm = 2750;
  b.width_mm = 2540;
  return {b};
}

std::vector<CargoRoom> cargo_rooms(const Truck& truck) {
  std::vector<CargoRoom> out;
  const bool container_body = truck.body == BodyKind::container && !truck.containers.empty();
  for (const auto& b : bodies(truck)) {
    const double floor = container_body ? 175 : 30, front = 62, rear = 70;
    out.push_back({{b.x0_mm + front, b.y0_mm + floor, 0},
                   {b.length_mm - front - rear, b.height_mm - floor - 110, b.width_mm - 106}});
  }
  return out;
}

CargoRoom cargo_room(const Truck& truck) {
  const auto rooms = cargo_rooms(truck);
  CargoRoom r = rooms.front();
  r.size_mm.x = rooms.back().origin_mm.x + rooms.back().size_mm.x - r.origin_mm.x;
  return r;
}

double truck_length_mm(const Truck& truck) {
  const auto b = bodies(truck).back();
  return b.x0_mm + b.length_mm + 80;
}

std::vector<double> trailer_axles(const Truck& truck) {
  const double tail = truck_length_mm(truck);
  if (tail < 10'500) return {tail - 2300, tail - 990};
  return {tail - 4600, tail - 3290, tail - 1980};
}

std::vector<Solid> truck_solids(const Truck& truck) {
  std::vector<Solid> out;
  tractor(out);
  const auto all = bodies(truck);
  const bool container_body = truck.body == BodyKind::container && !truck.containers.empty();
  trailer(out, all.front().x0_mm, all.back().x0_mm + all.back().length_mm, all.front().y0_mm, trailer_axles(truck));
  for (const auto& b : all) {
    if (container_body) {
      container(out, b);
    } else {
      trailer_body(out, b, truck.body == BodyKind::curtain);
    }
  }
  return out;
}

std::vector<Solid> all_solids(const Truck& truck) {
  auto out = truck_solids(truck);
  const Vec3 origin = cargo_room(truck).origin_mm;
  for (Solid s : truck.cargo) {
    s.at_mm = {s.at_mm.x + origin.x, s.at_mm.y + origin.y, s.at_mm.z + origin.z};
    out.push_back(std::move(s));
  }
  return out;
}

double mass_kg(const Solid& s) {
  const auto volume = [&s](double shrink) {
    const double a = std::max(0.0, s.size_mm.x - 2 * shrink), b = std::max(0.0, s.size_mm.y - 2 * shrink),
                 c = std::max(0.0, s.size_mm.z - 2 * shrink);
    switch (s.shape) {
      case SolidShape::box:
        return a * b * c;
      case SolidShape::cylinder:
        return std::numbers::pi / 4 * a * a * b;
      case SolidShape::sphere:
        return std::numbers::pi / 6 * a * a * a;
    }
    return 0.0;
  };
  const auto material = find_material(s.material);
  const double density = s.density > 0 ? s.density : material ? materials()[*material].density : 0;
  const double mm3 = volume(0) - (s.wall_mm > 0 ? volume(s.wall_mm) : 0);
  return mm3 * density * 1e-6;
}

double tare_kg(const Truck& truck) {
  double kg = 7600 + 5400;
  if (truck.body != BodyKind::container || truck.containers.empty()) return kg + 1600;
  for (const auto& c : truck.containers)
    kg += container_size(c.size_type).length_mm < 7000 ? 2250 : 3800;
  return kg;
}

double gross_weight_kg(const Truck& truck) {
  if (truck.weight_kg > 0) return truck.weight_kg;
  double kg = tare_kg(truck);
  for (const auto& s : truck.cargo)
    kg += mass_kg(s);
  return kg;
}

}  // namespace torugart::hal::sim
