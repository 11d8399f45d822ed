// What the aids are worth, on pictures of which the truth is known: the simulator's trucks and its physics at the noise of a
// real scanner's open beam (1.3 and 1.9 %). Prints figures; nothing here is a test.
//
//   bench_imaging_judged classes            classes and mass of even slabs of four materials
//   bench_imaging_judged empty [SCANS]      empty containers and containers with 20 kg and more
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <random>
#include <string>

#include <fmt/core.h>

#include "hal/sim/physics.h"
#include "hal/sim/ray_column.h"
#include "hal/sim/truck_body.h"
#include "imaging/analyse/analyse.h"

namespace torugart {
namespace {

namespace sim = hal::sim;
using namespace imaging;

constexpr double kNoiseHigh = 0.013;
constexpr double kNoiseLow = 0.019;

// Photon noise of the hardened spectrum, scaled to the open beam's.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : random_(seed) {}
  std::uint16_t code(const sim::Transmission& t, double open_beam) {
    const double v =
        static_cast<double>(t.mean) + open_beam * std::sqrt(static_cast<double>(t.variance)) * normal_(random_);
    return v < 1.0 / 60000 ? kNoSignal : code_of(static_cast<float>(v));
  }

 private:
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
};

ScanImage finished(const Raster16& high, const Raster16& low, double pixel_mm) {
  ScanImage out;
  out.view = make_view(high, low);
  out.statistics.calibrated = out.statistics.geometry_calibrated = true;
  out.statistics.pixel_mm = pixel_mm;
  out.statistics.air_noise_high = kNoiseHigh;
  out.statistics.air_noise_low = kNoiseLow;
  return out;
}

int classes() {
  struct Slab {
    const char* material;
    MaterialClass truth;
  };
  const Slab slabs[] = {{"cellulose", MaterialClass::organic},
                        {"aluminium", MaterialClass::light},
                        {"steel", MaterialClass::steel},
                        {"lead", MaterialClass::heavy}};
  const sim::Attenuator attenuator(6, 4);
  ClassifierConfig config;
  config.air_noise_high = kNoiseHigh;
  config.air_noise_low = kNoiseLow;
  const auto table = MaterialTable::make(config);
  std::int64_t coloured = 0;
  std::int64_t wrong = 0;
  std::int64_t all = 0;
  std::cout << "material   g/cm2  right %   grey %    org  light  steel  heavy  mass/true  clean z\n";
  for (const Slab& slab : slabs) {
    const auto index = sim::find_material(slab.material);
    if (!index) continue;
    for (const double g_cm2 : {20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 150.0}) {
      constexpr int kSide = 160;
      const std::pair<std::size_t, float> ray{*index, static_cast<float>(g_cm2)};
      const auto pair = attenuator.transmit(&ray, 1);
      Noise noise(static_cast<std::uint64_t>(g_cm2) + *index);
      Raster16 high(kSide + 128, kSide, kOpenBeam);
      Raster16 low(kSide + 128, kSide, kOpenBeam);
      for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide + 128; ++x) {
          const bool inside = x >= 64 && x < 64 + kSide;
          high.at(x, y) = noise.code(inside ? pair.high : sim::Transmission{}, kNoiseHigh);
          low.at(x, y) = noise.code(inside ? pair.low : sim::Transmission{}, kNoiseLow);
        }
      }
      const ScanImage image = finished(high, low, 5);
      const auto found = classify(image.view, {72, 8, kSide - 16, kSide - 16}, *table);
      std::array<std::int64_t, kMaterialClasses> count{};
      for (const auto c : found.samples())
        ++count[c];
      const auto n = static_cast<std::int64_t>(found.samples().size());
      const auto grey = count[static_cast<std::size_t>(MaterialClass::ambiguous)] +
                        count[static_cast<std::size_t>(MaterialClass::saturated)] +
                        count[static_cast<std::size_t>(MaterialClass::air)];
      const auto right = count[static_cast<std::size_t>(slab.truth)];
      const auto bad = n - grey - right;
      all += n;
      coloured += n - grey;
      wrong += bad;
      const auto mass = mass_of(image, *table, image.view.bounds());
      const double truth = g_cm2 * kSide * kSide * 0.25 / 1000;
      const auto percent = [n](std::int64_t k) { return 100.0 * static_cast<double>(k) / static_cast<double>(n); };
      // Without noise, where the curves put it: what is left then is a difference of beams and mixtures, not of noise.
      const double clean = table->config().curves.effective_z(-std::log(static_cast<double>(pair.high.mean)),
                                                              -std::log(static_cast<double>(pair.low.mean)));
      std::cout << fmt::format("{:10} {:5.0f} {:8.1f} {:8.1f}", slab.material, g_cm2, percent(right), percent(grey));
      for (const auto c : {MaterialClass::organic, MaterialClass::light, MaterialClass::steel, MaterialClass::heavy})
        std::cout << fmt::format(" {:6.1f}", percent(count[static_cast<std::size_t>(c)]));
      std::cout << fmt::format(" {:8.3f} {:6.1f}\n", mass ? mass->kg / truth : 0.0, clean);
    }
  }
  std::cout << fmt::format("wrong among coloured {:.1f} %, ambiguous {:.1f} %\n",
                           100.0 * static_cast<double>(wrong) / static_cast<double>(coloured),
                           100.0 * static_cast<double>(all - coloured) / static_cast<double>(all));
  return 0;
}

// Only the container's part of the truck, every `step` mm.
ScanImage scan_of(const sim::Truck& truck, const std::vector<sim::Solid>& solids, std::uint64_t seed) {
  static const auto kAttenuator = std::make_shared<const sim::Attenuator>(6, 4);
  sim::FanGeometry fan;
  fan.detectors = 320;
  fan.pitch_mm = 15.2;
  const sim::ColumnTracer tracer(solids, fan, kAttenuator);
  const auto body = sim::bodies(truck).front();
  const int columns = static_cast<int>((body.length_mm + 1200) / fan.pitch_mm);
  Raster16 high(columns, fan.detectors);
  Raster16 low(columns, fan.detectors);
  Noise noise(seed);
  for (int x = 0; x < columns; ++x) {
    const auto column = tracer.column(body.x0_mm - 600 + x * fan.pitch_mm);
    for (int y = 0; y < fan.detectors; ++y) {
      // Twice the pitch of the real column: four times the photons a pixel.
      high.at(x, y) = noise.code(column[static_cast<std::size_t>(y)].high, kNoiseHigh / 2);
      low.at(x, y) = noise.code(column[static_cast<std::size_t>(y)].low, kNoiseLow / 2);
    }
  }
  ScanImage out = finished(high, low, fan.pitch_mm);
  out.statistics.air_noise_high = kNoiseHigh / 2;
  out.statistics.air_noise_low = kNoiseLow / 2;
  return out;
}

void write_pgm(const ScanImage& image, const std::string& file) {
  FILE* out = std::fopen(file.c_str(), "wb");
  if (out == nullptr) return;
  fmt::print(out, "P5\n{} {}\n255\n", image.columns(), image.rows());
  for (int y = 0; y < image.rows(); ++y) {
    for (int x = 0; x < image.columns(); ++x) {
      const double a = static_cast<double>(attenuation_of(image.view.value(Energy::high, x, y)));
      std::fputc(static_cast<int>(std::clamp(255 - 128 * a, 0.0, 255.0)), out);
    }
  }
  std::fclose(out);
}

int empties(int scans, const std::string& pictures) {
  ClassifierConfig config;
  config.air_noise_high = kNoiseHigh / 2;
  config.air_noise_low = kNoiseLow / 2;
  const auto table = MaterialTable::make(config);
  std::mt19937_64 random(2026);
  int empty = 0, empty_found = 0, loaded = 0, loaded_called_empty = 0, no_container = 0;
  for (int k = 0; k < scans; ++k) {
    sim::Truck truck;
    truck.containers.push_back({"MSKU1234565", k % 3 == 0 ? "22G1" : k % 3 == 1 ? "42G1" : "45G1", {}});
    auto solids = sim::truck_solids(truck);
    const bool with_load = k % 2 == 1;
    double kg = 0;
    if (with_load) {
      const auto rooms = sim::cargo_rooms(truck);
      const auto& room = rooms.front();
      // 20 kg to 2 t of one box or a few, of usual goods, on the floor.
      kg = 20 * std::pow(100.0, std::uniform_real_distribution<double>(0, 1)(random));
      const char* goods[] = {"cellulose", "tobacco", "polyethylene", "steel", "water"};
      sim::Solid box;
      box.material = goods[random() % 5];
      const auto material = sim::find_material(box.material);
      box.density = material ? std::min(1.0, sim::materials()[*material].density * 0.5) : 0.4;
      const double side = std::cbrt(kg * 1e6 / box.density);  // mm; 1 g/cm3 is 1e-6 kg/mm3
      const double height = std::min(side, room.size_mm.y * 0.9);
      const double width = std::min(side, room.size_mm.z * 0.9);
      const double length = std::min(kg * 1e6 / box.density / height / width, room.size_mm.x * 0.95);
      box.size_mm = {length, height, width};
      const double free = room.size_mm.x - length;
      box.at_mm = {room.origin_mm.x + length / 2 + free * std::uniform_real_distribution<double>(0.02, 0.98)(random),
                   room.origin_mm.y + height / 2, 0};
      solids.push_back(box);
    }
    const ScanImage image = scan_of(truck, solids, static_cast<std::uint64_t>(k) + 1);
    const auto a = analyse(image, *table);
    if (!a) return 1;
    no_container += a->container ? 0 : 1;
    if (!pictures.empty() && k < 6) write_pgm(image, fmt::format("{}/{}.pgm", pictures, k));
    if (with_load) {
      ++loaded;
      loaded_called_empty += a->empty ? 1 : 0;
      if (a->empty) std::cout << fmt::format("  missed {:.0f} kg, {:.3f} m2 remain\n", kg, a->remains);
    } else {
      ++empty;
      empty_found += a->empty ? 1 : 0;
      if (!a->empty)
        std::cout << fmt::format(
            "  empty called loaded, {:.3f} m2 remain at {}, {} of {} x {}; container {}, {} of {} x {}\n", a->remains,
            a->remains_at->x, a->remains_at->y, a->remains_at->w, a->remains_at->h,
            a->container ? a->container->x : -1, a->container ? a->container->y : -1,
            a->container ? a->container->w : -1, a->container ? a->container->h : -1);
    }
  }
  std::cout << fmt::format(
      "{} scans: of {} loaded {} called empty ({:.1f} %), of {} empty {} found ({:.1f} %), {} without a container "
      "found\n",
      scans, loaded, loaded_called_empty, 100.0 * loaded_called_empty / std::max(1, loaded), empty, empty_found,
      100.0 * empty_found / std::max(1, empty), no_container);
  return 0;
}

}  // namespace
}  // namespace torugart

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "classes") return torugart::classes();
  if (what == "empty") return torugart::empties(argc > 2 ? std::atoi(argv[2]) : 100, argc > 3 ? argv[3] : "");
  std::cerr << "usage: bench_imaging_judged classes | empty [SCANS [FOLDER FOR PICTURES]]\n";
  return 2;
}
