#include "kiosk/archive/archive.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace torugart::archive {
namespace {

namespace fs = std::filesystem;

// SHA-256 of "abc" (FIPS 180-4's own example).
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class SmallDisk final : public FileOps {
 public:
  std::int64_t free = 1'000'000;
  int rename_error = 0;
  std::int64_t free_bytes(const std::string&) override { return free; }
  int rename(const std::string& from, const std::string& to) override {
    return rename_error != 0 ? rename_error : FileOps::rename(from, to);
  }
};

class ArchiveTest : public ::testing::Test {
 protected:
  ArchiveTest() {
    std::string pattern = (fs::temp_directory_path() / "torugart-archive-XXXXXX").string();
    folder = ::mkdtemp(pattern.data()) != nullptr ? pattern : std::string();
    options.reserve_bytes = 1000;
    options.typical_truck_bytes = 1000;
    options.ops = disk;
    open();
  }
  ~ArchiveTest() override {
    archive.reset();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  void open() { archive = Archive::open(folder + "/archive", options).value(); }
  std::size_t temps() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder + "/archive/tmp"), fs::directory_iterator()));
  }

  std::string folder;
  std::shared_ptr<SmallDisk> disk = std::make_shared<SmallDisk>();
  Options options;
  std::unique_ptr<Archive> archive;
};

TEST_F(ArchiveTest, KeepsByContent) {
  const auto info = archive->put("abc", "text/plain").value();
  EXPECT_EQ(info.sha256, kAbc);
  EXPECT_EQ(info.bytes, 3);
  EXPECT_EQ(info.media_type, "text/plain");
  EXPECT_EQ(archive->put("abc", "text/plain").value().sha256, kAbc);
  EXPECT_EQ(archive->list(), std::vector<std::string>{kAbc});
  EXPECT_EQ(archive->space().files, 1);
  open();
  EXPECT_EQ(archive->get(kAbc).value(), (std::vector<std::uint8_t>{'a', 'b', 'c'}));
  EXPECT_EQ(archive->check(kAbc).value().bytes, 3);
  EXPECT_EQ(archive->space().stored_bytes, 3);
  EXPECT_TRUE(archive->has(kAbc));
  EXPECT_EQ(archive->get(std::string(64, 'a')).error().code, Error::Code::not_found);
  EXPECT_EQ(archive->get("../../etc/passwd").error().code, Error::Code::refused);
  EXPECT_EQ(archive->path("../x"), "");
}

TEST_F(ArchiveTest, TakesBigFilesInPieces) {
  std::vector<std::uint8_t> big(300'000);
  for (std::size_t i = 0; i < big.size(); ++i)
    big[i] = static_cast<std::uint8_t>(i * 7);
  const auto whole = archive->put(big, "x").value();
  auto writer = archive->begin("x").value();
  const std::span<const std::uint8_t> span(big);
  ASSERT_TRUE(writer->write(span.first(100)).has_value());
  ASSERT_TRUE(writer->write(span.subspan(100)).has_value());
  EXPECT_EQ(writer->finish().value().sha256, whole.sha256);
  EXPECT_EQ(writer->finish().error().code, Error::Code::refused);
  EXPECT_EQ(writer->write(span).error().code, Error::Code::refused);
  std::ofstream(folder + "/big", std::ios::binary).write(reinterpret_cast<const char*>(big.data()), 300'000);
  EXPECT_EQ(archive->put_file(folder + "/big", "x").value().sha256, whole.sha256);
  EXPECT_FALSE(archive->put_file(folder + "/none", "x").has_value());
}

TEST_F(ArchiveTest, AFileThatChangedIsNoAnswerAndIsHealedByAnotherPut) {
  ASSERT_TRUE(archive->put("abc", "x").has_value());
  std::ofstream(archive->path(kAbc)) << "abd";
  EXPECT_EQ(archive->get(kAbc).error().code, Error::Code::damaged);
  EXPECT_EQ(archive->check(kAbc).error().code, Error::Code::damaged);
  ASSERT_TRUE(archive->put("abc", "x").has_value());
  EXPECT_TRUE(archive->get(kAbc).has_value());
}

TEST_F(ArchiveTest, HalfWrittenFilesAreRemovedButNotThoseBeingWritten) {
  {
    auto writer = archive->begin("x").value();
    EXPECT_EQ(temps(), 1U);
  }
  EXPECT_EQ(temps(), 0U) << "given up";
  std::ofstream(folder + "/archive/tmp/99-1") << "left by a run that was killed";
  auto writer = archive->begin("x").value();
  const auto other = Archive::open(folder + "/archive", options).value();
  EXPECT_EQ(temps(), 1U);
  EXPECT_TRUE(writer->finish().has_value());
}

TEST_F(ArchiveTest, FreesOnlyAgainstAReceipt) {
  ASSERT_TRUE(archive->put("abc", "x").has_value());
  EXPECT_EQ(archive->free_with_receipt(kAbc, {"R-9", {std::string(64, 'a')}}).error().code, Error::Code::refused);
  EXPECT_EQ(archive->free_with_receipt(kAbc, {"", {kAbc}}).error().code, Error::Code::refused);
  EXPECT_TRUE(archive->has(kAbc));
  EXPECT_TRUE(archive->free_with_receipt(kAbc, {"R-9", {kAbc}}).has_value());
  EXPECT_FALSE(archive->has(kAbc));
  const auto freed = archive->get(kAbc);
  EXPECT_EQ(freed.error().code, Error::Code::freed);
  EXPECT_NE(freed.error().what.find("R-9"), std::string::npos);
  EXPECT_EQ(archive->free_with_receipt(kAbc, {"R-9", {kAbc}}).error().code, Error::Code::freed);
  EXPECT_EQ(archive->space().files, 0);
  EXPECT_EQ(temps(), 0U);
  ASSERT_TRUE(archive->put("abc", "x").has_value());
  EXPECT_TRUE(archive->get(kAbc).has_value());
}

TEST_F(ArchiveTest, KeepsTheReserveForTheJournal) {
  disk->free = 5'500;
  EXPECT_EQ(archive->space().usable_bytes, 4'500);
  EXPECT_EQ(archive->space().trucks, 4);
  EXPECT_EQ(archive->put(std::string(4'501, 'x'), "x").error().code, Error::Code::disk_full);
  EXPECT_TRUE(archive->put(std::string(4'500, 'x'), "x").has_value());
  auto writer = archive->begin("x").value();
  disk->free = 900;
  const std::vector<std::uint8_t> one(1);
  EXPECT_EQ(writer->write(one).error().code, Error::Code::disk_full);
  EXPECT_EQ(archive->begin("x").error().code, Error::Code::disk_full);
  EXPECT_EQ(archive->space().usable_bytes, 0);
}

TEST_F(ArchiveTest, ARenameThatFailsLeavesNothing) {
  disk->rename_error = EIO;
  EXPECT_EQ(archive->put("abc", "x").error().code, Error::Code::io);
  EXPECT_FALSE(archive->has(kAbc));
  EXPECT_EQ(temps(), 0U);
}

TEST_F(ArchiveTest, SaysWhatItCannotOpen) {
  std::ofstream(folder + "/file") << "x";
  EXPECT_EQ(Archive::open(folder + "/file/archive").error().code, Error::Code::cannot_open);
}

}  // namespace
}  // namespace torugart::archive
