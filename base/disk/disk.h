// Files that survive kill -9 and a power cut, and owners for descriptors. The one place that knows in which order to
// write, sync, rename and sync the folder (README.md).
//
// Reentrant: different files from different threads at once, one file from one thread at a time. Errors: values that
// keep errno, so that the caller can put them in the words of its own users.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace torugart::disk {

struct Failure {
  int number = 0;              // errno
  std::string doing;           // "cannot write"
  std::string where;           // the path
  bool full() const;           // no room, or no quota left
  bool not_allowed() const;    // not there, not ours, read-only
  std::string reason() const;  // errno in words
  std::string text() const;    // "cannot write /a/b: No space left on device"
};

template <typename T>
using Result = tl::expected<T, Failure>;

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
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

// open(2), closed on exec; tried again when a signal interrupts it.
Result<File> open_file(const std::string& path, int flags, mode_t mode = 0);

Result<void> write_all(const File& file, std::string_view bytes, const std::string& where);
// Up to `most` bytes from where the file stands; what lies beyond is left.
Result<std::string> read_all(const File& file, const std::string& where, std::size_t most = SIZE_MAX);
// The whole file in pieces of at most 1 MiB; ends at the first false of `take`.
Result<void> read_pieces(const File& file, const std::string& where,
                         const std::function<bool(std::string_view)>& take);
Result<std::string> read_file(const std::string& path, std::size_t most = SIZE_MAX);
std::string text_of(const std::string& path);  // of a small file; empty when it is not there or cannot be read

Result<void> sync(const File& file, const std::string& where);
Result<void> sync_folder(const std::string& folder);   // "" is the current one
Result<void> sync_folder_of(const std::string& path);  // in which the entry of `path` stands
std::string folder_of(const std::string& path);        // "." when it has none

// Whole or not at all. Nothing is left beside it when it fails.
Result<void> replace(const std::string& path, std::string_view bytes, mode_t mode = 0644);
// Gives a finished file its name, durably; an older file of that name is replaced. `from` stays when it fails before.
Result<void> put_in_place(const std::string& from, const std::string& to);
// At the end of a file that is made when it is not there.
Result<void> append(const std::string& path, std::string_view bytes, mode_t mode = 0644);
// The lines of a file that append() wrote; a last one that is not whole (the power went) is cut off the file.
std::vector<std::string> whole_lines(const std::string& path);

// One level; there already is good.
Result<void> make_folder(const std::string& folder, mode_t mode = 0750);
std::vector<std::string> names_in(
    const std::string& folder);  // ascending, without "." and ".."; empty when unreadable

// Free for this user on the file system of `folder`, bytes; -1 when it cannot be told.
std::int64_t free_bytes(const std::string& folder);

}  // namespace torugart::disk
