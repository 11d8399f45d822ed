// Internal to imaging/files: the part of DCMTK that is used, with its conditions turned into Errors. The only headers
// that include DCMTK are this one's users' sources.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "imaging/core/error.h"
#include "imaging/files/metadata.h"

namespace torugart::imaging::detail {

// Codecs are registered once for the program's life.
void register_codecs();

// "2.25.<128 bits>" from the root, the scan's seed and what the id is for. The same words give the same id.
[[nodiscard]] std::string make_uid(const ScanMetadata& metadata, std::string_view purpose);

// Writes attributes and remembers the first failure, so that a long list reads as one.
class DatasetWriter {
 public:
  DatasetWriter(DcmItem& item, std::string where) : item_(item), where_(std::move(where)) {}

  void text(const DcmTagKey& key, std::string_view value);  // also empty ones; cut to the VR's greatest length
  void number(const DcmTagKey& key, unsigned value);        // US
  void floats(const DcmTagKey& key, const float* values, unsigned long count);  // FL
  void empty(const DcmTagKey& key);                                             // sequence or value of length 0
  // Not in DCMTK's dictionary, so the representation is said.
  void explicit_text(const DcmTagKey& key, DcmEVR vr, std::string_view value);
  [[nodiscard]] DcmItem* sequence_item(const DcmTagKey& key, long index = 0);  // never null; a dummy after a failure
  void check(const OFCondition& condition, std::string_view what);

  [[nodiscard]] Result<void> result() const;

 private:
  DcmItem& item_;
  DcmItem dummy_;
  std::string where_;
  std::string problem_;
};

// Private block of the attributes that DICOS has no place for.
inline constexpr const char* kPrivateCreator = "TORUGART";
inline const DcmTagKey kPrivateCreatorTag{0x0099, 0x0010};
inline const DcmTagKey kPrivateQuantity{0x0099, 0x1001};    // LO transmission | counts
inline const DcmTagKey kPrivateEnergy{0x0099, 0x1002};      // LO high | low
inline const DcmTagKey kPrivateCalibrated{0x0099, 0x1003};  // CS YES | NO
inline const DcmTagKey kPrivateReason{0x0099, 0x1004};      // LT
inline const DcmTagKey kPrivatePixelMm{0x0099, 0x1005};     // DS, absent without geometry
inline const DcmTagKey kPrivateAirNoise{0x0099, 0x1006};    // DS
inline const DcmTagKey kPrivateScanId{0x0099, 0x1007};      // LO, whole (StudyID holds 16 characters)

// OOI, scan, equipment and SOP common modules: the same in every object.
void write_common(DatasetWriter& out, const ScanMetadata& metadata, std::string_view sop_class,
                  std::string_view sop_instance, std::string_view study, std::string_view series);

[[nodiscard]] Result<void> check_metadata(const ScanMetadata& metadata);
[[nodiscard]] Result<void> save(DcmFileFormat& file, const std::filesystem::path& path, E_TransferSyntax syntax);

}  // namespace torugart::imaging::detail
