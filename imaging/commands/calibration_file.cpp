#include "imaging/commands/calibration_file.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include <fmt/core.h>

namespace torugart::imaging::commands {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "torugart-xray-calibration";
constexpr std::size_t kMostDetectors = 65535;
constexpr std::uintmax_t kLargest = 64U << 20U;

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Thrown and caught in this file alone: which key is wrong, and how.
struct Wrong {
  std::string key, what;
};

const json& member(const json& from, const std::string& at, const char* key) {
  if (!from.is_object() || !from.contains(key)) throw Wrong{at + key, "it is not there"};
  return from[key];
}

double number(const json& from, const std::string& at, const char* key) {
  const json& v = member(from, at, key);
  if (!v.is_number() || !std::isfinite(v.get<double>())) throw Wrong{at + key, "it is no number"};
  return v.get<double>();
}

std::vector<float> numbers(const json& from, const std::string& at, const char* key, std::size_t count) {
  const json& v = member(from, at, key);
  if (!v.is_array() || v.size() != count) throw Wrong{at + key, fmt::format("it does not hold {} numbers", count)};
  std::vector<float> out;
  for (const json& one : v) {
    if (!one.is_number() || !std::isfinite(one.get<float>()))
      throw Wrong{at + key, "it holds something else than numbers"};
    out.push_back(one.get<float>());
  }
  return out;
}

std::vector<int> rows(const json& from, const char* key, std::size_t detectors) {
  const json& v = member(from, {}, key);
  if (!v.is_array()) throw Wrong{key, "it is no list"};
  std::vector<int> out;
  for (const json& one : v) {
    if (!one.is_number_integer() || one.get<std::int64_t>() < 0 ||
        one.get<std::int64_t>() >= static_cast<std::int64_t>(detectors)) {
      throw Wrong{key, fmt::format("it names a detector that is not among 0 .. {}", detectors - 1)};
    }
    out.push_back(one.get<int>());
  }
  return out;
}

EnergyCalibration energy(const json& all, const char* key, std::size_t detectors) {
  const json& from = member(all, {}, key);
  const std::string at = std::string(key) + ".";
  EnergyCalibration out;
  out.dark = numbers(from, at, "dark", detectors);
  out.dark_noise = numbers(from, at, "dark_noise", detectors);
  out.air = numbers(from, at, "air", detectors);
  out.air_noise = numbers(from, at, "air_noise", detectors);
  return out;
}

CalibrationFile from_json(const json& all) {
  if (const json& format = member(all, {}, "format"); !format.is_string() || format.get<std::string>() != kFormat)
    throw Wrong{"format", fmt::format("it is not \"{}\"", kFormat)};
  if (number(all, {}, "version") != 1) throw Wrong{"version", "only version 1 is known"};
  CalibrationFile out;
  const json& dark = member(member(all, {}, "high"), "high.", "dark");
  const std::size_t detectors = dark.is_array() ? dark.size() : 0;
  if (detectors == 0 || detectors > kMostDetectors)
    throw Wrong{"high.dark", fmt::format("it does not hold 1 to {} numbers", kMostDetectors)};
  Calibration& c = out.calibration;
  c.high = energy(all, "high", detectors);
  if (all.contains("low")) c.low = energy(all, "low", detectors);
  c.dark_lines = static_cast<int>(std::clamp(number(all, {}, "dark_lines"), 0.0, 1e6));
  c.air_lines = static_cast<int>(std::clamp(number(all, {}, "air_lines"), 0.0, 1e6));
  c.dead_detectors = rows(all, "dead_detectors", detectors);
  c.noisy_detectors = rows(all, "noisy_detectors", detectors);
  const double made_at = std::clamp(number(all, {}, "made_at"), 0.0, 1e11);
  c.made_at_us = static_cast<std::int64_t>(made_at * 1e6) - now_us();
  const json& wedge = member(all, {}, "wedge");
  if (!wedge.is_array()) throw Wrong{"wedge", "it is no list"};
  for (const json& step : wedge) {
    out.wedge.push_back({number(step, "wedge.", "z"), number(step, "wedge.", "area_density_g_cm2"),
                         number(step, "wedge.", "alpha_high"), number(step, "wedge.", "alpha_low")});
  }
  return out;
}

json to_json(const EnergyCalibration& e) {
  return {{"dark", e.dark}, {"dark_noise", e.dark_noise}, {"air", e.air}, {"air_noise", e.air_noise}};
}

}  // namespace

Result<CalibrationFile> read_calibration(const std::filesystem::path& file) {
  constexpr const char* kRemedy = "make it anew with torugart image calibrate";
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored))
    return fail(ErrorCode::not_found, file.string(), "there is no such calibration file");
  if (std::filesystem::file_size(file, ignored) > kLargest)
    return fail(ErrorCode::too_large, file.string(), "a calibration has at most 64 MB", kRemedy);
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  try {
    return from_json(json::parse(text.str()));
  } catch (const json::parse_error& e) {
    return fail(ErrorCode::bad_file, file.string(), fmt::format("byte {} is no JSON", e.byte), kRemedy);
  } catch (const json::exception& e) {
    return fail(ErrorCode::bad_file, file.string(), e.what(), kRemedy);
  } catch (const Wrong& wrong) {
    return fail(ErrorCode::bad_file, fmt::format("{}, key {}", file.string(), wrong.key), wrong.what, kRemedy);
  }
}

Result<void> write_calibration(const CalibrationFile& calibration, const std::filesystem::path& file) {
  const Calibration& c = calibration.calibration;
  json out = {{"format", kFormat},
              {"version", 1},
              {"made_at", static_cast<double>(c.made_at_us + now_us()) / 1e6},
              {"dark_lines", c.dark_lines},
              {"air_lines", c.air_lines},
              {"dead_detectors", c.dead_detectors},
              {"noisy_detectors", c.noisy_detectors},
              {"high", to_json(c.high)},
              {"wedge", json::array()}};
  if (!c.low.air.empty()) out["low"] = to_json(c.low);
  for (const WedgeStep& s : calibration.wedge) {
    out["wedge"].push_back({{"z", s.z},
                            {"area_density_g_cm2", s.area_density_g_cm2},
                            {"alpha_high", s.alpha_high},
                            {"alpha_low", s.alpha_low}});
  }
  const std::filesystem::path part = file.string() + ".part";
  {
    std::ofstream to(part, std::ios::binary | std::ios::trunc);
    to << out.dump(1) << '\n';
    to.flush();
    if (!to)
      return fail(ErrorCode::write_failed, part.string(), "it could not be written", "check space and permissions");
  }
  std::error_code error;
  std::filesystem::rename(part, file, error);
  if (error) return fail(ErrorCode::write_failed, file.string(), error.message(), "check space and permissions");
  return {};
}

}  // namespace torugart::imaging::commands
