#include "kiosk/journal/disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace torugart::journal::disk {
namespace {

tl::unexpected<Error> failed(const std::string& where) {
  const int number = errno;
  const bool full = number == ENOSPC || number == EDQUOT;
  return tl::unexpected(Error{full ? Error::Code::disk_full : Error::Code::io, std::strerror(number), where,
                              full ? "Make room on this disk" : "Check the disk and who may write in this folder"});
}

}  // namespace

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

std::string read_all(const File& file) {
  std::string out;
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return out;
    out.append(piece.data(), static_cast<std::size_t>(got));
  }
}

Result<void> write_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string temporary = fmt::format("{}.new-{}", path, ::getpid());
  ::unlink(temporary.c_str());
  {
    const File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.get() < 0) return failed(temporary);
    while (!bytes.empty()) {
      const ssize_t put = ::write(file.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return failed(temporary);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  return put_in_place(temporary, path);
}

Result<void> put_in_place(const std::string& from, const std::string& to) {
  const File file(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) return failed(from);
  if (::rename(from.c_str(), to.c_str()) != 0) return failed(to);
  return sync_folder_of(to);
}

Result<void> sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) return failed(folder);
  return {};
}

}  // namespace torugart::journal::disk
