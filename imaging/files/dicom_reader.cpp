#include "imaging/files/dicom_reader.h"

#include <dcmtk/dcmdata/dcistrmb.h>

#include <cstdlib>

#include <fmt/core.h>

#include "imaging/files/dcmtk_support.h"

namespace torugart::imaging::detail {
namespace {

std::string text_of(DcmItem& item, const DcmTagKey& key) {
  OFString value;
  if (item.findAndGetOFString(key, value).bad()) return {};
  return {value.c_str(), value.size()};
}

double number_of(DcmItem& item, const DcmTagKey& key) {
  const std::string text = text_of(item, key);
  return text.empty() ? 0 : std::strtod(text.c_str(), nullptr);
}

struct Format {
  Uint16 rows = 0, columns = 0, allocated = 0, stored = 0, high_bit = 0, samples = 1, is_signed = 0;
  bool inverted = false;
};

Result<Format> read_format(DcmDataset& dataset, const std::string& name, const ReadLimits& limits) {
  Format f;
  const auto need = [&](const DcmTagKey& key, Uint16& value, const char* what) -> std::string {
    return dataset.findAndGetUint16(key, value).good()
               ? std::string()
               : fmt::format("{} {} is missing", what, key.toString().c_str());
  };
  for (const auto& problem : {need(DCM_Rows, f.rows, "Rows"), need(DCM_Columns, f.columns, "Columns"),
                              need(DCM_BitsAllocated, f.allocated, "BitsAllocated")}) {
    if (!problem.empty()) return fail(ErrorCode::bad_file, name, problem, "this object holds no picture");
  }
  if (dataset.findAndGetUint16(DCM_BitsStored, f.stored).bad()) f.stored = f.allocated;
  if (dataset.findAndGetUint16(DCM_HighBit, f.high_bit).bad()) f.high_bit = static_cast<Uint16>(f.stored - 1);
  (void)dataset.findAndGetUint16(DCM_SamplesPerPixel, f.samples);
  (void)dataset.findAndGetUint16(DCM_PixelRepresentation, f.is_signed);
  const std::string photometric = text_of(dataset, DCM_PhotometricInterpretation);
  f.inverted = photometric == "MONOCHROME1";
  if (f.samples != 1 || (photometric != "MONOCHROME1" && photometric != "MONOCHROME2")) {
    return fail(ErrorCode::unsupported, name,
                fmt::format("(0028,0004) says {} with {} samples a pixel; a scan is MONOCHROME1 or MONOCHROME2",
                            photometric, f.samples));
  }
  if (f.rows == 0 || f.columns == 0 || (f.allocated != 8 && f.allocated != 16) || f.stored == 0 ||
      f.stored > f.allocated || f.high_bit >= f.allocated || f.high_bit + 1 < f.stored) {
    return fail(ErrorCode::bad_file, name,
                fmt::format("{} x {} pixels of {} of {} bits, high bit {}: that cannot be", f.columns, f.rows,
                            f.stored, f.allocated, f.high_bit));
  }
  if (static_cast<std::int64_t>(f.rows) * f.columns > limits.max_pixels) {
    return fail(ErrorCode::too_large, name,
                fmt::format("{} x {} pixels are more than the {} allowed", f.columns, f.rows, limits.max_pixels));
  }
  return f;
}

// Brings each sample to 0 .. 2^stored - 1, bigger is brighter.
std::uint16_t sample(unsigned value, const Format& f) {
  const unsigned mask = (1U << f.stored) - 1U;
  value = (value >> (f.high_bit + 1U - f.stored)) & mask;
  if (f.is_signed != 0) value = (value + (1U << (f.stored - 1U))) & mask;
  return static_cast<std::uint16_t>(f.inverted ? mask - value : value);
}

void read_attributes(DcmDataset& dataset, Plane& out) {
  out.sop_class_uid = text_of(dataset, DCM_SOPClassUID);
  out.sop_instance_uid = text_of(dataset, DCM_SOPInstanceUID);
  out.ooi_id = text_of(dataset, DCM_PatientID);
  out.scan_id = text_of(dataset, DCM_StudyID);
  out.station = text_of(dataset, DCM_StationName);
  out.model = text_of(dataset, DCM_ManufacturerModelName);
  out.format =
      out.sop_class_uid.rfind("1.2.840.10008.5.1.4.1.1.501.", 0) == 0 ? FileFormat::dicos : FileFormat::dicom;
  if (text_of(dataset, kPrivateCreatorTag) != kPrivateCreator) return;
  if (const std::string id = text_of(dataset, kPrivateScanId); !id.empty()) out.scan_id = id;
  const std::string quantity = text_of(dataset, kPrivateQuantity);
  if (quantity == "transmission") out.quantity = Quantity::transmission;
  if (quantity == "counts") out.quantity = Quantity::counts;
  const std::string energy = text_of(dataset, kPrivateEnergy);
  if (energy == "high") out.energy = Energy::high;
  if (energy == "low") out.energy = Energy::low;
  out.calibrated = text_of(dataset, kPrivateCalibrated) == "YES";
  out.calibration_reason = text_of(dataset, kPrivateReason);
  out.pixel_mm = number_of(dataset, kPrivatePixelMm);
  out.air_noise = number_of(dataset, kPrivateAirNoise);
  if (!(out.pixel_mm > 0 && out.pixel_mm < 1000)) out.pixel_mm = 0;
  if (!(out.air_noise > 0 && out.air_noise < 1)) out.air_noise = 0;
}

}  // namespace

Result<Plane> decode_dicom(std::span<const std::uint8_t> bytes, const std::string& name, const ReadLimits& limits) {
  register_codecs();
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  DcmFileFormat file;
  file.transferInit();
  const OFCondition read = file.read(stream);
  file.transferEnd();
  if (read.bad()) {
    return fail(ErrorCode::bad_file, name,
                fmt::format("it ends or breaks at byte {}: {}", stream.tell(), read.text()), "copy the file again");
  }
  DcmDataset& dataset = *file.getDataset();
  auto format = read_format(dataset, name, limits);
  if (!format) return tl::unexpected<Error>(std::move(format.error()));
  const Format f = *format;
  const auto syntax = dataset.getOriginalXfer();
  const OFCondition plain = dataset.chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
  if (plain.bad()) {
    return fail(ErrorCode::unsupported, name,
                fmt::format("pixel data in {} cannot be decoded: {}", DcmXfer(syntax).getXferName(), plain.text()),
                "store it uncompressed, as JPEG-LS or RLE");
  }
  const std::size_t wanted = static_cast<std::size_t>(f.rows) * f.columns;
  Plane out;
  out.bits = f.stored;
  out.transfer_syntax = DcmXfer(syntax).getXferName();
  unsigned long count = 0;
  const auto too_short = [&](unsigned long have) {
    return fail(
        ErrorCode::bad_file, name,
        fmt::format("pixel data (7FE0,0010) holds {} samples, {} x {} were promised", have, f.columns, f.rows),
        "copy the file again");
  };
  if (f.allocated == 16) {
    const Uint16* data = nullptr;
    if (dataset.findAndGetUint16Array(DCM_PixelData, data, &count).bad() || data == nullptr) return too_short(0);
    if (count < wanted) return too_short(count);
    out.pixels = Raster16(f.columns, f.rows);
    for (std::size_t i = 0; i < wanted; ++i)
      out.pixels.samples()[i] = sample(data[i], f);
  } else {
    const Uint8* data = nullptr;
    if (dataset.findAndGetUint8Array(DCM_PixelData, data, &count).bad() || data == nullptr) return too_short(0);
    if (count < wanted) return too_short(count);
    out.pixels = Raster16(f.columns, f.rows);
    for (std::size_t i = 0; i < wanted; ++i)
      out.pixels.samples()[i] = sample(data[i], f);
  }
  read_attributes(dataset, out);
  return out;
}

}  // namespace torugart::imaging::detail
