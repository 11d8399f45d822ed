// Pictures from files: DICOS and plain DICOM (MONOCHROME1 and 2, 8 to 16 bits), 16-bit PNG and TIFF.
// Files are not trusted: sizes are checked against the file's length and max_pixels before memory is taken.
// Thread-safe. Every error names the file and the tag or what was expected.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "imaging/core/error.h"
#include "imaging/core/raster.h"
#include "imaging/core/scan_image.h"

namespace torugart::imaging {

struct ReadLimits {
  std::int64_t max_pixels = 120'000'000;  // one plane
  std::uint64_t max_bytes = 1'000'000'000;
};

enum class FileFormat : std::uint8_t { dicos, dicom, png, tiff };
[[nodiscard]] const char* to_string(FileFormat format);

// One plane as it lies in the file. MONOCHROME1 is turned so that bigger is brighter.
struct Plane {
  FileFormat format = FileFormat::png;
  Raster16 pixels;
  int bits = 16;
  std::optional<Energy> energy;      // DICOS written here says which; others do not
  std::optional<Quantity> quantity;  // known for DICOS written here
  std::string ooi_id, scan_id, transfer_syntax, sop_class_uid, sop_instance_uid, station, model;
  double pixel_mm = 0;             // 0: not calibrated
  double air_noise = 0;            // of T in the open beam, as stored by write_dicos; 0 unknown
  bool calibrated = false;         // as stored by write_dicos
  std::string calibration_reason;  // the same; empty when there was nothing to say
};

[[nodiscard]] Result<Plane> read_plane(const std::filesystem::path& file, const ReadLimits& limits = {});
// Same from memory; `name` is for messages. For fuzzing and for objects that come over a wire.
[[nodiscard]] Result<Plane> read_plane(std::span<const std::uint8_t> bytes, const std::string& name,
                                       const ReadLimits& limits = {});

}  // namespace torugart::imaging
