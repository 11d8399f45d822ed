#include <fmt/core.h>

#include "imaging/files/atomic_file.h"
#include "imaging/files/dcmtk_support.h"
#include "imaging/files/dicos.h"
#include "imaging/files/reader.h"

namespace torugart::imaging {
namespace {

using detail::DatasetWriter;

const char* name_of(Energy energy) {
  return energy == Energy::high ? "high" : "low";
}

Result<StoredObject> write_plane(const ScanImage& image, const ScanMetadata& metadata, Energy energy,
                                 const std::filesystem::path& file, Compression compression) {
  const bool counts = image.quantity == Quantity::counts;
  const std::string kind = fmt::format("{}/{}", counts ? "counts" : "transmission", name_of(energy));
  StoredObject stored;
  stored.file = file;
  stored.sop_class_uid = UID_DICOS_DigitalXRayImageStorageForProcessing;
  stored.sop_instance_uid = detail::make_uid(metadata, "instance/" + kind);
  stored.series_uid = detail::make_uid(metadata, "series/" + kind);
  stored.study_uid = detail::make_uid(metadata, "scan");

  DcmFileFormat format;
  DcmDataset& dataset = *format.getDataset();
  DatasetWriter out(dataset, file.string());
  detail::write_common(out, metadata, stored.sop_class_uid, stored.sop_instance_uid, stored.study_uid,
                       stored.series_uid);
  out.text(DCM_Modality, "DX");
  out.text(DCM_SeriesNumber, fmt::format("{}", (counts ? 3 : 1) + static_cast<int>(energy)));
  out.text(DCM_SeriesDescription,
           fmt::format("{} energy, {}", name_of(energy), counts ? "raw counts" : "transmission"));
  out.text(DCM_AcquisitionStatus, "SUCCESSFUL");
  out.text(DCM_InstanceNumber, "1");
  out.text(DCM_ContentDate, metadata.scan_start.date);
  out.text(DCM_ContentTime, metadata.scan_start.time);
  out.text(DCM_AcquisitionDate, metadata.scan_start.date);
  out.text(DCM_AcquisitionTime, metadata.scan_start.time);
  out.text(DCM_ImageType, counts ? "ORIGINAL\\PRIMARY" : "DERIVED\\PRIMARY");
  if (!counts) {
    out.text(
        DCM_DerivationDescription,
        "Transmission times 60000; 0 no signal, 65534 over range, 65535 missing. Air noise and verdict: group 0099.");
  }
  out.text(DCM_PresentationIntentType, "FOR PROCESSING");
  out.text(DCM_PixelIntensityRelationship, "LIN");
  out.check(dataset.putAndInsertSint16(DcmTag(DCM_PixelIntensityRelationshipSign), 1), "(0028,1041)");
  out.text(DCM_RescaleIntercept, "0");
  out.text(DCM_RescaleSlope, "1");
  out.text(DCM_RescaleType, "US");
  out.text(DCM_PresentationLUTShape, "IDENTITY");
  out.text(DCM_BurnedInAnnotation, "NO");
  out.text(DCM_LossyImageCompression, "00");
  out.text(DCM_KVP, fmt::format("{:.0f}", 1000 * (energy == Energy::high ? metadata.high_mev : metadata.low_mev)));
  out.text(DCM_XRayTubeCurrentInuA, "0");
  out.text(DCM_ImagePositionPatient, "0\\0\\0");
  out.text(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
  out.text(DCM_DetectorType, "SCINTILLATOR");
  const ScanStatistics& s = image.statistics;
  if (s.geometry_calibrated && s.pixel_mm > 0) {
    out.text(DCM_ImagerPixelSpacing, fmt::format("{0:.6g}\\{0:.6g}", s.pixel_mm));
    out.explicit_text(detail::kPrivatePixelMm, EVR_DS, fmt::format("{:.6g}", s.pixel_mm));
  }
  out.explicit_text(detail::kPrivateQuantity, EVR_LO, counts ? "counts" : "transmission");
  out.explicit_text(detail::kPrivateEnergy, EVR_LO, name_of(energy));
  out.explicit_text(detail::kPrivateCalibrated, EVR_CS, s.calibrated ? "YES" : "NO");
  out.explicit_text(detail::kPrivateReason, EVR_LT, s.calibration_reason);
  out.explicit_text(detail::kPrivateAirNoise, EVR_DS,
                    fmt::format("{:.6g}", energy == Energy::high ? s.air_noise_high : s.air_noise_low));

  out.number(DCM_SamplesPerPixel, 1);
  out.text(DCM_PhotometricInterpretation, "MONOCHROME2");
  out.number(DCM_Rows, static_cast<unsigned>(image.rows()));
  out.number(DCM_Columns, static_cast<unsigned>(image.columns()));
  out.number(DCM_BitsAllocated, 16);
  out.number(DCM_BitsStored, 16);
  out.number(DCM_HighBit, 15);
  out.number(DCM_PixelRepresentation, 0);
  {
    const Raster16 pixels = to_raster(image.view, energy);
    out.check(dataset.putAndInsertUint16Array(DCM_PixelData, pixels.samples().data(),
                                              static_cast<unsigned long>(pixels.samples().size())),
              "pixel data");
  }
  if (auto result = out.result(); !result) return tl::unexpected<Error>(std::move(result.error()));

  E_TransferSyntax syntax = EXS_LittleEndianExplicit;
  if (compression == Compression::jpeg_ls) {
    syntax = EXS_JPEGLSLossless;
    const OFCondition coded = dataset.chooseRepresentation(syntax, nullptr);
    if (coded.bad() || !dataset.canWriteXfer(syntax)) {
      return write_plane(image, metadata, energy, file, Compression::none);
    }
  }
  auto bytes = detail::write_atomically(file, [&](const std::filesystem::path& temporary) -> Result<void> {
    auto saved = detail::save(format, temporary, syntax);
    if (!saved || compression == Compression::none) return saved;
    // DCMTK's coder has written noise that its decoder refused (see dicos_test.cpp): nothing coded counts as stored
    // before it was read back.
    const auto again = read_plane(temporary);
    if (again && again->pixels == to_raster(image.view, energy)) return {};
    return fail(ErrorCode::write_failed, file.string(), "JPEG-LS did not give back every pixel");
  });
  if (!bytes && compression != Compression::none)
    return write_plane(image, metadata, energy, file, Compression::none);
  if (!bytes) return tl::unexpected<Error>(std::move(bytes.error()));
  stored.bytes = *bytes;
  return stored;
}

}  // namespace

Result<std::vector<StoredObject>> write_dicos(const ScanImage& image, const ScanMetadata& metadata,
                                              const std::filesystem::path& folder, const std::string& stem,
                                              Compression compression) {
  detail::register_codecs();
  if (auto ok = detail::check_metadata(metadata); !ok) return tl::unexpected<Error>(std::move(ok.error()));
  if (image.view.empty()) return fail(ErrorCode::bad_argument, stem, "the scan has no pixels");
  if (image.rows() > 65535 || image.columns() > 65535) {
    return fail(ErrorCode::too_large, stem,
                fmt::format("{} x {} pixels; DICOM counts at most 65535 each way", image.columns(), image.rows()),
                "reduce the scan or store it in parts");
  }
  std::vector<StoredObject> out;
  try {
    for (const Energy energy : {Energy::high, Energy::low}) {
      if (energy == Energy::low && !image.view.has_low) continue;
      const std::string name =
          fmt::format("{}-{}{}.dcs", stem, image.quantity == Quantity::counts ? "raw-" : "", name_of(energy));
      auto stored = write_plane(image, metadata, energy, folder / name, compression);
      if (!stored) return tl::unexpected<Error>(std::move(stored.error()));
      out.push_back(std::move(*stored));
    }
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::out_of_memory, stem, "not enough memory to write the scan");
  }
  return out;
}

}  // namespace torugart::imaging
