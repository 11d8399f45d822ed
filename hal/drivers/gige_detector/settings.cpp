#include "hal/drivers/gige_detector/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "hal/drivers/common/settings.h"

namespace torugart::hal::gige_detector {

Result<DetectorSettings> read_settings(const DeviceConfig& config) {
  drivers::Settings s(config);
  DetectorSettings out;
  out.id = config.id;
  out.address = s.needed("address", "write the detector's IP address: address = \"10.20.0.30\"");
  out.detectors = s.number("detectors", 0, 16, 4096);
  out.rows = s.number("rows", 0, 1, 4096);
  out.pixel_format = s.one_of("pixel_format", out.pixel_format, {"Mono16", "Mono12", "Mono8"});
  const auto energies = s.one_of("energies", "single", {"single", "rows", "halves"});
  out.energies = energies == "rows" ? Energies::rows : energies == "halves" ? Energies::halves : Energies::single;
  out.low_first = s.one_of("first", "high", {"high", "low"}) == "low";
  if (out.energies != Energies::single && out.rows % 2 != 0)
    s.wrong(fmt::format("rows = \"{}\"", out.rows), "write an even number: each line needs a row of each energy");
  out.encoder = s.one_of("trigger", "free", {"free", "encoder"}) == "encoder";
  out.trigger_selector = s.text("trigger_selector", out.trigger_selector);
  out.trigger_source = s.text("trigger_source", out.trigger_source);
  out.mm_per_line = s.real("mm_per_line", 0, 0.01, 100);
  out.line_rate_hz = s.real("line_rate", 0, 1, 20'000);
  out.pitch_mm = s.real("pitch_mm", 0, 0.01, 100);
  out.calibrated = s.flag("calibrated", false);
  if (out.calibrated && out.pitch_mm == 0) s.wrong("calibrated without pitch_mm", "write pitch_mm = as measured");
  out.high_mv = s.real("high_mv", out.high_mv, 0.1, 20);
  out.low_mv = s.real("low_mv", out.low_mv, 0.1, 20);
  out.packet_size = s.number("packet_size", 0, 576, 9000);
  out.resend = s.flag("resend", true);
  out.silent_ms = s.number("silent_ms", out.silent_ms, 100, 60'000);
  out.timeout_ms = s.number("timeout_ms", out.timeout_ms, 1000, 600'000);
  out.tail_lines = s.number("tail_lines", out.tail_lines, 1, 10'000);
  const std::string features = s.text("features");
  for (std::size_t from = 0; from < features.size();) {
    const auto end = std::min(features.find(';', from), features.size());
    const auto one = features.substr(from, end - from);
    const auto equal = one.find('=');
    if (equal == std::string::npos || equal == 0 || equal + 1 == one.size()) {
      s.wrong(fmt::format("features = \"{}\"", features), "write \"Name=value;Name=value\"");
      break;
    }
    out.features.emplace_back(one.substr(0, equal), one.substr(equal + 1));
    from = end + 1;
  }
  if (auto checked = s.finish(); !checked) return tl::unexpected(checked.error());
  return out;
}

}  // namespace torugart::hal::gige_detector
