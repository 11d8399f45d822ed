// A power cut under the archive: a file whose content was not synced before it got its name, or whose folder was not
// synced after, is gone.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>
#include <vector>

#include "kiosk/archive/archive.h"
#include "tests/kiosk/journal/scratch.h"

namespace torugart::archive {
namespace {

class NotingOps final : public FileOps {
 public:
  explicit NotingOps(bool files_sync = true, bool folders_sync = true)
      : files_sync_(files_sync), folders_sync_(folders_sync) {}

  int sync_file(int fd) override {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return errno;
    if (files_sync_) synced_.insert(info.st_ino);
    return 0;
  }
  int rename(const std::string& from, const std::string& to) override {
    struct stat info {};
    if (::stat(from.c_str(), &info) != 0) return errno;
    waiting_.push_back({to, synced_.contains(info.st_ino)});
    return FileOps::rename(from, to);
  }
  int sync_folder(const std::string& folder) override {
    if (!folders_sync_) return 0;
    const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
    for (const auto& [path, whole] : waiting_)
      if (whole && path.starts_with(prefix)) durable_.insert(path);
    return 0;
  }
  bool survives(const std::string& path) const { return durable_.contains(path); }

 private:
  struct Renamed {
    std::string path;
    bool whole;
  };
  bool files_sync_, folders_sync_;
  std::set<ino_t> synced_;
  std::vector<Renamed> waiting_;
  std::set<std::string> durable_;
};

int lost(const std::shared_ptr<NotingOps>& ops) {
  const journal::testing::Scratch scratch;
  Options options;
  options.reserve_bytes = 0;
  options.ops = ops;
  auto archive = Archive::open(scratch.path("archive"), options).value();
  int lost = 0;
  for (int i = 0; i < 20; ++i) {
    const auto kept = archive->put("picture " + std::to_string(i), "text/plain").value();
    if (!ops->survives(archive->path(kept.sha256))) ++lost;
  }
  return lost;
}

TEST(ArchivePowerCut, WhatPutReturnedSurvives) {
  EXPECT_EQ(lost(std::make_shared<NotingOps>()), 0);
}

TEST(ArchivePowerCut, TheTestSeesTheLossWhenNothingIsSynced) {
  EXPECT_EQ(lost(std::make_shared<NotingOps>(false, true)), 20);
  EXPECT_EQ(lost(std::make_shared<NotingOps>(true, false)), 20);
}

}  // namespace
}  // namespace torugart::archive
