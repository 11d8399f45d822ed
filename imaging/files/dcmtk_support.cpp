#include "imaging/files/dcmtk_support.h"

#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <dcmtk/oflog/oflog.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <ctime>
#include <mutex>

#include <fmt/core.h>

namespace torugart::imaging {

DicomTime DicomTime::from_unix_us(std::int64_t microseconds) {
  std::int64_t seconds = microseconds / 1'000'000;
  std::int64_t rest = microseconds % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  const auto time = static_cast<std::time_t>(seconds);
  std::tm utc{};
  if (gmtime_r(&time, &utc) == nullptr) return {};
  return {fmt::format("{:04}{:02}{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday),
          fmt::format("{:02}{:02}{:02}.{:06}", utc.tm_hour, utc.tm_min, utc.tm_sec, rest)};
}

}  // namespace torugart::imaging

namespace torugart::imaging::detail {
namespace {

// Greatest length in characters of the representations that have one (DICOM PS3.5, 6.2).
std::size_t longest(DcmEVR vr) {
  switch (vr) {
    case EVR_CS:
    case EVR_SH:
    case EVR_DS:
      return 16;
    case EVR_IS:
      return 12;
    case EVR_LO:
    case EVR_UI:
    case EVR_PN:
      return 64;
    case EVR_ST:
      return 1024;
    case EVR_LT:
      return 10240;
    default:
      return 10240;
  }
}

// Not in the middle of a UTF-8 character; no backslash, which would make two values of one.
std::string fitted(std::string_view value, DcmEVR vr) {
  std::string out(value);
  if (vr != EVR_LT && vr != EVR_ST && vr != EVR_UT && vr != EVR_CS && vr != EVR_DS) {
    std::replace(out.begin(), out.end(), '\\', '/');
  }
  if (out.size() > longest(vr)) {
    std::size_t end = longest(vr);
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U)
      --end;
    out.resize(end);
  }
  return out;
}

}  // namespace

void register_codecs() {
  static std::once_flag once;
  std::call_once(once, [] {
    // Messages of damaged files are ours to give; DCMTK would print its own to the terminal.
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DJLSEncoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
    DcmRLEDecoderRegistration::registerCodecs();
  });
}

std::string make_uid(const ScanMetadata& metadata, std::string_view purpose) {
  // FNV-1a, 128 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
  using Wide = unsigned __int128;
  const Wide prime = (static_cast<Wide>(1) << 88U) + 0x13BU;
  Wide hash = (static_cast<Wide>(0x6c62272e07bb0142ULL) << 64U) + 0x62b821756295c58dULL;
  const auto mix = [&](std::string_view text) {
    for (const char c : text) {
      hash ^= static_cast<unsigned char>(c);
      hash *= prime;
    }
    hash ^= 0xFFU;  // parts are kept apart
    hash *= prime;
  };
  mix(metadata.uid_seed);
  mix(metadata.scan_id);
  mix(purpose);
  // Version 8 and variant 1 of a UUID (RFC 9562): bits of our own making.
  hash &= ~(static_cast<Wide>(0xF) << 76U);
  hash |= static_cast<Wide>(8) << 76U;
  hash &= ~(static_cast<Wide>(3) << 62U);
  hash |= static_cast<Wide>(2) << 62U;
  std::string digits;
  for (Wide rest = hash; rest != 0; rest /= 10)
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
  std::reverse(digits.begin(), digits.end());
  return metadata.uid_root + "." + digits;
}

void DatasetWriter::check(const OFCondition& condition, std::string_view what) {
  if (condition.bad() && problem_.empty()) problem_ = fmt::format("{}: {}", what, condition.text());
}

void DatasetWriter::text(const DcmTagKey& key, std::string_view value) {
  const DcmTag tag(key);
  check(item_.putAndInsertString(tag, fitted(value, tag.getEVR()).c_str()), key.toString().c_str());
}

void DatasetWriter::number(const DcmTagKey& key, unsigned value) {
  check(item_.putAndInsertUint16(DcmTag(key), static_cast<Uint16>(value)), key.toString().c_str());
}

void DatasetWriter::floats(const DcmTagKey& key, const float* values, unsigned long count) {
  check(item_.putAndInsertFloat32Array(DcmTag(key), values, count), key.toString().c_str());
}

void DatasetWriter::empty(const DcmTagKey& key) {
  check(item_.insertEmptyElement(DcmTag(key)), key.toString().c_str());
}

void DatasetWriter::explicit_text(const DcmTagKey& key, DcmEVR vr, std::string_view value) {
  check(item_.putAndInsertString(DcmTag(key, DcmVR(vr)), fitted(value, vr).c_str()), key.toString().c_str());
}

DcmItem* DatasetWriter::sequence_item(const DcmTagKey& key, long index) {
  DcmItem* out = nullptr;
  check(item_.findOrCreateSequenceItem(DcmTag(key), out, index), key.toString().c_str());
  return out != nullptr ? out : &dummy_;
}

Result<void> DatasetWriter::result() const {
  if (problem_.empty()) return {};
  return fail(ErrorCode::write_failed, where_, problem_,
              "check the texts of this scan for characters DICOM cannot hold");
}

Result<void> check_metadata(const ScanMetadata& m) {
  const auto missing = [](const char* what) {
    return fail(ErrorCode::bad_argument, "scan metadata", fmt::format("{} is empty", what));
  };
  if (m.ooi_id.empty()) return missing("the object's number (ooi_id)");
  if (m.scan_id.empty()) return missing("the scan's number (scan_id)");
  if (m.uid_seed.empty()) return missing("uid_seed");
  if (m.scan_start.date.size() != 8) return missing("the scan's date");
  return {};
}

void write_common(DatasetWriter& out, const ScanMetadata& m, std::string_view sop_class,
                  std::string_view sop_instance, std::string_view study, std::string_view series) {
  out.text(DCM_SpecificCharacterSet, "ISO_IR 192");
  out.text(DCM_SOPClassUID, sop_class);
  out.text(DCM_SOPInstanceUID, sop_instance);
  out.text(DCM_DICOSVersion, "V02A");
  // Object of inspection.
  out.text(DCM_PatientID, m.ooi_id);
  out.text(DCM_IssuerOfPatientID, m.institution);
  out.text(DCM_TypeOfPatientID, "TEXT");
  out.text(DCM_PatientName, m.ooi_owner);
  out.text(DCM_OOIType, "CARGO");
  out.empty(DCM_AlgorithmRoutingCodeSequence);
  // Scan.
  out.text(DCM_StudyInstanceUID, study);
  out.text(DCM_StudyDate, m.scan_start.date);
  out.text(DCM_StudyTime, m.scan_start.time);
  out.text(DCM_StudyID, m.scan_id);
  out.text(DCM_AccessionNumber, m.accession);
  out.text(DCM_ScanType, "OPERATIONAL");
  // Series.
  out.text(DCM_SeriesInstanceUID, series);
  out.text(DCM_SeriesDate, m.scan_start.date);
  out.text(DCM_SeriesTime, m.scan_start.time);
  // Equipment.
  out.text(DCM_Manufacturer, m.manufacturer);
  out.text(DCM_InstitutionName, m.institution);
  out.text(DCM_InstitutionAddress, m.institution_address);
  out.text(DCM_StationName, m.station);
  out.text(DCM_ManufacturerModelName, m.model);
  out.text(DCM_DeviceSerialNumber, m.device_serial);
  out.text(DCM_SoftwareVersions, m.software_version);
  out.text(DCM_DateOfLastCalibration, m.calibration_date);
  out.text(DCM_TimeOfLastCalibration, m.calibration_time);
  out.explicit_text(kPrivateCreatorTag, EVR_LO, kPrivateCreator);
  out.explicit_text(kPrivateScanId, EVR_LO, m.scan_id);
}

Result<void> save(DcmFileFormat& file, const std::filesystem::path& path, E_TransferSyntax syntax) {
  const OFCondition condition = file.saveFile(path.c_str(), syntax, EET_ExplicitLength, EGL_recalcGL);
  if (condition.good()) return {};
  return fail(ErrorCode::write_failed, path.string(), condition.text(), "check free space and permissions");
}

}  // namespace torugart::imaging::detail
