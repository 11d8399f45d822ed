#include "imaging/files/dicos.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "imaging/files/reader.h"
#include "imaging/files/writer.h"
#include "tests/imaging/files/test_files.h"

namespace torugart::imaging {
namespace {

using test::Folder;
using test::metadata;
using test::scan;

// What dcmdump says of a file; empty when the tool is not installed.
std::string dcmdump(const std::filesystem::path& file) {
  const std::string command = "command -v dcmdump >/dev/null && dcmdump +P 0002,0010 +L '" + file.string() +
                              "' 2>&1; " + "command -v dcmdump >/dev/null && dcmdump '" + file.string() + "' 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string out;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    out.append(buffer.data(), n);
  ::pclose(pipe);
  return out;
}

TEST(Dicos, gives_back_every_pixel_of_both_energies) {
  const Folder folder("dicos");
  const ScanImage image = scan();
  for (const Compression compression : {Compression::none, Compression::jpeg_ls}) {
    const auto stored = write_dicos(image, metadata(), folder.path(), "s", compression);
    ASSERT_TRUE(stored) << stored.error().text();
    ASSERT_EQ(stored->size(), 2U);
    for (const Energy energy : {Energy::high, Energy::low}) {
      const StoredObject& object = (*stored)[static_cast<std::size_t>(energy)];
      EXPECT_EQ(object.bytes, std::filesystem::file_size(object.file));
      const auto plane = read_plane(object.file);
      ASSERT_TRUE(plane) << plane.error().text();
      EXPECT_EQ(plane->pixels, to_raster(image.view, energy));
      EXPECT_EQ(plane->format, FileFormat::dicos);
      EXPECT_EQ(plane->energy, energy);
      EXPECT_EQ(plane->quantity, Quantity::transmission);
      EXPECT_EQ(plane->ooi_id, "01KG123ABC");
      EXPECT_EQ(plane->scan_id, "lane-2/2026-05-04/000117");
      EXPECT_DOUBLE_EQ(plane->pixel_mm, 4.25);
      EXPECT_TRUE(plane->calibrated);
      EXPECT_EQ(plane->sop_instance_uid, object.sop_instance_uid);
    }
    EXPECT_NE((*stored)[0].series_uid, (*stored)[1].series_uid);
    EXPECT_EQ((*stored)[0].study_uid, (*stored)[1].study_uid);
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_NE(entry.path().filename().string()[0], '.') << "no temporary file stays";
  }
}

TEST(Dicos, jpeg_ls_makes_a_picture_smaller_and_keeps_it) {
  const Folder folder("dicos-ls");
  Raster16 smooth(300, 200);
  std::mt19937 random(3);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 300; ++x)
      smooth.at(x, y) = static_cast<std::uint16_t>(20000 + 50 * x + 30 * y + random() % 64);
  }
  ScanImage image;
  image.view = make_view(smooth, {});
  const auto stored = write_dicos(image, metadata(), folder.path(), "s", Compression::jpeg_ls);
  ASSERT_TRUE(stored) << stored.error().text();
  EXPECT_LT(stored->front().bytes, 300U * 200U * 2U * 7U / 10U);
  const auto plane = read_plane(stored->front().file);
  ASSERT_TRUE(plane);
  EXPECT_EQ(plane->transfer_syntax, "JPEG-LS Lossless");
  EXPECT_EQ(plane->pixels, smooth);
}

TEST(Dicos, noise_that_the_jpeg_ls_coder_spoils_is_stored_plain) {
  const Folder folder("dicos-noise");
  const ScanImage image = scan();
  const auto stored = write_dicos(image, metadata(), folder.path(), "s", Compression::jpeg_ls);
  ASSERT_TRUE(stored) << stored.error().text();
  for (const Energy energy : {Energy::high, Energy::low}) {
    const auto plane = read_plane((*stored)[static_cast<std::size_t>(energy)].file);
    ASSERT_TRUE(plane) << plane.error().text();
    EXPECT_EQ(plane->pixels, to_raster(image.view, energy));
  }
}

TEST(Dicos, raw_counts_are_series_of_their_own) {
  const Folder folder("dicos-raw");
  ScanImage image = scan(40, 30);
  image.quantity = Quantity::counts;
  const auto stored = write_dicos(image, metadata(), folder.path(), "s");
  ASSERT_TRUE(stored);
  EXPECT_EQ((*stored)[0].file.filename(), "s-raw-high.dcs");
  const auto plane = read_plane((*stored)[1].file);
  ASSERT_TRUE(plane);
  EXPECT_EQ(plane->quantity, Quantity::counts);
  image.quantity = Quantity::transmission;
  const auto corrected = write_dicos(image, metadata(), folder.path(), "s");
  ASSERT_TRUE(corrected);
  EXPECT_NE((*corrected)[0].sop_instance_uid, (*stored)[0].sop_instance_uid);
}

TEST(Dicos, ids_follow_from_the_scan_alone) {
  const Folder folder("dicos-uid");
  const auto first = write_dicos(scan(20, 20), metadata(), folder.path(), "a");
  const auto again = write_dicos(scan(20, 20), metadata(), folder.path(), "b");
  ASSERT_TRUE(first && again);
  EXPECT_EQ((*first)[0].sop_instance_uid, (*again)[0].sop_instance_uid);
  EXPECT_EQ(test::bytes_of((*first)[0].file), test::bytes_of((*again)[0].file)) << "nothing depends on the clock";
  ScanMetadata other = metadata();
  other.uid_seed = "x";
  const auto third = write_dicos(scan(20, 20), other, folder.path(), "c");
  ASSERT_TRUE(third);
  EXPECT_NE((*first)[0].study_uid, (*third)[0].study_uid);
  EXPECT_LE((*first)[0].study_uid.size(), 64U);
  EXPECT_EQ((*first)[0].study_uid.rfind("2.25.", 0), 0U);
}

TEST(Dicos, a_tool_that_is_not_ours_finds_the_mandatory_attributes) {
  const Folder folder("dicos-dump");
  const auto stored = write_dicos(scan(30, 20), metadata(), folder.path(), "s");
  ASSERT_TRUE(stored);
  const std::string dump = dcmdump((*stored)[0].file);
  if (dump.empty()) GTEST_SKIP() << "dcmdump (Debian package dcmtk) is not installed";
  EXPECT_EQ(dump.find("E: "), std::string::npos) << dump;
  EXPECT_EQ(dump.find("W: "), std::string::npos) << dump;
  for (const char* tag : {"(0008,0016) UI =DICOS_DigitalXRayImageStorageForProcessing",
                          "(0010,0020) LO [01KG123ABC]",
                          "(0010,0021)",
                          "(0010,0022)",
                          "(4010,1042) CS [CARGO]",
                          "(4010,1064)",
                          "(0020,000d)",
                          "(0008,0020) DA [20260504]",
                          "(0008,0030)",
                          "(0020,0010)",
                          "(4010,1048)",
                          "(0020,000e)",
                          "(0008,0021)",
                          "(0008,0031)",
                          "(0008,0060) CS [DX]",
                          "(4010,1044)",
                          "(0008,0070)",
                          "(0008,0080)",
                          "(0008,0081)",
                          "(0008,1010)",
                          "(0008,1090)",
                          "(0018,1000)",
                          "(0018,1020)",
                          "(0018,1200)",
                          "(0018,1201)",
                          "(4010,103a) CS [V02A]",
                          "(0008,0068) CS [FOR PROCESSING]",
                          "(0008,0008)",
                          "(0028,1040)",
                          "(0028,1041)",
                          "(0028,1052) DS [0]",
                          "(0028,1053) DS [1]",
                          "(0028,1054)",
                          "(2050,0020)",
                          "(0018,0060) DS [6000]",
                          "(0018,8151)",
                          "(0020,0032)",
                          "(0020,0037)",
                          "(0018,7004)",
                          "(7fe0,0010) OW",
                          "LittleEndianExplicit"}) {
    EXPECT_NE(dump.find(tag), std::string::npos) << tag << "\n" << dump;
  }
}

TEST(Dicos, says_what_is_missing_or_too_large) {
  const Folder folder("dicos-bad");
  ScanMetadata m = metadata();
  m.ooi_id.clear();
  const auto nobody = write_dicos(scan(20, 20), m, folder.path(), "s");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().what, "the object's number (ooi_id) is empty");
  const auto nowhere = write_dicos(scan(20, 20), metadata(), folder.path() / "no" / "such", "s");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::write_failed);
  const auto wide = write_dicos(scan(65536, 1, false), metadata(), folder.path(), "s");
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().code, ErrorCode::too_large);
  EXPECT_FALSE(write_dicos(ScanImage{}, metadata(), folder.path(), "s"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Dicos, long_and_foreign_texts_are_cut_between_characters) {
  const Folder folder("dicos-text");
  ScanMetadata m = metadata();
  m.station = "Автомобильный пункт пропуска";  // 16 bytes end inside a letter
  m.ooi_id = "A\\B";
  const auto stored = write_dicos(scan(20, 20), m, folder.path(), "s");
  ASSERT_TRUE(stored);
  const auto plane = read_plane((*stored)[0].file);
  ASSERT_TRUE(plane);
  EXPECT_EQ(plane->station, "Автомоби");
  EXPECT_EQ(plane->ooi_id, "A/B");
}

TEST(Tdr, carries_the_decision_and_its_places) {
  const Folder folder("tdr");
  const auto stored = write_dicos(scan(60, 40), metadata(), folder.path(), "s");
  ASSERT_TRUE(stored);
  ThreatReport report;
  report.operator_name = "a.inspector";
  report.decision = Decision::alarm;
  report.made_at = DicomTime::from_unix_us(1'777'889'060'000'000);
  report.decision_seconds = 42.5;
  report.marks = {{"cigarettes", "behind the wall", {10, 12, 20, 8}, 0.8}, {"other", "", {40, 2, 5, 5}, 0.3}};
  const auto tdr = write_tdr(report, metadata(), *stored, folder.path() / "s-tdr.dcs");
  ASSERT_TRUE(tdr) << tdr.error().text();
  EXPECT_EQ(tdr->study_uid, stored->front().study_uid);
  const std::string dump = dcmdump(tdr->file);
  if (dump.empty()) GTEST_SKIP() << "dcmdump (Debian package dcmtk) is not installed";
  EXPECT_EQ(dump.find("E: "), std::string::npos) << dump;
  for (const std::string& tag : std::vector<std::string>{"DICOS_ThreatDetectionReportStorage",
                                                         "(4010,1027) CS [OPERATOR]",
                                                         "(4010,1031) CS [ALARM]",
                                                         "(4010,1024) CS [SUCCESS]",
                                                         "(4010,1033) US 2",
                                                         "(4010,1034) US 2",
                                                         "(4010,1069) FL 42.5",
                                                         "(4010,102b) DT [20260504100420.000000+0000]",
                                                         "(4010,1010) US 2",
                                                         "(4010,1014)",
                                                         "(4010,1015) CS [THREAT]",
                                                         "(4010,101d) FL 10\\12\\0\\30\\12\\0\\30\\20\\0\\10\\20\\0",
                                                         "a.inspector",
                                                         "cigarettes: behind the wall",
                                                         stored->at(1).sop_instance_uid,
                                                         "(0008,1072)",
                                                         "(0008,114a)",
                                                         "(0008,1110)",
                                                         "(0020,0013)",
                                                         "(0008,0023)",
                                                         "(0008,0033)"}) {
    EXPECT_NE(dump.find(tag), std::string::npos) << tag << "\n" << dump;
  }
  const auto no_picture = read_plane(tdr->file);
  ASSERT_FALSE(no_picture);
  EXPECT_EQ(no_picture.error().remedy, "this object holds no picture");
}

TEST(Tdr, refuses_half_a_decision) {
  const Folder folder("tdr-bad");
  const std::vector<StoredObject> pictures = {{"x", "1.2", "1.3", "1.4", "1.5", 1}};
  ThreatReport report;
  report.operator_name = "a";
  report.made_at = DicomTime::from_unix_us(0);
  report.decision = Decision::clear;
  const auto file = folder.path() / "t.dcs";
  EXPECT_TRUE(write_tdr(report, metadata(), pictures, file));
  EXPECT_FALSE(write_tdr(report, metadata(), {}, file));
  report.decision = Decision::alarm;
  EXPECT_FALSE(write_tdr(report, metadata(), pictures, file)) << "an alarm without a place";
  report.decision = Decision::unknown;
  report.operator_name.clear();
  EXPECT_FALSE(write_tdr(report, metadata(), pictures, file));
  report.by_operator = false;
  report.algorithm = "density aid 1";
  EXPECT_TRUE(write_tdr(report, metadata(), pictures, file));
}

TEST(DicomTime, is_utc) {
  const DicomTime t = DicomTime::from_unix_us(951'782'400'000'001);
  EXPECT_EQ(t.date, "20000229");
  EXPECT_EQ(t.time, "000000.000001");
  EXPECT_EQ(DicomTime::from_unix_us(-1).time, "235959.999999");
}

}  // namespace
}  // namespace torugart::imaging
