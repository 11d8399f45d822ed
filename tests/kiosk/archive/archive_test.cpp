#include "kiosk/archive/archive.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/traced_disk.h"

namespace torugart::archive {
namespace {

namespace fs = std::filesystem;

// SHA-256 of "abc" (FIPS 180-4's own example).
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class ArchiveTest : public ::testing::Test {
 protected:
  ArchiveTest() {
    std::string pattern = (fs::temp_directory_path() / "torugart-archive-XXXXXX").string();
    folder = ::mkdtemp(pattern.data()) != nullptr ? pattern : std::string();
    options.reserve_bytes = 1000;
    options.typical_truck_bytes = 1000;
    disk = std::make_unique<torugart::testing::TracedDisk>(folder);
    disk->free_bytes(std::int64_t{1} << 30);
    open();
  }
  ~ArchiveTest() override {
    archive.reset();
    disk.reset();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  void open() { archive = Archive::open(folder + "/archive", options).value(); }
  std::size_t temps() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder + "/archive/tmp"), fs::directory_iterator()));
  }

  std::string folder;
  std::unique_ptr<torugart::testing::TracedDisk> disk;
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

TEST_F(ArchiveTest, NewScansStopEarlyAndWhatHasBegunMayUseTheReserve) {
  options.reserve_bytes = options.typical_truck_bytes = 64 << 10;  // a quarter of it is the journal's
  open();
  disk->free_bytes(352 << 10);
  EXPECT_TRUE(archive->space().known);
  EXPECT_EQ(archive->space().usable_bytes, 288 << 10);
  EXPECT_EQ(archive->space().trucks, 4);
  disk->free_bytes(100 << 10);
  EXPECT_EQ(archive->space().trucks, 0) << "no new scan";
  EXPECT_TRUE(archive->put(std::string(84 << 10, 'x'), "x").has_value()) << "but what has begun is kept";
  EXPECT_EQ(archive->put(std::string((84 << 10) + 1, 'x'), "x").error().code, Error::Code::disk_full);
  auto writer = archive->begin("x").value();
  disk->free_bytes(12 << 10);
  const std::vector<std::uint8_t> one(1);
  EXPECT_EQ(writer->write(one).error().code, Error::Code::disk_full);
  EXPECT_EQ(archive->begin("x").error().code, Error::Code::disk_full);
  EXPECT_EQ(archive->space().usable_bytes, 0);
}

TEST_F(ArchiveTest, SealedFilesAreReadWithTheKeyOnly) {
  ASSERT_TRUE(archive->put("in the clear", "x").has_value());
  options.key_file = folder + "/archive.key";
  open();
  std::string text;
  for (int i = 0; text.size() < 200'000; ++i)
    text += "seal " + std::to_string(i) + "\n";
  // around the pieces' borders: empty, one byte, exactly one and two pieces
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, std::size_t{131'072}, text.size()}) {
    const auto kept = archive->put(text.substr(0, size), "x").value();
    EXPECT_EQ(kept.bytes, static_cast<std::int64_t>(size));
    const auto read = archive->get(kept.sha256).value();
    EXPECT_EQ(std::string(read.begin(), read.end()), text.substr(0, size));
    EXPECT_EQ(archive->check(kept.sha256).value().bytes, kept.bytes);
    const auto reader = archive->open_file(kept.sha256).value();
    ASSERT_EQ(reader->bytes(), kept.bytes);
    std::string again;
    for (std::int64_t at = 0; at < kept.bytes; at = std::ssize(again))
      again += reader->read(at, 70'000).value();
    EXPECT_EQ(again, text.substr(0, size));
    EXPECT_EQ(reader->read(kept.bytes / 2, 10).value(),
              text.substr(size / 2, std::min<std::size_t>(10, size - size / 2)));
    std::ifstream raw(archive->path(kept.sha256), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(raw), {}};
    EXPECT_EQ(bytes.find("seal 1"), std::string::npos);
  }
  EXPECT_EQ(archive->space().files, 6);
  const auto kept = archive->put(text, "x").value();
  const auto path = archive->path(kept.sha256);
  for (const auto at : {20, 60, 100, 70'000, 150'000}) {  // the wrapped key, the header, the pieces
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const int byte = file.get();
    file.seekp(at);
    file.put(static_cast<char>(byte ^ 1));
    file.close();
    EXPECT_EQ(archive->get(kept.sha256).error().code, Error::Code::damaged) << at;
    ASSERT_TRUE(archive->put(text, "x").has_value());
  }
  fs::resize_file(path, fs::file_size(path) - 10'000);
  EXPECT_EQ(archive->get(kept.sha256).error().code, Error::Code::damaged) << "cut off";
  EXPECT_FALSE(archive->open_file(kept.sha256).has_value() &&
               archive->open_file(kept.sha256).value()->read(199'000, 100).has_value());
  ASSERT_TRUE(archive->put(text, "x").has_value());

  archive.reset();
  EXPECT_EQ(fs::status(options.key_file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  fs::rename(options.key_file, folder + "/kept.key");
  EXPECT_EQ(Archive::open(folder + "/archive", options).error().code, Error::Code::no_key)
      << "none is made over sealed files";
  const auto without = Archive::open(folder + "/archive").value();
  EXPECT_EQ(without->get(kept.sha256).error().code, Error::Code::no_key);
  EXPECT_EQ(without->list().size(), 6U);
  fs::rename(folder + "/kept.key", options.key_file);
  open();
  EXPECT_EQ(archive->get(kept.sha256).value().size(), text.size());
  EXPECT_TRUE(archive->free_with_receipt(kept.sha256, {"R", {kept.sha256}}).has_value());
  EXPECT_FALSE(archive->has(kept.sha256));
}

TEST_F(ArchiveTest, AFilePutAgainTakesTheFormThatIsAskedForNow) {
  ASSERT_TRUE(archive->put("abc", "x").has_value());
  options.key_file = folder + "/archive.key";
  open();
  ASSERT_TRUE(archive->put("abc", "x").has_value());
  EXPECT_TRUE(archive->path(kAbc).ends_with(".sealed"));
  EXPECT_EQ(archive->space().files, 1);
  EXPECT_TRUE(archive->get(kAbc).has_value());
}

// Whatever step the disk refuses: an error that says so, nothing half-done, and what was there before stays.
TEST_F(ArchiveTest, ADiskThatRefusesLeavesNothing) {
  using Kind = torugart::testing::TracedDisk::Kind;
  ASSERT_TRUE(archive->put("kept", "x").has_value());
  const struct {
    Kind kind;
    int error;
    Error::Code code;
  } refusals[] = {{Kind::make, EROFS, Error::Code::cannot_open},
                  {Kind::make, ENOSPC, Error::Code::disk_full},
                  {Kind::write, ENOSPC, Error::Code::disk_full},
                  {Kind::write, EIO, Error::Code::io},
                  {Kind::sync, EIO, Error::Code::io},
                  {Kind::rename, EIO, Error::Code::io}};
  for (const auto& [kind, error, code] : refusals) {
    disk->refuse(kind, "", error);
    EXPECT_EQ(archive->put("abc", "x").error().code, code);
    disk->allow();
    EXPECT_FALSE(archive->has(kAbc));
    EXPECT_EQ(temps(), 0U);
  }
  EXPECT_EQ(archive->space().files, 1);
  EXPECT_TRUE(archive->put("abc", "x").has_value());
  disk->refuse(Kind::sync, "freed", EIO);
  EXPECT_EQ(archive->free_with_receipt(kAbc, {"R-9", {kAbc}}).error().code, Error::Code::io);
  EXPECT_TRUE(archive->has(kAbc)) << "freed, and its note may be lost";
}

TEST_F(ArchiveTest, SaysWhatItCannotOpen) {
  std::ofstream(folder + "/file") << "x";
  EXPECT_EQ(Archive::open(folder + "/file/archive").error().code, Error::Code::cannot_open);
}

}  // namespace
}  // namespace torugart::archive
