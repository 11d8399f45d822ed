// Reads scenario files. Every message names file, line and what was expected there.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include <toml++/toml.h>

#include "hal/sim/cargo_patterns.h"
#include "hal/sim/physics.h"
#include "hal/sim/scenario_parts.h"
#include "hal/sim/truck_body.h"

namespace torugart::hal::sim {
namespace {

struct Bad {
  Error error;
};

class Table {
 public:
  Table(const toml::table& table, std::string file, std::string path)
      : table_(table), file_(std::move(file)), path_(std::move(path)) {}

  [[noreturn]] void fail(const toml::node* node, const std::string& what, const std::string& expected) const {
    const auto line = (node != nullptr ? node->source() : table_.source()).begin.line;
    throw Bad{{ErrorCode::bad_setting, fmt::format("{}: {}; expected {}", path_, what, expected),
               fmt::format("{}:{}", file_, line), fmt::format("write {}", expected)}};
  }

  std::string text(const char* key, const std::string& otherwise) {
    const auto* node = find(key);
    if (node == nullptr) return otherwise;
    const auto value = node->value_exact<std::string>();
    if (!value) fail(node, fmt::format("\"{}\" is not a text", key), "a text in quotes");
    return *value;
  }
  double number(const char* key, double otherwise, double low, double high) {
    const auto* node = find(key);
    if (node == nullptr) return otherwise;
    if (!node->is_number()) fail(node, fmt::format("\"{}\" is not a number", key), range(low, high));
    const double value = node->value<double>().value_or(low - 1);
    if (!(value >= low && value <= high)) fail(node, fmt::format("\"{}\" is {}", key, value), range(low, high));
    return value;
  }
  bool flag(const char* key, bool otherwise) {
    const auto* node = find(key);
    if (node == nullptr) return otherwise;
    if (!node->is_boolean()) fail(node, fmt::format("\"{}\" is neither true nor false", key), "true or false");
    return node->value_or(otherwise);
  }
  template <class T, std::size_t N>
  T choice(const char* key, T otherwise, const std::array<std::pair<const char*, T>, N>& choices) {
    const auto* node = find(key);
    if (node == nullptr) return otherwise;
    const std::string value = text(key, "");
    std::vector<std::string> names;
    for (const auto& [name, result] : choices) {
      if (value == name) return result;
      names.emplace_back(name);
    }
    fail(node, fmt::format("\"{}\" is \"{}\"", key, value), fmt::format("one of {}", fmt::join(names, ", ")));
  }
  // A list of exactly three numbers.
  Vec3 triple(const char* key, Vec3 otherwise) {
    const auto* node = find(key);
    if (node == nullptr) return otherwise;
    const auto* list = node->as_array();
    if (list == nullptr || list->size() != 3) fail(node, fmt::format("\"{}\" is no triple", key), "[x, y, z] in mm");
    std::array<double, 3> v{};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto value = (*list)[i].value<double>();
      if (!value || !(std::abs(*value) < 100'000))
        fail(node, fmt::format("\"{}\" holds something else", key), "three numbers");
      v[i] = *value;
    }
    return {v[0], v[1], v[2]};
  }
  std::vector<Table> tables(const char* key) {
    std::vector<Table> out;
    const auto* node = find(key);
    if (node == nullptr) return out;
    const auto* list = node->as_array();
    if (list == nullptr || !list->is_array_of_tables())
      fail(node, fmt::format("\"{}\" is no list of tables", key), fmt::format("[[{}]] sections", key));
    for (std::size_t i = 0; i < list->size(); ++i)
      out.emplace_back(*(*list)[i].as_table(), file_,
                       fmt::format("{} {}", path_.empty() ? key : path_ + " " + key, i + 1));
    return out;
  }
  std::optional<Table> table(const char* key) {
    const auto* node = find(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_table()) fail(node, fmt::format("\"{}\" is no table", key), "a table: { … }");
    return Table(*node->as_table(), file_, path_ + " " + key);
  }
  bool has(const char* key) const { return table_.contains(key); }
  const toml::node* find(const char* key) {
    seen_.insert(key);
    return table_.get(key);
  }
  // Call last: a key that nobody asked for is a slip of the pen.
  void done() const {
    for (const auto& [key, node] : table_) {
      if (seen_.contains(std::string(key.str()))) continue;
      fail(&node, fmt::format("there is no key \"{}\" here", std::string(key.str())),
           fmt::format("one of {}", fmt::join(seen_, ", ")));
    }
  }

 private:
  static std::string range(double low, double high) { return fmt::format("a number from {} to {}", low, high); }

  const toml::table& table_;
  std::string file_, path_;
  std::set<std::string> seen_;
};

constexpr std::array<std::pair<const char*, FaultKind>, 12> kFaults = {{
    {"torn_lines", FaultKind::torn_lines},
    {"missing_lines", FaultKind::missing_lines},
    {"camera_silent", FaultKind::camera_silent},
    {"camera_torn", FaultKind::camera_torn},
    {"interlock_open", FaultKind::interlock_open},
    {"person_seen", FaultKind::person_seen},
    {"emergency_stop", FaultKind::emergency_stop},
    {"late_weight", FaultKind::late_weight},
    {"portal_fault", FaultKind::portal_fault},
    {"portal_tamper", FaultKind::portal_tamper},
    {"device_lost", FaultKind::device_lost},
    {"leaves_without_release", FaultKind::leaves_without_release},
}};
constexpr std::array<std::pair<const char*, Marking>, 3> kMarkings = {
    {{"horizontal", Marking::horizontal}, {"two_line", Marking::two_line}, {"vertical", Marking::vertical}}};

Fault read_fault(Table t) {
  static constexpr std::array<std::pair<const char*, FaultFrom>, 3> kFrom = {
      {{"start", FaultFrom::start}, {"arrival", FaultFrom::arrival}, {"beam_on", FaultFrom::beam_on}}};
  Fault f;
  if (!t.has("kind")) t.fail(nullptr, "a fault without \"kind\"", "kind = \"…\"");
  f.kind = t.choice("kind", f.kind, kFaults);
  f.from = t.choice("from", FaultFrom::arrival, kFrom);
  f.after_s = t.number("after_s", 0, 0, 86'400);
  f.seconds = t.number("seconds", 0, 0, 86'400);
  f.count = static_cast<int>(t.number("count", 1, 1, 100'000));
  f.target = t.text("target", "");
  t.done();
  return f;
}

Solid read_solid(Table t) {
  static constexpr std::array<std::pair<const char*, SolidShape>, 3> kShapes = {
      {{"box", SolidShape::box}, {"cylinder", SolidShape::cylinder}, {"sphere", SolidShape::sphere}}};
  static constexpr std::array<std::pair<const char*, Axis>, 3> kAxes = {
      {{"x", Axis::x}, {"y", Axis::y}, {"z", Axis::z}}};
  Solid s;
  s.shape = t.choice("shape", SolidShape::box, kShapes);
  if (!t.has("at_mm")) t.fail(nullptr, "a solid without \"at_mm\"", "at_mm = [x, y, z]");
  s.at_mm = t.triple("at_mm", {});
  if (s.shape == SolidShape::box) {
    if (!t.has("size_mm")) t.fail(nullptr, "a box without \"size_mm\"", "size_mm = [length, height, width]");
    s.size_mm = t.triple("size_mm", {});
    if (s.size_mm.x <= 0 || s.size_mm.y <= 0 || s.size_mm.z <= 0)
      t.fail(t.find("size_mm"), "a box with no inside", "three sizes above 0");
  } else {
    if (!t.has("diameter_mm")) t.fail(nullptr, "no \"diameter_mm\"", "diameter_mm = …");
    s.size_mm.x = t.number("diameter_mm", 0, 0.1, 5000);
    if (s.shape == SolidShape::cylinder) {
      if (!t.has("length_mm")) t.fail(nullptr, "a cylinder without \"length_mm\"", "length_mm = …");
      s.size_mm.y = t.number("length_mm", 0, 0.1, 16'000);
      s.axis = t.choice("axis", Axis::y, kAxes);
    }
  }
  s.wall_mm = t.number("wall_mm", 0, 0, 2000);
  s.material = t.text("material", "");
  if (!find_material(s.material))
    t.fail(t.find("material"), fmt::format("material \"{}\"", s.material), "one of " + material_names());
  s.density = t.number("density", 0, 0, 23);
  s.name = t.text("name", "");
  s.contraband = t.flag("contraband", false);
  t.done();
  return s;
}

LoadOrder read_load(Table t) {
  LoadOrder o;
  o.pattern = t.text("pattern", "");
  if (std::count(load_patterns().begin(), load_patterns().end(), o.pattern) == 0)
    t.fail(t.find("pattern"), fmt::format("pattern \"{}\"", o.pattern),
           fmt::format("one of {}", fmt::join(load_patterns(), ", ")));
  o.material = t.text("material", "");
  if (!o.material.empty() && !find_material(o.material))
    t.fail(t.find("material"), fmt::format("material \"{}\"", o.material), "one of " + material_names());
  o.from_mm = t.number("from_mm", 0, 0, 16'000);
  o.to_mm = t.number("to_mm", 0, 0, 16'000);
  o.fill = t.number("fill", 0.8, 0.1, 1);
  t.done();
  return o;
}

Plate read_plate(Table& truck, const char* key) {
  auto t = truck.table(key);
  if (!t) return {};
  Plate p;
  static constexpr std::array<std::pair<const char*, const char*>, 8> kCountries = {{{"KZ", "KZ"},
                                                                                     {"KG", "KG"},
                                                                                     {"UZ", "UZ"},
                                                                                     {"TJ", "TJ"},
                                                                                     {"RU", "RU"},
                                                                                     {"CN", "CN"},
                                                                                     {"AZ", "AZ"},
                                                                                     {"GE", "GE"}}};
  p.text = t->text("text", "");
  if (p.text.empty() || p.text.size() > 12)
    t->fail(t->find("text"), "no plate text", "text = \"123ABC02\", 1 to 12 characters");
  p.country = t->choice("country", "", kCountries);
  if (p.country.empty()) t->fail(nullptr, "a plate without \"country\"", "country = \"KZ\"");
  t->done();
  return p;
}

Truck read_truck(Table t, std::uint64_t seed, std::size_t index) {
  static constexpr std::array<std::pair<const char*, BodyKind>, 3> kBodies = {
      {{"container", BodyKind::container}, {"curtain", BodyKind::curtain}, {"box", BodyKind::box}}};
  static constexpr std::array<std::pair<const char*, const char*>, 2> kDirections = {
      {{"entry", "entry"}, {"exit", "exit"}}};
  static constexpr std::array<std::pair<const char*, Weather>, 3> kWeathers = {
      {{"day", Weather::day}, {"night", Weather::night}, {"rain", Weather::rain}}};
  Truck out;
  out.weather = t.choice("weather", Weather::day, kWeathers);
  out.dirt = t.number("dirt", 0, 0, 1);
  out.delay_s = t.number("delay_s", 5, 0, 86'400);
  out.close_behind = t.flag("close_behind", false);
  out.direction = t.choice("direction", "entry", kDirections);
  out.body = t.choice("body", BodyKind::container, kBodies);
  out.body_colour = static_cast<std::uint32_t>(t.number("body_colour", 0, 0, 0xFFFFFF));
  out.cab_colour = static_cast<std::uint32_t>(t.number("cab_colour", 0, 0, 0xFFFFFF));
  out.owner = t.text("owner", "");
  for (auto& c : t.tables("container")) {
    ContainerUnit unit;
    unit.number = c.text("number", "");
    unit.size_type = c.text("size_type", "42G1");
    if (unit.size_type.size() != 4) c.fail(c.find("size_type"), "not a size-type code", "four characters: \"45G1\"");
    unit.marking = c.choice("marking", Marking::horizontal, kMarkings);
    if (!unit.number.empty() && unit.number.size() != 11)
      c.fail(c.find("number"), "not a container number", "11 characters without spaces: \"MSKU1234565\"");
    c.done();
    out.containers.push_back(unit);
  }
  if (out.containers.empty() && out.body == BodyKind::container) out.body = BodyKind::curtain;
  for (auto& d : t.tables("document")) {
    Document doc;
    doc.kind = d.text("kind", "declaration");
    doc.number = d.text("number", "");
    doc.symbology = d.text("symbology", "");
    doc.scan_after_s = d.number("scan_after_s", 6, 0, 3600);
    d.done();
    out.documents.push_back(doc);
  }
  for (auto& g : t.tables("goods")) {
    GoodsItem item;
    item.position = static_cast<int>(g.number("position", static_cast<double>(out.goods.size()) + 1, 1, 999));
    item.description = g.text("description", "");
    item.hs_code = g.text("hs_code", "");
    item.gross_kg = g.number("gross_kg", 0, 0, 100'000);
    g.done();
    out.goods.push_back(item);
  }
  // What the file leaves open is filled in by the seed.
  auto random = Random::of(seed, 0x5CE7A210, index);
  Truck filled = out;
  give_numbers(filled, random);
  out.plate_front = read_plate(t, "plate_front");
  out.plate_rear = read_plate(t, "plate_rear");
  if (out.plate_front.text.empty()) out.plate_front = filled.plate_front;
  if (out.plate_rear.text.empty()) out.plate_rear = filled.plate_rear;
  for (std::size_t i = 0; i < out.containers.size(); ++i)
    if (out.containers[i].number.empty()) out.containers[i].number = filled.containers[i].number;
  for (std::size_t i = 0; i < out.documents.size(); ++i)
    if (out.documents[i].number.empty()) out.documents[i].number = filled.documents[i].number;

  for (auto& l : t.tables("load"))
    out.loads.push_back(read_load(l));
  stow(out, random);
  for (auto& s : t.tables("solid"))
    out.cargo.push_back(read_solid(s));
  out.weight_kg = t.number("weight_kg", 0, 0, 200'000);
  const std::vector<GoodsItem> given = out.goods;
  fit_papers(out, random);
  for (std::size_t i = 0; i < given.size(); ++i)
    if (given[i].gross_kg > 0) out.goods[i].gross_kg = given[i].gross_kg;
  out.declared_kg = t.number("declared_kg", out.declared_kg, 0, 200'000);
  out.speed_mm_s = t.number("speed_mm_s", 1200, 200, 5000);
  out.speed_variation = t.number("speed_variation", 0.05, 0, 0.5);
  if (auto r = t.table("radiation")) {
    out.radiation.gamma = r->number("gamma", 0, 0, 1e6);
    out.radiation.neutron = r->number("neutron", 0, 0, 1e5);
    out.radiation.at_mm = r->number("at_mm", 8000, 0, 30'000);
    r->done();
  }
  for (auto& f : t.tables("fault"))
    out.faults.push_back(read_fault(f));
  t.done();
  return out;
}

}  // namespace

Result<Scenario> parse_scenario(const std::string& text, const std::string& name) {
  try {
    const toml::table parsed = toml::parse(text, std::string_view(name));
    Scenario s;
    Table t(parsed, name, "");
    s.name = t.text("name", name);
    s.seed = static_cast<std::uint64_t>(t.number("seed", 1, 0, 9e15));
    s.endless = t.flag("endless", false);
    for (auto& truck : t.tables("truck"))
      s.trucks.push_back(read_truck(truck, s.seed, s.trucks.size()));
    for (auto& f : t.tables("fault")) {
      s.faults.push_back(read_fault(f));
      s.faults.back().from = FaultFrom::start;
    }
    t.done();
    return s;
  } catch (const Bad& bad) {
    return tl::unexpected(bad.error);
  } catch (const toml::parse_error& e) {
    return tl::unexpected(Error{ErrorCode::bad_setting, fmt::format("not TOML: {}", e.description()),
                                fmt::format("{}:{}", name, e.source().begin.line), "correct the line"});
  }
}

Result<Scenario> load_scenario(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return tl::unexpected(
        Error{ErrorCode::unreachable, "cannot open the scenario file", path, "check the path and who may read it"});
  std::ostringstream text;
  text << in.rdbuf();
  return parse_scenario(text.str(), path);
}

const char* to_string(FaultKind kind) {
  for (const auto& [name, value] : kFaults)
    if (value == kind) return name;
  return "?";
}

const char* to_string(Marking marking) {
  for (const auto& [name, value] : kMarkings)
    if (value == marking) return name;
  return "?";
}

}  // namespace torugart::hal::sim
