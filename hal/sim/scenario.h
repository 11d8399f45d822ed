// What happens at a simulated lane: trucks with their plates, containers, documents and cargo, and the things that go
// wrong. A scenario is a TOML file (README.md has every key); the same file and seed give the same counts and pixels.
//
// Truck coordinates, millimetres:  x from the front bumper towards the tail, y up from the ground, z across, 0 in the
// middle, growing away from the x-ray source. Cargo coordinates: x from the inside of the cargo room's front wall, y
// up from its floor, z as before. Positions are centres.
//
// Values; no threads. Nothing throws.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hal/api/device.h"

namespace torugart::hal::sim {

struct Vec3 {
  double x = 0, y = 0, z = 0;
};

enum class SolidShape { box, cylinder, sphere };
enum class Axis { x, y, z };

struct Solid {
  SolidShape shape = SolidShape::box;
  Vec3 at_mm;               // centre
  Vec3 size_mm;             // box: edges; cylinder: x = diameter, y = length along `axis`; sphere: x = diameter
  Axis axis = Axis::y;      // of a cylinder
  double wall_mm = 0;       // > 0: hollow with walls of this thickness (closed ends)
  std::string material;     // a name of physics.h: "steel", "cellulose", "tobacco", …
  double density = 0;       // g/cm³; 0 = the material's usual one (sacks and pallets pack looser than solids)
  std::string name;         // what a person would call it: "barrel", "pallet 3"
  bool contraband = false;  // what the inspection ought to find; goes into the truth, changes nothing else
};

// A load stowed by a pattern instead of solid by solid (cargo_patterns.h).
struct LoadOrder {
  std::string pattern;   // "pallets", "cartons", "barrels", "sacks", "pipes", "machines", "logs", "coils",
                         // "appliances", "tyres", "empty"
  std::string material;  // empty: the pattern's usual one
  double from_mm = 0;    // along the cargo room
  double to_mm = 0;      // 0 = to its end
  double fill = 0.8;     // part of the room's height, 0.1 … 1
};

// How the container's number is painted on its side.
enum class Marking { horizontal, two_line, vertical };

struct ContainerUnit {
  std::string number;     // ISO 6346, 11 characters
  std::string size_type;  // "22G1", "42G1", "45G1"
  Marking marking = Marking::horizontal;
};

struct Plate {
  std::string text;     // upper case, no spaces, as printed from left to right
  std::string country;  // "KZ", "KG", "UZ", "TJ", "RU", "CN"
};

struct Document {
  std::string kind;         // "declaration", "transit", "TIR", "CMR", "seal"
  std::string number;       // MRN, carnet number, …
  std::string symbology;    // non-empty: the driver holds it under the code reader, "Code128", "QRCode", "PDF417"
  double scan_after_s = 0;  // after arrival
};

struct GoodsItem {
  int position = 1;
  std::string description;
  std::string hs_code;
  double gross_kg = 0;
};

enum class BodyKind { container, curtain, box };  // what stands on the chassis

struct Radiation {
  double gamma = 0;     // extra gamma counts per second and detector at the closest approach, unshielded
  double neutron = 0;   // the same for neutrons
  double at_mm = 8000;  // along the truck
};

enum class FaultKind {
  torn_lines,      // x-ray lines with fewer values than detectors
  missing_lines,   // x-ray lines lost on the way: a gap in the index
  camera_silent,   // target: camera position
  camera_torn,     // target: camera position; JPEG data cut short
  interlock_open,  // target: name of a contact
  person_seen,     // the person detector's contact opens
  emergency_stop,
  late_weight,   // no weight reading for `seconds` after arrival
  portal_fault,  // background-high lines
  portal_tamper,
  device_lost,            // target: device id, or its kind ("xray_scanner")
  leaves_without_release  // the truck drives off
};

// What `after_s` counts from.
enum class FaultFrom { start, arrival, beam_on };

struct Fault {
  FaultKind kind = FaultKind::torn_lines;
  FaultFrom from = FaultFrom::arrival;
  double after_s = 0;
  double seconds = 0;  // how long; 0 = once
  int count = 1;       // of torn and missing lines
  std::string target;
};

enum class Weather { day, night, rain };

struct Truck {
  double delay_s = 5;               // after the lane became free
  bool close_behind = false;        // follows the truck before it bumper to bumper, instead
  std::string direction = "entry";  // "entry", "exit"
  Plate plate_front;
  Plate plate_rear;
  std::vector<ContainerUnit> containers;  // front to rear
  BodyKind body = BodyKind::container;
  std::uint32_t body_colour = 0;  // 0xRRGGBB; 0 = by seed
  std::uint32_t cab_colour = 0;
  std::string owner;  // lettering on the side
  std::vector<Document> documents;
  std::vector<GoodsItem> goods;
  double declared_kg = 0;         // gross weight of vehicle and goods by the papers; a file without it gets what fits
  std::vector<LoadOrder> loads;   // what was stowed by pattern; its solids are in `cargo` already
  std::vector<Solid> cargo;       // cargo coordinates
  double weight_kg = 0;           // 0 = truck plus cargo, from the solids
  double speed_mm_s = 1200;       // through the beam
  double speed_variation = 0.05;  // part of it, slow swell
  Weather weather = Weather::day;  // as the cameras see it
  double dirt = 0;                 // 0 … 1, mud on the vehicle, its plates and containers
  Radiation radiation;
  std::vector<Fault> faults;
};

struct Scenario {
  std::string name;
  std::uint64_t seed = 1;
  bool endless = false;  // after the last listed truck, random ones come for ever
  std::vector<Truck> trucks;
  std::vector<Fault> faults;  // of the lane, from start
};

// Errors name the file, the line and what was expected there.
Result<Scenario> load_scenario(const std::string& path);
Result<Scenario> parse_scenario(const std::string& toml, const std::string& name);

// `n` ordinary trucks from several countries: valid plates, containers with right check digits and real owner codes,
// plausible cargo and weights that fit the papers.
Scenario make_random_scenario(std::uint64_t seed, int n);
// One such truck; index makes it differ from its neighbours.
Truck make_random_truck(std::uint64_t seed, int index);

// Other plates, containers, documents, cargo and weights; order, delays, faults, the kind of vehicle and whether
// there is contraband stay. The contraband moves to another place.
Scenario reseed(const Scenario& scenario, std::uint64_t seed);

// Where the cargo room is on this truck: its front inner wall, floor and inner size (truck coordinates).
struct CargoRoom {
  Vec3 origin_mm;
  Vec3 size_mm;
};
CargoRoom cargo_room(const Truck& truck);
double truck_length_mm(const Truck& truck);
double gross_weight_kg(const Truck& truck);

const char* to_string(FaultKind kind);
const char* to_string(Marking marking);

// ISO 6346 number with its check digit from owner code and category ("MSKU") and six digits.
std::string container_number(const std::string& prefix, const std::string& six_digits);

}  // namespace torugart::hal::sim
