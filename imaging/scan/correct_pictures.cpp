#include <utility>

#include <fmt/core.h>

#include "imaging/scan/scan_builder.h"

namespace torugart::imaging {
namespace {

std::vector<std::uint16_t> column(const Raster16& from, int x) {
  std::vector<std::uint16_t> out;
  if (from.empty()) return out;
  out.reserve(static_cast<std::size_t>(from.height()));
  for (int y = 0; y < from.height(); ++y)
    out.push_back(from.at(x, y));
  return out;
}

void feed(ScanBuilder& builder, LineKind kind, const Raster16& high, const Raster16& low) {
  for (int x = 0; x < high.width(); ++x) {
    RawLine line;
    line.kind = kind;
    line.index = x;
    line.high = column(high, x);
    line.low = column(low, x);
    builder.add(line);
  }
}

}  // namespace

Result<Calibration> calibrate_pictures(const RawPictures& pictures, const ScanConfig& config) {
  const Raster16& air = pictures.air_high;
  const bool dual = !pictures.air_low.empty();
  const auto fits = [&](const Raster16& picture) { return picture.height() == air.height() && picture.width() > 0; };
  if (air.empty() || !fits(pictures.dark_high) ||
      (dual && (!fits(pictures.air_low) || !fits(pictures.dark_low) || pictures.air_low.width() != air.width() ||
                pictures.dark_low.width() != pictures.dark_high.width()))) {
    return fail(ErrorCode::bad_argument, "dark and air pictures",
                "they must have one height, for both energies one width, and at least one column",
                "give pictures of one scanner, without and with beam, nothing in it");
  }
  ScanConfig used = config;
  used.detectors = air.height();
  used.dual_energy = dual;
  used.keep_raw = false;
  ScanBuilder builder(used);
  feed(builder, LineKind::dark, pictures.dark_high, pictures.dark_low);
  feed(builder, LineKind::air, air, pictures.air_low);
  // A calibration is made when the first line of an object comes.
  feed(builder, LineKind::object, air, pictures.air_low);
  auto result = builder.finish();
  if (!result) return tl::unexpected<Error>(result.error());
  if (!result->calibration)
    return fail(ErrorCode::bad_argument, "dark and air pictures", "no calibration came of them");
  return *result->calibration;
}

Result<ScanImagePtr> correct_pictures(const RawPictures& pictures, const ScanConfig& config,
                                      std::optional<Calibration> given) {
  const Raster16& high = pictures.high;
  if (high.empty()) return fail(ErrorCode::bad_argument, "high-energy picture", "it is empty");
  const auto same_size = [](const Raster16& a, const Raster16& b) {
    return a.width() == b.width() && a.height() == b.height();
  };
  const bool dual = !pictures.low.empty();
  if (dual && !same_size(high, pictures.low)) {
    return fail(ErrorCode::bad_argument, "low-energy picture",
                fmt::format("it has {} x {} pixels, the high-energy one {} x {}", pictures.low.width(),
                            pictures.low.height(), high.width(), high.height()),
                "give two pictures of one scan");
  }
  const auto fits = [&](const Raster16& h, const Raster16& l) {
    return h.height() == high.height() && (!dual || same_size(h, l));
  };
  const bool calibrated = !pictures.dark_high.empty() && !pictures.air_high.empty();
  if (calibrated && (!fits(pictures.dark_high, pictures.dark_low) || !fits(pictures.air_high, pictures.air_low))) {
    return fail(ErrorCode::bad_argument, "dark and air pictures",
                fmt::format("they must have {} rows{}", high.height(), dual ? ", for both energies" : ""));
  }
  ScanConfig used = config;
  used.detectors = high.height();
  used.dual_energy = dual;
  used.max_lines = std::max<std::int64_t>(used.max_lines, high.width());
  used.keep_raw = false;
  if (given && (given->detectors() != used.detectors || (dual && given->low.air.empty()))) {
    return fail(
        ErrorCode::bad_argument, "calibration",
        fmt::format("it is of {} detectors{}, the picture has {} rows{}", given->detectors(),
                    given->low.air.empty() ? " with one energy" : "", high.height(), dual ? ", two energies" : ""),
        "give the calibration of this scanner");
  }
  ScanBuilder builder(used, std::move(given));
  if (calibrated) {
    feed(builder, LineKind::dark, pictures.dark_high, pictures.dark_low);
    feed(builder, LineKind::air, pictures.air_high, pictures.air_low);
  }
  feed(builder, LineKind::object, high, pictures.low);
  auto result = builder.finish();
  if (!result) return tl::unexpected<Error>(result.error());
  return result->corrected;
}

}  // namespace torugart::imaging
