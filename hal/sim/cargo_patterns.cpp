#include "hal/sim/cargo_patterns.h"

#include <algorithm>
#include <cmath>

namespace torugart::hal::sim {
namespace {

struct Stow {
  const LoadOrder& order;
  Vec3 room;
  Random& random;
  std::vector<Solid> out;

  double top() const { return room.y * order.fill; }
  std::string material(const char* usual) const { return order.material.empty() ? usual : order.material; }

  void box(const std::string& m, Vec3 at, Vec3 size, const std::string& name, double wall = 0, double density = 0) {
    Solid s;
    s.at_mm = at;
    s.size_mm = size;
    s.material = m;
    s.wall_mm = wall;
    s.density = density;
    s.name = name;
    out.push_back(std::move(s));
  }
  void cylinder(const std::string& m, Axis axis, Vec3 at, double diameter, double length, const std::string& name,
                double wall = 0, double density = 0) {
    Solid s;
    s.shape = SolidShape::cylinder;
    s.axis = axis;
    s.at_mm = at;
    s.size_mm = {diameter, length, 0};
    s.material = m;
    s.wall_mm = wall;
    s.density = density;
    s.name = name;
    out.push_back(std::move(s));
  }
  // Deck and three skids; returns the height on which goods stand.
  double pallet(double x, double z, double length, double width) {
    box("wood", {x, 133, z}, {length, 22, width}, "");
    for (const double f : {-0.45, 0.0, 0.45})
      box("wood", {x + f * length, 61, z}, {100, 122, width}, "");
    return 144;
  }
};

void pallets(Stow& s, const char* usual, double packed_density) {
  const std::string m = s.material(usual);
  const double length = 800, width = 1150;
  int number = 0;
  for (double x = s.order.from_mm + 30; x + length <= s.order.to_mm; x += length + s.random.uniform(15, 45)) {
    for (const double z : {-width / 2 - 8, width / 2 + 8}) {
      const double cx = x + length / 2 + s.random.uniform(-12, 12);
      double y = s.pallet(cx, z, length, width);
      const double layer = s.random.uniform(270, 340);
      const double top = s.top() * s.random.uniform(0.93, 1.0);
      const std::string name = "pallet " + std::to_string(++number);
      for (; y + layer <= top; y += layer + 3)
        for (int i = 0; i < 2; ++i)
          for (int k = 0; k < 2; ++k)
            s.box(m, {cx + (i - 0.5) * length / 2, y + layer / 2, z + (k - 0.5) * width / 2},
                  {length / 2 - s.random.uniform(5, 14), layer - 4, width / 2 - s.random.uniform(6, 16)}, name, 0,
                  packed_density * s.random.uniform(0.8, 1.2));
    }
  }
}

void barrels(Stow& s) {
  const std::string m = s.material("diesel");
  const double d = 585, h = 880;
  for (double x = s.order.from_mm + d / 2 + 20; x + d / 2 <= s.order.to_mm; x += d + 12) {
    for (int tier = 0; 144 + tier * (h + 150) + h < s.top() + 200 && tier < 2; ++tier) {
      const double y = 150 + tier * (h + 150) + h / 2;
      s.box("wood", {x, y - h / 2 - 14, 0}, {d, 22, s.room.z - 60}, "");
      const double level = s.random.uniform(0.82, 0.95);
      for (int k = 0; k < 3; ++k) {
        const double z = (k - 1) * (d + 45) + s.random.uniform(-10, 10);
        s.cylinder("steel", Axis::y, {x, y, z}, d, h, "barrel", 1.2);
        s.cylinder("steel", Axis::y, {x, y - h / 6, z}, d + 14, 14, "");  // rolling hoops
        s.cylinder("steel", Axis::y, {x, y + h / 6, z}, d + 14, 14, "");
        s.cylinder(m, Axis::y, {x, y - h / 2 + 2 + h * level / 2, z}, d - 6, h * level - 4, "barrel");
      }
    }
  }
}

void sacks(Stow& s) {
  const std::string m = s.material("flour");
  for (double x = s.order.from_mm + 20; x + 520 <= s.order.to_mm; x += 535) {
    const double top = s.top() * s.random.uniform(0.94, 1.02);
    for (double y = 8; y + 150 <= top; y += 146)
      for (int k = 0; k < 3; ++k)
        s.box(m, {x + 262 + s.random.uniform(-14, 14), y + 72, (k - 1) * 740 + s.random.uniform(-12, 12)},
              {s.random.uniform(495, 525), 143, 715}, "sacks");
  }
}

void pipes(Stow& s) {
  const std::string m = s.material("steel");
  const double length = std::min(s.order.to_mm - s.order.from_mm - 60, 11'600.0);
  const double d = s.random.uniform(160, 240), wall = s.random.uniform(5, 8);
  int row = 0;
  for (double y = d / 2 + 60; y + d / 2 < s.top() * 0.62; y += d * 0.88, ++row)
    for (double z = -s.room.z / 2 + d / 2 + 30 + (row % 2) * d / 2; z + d / 2 < s.room.z / 2 - 20; z += d + 3)
      s.cylinder(m, Axis::x, {s.order.from_mm + 30 + length / 2 + s.random.uniform(-25, 25), y, z}, d, length - 60,
                 "pipes", wall);
  for (double x = s.order.from_mm + 500; x < s.order.from_mm + length; x += 2600)
    s.box("wood", {x, 30, 0}, {100, 58, s.room.z - 80}, "");
}

void machines(Stow& s) {
  double x = s.order.from_mm + 120;
  while (x + 1900 <= s.order.to_mm) {
    const double length = s.random.uniform(1500, 1850), height = std::min(s.top(), s.random.uniform(1300, 1900));
    const double cx = x + length / 2;
    const std::string name = "machine";
    for (const double z : {-420.0, 420.0})
      s.box("steel", {cx, 90, z}, {length, 160, 90}, name, 8);
    s.box("steel", {cx - length * 0.28, 170 + height * 0.3, 0}, {length * 0.35, height * 0.55, 900}, name, 7);
    s.box("machinery", {cx - length * 0.28, 170 + height * 0.22, 0}, {length * 0.25, height * 0.3, 600}, name, 0,
          2.6);
    s.cylinder("steel", Axis::x, {cx + length * 0.18, 420, 0}, 380, length * 0.42, name, 16);  // motor
    s.cylinder("copper", Axis::x, {cx + length * 0.18, 420, 0}, 260, length * 0.28, name, 0, 4.2);
    s.cylinder("steel", Axis::z, {cx + length * 0.2, 900, 0}, 560, 420, name, 22);  // flywheel, drum
    s.cylinder("steel", Axis::z, {cx + length * 0.2, 900, 0}, 90, 900, name);
    s.box("steel", {cx, height * 0.92, 0}, {length * 0.8, 60, 300}, name, 6);
    s.box("steel", {cx + length * 0.42, height * 0.55, -350}, {60, height * 0.75, 60}, name, 5);
    s.box("steel", {cx - length * 0.45, height * 0.62, 350}, {60, height * 0.7, 60}, name, 5);
    s.box("electronics", {cx - length * 0.05, height * 0.75, 380}, {380, 520, 220}, name, 0, 0.9);
    x += length + s.random.uniform(150, 350);
  }
}

void tyres(Stow& s) {
  const double d = s.random.uniform(640, 720), w = 210;
  for (double x = s.order.from_mm + d / 2 + 15; x + d / 2 <= s.order.to_mm; x += d + 6)
    for (double y = d / 2 + 5; y + d / 2 < s.top(); y += d + 3)
      for (double z = -s.room.z / 2 + w / 2 + 20; z + w / 2 < s.room.z / 2; z += w + 8)
        s.cylinder("rubber", Axis::z, {x + s.random.uniform(-5, 5), y, z}, d, w, "tyres", 15, 1.15);
}

void logs(Stow& s) {
  const double length = std::min(s.order.to_mm - s.order.from_mm - 80, 5'900.0);
  for (double x0 = s.order.from_mm + 40; x0 + length <= s.order.to_mm; x0 += length + 80) {
    int row = 0;
    for (double y = 160; y + 150 < s.top(); y += 250, ++row)
      for (double z = -s.room.z / 2 + 160 + (row % 2) * 140; z + 150 < s.room.z / 2; z += 295)
        s.cylinder(s.material("wood"), Axis::x, {x0 + length / 2, y + s.random.uniform(-8, 8), z},
                   s.random.uniform(230, 285), length * s.random.uniform(0.95, 1.0), "logs", 0,
                   s.random.uniform(0.55, 0.8));
  }
}

void appliances(Stow& s) {
  const double length = 620, width = 640, height = 860;
  for (double x = s.order.from_mm + 20; x + length <= s.order.to_mm; x += length + 22)
    for (double y = 6; y + height < s.top() + 120; y += height + 12)
      for (int k = 0; k < 3; ++k) {
        const Vec3 at{x + length / 2, y + height / 2, (k - 1) * (width + 45)};
        s.box("cellulose", at, {length, height, width}, "", 5, 0.12);
        s.box("steel", at, {length - 30, height - 30, width - 40}, "washing machines", 0.8);
        s.cylinder("steel", Axis::z, {at.x, at.y + 60, at.z}, 480, 330, "", 1.2);
        s.box("concrete", {at.x, at.y - 330, at.z}, {380, 90, 260}, "", 0, 2.2);
        s.cylinder("copper", Axis::z, {at.x + 130, at.y - 220, at.z}, 130, 160, "", 0, 4.0);
      }
}

void coils(Stow& s) {
  for (double x = s.order.from_mm + 900; x + 600 <= s.order.to_mm; x += 2300) {
    const double d = s.random.uniform(950, 1120);
    s.cylinder("steel", Axis::z, {x, d / 2 + 70, 0}, d, 1100, "steel coil", d * 0.22);
    for (const double side : {-1.0, 1.0})
      s.box("wood", {x + side * d * 0.4, 90, 0}, {220, 170, 1300}, "");
  }
}

}  // namespace

const std::vector<std::string>& load_patterns() {
  static const std::vector<std::string> kNames = {"empty", "pallets", "barrels", "sacks",      "pipes", "machines",
                                                  "logs",  "coils",   "cartons", "appliances", "tyres"};
  return kNames;
}

std::vector<Solid> make_load(const LoadOrder& order, Vec3 room_mm, Random& random) {
  Stow s{order, room_mm, random, {}};
  if (order.pattern == "pallets") pallets(s, "cellulose", 0);
  if (order.pattern == "cartons") pallets(s, "cotton", 0.28);
  if (order.pattern == "barrels") barrels(s);
  if (order.pattern == "sacks") sacks(s);
  if (order.pattern == "pipes") pipes(s);
  if (order.pattern == "machines") machines(s);
  if (order.pattern == "tyres") tyres(s);
  if (order.pattern == "logs") logs(s);
  if (order.pattern == "coils") coils(s);
  if (order.pattern == "appliances") appliances(s);
  return s.out;
}

}  // namespace torugart::hal::sim
