// Files, folders and hashes as the archive needs them. Internal to kiosk/archive.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiosk/archive/archive.h"

namespace torugart::archive::disk {

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

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void add(std::span<const std::uint8_t> bytes);
  std::string hex();  // once; empty when OpenSSL failed

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Error error_of(int error_number, std::string_view doing, std::string_view where);
Error damaged(std::string_view where);
Result<void> checked(int error_number, std::string_view doing, std::string_view where);  // 0: good

Result<void> make_folder(const std::string& folder, FileOps& ops);  // and its entry durable
std::vector<std::string> names_in(const std::string& folder);  // without "." and ".."; empty when it cannot be read
// A new file with a name of its own. It stays locked while it is open, so that another program that starts on this
// archive meanwhile can tell it from one that was left behind.
struct Temp {
  std::string name;
  File file;
};
Result<Temp> make_temp(const std::string& folder);
void remove_left_temps(const std::string& folder);
Result<void> write_all(const File& file, std::span<const std::uint8_t> bytes, const std::string& where);
std::string read_text(const std::string& path);  // at most 4 KiB
Result<void> read_pieces(const File& file, const std::string& where,
                         const std::function<Result<void>(std::span<const std::uint8_t>)>& take);

}  // namespace torugart::archive::disk
