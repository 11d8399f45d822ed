// Files that survive: whole or not at all, whichever step the disk refuses and whenever the power goes.
#include "base/disk/disk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "tests/support/traced_disk.h"

namespace torugart::disk {
namespace {

namespace fs = std::filesystem;
using torugart::testing::TracedDisk;
using Kind = TracedDisk::Kind;

class DiskTest : public ::testing::Test {
 protected:
  DiskTest() {
    std::string pattern = (fs::temp_directory_path() / "torugart-disk-XXXXXX").string();
    folder = ::mkdtemp(pattern.data()) != nullptr ? pattern : std::string();
    ::mkdir((folder + "/d").c_str(), 0755);
  }
  ~DiskTest() override {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  std::string in(const std::string& name) const { return folder + "/d/" + name; }
  std::size_t files() const { return names_in(folder + "/d").size(); }
  std::string folder;
};

TEST_F(DiskTest, AReplacedFileIsTheOldOrTheNewOneWheneverThePowerGoes) {
  const std::string old_text(3000, 'o'), new_text(5000, 'n');
  ASSERT_TRUE(replace(in("a"), old_text).has_value());
  TracedDisk traced(folder + "/d");
  ASSERT_TRUE(replace(in("a"), new_text).has_value());
  for (std::size_t call = 0; call <= traced.calls(); ++call)
    for (std::uint32_t seed = 0; seed < 30; ++seed) {
      traced.at(call, seed, folder + "/after");
      const auto text = text_of(folder + "/after/a");
      ASSERT_TRUE(text == new_text || (text == old_text && call < traced.calls())) << "call " << call;
    }
}

TEST_F(DiskTest, EachSyncOfReplaceIsNeeded) {
  TracedDisk traced(folder + "/d");
  ASSERT_TRUE(replace(in("a"), std::string(5000, 'n')).has_value());
  const auto sites = traced.sync_sites();
  EXPECT_EQ(sites, (std::vector<std::string>{"", "a.new-*"}));
  for (const auto& site : sites) {
    int lost = 0;
    for (std::uint32_t seed = 0; seed < 30; ++seed) {
      traced.at(traced.calls(), seed, folder + "/after", &site);
      lost += text_of(folder + "/after/a") != std::string(5000, 'n');
    }
    EXPECT_GT(lost, 0) << "without the sync of '" << site << "'";
  }
}

TEST_F(DiskTest, WhateverStepFailsTheOldFileStaysAndNothingIsLeft) {
  ASSERT_TRUE(replace(in("a"), "old").has_value());
  TracedDisk traced(folder + "/d");
  for (const auto kind : {Kind::make, Kind::write, Kind::sync, Kind::rename})
    for (const int error : {ENOSPC, EIO, EROFS}) {
      traced.refuse(kind, "a.new", error);
      const auto done = replace(in("a"), "new");
      traced.allow();
      ASSERT_FALSE(done.has_value());
      EXPECT_EQ(done.error().number, error);
      EXPECT_EQ(done.error().full(), error == ENOSPC);
      EXPECT_EQ(text_of(in("a")), "old");
      EXPECT_EQ(files(), 1U);
    }
}

TEST_F(DiskTest, LinesAreAppendedWholeAndATornOneIsCutOff) {
  ASSERT_TRUE(append(in("lines"), "one\ntwo\nthr").has_value());
  EXPECT_EQ(whole_lines(in("lines")), (std::vector<std::string>{"one", "two"}));
  ASSERT_TRUE(append(in("lines"), "three\n").has_value());
  EXPECT_EQ(whole_lines(in("lines")).back(), "three");
  TracedDisk traced(folder + "/d");
  traced.refuse(Kind::sync, "lines", EIO);
  EXPECT_FALSE(append(in("lines"), "four\n").has_value());
  traced.allow();
  ASSERT_TRUE(append(in("lines"), "five\n").has_value());
  EXPECT_EQ(whole_lines(in("lines")), (std::vector<std::string>{"one", "two", "three", "five"}));
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    traced.at(traced.calls(), seed, folder + "/after");
    EXPECT_EQ(text_of(folder + "/after/lines"), "one\ntwo\nthree\nfive\n");
  }
}

TEST_F(DiskTest, AFolderThatCouldNotBeSyncedIsSyncedTheNextTime) {
  TracedDisk traced(folder + "/d");
  traced.refuse(Kind::sync, "", EIO);
  EXPECT_FALSE(make_folder(in("sub")).has_value());
  traced.allow();
  const auto before = traced.syncs();
  EXPECT_TRUE(make_folder(in("sub")).has_value());
  EXPECT_EQ(traced.syncs(), before + 1);
  EXPECT_TRUE(make_folder(in("sub")).has_value()) << "there already";
}

}  // namespace
}  // namespace torugart::disk
