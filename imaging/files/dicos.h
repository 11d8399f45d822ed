// DICOS (NEMA IIC 1, V02A) through DCMTK: a scan is a set of DX objects, one series an energy and a kind (corrected,
// raw); a decision is a TDR object that points to them. Every function writes to a temporary name in the same folder,
// syncs and renames: a file with its final name is whole. Thread-safe; DCMTK's exceptions and conditions become
// Errors.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "imaging/core/error.h"
#include "imaging/core/scan_image.h"
#include "imaging/files/metadata.h"

namespace torugart::imaging {

// Explicit little endian, or JPEG-LS lossless. A JPEG-LS file is read back and compared before it gets its name; a
// picture that the coder cannot give back is stored uncompressed.
enum class Compression : std::uint8_t { none, jpeg_ls };

struct StoredObject {
  std::filesystem::path file;
  std::string sop_class_uid, sop_instance_uid, series_uid, study_uid;
  std::uint64_t bytes = 0;
};

// Writes high and, when there is one, low. Names: <stem>-high.dcs, <stem>-low.dcs; raw counts get
// <stem>-raw-high.dcs, …. Fails on more than 65,535 rows or columns: DICOM counts them in 16 bits.
[[nodiscard]] Result<std::vector<StoredObject>> write_dicos(const ScanImage& image, const ScanMetadata& metadata,
                                                            const std::filesystem::path& folder,
                                                            const std::string& stem,
                                                            Compression compression = Compression::none);

// `scan` is what write_dicos returned for the picture that was decided on.
[[nodiscard]] Result<StoredObject> write_tdr(const ThreatReport& report, const ScanMetadata& metadata,
                                             const std::vector<StoredObject>& scan,
                                             const std::filesystem::path& file);

}  // namespace torugart::imaging
