#include "imaging/files/reader.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gtest/gtest.h>

#include <opencv2/core/mat.hpp>
#include <opencv2/imgcodecs.hpp>

#include "imaging/files/writer.h"
#include "tests/imaging/files/test_files.h"

namespace torugart::imaging {
namespace {

using test::bytes_of;
using test::Folder;
using test::metadata;
using test::scan;

TEST(Reader, png_and_tiff_pairs_give_back_every_pixel) {
  const Folder folder("pairs");
  const ScanImage image = scan(77, 33);
  for (const char* name : {"a.png", "a.tiff", "a.tif", "a.dcs"}) {
    const WriterSeam* writer = writer_for(folder.path() / name);
    ASSERT_NE(writer, nullptr) << name;
    const auto files = writer->write(image, metadata(), folder.path() / name);
    ASSERT_TRUE(files) << files.error().text();
    ASSERT_EQ(files->size(), 2U);
    for (const Energy energy : {Energy::high, Energy::low}) {
      const auto plane = read_plane(files->at(static_cast<std::size_t>(energy)));
      ASSERT_TRUE(plane) << plane.error().text();
      EXPECT_EQ(plane->pixels, to_raster(image.view, energy)) << name;
    }
  }
  EXPECT_EQ(writer_for("x.bmp"), nullptr);
}

// A plain DICOM object as other software makes it.
std::filesystem::path dicom(const std::filesystem::path& file, const char* photometric, Uint16 allocated,
                            Uint16 stored, Uint16 is_signed, const std::vector<Uint16>& values, Uint16 columns,
                            Uint16 rows, E_TransferSyntax syntax) {
  DcmFileFormat format;
  DcmDataset& d = *format.getDataset();
  d.putAndInsertString(DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
  d.putAndInsertString(DCM_SOPInstanceUID, "1.2.3.4");
  d.putAndInsertString(DCM_PhotometricInterpretation, photometric);
  d.putAndInsertUint16(DCM_SamplesPerPixel, 1);
  d.putAndInsertUint16(DCM_Rows, rows);
  d.putAndInsertUint16(DCM_Columns, columns);
  d.putAndInsertUint16(DCM_BitsAllocated, allocated);
  d.putAndInsertUint16(DCM_BitsStored, stored);
  d.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(stored - 1));
  d.putAndInsertUint16(DCM_PixelRepresentation, is_signed);
  if (allocated == 16) {
    d.putAndInsertUint16Array(DCM_PixelData, values.data(), static_cast<unsigned long>(values.size()));
  } else {
    const std::vector<Uint8> bytes(values.begin(), values.end());
    d.putAndInsertUint8Array(DCM_PixelData, bytes.data(), static_cast<unsigned long>(bytes.size()));
  }
  EXPECT_TRUE(format.saveFile(file.c_str(), syntax).good());
  return file;
}

TEST(Reader, plain_dicom_of_other_software) {
  const Folder folder("plain");
  const std::vector<Uint16> values = {0, 1, 1000, 4095, 17, 2048};
  for (const auto syntax : {EXS_LittleEndianExplicit, EXS_LittleEndianImplicit, EXS_BigEndianExplicit}) {
    const auto m2 = read_plane(dicom(folder.path() / "m2", "MONOCHROME2", 16, 12, 0, values, 3, 2, syntax));
    ASSERT_TRUE(m2) << m2.error().text();
    EXPECT_EQ(m2->format, FileFormat::dicom);
    EXPECT_EQ(m2->bits, 12);
    EXPECT_EQ(std::vector<Uint16>(m2->pixels.samples().begin(), m2->pixels.samples().end()), values);
  }
  const auto m1 =
      read_plane(dicom(folder.path() / "m1", "MONOCHROME1", 16, 12, 0, values, 3, 2, EXS_LittleEndianExplicit));
  ASSERT_TRUE(m1);
  EXPECT_EQ(m1->pixels.at(0, 0), 4095) << "bigger is brighter";
  const auto sign = read_plane(dicom(folder.path() / "s", "MONOCHROME2", 16, 16, 1, {0x8000, 0xFFFF, 0, 0x7FFF}, 2, 2,
                                     EXS_LittleEndianExplicit));
  ASSERT_TRUE(sign);
  EXPECT_EQ(sign->pixels.at(0, 0), 0);
  EXPECT_EQ(sign->pixels.at(1, 0), 32767);
  EXPECT_EQ(sign->pixels.at(1, 1), 65535);
  const auto byte = read_plane(
      dicom(folder.path() / "8", "MONOCHROME2", 8, 8, 0, {1, 2, 3, 255, 0, 9}, 3, 2, EXS_LittleEndianExplicit));
  ASSERT_TRUE(byte) << byte.error().text();
  EXPECT_EQ(byte->pixels.at(0, 1), 255);
}

TEST(Reader, says_what_is_wrong_with_a_lying_file) {
  const Folder folder("lying");
  const auto error = [&](const std::filesystem::path& file) {
    const auto plane = read_plane(file);
    EXPECT_FALSE(plane) << file;
    return plane ? Error{} : plane.error();
  };
  const std::vector<Uint16> six(6, 5);
  const auto shorter =
      error(dicom(folder.path() / "a", "MONOCHROME2", 16, 16, 0, six, 30, 20, EXS_LittleEndianExplicit));
  EXPECT_EQ(shorter.what, "pixel data (7FE0,0010) holds 6 samples, 30 x 20 were promised");
  EXPECT_EQ(error(dicom(folder.path() / "b", "RGB", 16, 16, 0, six, 3, 2, EXS_LittleEndianExplicit)).code,
            ErrorCode::unsupported);
  EXPECT_EQ(error(dicom(folder.path() / "c", "MONOCHROME2", 16, 17, 0, six, 3, 2, EXS_LittleEndianExplicit)).code,
            ErrorCode::bad_file);
  EXPECT_EQ(
      error(dicom(folder.path() / "d", "MONOCHROME2", 16, 16, 0, six, 65535, 65535, EXS_LittleEndianExplicit)).code,
      ErrorCode::too_large);
  EXPECT_EQ(error(folder.path() / "none").code, ErrorCode::not_found);
  std::ofstream(folder.path() / "text") << "this is a letter and no picture at all";
  EXPECT_EQ(error(folder.path() / "text").code, ErrorCode::unsupported);
  std::ofstream(folder.path() / "tiny") << "II";
  EXPECT_EQ(error(folder.path() / "tiny").code, ErrorCode::bad_file);
  const cv::Mat colour(20, 20, CV_8UC3, cv::Scalar(1, 2, 3));
  cv::imwrite((folder.path() / "colour.png").string(), colour);
  EXPECT_EQ(error(folder.path() / "colour.png").code, ErrorCode::unsupported);
}

TEST(Reader, limits_hold_before_memory_is_taken) {
  const Folder folder("limits");
  ASSERT_TRUE(write_png(Raster16(100, 100, 7), folder.path() / "a.png"));
  ReadLimits limits;
  limits.max_pixels = 9999;
  const auto plane = read_plane(folder.path() / "a.png", limits);
  ASSERT_FALSE(plane);
  EXPECT_EQ(plane.error().code, ErrorCode::too_large);
  // A PNG that promises 30,000 x 4,000 pixels in a few hundred bytes.
  auto bytes = bytes_of(folder.path() / "a.png");
  bytes[18] = 0x75;
  bytes[22] = 0x0F;
  const auto lying = read_plane(bytes, "lying.png");
  ASSERT_FALSE(lying);
  EXPECT_EQ(lying.error().code, ErrorCode::bad_file);
  limits = {};
  limits.max_bytes = 10;
  EXPECT_EQ(read_plane(folder.path() / "a.png", limits).error().code, ErrorCode::too_large);
}

TEST(Reader, a_truncated_file_is_an_error_at_every_length) {
  const Folder folder("torn");
  const auto stored = write_dicos(scan(16, 8), metadata(), folder.path(), "s");
  ASSERT_TRUE(stored);
  ASSERT_TRUE(write_png(Raster16(16, 8, 7), folder.path() / "a.png"));
  const auto tiff = writer_for("x.tiff")->write(scan(16, 8, false), metadata(), folder.path() / "a.tiff");
  ASSERT_TRUE(tiff);
  for (const auto& file : {stored->front().file, folder.path() / "a.png"}) {
    const auto whole = bytes_of(file);
    for (std::size_t n = 0; n + 12 < whole.size(); n += n < 400 ? 1 : 7) {
      const auto plane = read_plane(std::span(whole).first(n), "torn");
      ASSERT_FALSE(plane) << file << " cut at " << n << " of " << whole.size();
      ASSERT_FALSE(plane.error().what.empty());
    }
  }
}

}  // namespace
}  // namespace torugart::imaging
