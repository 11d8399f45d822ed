#include "kiosk/lane/decode.h"

#include <filesystem>
#include <memory>
#include <utility>

#include "imaging/files/reader.h"

namespace torugart::lane {
namespace {

void describe(const imaging::Plane& high, imaging::ScanImage& image) {
  image.quantity = high.quantity.value_or(imaging::Quantity::transmission);
  auto& statistics = image.statistics;
  statistics.calibrated = high.calibrated;
  statistics.calibration = high.calibrated ? imaging::CalibrationVerdict::good : imaging::CalibrationVerdict::none;
  statistics.calibration_reason = high.calibration_reason;
  statistics.geometry_calibrated = high.pixel_mm > 0;
  statistics.pixel_mm = high.pixel_mm;
  statistics.air_noise_high = high.air_noise;
}

}  // namespace

tl::expected<imaging::ScanImagePtr, std::string> decode(const inspection::ScanCompleted& scan, const Store& store) {
  imaging::Raster16 high, low;
  auto image = std::make_shared<imaging::ScanImage>();
  for (const auto& file : scan.files) {
    if (file.role != "xray_high" && file.role != "xray_low") continue;
    const auto bytes = store.get(file.sha256);
    if (!bytes) return tl::unexpected(bytes.error().text());
    auto plane = imaging::read_plane(*bytes, file.role);
    if (!plane) return tl::unexpected(plane.error().text());
    if (file.role == "xray_low") {
      image->statistics.air_noise_low = plane->air_noise;
      low = std::move(plane->pixels);
      continue;
    }
    describe(*plane, *image);
    high = std::move(plane->pixels);
    auto& statistics = image->statistics;
    statistics.lines = scan.lines;
    statistics.missing_lines = scan.lines_missing;
    statistics.no_signal_percent = scan.saturated_percent;
  }
  if (high.empty()) return tl::unexpected(std::string("There is no picture of this scan in the archive"));
  image->view = imaging::make_view(high, low);
  return imaging::ScanImagePtr(std::move(image));
}

tl::expected<imaging::ScanImagePtr, std::string> decode_reference(const std::string& folder,
                                                                  const std::string& name) {
  const auto file = [&](const char* energy) { return std::filesystem::path(folder) / (name + energy + ".dcs"); };
  auto high = imaging::read_plane(file("-high"));
  if (!high) return tl::unexpected(high.error().text());
  auto image = std::make_shared<imaging::ScanImage>();
  describe(*high, *image);
  image->statistics.lines = high->pixels.width();
  imaging::Raster16 low;
  std::error_code none;
  if (std::filesystem::exists(file("-low"), none)) {
    auto plane = imaging::read_plane(file("-low"));
    if (!plane) return tl::unexpected(plane.error().text());
    image->statistics.air_noise_low = plane->air_noise;
    low = std::move(plane->pixels);
    if (low.width() != high->pixels.width() || low.height() != high->pixels.height())
      return tl::unexpected(name + ": its two energies are not of one size");
  }
  image->view = imaging::make_view(high->pixels, low);
  return imaging::ScanImagePtr(std::move(image));
}

std::int64_t time_of_scan(const inspection::Crossing& crossing, const inspection::ScanCompleted& scan) {
  auto time = crossing.arrived_wall_us;
  for (const auto& step : crossing.stage_times) {
    if (step.stage == inspection::Stage::scan) time = step.wall_us;
  }
  return scan.scan.empty() ? 0 : time;
}

}  // namespace torugart::lane
