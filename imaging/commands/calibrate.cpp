#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include <fmt/core.h>

#include "imaging/commands/calibration_file.h"
#include "imaging/commands/commands.h"
#include "imaging/files/reader.h"
#include "imaging/scan/scan_builder.h"

namespace torugart::imaging::commands {
namespace {

using nlohmann::json;

struct Step {
  Rect place;
  double z = 0, area_density_g_cm2 = 0;
};

Result<std::vector<Step>> read_steps(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return fail(ErrorCode::not_found, file.string(), "there is no such file of steps");
  std::vector<Step> out;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line[0] == '#' || line == "\r") continue;
    std::vector<double> values;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) {
      char* rest = nullptr;
      values.push_back(std::strtod(cell.c_str(), &rest));
      if (rest == cell.c_str()) values.clear();
      if (values.empty()) break;
    }
    const bool good = values.size() == 6 &&
                      std::all_of(values.begin(), values.end(), [](double v) { return v >= 0 && v < 1e6; }) &&
                      values[2] >= 1 && values[3] >= 1 && values[4] >= 1 && values[5] > 0;
    if (!good) {
      return fail(ErrorCode::bad_file, fmt::format("{}, line {}", file.string(), number),
                  fmt::format("\"{}\" is no step", line), "write x,y,w,h,z,g/cm2, e.g. 120,40,60,80,26,50");
    }
    out.push_back({{static_cast<int>(values[0]), static_cast<int>(values[1]), static_cast<int>(values[2]),
                    static_cast<int>(values[3])},
                   values[4],
                   values[5]});
  }
  if (out.empty()) return fail(ErrorCode::bad_file, file.string(), "it holds no step");
  return out;
}

Result<void> read_raw(const Inputs& inputs, const char* what, Raster16& high, Raster16& low) {
  if (inputs.empty() || inputs.size() > 2)
    return fail(ErrorCode::bad_argument, what, fmt::format("{} files given", inputs.size()),
                "give one file, or high and low");
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    auto plane = read_plane(inputs[k]);
    if (!plane) return tl::unexpected<Error>(plane.error());
    if (plane->quantity == Quantity::transmission) {
      return fail(ErrorCode::bad_argument, inputs[k].string(), "it is corrected already", "give raw counts");
    }
    (k == 0 ? high : low) = std::move(plane->pixels);
  }
  return {};
}

// Attenuation of the mean transmission over a step's place.
Result<double> attenuation_at(const ScanImage& image, Energy energy, const Step& step) {
  const Rect place = step.place.intersect(image.view.bounds());
  double sum = 0;
  std::int64_t count = 0;
  for (int y = place.y; y < place.bottom(); ++y) {
    for (int x = place.x; x < place.right(); ++x) {
      const std::uint16_t code = image.view.value(energy, x, y);
      if (state_of(code) != PixelState::measured) continue;
      sum += static_cast<double>(transmission_of(code));
      ++count;
    }
  }
  if (place != step.place || count * 10 < static_cast<std::int64_t>(place.w) * place.h * 9) {
    return fail(
        ErrorCode::bad_argument, "step wedge",
        fmt::format("the step at {},{} of {} x {} pixels does not lie in the picture, or nothing gets through it",
                    step.place.x, step.place.y, step.place.w, step.place.h),
        "correct its place in the file of steps, or leave it out");
  }
  return -std::log(sum / static_cast<double>(count));
}

}  // namespace

Result<std::string> calibrate(const CalibrateRequest& request) {
  RawPictures pictures;
  if (auto done = read_raw(request.dark, "dark scan", pictures.dark_high, pictures.dark_low); !done)
    return tl::unexpected<Error>(done.error());
  if (auto done = read_raw(request.air, "air scan", pictures.air_high, pictures.air_low); !done)
    return tl::unexpected<Error>(done.error());
  auto calibration = calibrate_pictures(pictures);
  if (!calibration) return tl::unexpected<Error>(calibration.error());
  CalibrationFile out;
  out.calibration = *calibration;
  if (!request.wedge.empty()) {
    const auto steps = read_steps(request.steps);
    if (!steps) return tl::unexpected<Error>(steps.error());
    if (auto done = read_raw(request.wedge, "wedge scan", pictures.high, pictures.low); !done)
      return tl::unexpected<Error>(done.error());
    if (pictures.low.empty())
      return fail(ErrorCode::bad_argument, "wedge scan", "material curves need both energies", "give high and low");
    const auto image = correct_pictures(pictures);
    if (!image) return tl::unexpected<Error>(image.error());
    for (const Step& step : *steps) {
      const auto high = attenuation_at(**image, Energy::high, step);
      if (!high) return tl::unexpected<Error>(high.error());
      const auto low = attenuation_at(**image, Energy::low, step);
      if (!low) return tl::unexpected<Error>(low.error());
      out.wedge.push_back({step.z, step.area_density_g_cm2, *high, *low});
    }
    if (const auto curves = MaterialCurves::defaults().calibrated(out.wedge); !curves)
      return tl::unexpected<Error>(curves.error());
  }
  if (auto done = write_calibration(out, request.out); !done) return tl::unexpected<Error>(done.error());
  const CalibrationCheck verdict = check(out.calibration, out.calibration.made_at_us, {});
  json report = {{"file", request.out.string()},
                 {"detectors", out.calibration.detectors()},
                 {"energies", out.calibration.low.air.empty() ? 1 : 2},
                 {"dark_lines", out.calibration.dark_lines},
                 {"air_lines", out.calibration.air_lines},
                 {"dead_detectors", out.calibration.dead_detectors},
                 {"noisy_detectors", out.calibration.noisy_detectors},
                 {"verdict", to_string(verdict.verdict)},
                 {"reason", verdict.reason},
                 {"wedge", json::array()}};
  for (const WedgeStep& s : out.wedge) {
    report["wedge"].push_back({{"z", s.z},
                               {"area_density_g_cm2", s.area_density_g_cm2},
                               {"alpha_high", s.alpha_high},
                               {"alpha_low", s.alpha_low}});
  }
  return report.dump();
}

}  // namespace torugart::imaging::commands
