#include "hal/drivers/modbus_lane_io/register_map.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

namespace torugart::hal::drivers::lane_io {
namespace {

constexpr std::size_t kLargestFile = 1U << 20;

struct Wrong {
  Error error;
};

template <class Word>
struct Choice {
  std::string_view name;
  Word value;
};

constexpr Choice<ContactKind> kKinds[] = {
    {"door", ContactKind::door},
    {"light_barrier", ContactKind::light_barrier},
    {"emergency_stop", ContactKind::emergency_stop},
    {"key", ContactKind::key},
    {"person_detector", ContactKind::person_detector},
    {"beam_permit", ContactKind::beam_permit},
};
constexpr Choice<LoopPlace> kPlaces[] = {{"arrival", LoopPlace::arrival},
                                         {"scan_entry", LoopPlace::scan_entry},
                                         {"scan_exit", LoopPlace::scan_exit},
                                         {"departure", LoopPlace::departure}};
constexpr Choice<Barrier> kBarriers[] = {{"entry", Barrier::entry}, {"exit", Barrier::exit}};
constexpr Choice<double> kDoses[] = {{"uSv", 1}, {"nSv", 1e-3}, {"mSv", 1e3}};
constexpr Choice<double> kDoseRates[] = {{"uSv/h", 1}, {"nSv/h", 1e-3}, {"mSv/h", 1e3}};
constexpr Choice<modbus::Table> kTables[] = {{"coil", modbus::Table::coil},
                                             {"discrete", modbus::Table::discrete},
                                             {"input", modbus::Table::input},
                                             {"holding", modbus::Table::holding}};

// One table of the file. Throws Wrong; caught in parse_map.
class Section {
 public:
  Section(const toml::table& table, std::string name, const std::string& path)
      : table_(table), name_(std::move(name)), path_(path) {}

  [[noreturn]] void wrong(const toml::node* node, const std::string& what, const std::string& remedy) const {
    const auto& source = node != nullptr ? node->source() : table_.source();
    throw Wrong{{ErrorCode::bad_setting, fmt::format("register map: [{}] {}", name_, what),
                 fmt::format("{}:{}", path_, source.begin.line), remedy}};
  }

  const toml::node* find(std::string_view key) {
    known_.emplace(key);
    return table_.get(key);
  }
  bool has(std::string_view key) { return find(key) != nullptr; }

  std::string text(std::string_view key, const std::string& expected) {
    const auto* node = find(key);
    const auto value = node != nullptr ? node->value_exact<std::string>() : std::nullopt;
    if (!value || value->empty() || value->size() > 64)
      wrong(node, fmt::format("{} is {}", key, node == nullptr ? "missing" : "not usable"), expected);
    return *value;
  }
  std::int64_t whole(std::string_view key, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
    const auto* node = find(key);
    if (node == nullptr) return otherwise;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < low || *value > high)
      wrong(node, fmt::format("{} cannot be meant", key), fmt::format("a whole number from {} to {}", low, high));
    return *value;
  }
  double real(std::string_view key, double otherwise, double low, double high) {
    const auto* node = find(key);
    if (node == nullptr) return otherwise;
    const auto value = node->value<double>();
    if (!value || !(*value >= low && *value <= high))
      wrong(node, fmt::format("{} cannot be meant", key), fmt::format("a number from {} to {}", low, high));
    return *value;
  }
  template <class Word, std::size_t N>
  Word one_of(std::string_view key, const Choice<Word> (&choices)[N]) {
    std::vector<std::string_view> names;
    for (const auto& c : choices)
      names.push_back(c.name);
    const auto expected = fmt::format("one of {}", fmt::join(names, ", "));
    const auto given = text(key, expected);
    for (const auto& c : choices)
      if (given == c.name) return c.value;
    wrong(find(key), fmt::format("{} = \"{}\"", key, given), expected);
  }

  Point point(std::string_view key, std::initializer_list<modbus::Table> allowed, const std::string& expected) {
    const auto given = text(key, expected);
    const auto colon = given.find(':');
    Point out;
    bool known = false;
    for (const auto& t : kTables) {
      if (given.substr(0, colon) != t.name) continue;
      out.table = t.value;
      known = std::find(allowed.begin(), allowed.end(), t.value) != allowed.end();
    }
    unsigned address = 65536;
    if (colon != std::string::npos) {
      const auto* end = given.data() + given.size();
      const auto [stop, failed] = std::from_chars(given.data() + colon + 1, end, address);
      if (failed != std::errc{} || stop != end) address = 65536;
    }
    if (!known || address > 65535) wrong(find(key), fmt::format("{} = \"{}\"", key, given), expected);
    out.address = static_cast<std::uint16_t>(address);
    return out;
  }
  // An input bit with its polarity: `at` and the key that says which value means yes.
  Bit bit(std::string_view at, std::string_view meaning) {
    Bit out;
    out.at = point(at, {modbus::Table::discrete}, fmt::format("{} = \"discrete:12\": inputs are read only", at));
    const auto* node = find(meaning);
    if (node == nullptr)
      wrong(nullptr, fmt::format("{} is missing", meaning),
            fmt::format("{} = 1 or 0: the value that the input has then", meaning));
    out.when = whole(meaning, 1, 0, 1) == 1;
    return out;
  }
  std::uint16_t coil(std::string_view key) {
    return point(key, {modbus::Table::coil}, fmt::format("{} = \"coil:3\"", key)).address;
  }
  template <std::size_t N>
  Number number(const Choice<double> (&units)[N]) {
    Number out;
    out.at = point("at", {modbus::Table::input, modbus::Table::holding}, "at = \"input:2\"");
    out.words = static_cast<int>(whole("words", 1, 1, 2));
    if (has("high_word_first")) {
      const auto given = find("high_word_first")->value_exact<bool>();
      if (!given) wrong(find("high_word_first"), "high_word_first cannot be meant", "true or false");
      out.high_word_first = *given;
    }
    if (out.at.address > 65535 - (out.words - 1)) wrong(find("at"), "at is past the last register", "input:65534");
    out.scale = real("scale", 1, 1e-9, 1e9) * one_of("unit", units);
    return out;
  }

  void finish() const {
    for (const auto& [key, node] : table_) {
      if (known_.count(std::string(key.str())) == 0)
        wrong(&node, fmt::format("has no \"{}\"", key.str()), fmt::format("one of {}", fmt::join(known_, ", ")));
    }
  }

 private:
  const toml::table& table_;
  const std::string name_;
  const std::string& path_;
  std::set<std::string> known_;
};

class MapReader {
 public:
  MapReader(const toml::table& file, const std::string& path) : file_(file), path_(path) {}

  RegisterMap read() {
    for (const auto& [key, node] : file_) {
      static const std::set<std::string_view> kSections{"controller", "contact", "loop",     "barrier",
                                                        "light",      "beam",    "dose_rate"};
      if (kSections.count(key.str()) == 0)
        top().wrong(&node, fmt::format("has no [{}]", key.str()),
                    fmt::format("one of {}", fmt::join(kSections, ", ")));
    }
    read_controller();
    each("contact", [this](Section& s) { read_contact(s); });
    each("loop", [this](Section& s) { read_loop(s); });
    each("barrier", [this](Section& s) { read_barrier(s); });
    each("light", [this](Section& s) { read_light(s); });
    read_beam();
    if (const auto* table = table_of("dose_rate")) {
      Section s(*table, "dose_rate", path_);
      map_.dose_rate_usv_h = s.number(kDoseRates);
      map_.background_usv_h = s.real("background", 0, 0, 100) * s.one_of("unit", kDoseRates);
      s.finish();
    }
    check_together();
    return std::move(map_);
  }

 private:
  Section top() const { return Section(file_, "file", path_); }

  const toml::table* table_of(std::string_view name) const {
    const auto* node = file_.get(name);
    if (node == nullptr) return nullptr;
    if (const auto* table = node->as_table()) return table;
    top().wrong(node, fmt::format("{} is no table", name), fmt::format("[{}]", name));
  }
  template <class F>
  void each(std::string_view name, F f) {
    const auto* node = file_.get(name);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr) top().wrong(node, fmt::format("{} is no list", name), fmt::format("[[{}]]", name));
    for (const auto& entry : *list) {
      const auto* table = entry.as_table();
      if (table == nullptr) top().wrong(&entry, fmt::format("{} is no table", name), fmt::format("[[{}]]", name));
      Section s(*table, std::string(name), path_);
      f(s);
      s.finish();
    }
  }

  void read_controller() {
    const auto* table = table_of("controller");
    if (table == nullptr) return;
    Section s(*table, "controller", path_);
    if (s.has("model")) map_.model = s.text("model", "the controller's make and type");
    map_.unit = static_cast<int>(s.whole("unit", map_.unit, 1, 255));
    // The chain has to be read well within its 500 ms, and the controller's patience for the heartbeat is as long.
    map_.poll_ms = static_cast<int>(s.whole("poll_ms", map_.poll_ms, 5, 50));
    map_.timeout_ms = static_cast<int>(s.whole("timeout_ms", map_.timeout_ms, 20, 200));
    map_.pulse_ms = static_cast<int>(s.whole("pulse_ms", map_.pulse_ms, 50, 5000));
    if (s.has("alive"))
      map_.alive = s.point("alive", {modbus::Table::input, modbus::Table::holding}, "alive = \"input:0\"");
    s.finish();
  }

  void read_contact(Section& s) {
    ContactInput c;
    c.name = s.text("name", "name = \"Door 1\", as on the lane's plan");
    c.kind = s.one_of("kind", kKinds);
    c.closed = s.bit("at", "closed");
    for (const auto& other : map_.contacts)
      if (other.name == c.name) s.wrong(s.find("name"), fmt::format("\"{}\" is there twice", c.name), "other names");
    input(s, "at", c.closed.at);
    map_.contacts.push_back(std::move(c));
  }

  void read_loop(Section& s) {
    auto& slot = map_.loops.at(static_cast<std::size_t>(s.one_of("place", kPlaces)));
    if (slot) s.wrong(s.find("place"), "this loop is there twice", "one [[loop]] for each place");
    LoopInput loop;
    loop.occupied = s.bit("at", "occupied");
    input(s, "at", loop.occupied.at);
    if (s.has("healthy_at")) {
      loop.healthy = s.bit("healthy_at", "healthy");
      input(s, "healthy_at", loop.healthy->at);
    }
    slot = loop;
  }

  void read_barrier(Section& s) {
    auto& slot = map_.barriers.at(static_cast<std::size_t>(s.one_of("which", kBarriers)));
    if (slot) s.wrong(s.find("which"), "this barrier is there twice", "one [[barrier]] for each");
    BarrierWires b;
    b.is_up = s.bit("up_at", "up");
    b.is_down = s.bit("down_at", "down");
    input(s, "up_at", b.is_up.at);
    input(s, "down_at", b.is_down.at);
    b.raise = output(s, "raise");
    b.lower = output(s, "lower");
    slot = b;
  }

  void read_light(Section& s) {
    auto& slot = map_.lights.at(static_cast<std::size_t>(s.one_of("where", kBarriers)));
    if (slot) s.wrong(s.find("where"), "this light is there twice", "one [[light]] for each barrier");
    slot = LightWires{output(s, "red"), output(s, "amber"), output(s, "green")};
  }

  void read_beam() {
    const auto* table = table_of("beam");
    if (table == nullptr) return;
    Section s(*table, "beam", path_);
    BeamWires b;
    b.request = output(s, "request");
    b.lamp = output(s, "lamp");
    b.heartbeat = s.point("heartbeat", {modbus::Table::holding}, "heartbeat = \"holding:0\"").address;
    if (s.has("spare_cab")) b.spare_cab = output(s, "spare_cab");
    if (s.has("on_at")) {
      b.on = s.bit("on_at", "on");
      input(s, "on_at", b.on->at);
    }
    if (s.has("dose")) {
      const auto* dose = s.find("dose")->as_table();
      if (dose == nullptr) s.wrong(s.find("dose"), "dose is no table", "[beam.dose] at, unit, scale");
      Section d(*dose, "beam.dose", path_);
      b.dose_usv = d.number(kDoses);
      d.finish();
    }
    s.finish();
    if (map_.alive && map_.alive->table == modbus::Table::holding && map_.alive->address == b.heartbeat)
      s.wrong(s.find("heartbeat"), "heartbeat and alive are the same register", "the controller's own counter");
    map_.beam = b;
  }

  void input(Section& s, std::string_view key, Point at) {
    if (!inputs_.insert(at).second)
      s.wrong(s.find(key), fmt::format("{}: this input has another meaning already", key), "one input, one meaning");
  }
  std::uint16_t output(Section& s, std::string_view key) {
    const auto address = s.coil(key);
    if (!outputs_.insert(address).second)
      s.wrong(s.find(key), fmt::format("{}: this coil has another meaning already", key), "one coil, one meaning");
    return address;
  }

  void check_together() {
    const auto any = [this](ContactKind kind) {
      return std::any_of(map_.contacts.begin(), map_.contacts.end(),
                         [kind](const auto& c) { return c.kind == kind; });
    };
    if (any(ContactKind::emergency_stop) && !any(ContactKind::key))
      top().wrong(nullptr, "there is an emergency stop and no key",
                  "a [[contact]] of kind key: after an emergency stop nothing is asked for until it was turned");
    if (map_.beam && map_.contacts.empty())
      top().wrong(nullptr, "there is a beam request and no contact", "a [[contact]] for each contact of the chain");
    for (const auto barrier : {Barrier::entry, Barrier::exit}) {
      const auto place = barrier == Barrier::entry ? LoopPlace::arrival : LoopPlace::departure;
      if (map_.barriers[static_cast<std::size_t>(barrier)] && !map_.loops[static_cast<std::size_t>(place)])
        top().wrong(nullptr, fmt::format("the {} barrier has no {} loop", to_string(barrier), to_string(place)),
                    "a [[loop]] there: a barrier is never lowered without one");
    }
  }

  const toml::table& file_;
  const std::string& path_;
  RegisterMap map_;
  std::set<Point> inputs_;
  std::set<std::uint16_t> outputs_;
};

}  // namespace

std::vector<std::uint16_t> RegisterMap::coils() const {
  std::set<std::uint16_t> all;
  for (const auto& b : barriers)
    if (b) all.insert({b->raise, b->lower});
  for (const auto& l : lights)
    if (l) all.insert({l->red, l->amber, l->green});
  if (beam) {
    all.insert({beam->request, beam->lamp});
    if (beam->spare_cab) all.insert(*beam->spare_cab);
  }
  return {all.begin(), all.end()};
}

std::vector<RegisterMap::Block> RegisterMap::blocks() const {
  std::map<modbus::Table, std::set<std::uint16_t>> wanted;
  const auto add = [&wanted](Point p, int words = 1) {
    for (int i = 0; i < words; ++i)
      wanted[p.table].insert(static_cast<std::uint16_t>(p.address + i));
  };
  if (alive) add(*alive);
  for (const auto& c : contacts)
    add(c.closed.at);
  for (const auto& l : loops) {
    if (!l) continue;
    add(l->occupied.at);
    if (l->healthy) add(l->healthy->at);
  }
  for (const auto& b : barriers) {
    if (!b) continue;
    add(b->is_up.at);
    add(b->is_down.at);
  }
  if (beam && beam->on) add(beam->on->at);
  if (beam && beam->dose_usv) add(beam->dose_usv->at, beam->dose_usv->words);
  if (dose_rate_usv_h) add(dose_rate_usv_h->at, dose_rate_usv_h->words);
  for (const auto coil : coils())
    add({modbus::Table::coil, coil});  // outputs are read back

  constexpr int kGap = 16;  // cheaper to read over than to ask twice
  std::vector<Block> out;
  for (const auto& [table, addresses] : wanted) {
    const bool bits = table == modbus::Table::coil || table == modbus::Table::discrete;
    const auto most = bits ? modbus::Connection::kMostBits : modbus::Connection::kMostWords;
    for (const auto address : addresses) {
      if (!out.empty() && out.back().table == table && address - (out.back().first + out.back().count) <= kGap &&
          static_cast<std::size_t>(address - out.back().first + 1) <= most) {
        out.back().count = static_cast<std::uint16_t>(address - out.back().first + 1);
      } else {
        out.push_back({table, address, 1});
      }
    }
  }
  return out;
}

Result<RegisterMap> parse_map(std::string_view text, const std::string& path) {
  try {
    const auto file = toml::parse(text, path);
    return MapReader(file, path).read();
  } catch (const Wrong& wrong) {
    return tl::unexpected(wrong.error);
  } catch (const toml::parse_error& e) {
    return tl::unexpected(Error{ErrorCode::bad_setting, fmt::format("register map: {}", e.description()),
                                fmt::format("{}:{}", path, e.source().begin.line), "a TOML file"});
  }
}

Result<RegisterMap> load_map(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return tl::unexpected(Error{ErrorCode::bad_setting, "the register map cannot be opened", path,
                                "write map = \"FILE\" beside the lane's configuration"});
  std::string text(kLargestFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kLargestFile)
    return tl::unexpected(
        Error{ErrorCode::bad_setting, "the register map is larger than 1 MiB", path, "a smaller one"});
  return parse_map(text, path);
}

}  // namespace torugart::hal::drivers::lane_io
