// Trucks by chance: numbers that are valid by their grammars, cargo that fits the papers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "hal/sim/cargo_patterns.h"
#include "hal/sim/random.h"
#include "hal/sim/scenario_parts.h"
#include "hal/sim/truck_body.h"

namespace torugart::hal::sim {
namespace {

const std::string kLetters = "ABCDEFGHJKLMNPRSTUVWXYZ";
const std::string kRussian = "ABEKMHOPCTYX";

std::string letters(Random& r, int n, const std::string& from = kLetters) {
  std::string out;
  for (int i = 0; i < n; ++i)
    out += r.of_chars(from);
  return out;
}

std::string digits(Random& r, int n) {
  std::string out;
  for (int i = 0; i < n; ++i)
    out += static_cast<char>('0' + r.integer(0, 9));
  return out;
}

template <std::size_t N>
std::string one_of(Random& r, const std::array<const char*, N>& list) {
  return list[static_cast<std::size_t>(r.integer(0, static_cast<int>(N) - 1))];
}

std::string plate_text(const std::string& country, bool trailer, Random& r) {
  if (country == "KZ") {
    if (trailer) return digits(r, 2) + letters(r, 3) + fmt::format("{:02}", r.integer(1, 20));
    return digits(r, 3) + letters(r, r.chance(0.2) ? 2 : 3) + fmt::format("{:02}", r.integer(1, 20));
  }
  if (country == "KG") return fmt::format("{:02}KG", r.integer(1, 9)) + digits(r, 3) + letters(r, 3);
  if (country == "UZ") {
    static constexpr std::array<const char*, 10> kRegions = {"01", "10", "20", "25", "30",
                                                             "40", "50", "60", "80", "85"};
    const std::string region = one_of(r, kRegions);
    if (trailer) return region + digits(r, 4) + letters(r, 2);
    return r.chance(0.5) ? region + digits(r, 3) + letters(r, 3)
                         : region + letters(r, 1) + digits(r, 3) + letters(r, 2);
  }
  if (country == "TJ") return digits(r, 4) + letters(r, 2) + fmt::format("0{}", r.integer(1, 8));
  static constexpr std::array<const char*, 8> kRegions = {"22", "54", "55", "74", "66", "174", "777", "154"};
  if (trailer) return letters(r, 2, kRussian) + digits(r, 4) + one_of(r, kRegions);
  return letters(r, 1, kRussian) + digits(r, 3) + letters(r, 2, kRussian) + one_of(r, kRegions);
}

struct Goods {
  const char* pattern;
  const char* material;
  const char* description;
  const char* hs;
  double fill;
};
constexpr std::array<Goods, 12> kGoods = {{
    {"pallets", "cellulose", "Printing paper, cut sheets", "480256", 0.72},
    {"cartons", "cotton", "Cotton garments", "620342", 0.88},
    {"cartons", "plastic", "Household articles of plastics", "392410", 0.85},
    {"sacks", "flour", "Wheat flour in sacks", "110100", 0.50},
    {"sacks", "sugar", "Cane sugar in sacks", "170199", 0.36},
    {"barrels", "diesel", "Lubricating oil in drums", "271019", 0.80},
    {"pallets", "ceramic", "Ceramic tiles", "690721", 0.26},
    {"pallets", "fruit", "Apples, fresh, in boxes", "080810", 0.66},
    {"appliances", "", "Washing machines", "845011", 0.85},
    {"tyres", "", "Pneumatic tyres", "401120", 0.70},
    {"machines", "", "Machine tools", "845811", 0.80},
    {"logs", "", "Timber, in the rough", "440320", 0.60},
}};

std::string tir_carnet(Random& r) {
  const int n = r.integer(70'000'000, 99'999'999);
  const int m = n % 23;
  const char c = static_cast<char>('A' + (3 * m + 17) % 26);
  return m < 12 ? fmt::format("{}X{}", c, n) : fmt::format("X{}{}", c, n);
}

}  // namespace

std::string container_number(const std::string& prefix, const std::string& six_digits) {
  const std::string body = prefix + six_digits;
  int sum = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    int value = body[i] - '0';
    if (body[i] >= 'A') {
      value = 10 + (body[i] - 'A');
      value += (value - 1) / 10;  // 11, 22 and 33 are skipped
    }
    sum += value << i;
  }
  return body + static_cast<char>('0' + sum % 11 % 10);
}

void give_numbers(Truck& truck, Random& r) {
  static constexpr std::array<const char*, 9> kCountries = {"KZ", "KZ", "KG", "KG", "UZ", "UZ", "TJ", "RU", "KZ"};
  static constexpr std::array<const char*, 10> kOwners = {"MSKU", "TCNU", "CAIU", "TGHU", "MSCU",
                                                          "HLXU", "CMAU", "TRLU", "TKRU", "FESU"};
  const std::string country = one_of(r, kCountries);
  truck.plate_front = {plate_text(country, false, r), country};
  const std::string rear = r.chance(0.85) ? country : one_of(r, kCountries);
  truck.plate_rear = {plate_text(rear, true, r), rear};
  for (auto& c : truck.containers)
    c.number = container_number(one_of(r, kOwners), digits(r, 6));
  for (auto& d : truck.documents) {
    if (d.kind == "TIR") {
      d.number = tir_carnet(r);
    } else if (d.kind == "transit") {
      d.number = "26" + country + letters(r, 2) + digits(r, 12);
    } else if (d.kind == "seal") {
      d.number = letters(r, 2) + digits(r, 7);
    } else {
      d.number = fmt::format("{}/{}/{}", 30000 + r.integer(100, 999), "2026", digits(r, 6));
    }
  }
  truck.cab_colour = 0;
  truck.body_colour = 0;
}

void stow(Truck& truck, Random& r) {
  const auto whole = cargo_room(truck);
  for (const auto& order : truck.loads) {
    // By room, so that a load does not stand in the wall between two containers.
    for (const auto& room : cargo_rooms(truck)) {
      const double shift = room.origin_mm.x - whole.origin_mm.x;
      LoadOrder part = order;
      const double to = order.to_mm > 0 ? order.to_mm : whole.size_mm.x;
      part.from_mm = std::max(0.0, order.from_mm - shift);
      part.to_mm = std::min(room.size_mm.x, to - shift);
      if (part.to_mm - part.from_mm < 300) continue;
      for (auto& s : make_load(part, room.size_mm, r)) {
        s.at_mm.x += shift;
        truck.cargo.push_back(std::move(s));
      }
    }
  }
}

void fit_papers(Truck& truck, Random& r) {
  const double gross = gross_weight_kg(truck);
  truck.declared_kg = std::round(gross * r.uniform(0.997, 1.003) / 20) * 20;
  double cargo = 0;
  for (const auto& s : truck.cargo)
    cargo += s.contraband ? 0 : mass_kg(s);
  for (auto& g : truck.goods)
    g.gross_kg = std::round(cargo / static_cast<double>(truck.goods.size()));
}

Truck make_random_truck(std::uint64_t seed, int index) {
  auto r = Random::of(seed, 0x7121C, static_cast<std::uint64_t>(index));
  Truck t;
  t.delay_s = r.uniform(4, 12);
  t.direction = r.chance(0.6) ? "entry" : "exit";
  const double kind = r.uniform();
  if (kind < 0.55) {
    t.containers = {{"", r.chance(0.5) ? "45G1" : "42G1", Marking::horizontal}};
  } else if (kind < 0.7) {
    t.containers = {{"", "22G1", Marking::horizontal}, {"", "22G1", Marking::horizontal}};
  } else if (kind < 0.85) {
    t.containers = {{"", "22G1", Marking::horizontal}};
  } else {
    t.body = kind < 0.95 ? BodyKind::curtain : BodyKind::box;
  }
  for (auto& c : t.containers)
    c.marking = r.chance(0.6) ? Marking::horizontal : r.chance(0.5) ? Marking::two_line : Marking::vertical;
  t.documents = {{"declaration", "", "", 0}, {"TIR", "", "Code128", r.uniform(5, 9)}, {"seal", "", "Code128", 11}};
  give_numbers(t, r);
  const auto& goods = kGoods[static_cast<std::size_t>(r.integer(0, static_cast<int>(kGoods.size()) - 1))];
  t.goods = {{1, goods.description, goods.hs, 0}};
  t.loads = {{goods.pattern, goods.material, 0, 0, goods.fill}};
  stow(t, r);
  t.speed_mm_s = r.uniform(1000, 1400);
  t.speed_variation = r.uniform(0.02, 0.08);
  fit_papers(t, r);
  return t;
}

Scenario make_random_scenario(std::uint64_t seed, int n) {
  Scenario s;
  s.name = fmt::format("random {}", seed);
  s.seed = seed;
  for (int i = 0; i < n; ++i)
    s.trucks.push_back(make_random_truck(seed, i));
  return s;
}

Scenario reseed(const Scenario& scenario, std::uint64_t seed) {
  Scenario out = scenario;
  out.seed = seed;
  for (std::size_t i = 0; i < out.trucks.size(); ++i) {
    Truck& t = out.trucks[i];
    auto r = Random::of(seed, 0x5EED, i);
    give_numbers(t, r);
    std::vector<Solid> hidden;
    for (const auto& s : t.cargo)
      if (s.contraband) hidden.push_back(s);
    const auto room = cargo_room(t);
    if (!hidden.empty()) {
      // Together, so that what belongs together stays so, and inside the room.
      double low = 1e9, high = -1e9;
      for (const auto& s : hidden) {
        low = std::min(low, s.at_mm.x - s.size_mm.x / 2);
        high = std::max(high, s.at_mm.x + s.size_mm.x / 2);
      }
      const double shift = r.uniform(std::max(-low + 20, -700.0), std::min(room.size_mm.x - high - 20, 700.0));
      const double lift = r.uniform(-60, 160), across = r.uniform(-120, 120);
      for (auto& s : hidden) {
        s.at_mm.x += shift;
        s.at_mm.y = std::max(s.size_mm.y / 2 + 5, s.at_mm.y + lift);
        s.at_mm.z += across;
      }
    }
    if (!t.loads.empty()) {
      // Other goods where the load is one of the ordinary ones; what hides contraband stays as it is.
      if (hidden.empty() && t.loads.size() == 1 && t.loads.front().pattern != "empty") {
        const auto& g = kGoods[static_cast<std::size_t>(r.integer(0, static_cast<int>(kGoods.size()) - 1))];
        t.loads.front().pattern = g.pattern;
        t.loads.front().material = g.material;
        t.loads.front().fill = g.fill;
        t.goods = {{1, g.description, g.hs, 0}};
      }
      t.cargo.clear();
      stow(t, r);
      t.cargo.insert(t.cargo.end(), hidden.begin(), hidden.end());
    }
    t.weight_kg = 0;
    t.speed_mm_s = std::clamp(t.speed_mm_s * r.uniform(0.93, 1.07), 300.0, 3000.0);
    fit_papers(t, r);
  }
  return out;
}

}  // namespace torugart::hal::sim
