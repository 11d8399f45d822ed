#include "tests/e2e/demo/truth.h"

#include <algorithm>

#include "hal/replay/player.h"
#include "hal/sim/world.h"

namespace torugart::demo {
namespace {

Truth simulated(const hal::sim::TruckTruth& truck, int detectors) {
  Truth out;
  if (!truck.plate_front.text.empty()) out.plates["front"] = truck.plate_front.text;
  if (!truck.plate_rear.text.empty()) out.plates["rear"] = truck.plate_rear.text;
  if (!truck.containers.empty()) out.containers["side"] = truck.containers.front().number;
  out.cargo = truck.cargo;
  out.gross_kg = truck.gross_kg;
  for (const auto& hidden : truck.contraband) {
    if (hidden.first_line < 0 || detectors <= 0) continue;
    Finding f;
    const double half = truck.length_mm > 0 ? hidden.size_mm.x / truck.length_mm / 2 : 0;
    f.along_from = hidden.along - half;
    f.along_to = hidden.along + half;
    f.detector_from = static_cast<double>(hidden.first_detector) / detectors;
    f.detector_to = static_cast<double>(hidden.last_detector + 1) / detectors;
    if (!out.contraband) {
      out.contraband = f;
      continue;
    }
    out.contraband->along_from = std::min(out.contraband->along_from, f.along_from);
    out.contraband->along_to = std::max(out.contraband->along_to, f.along_to);
    out.contraband->detector_from = std::min(out.contraband->detector_from, f.detector_from);
    out.contraband->detector_to = std::max(out.contraband->detector_to, f.detector_to);
  }
  return out;
}

Truth recorded(const hal::replay::RecordedCrossing& crossing) {
  Truth out;
  const auto seen = [&crossing](const char* position) {
    return crossing.stills.contains(position) || crossing.clips.contains(position);
  };
  if (!crossing.true_plates.empty() && seen("front")) out.plates["front"] = crossing.true_plates.front();
  if (!crossing.true_containers.empty() && seen("side")) out.containers["side"] = crossing.true_containers.front();
  out.gross_kg = crossing.weight_kg.value_or(0);
  out.note = crossing.note;
  return out;
}

}  // namespace

Truth truth_of(app::Assembly& assembly, int vehicle, int detectors) {
  if (auto* world = assembly.world()) {
    const auto truck = world->truth(vehicle);
    return truck ? simulated(*truck, detectors) : Truth{};
  }
  if (auto* player = assembly.player()) {
    const auto& all = player->crossings();
    if (vehicle < static_cast<int>(all.size())) return recorded(all[static_cast<std::size_t>(vehicle)]);
  }
  return {};
}

}  // namespace torugart::demo
