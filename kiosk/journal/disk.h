// Files beside the database: locks, keys, copies. Internal to kiosk/journal.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>

#include "kiosk/journal/error.h"

namespace torugart::journal::disk {

class File {  // a file descriptor with an owner
 public:
  explicit File(int fd = -1) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File();
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string read_all(const File& file);
// Whole or not at all: temporary name, sync, rename, sync of the folder.
Result<void> write_file(const std::string& path, std::string_view bytes, mode_t mode);
// Gives a finished file its name, durably.
Result<void> put_in_place(const std::string& from, const std::string& to);
Result<void> sync_folder_of(const std::string& path);

}  // namespace torugart::journal::disk
