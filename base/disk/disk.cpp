#include "base/disk/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace torugart::disk {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

tl::unexpected<Failure> failed(std::string doing, std::string where) {
  return tl::unexpected(Failure{errno, std::move(doing), std::move(where)});
}

}  // namespace

bool Failure::full() const {
  return number == ENOSPC || number == EDQUOT;
}

bool Failure::not_allowed() const {
  return number == ENOENT || number == EACCES || number == EPERM || number == EROFS || number == ENOTDIR;
}

std::string Failure::reason() const {
  return std::strerror(number);
}

std::string Failure::text() const {
  return fmt::format("{} {}: {}", doing, where, reason());
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Result<File> open_file(const std::string& path, int flags, mode_t mode) {
  for (;;) {
    File file(::open(path.c_str(), flags | O_CLOEXEC, mode));
    if (file) return file;
    if (errno != EINTR) return failed((flags & (O_WRONLY | O_RDWR)) != 0 ? "cannot write" : "cannot read", path);
  }
}

Result<void> write_all(const File& file, std::string_view bytes, const std::string& where) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed("cannot write", where);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> read_pieces(const File& file, const std::string& where,
                         const std::function<bool(std::string_view)>& take) {
  std::string piece(kPiece, '\0');
  for (;;) {
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("cannot read", where);
    if (got == 0 || !take(std::string_view(piece).substr(0, static_cast<std::size_t>(got)))) return {};
  }
}

Result<std::string> read_all(const File& file, const std::string& where, std::size_t most) {
  std::string out;
  const auto done = read_pieces(file, where, [&](std::string_view piece) {
    out += piece.substr(0, most - out.size());
    return out.size() < most;
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const auto file = open_file(path, O_RDONLY);
  if (!file) return tl::unexpected(file.error());
  return read_all(*file, path, most);
}

std::string text_of(const std::string& path) {
  return read_file(path).value_or(std::string());
}

Result<void> sync(const File& file, const std::string& where) {
  if (::fsync(file.get()) != 0) return failed("cannot sync", where);
  return {};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> sync_folder(const std::string& folder) {
  const std::string name = folder.empty() ? "." : folder;
  const auto file = open_file(name, O_RDONLY | O_DIRECTORY);
  if (!file) return tl::unexpected(file.error());
  return sync(*file, name);
}

Result<void> sync_folder_of(const std::string& path) {
  return sync_folder(folder_of(path));
}

Result<void> replace(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string temporary = fmt::format("{}.new-{}", path, ::getpid());
  ::unlink(temporary.c_str());
  const auto written = [&]() -> Result<void> {
    const auto file = open_file(temporary, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (!file) return tl::unexpected(file.error());
    return write_all(*file, bytes, temporary);
  }();
  auto done = written ? put_in_place(temporary, path) : written;
  if (!done) ::unlink(temporary.c_str());
  return done;
}

Result<void> put_in_place(const std::string& from, const std::string& to) {
  const auto file = open_file(from, O_RDONLY);
  if (!file) return tl::unexpected(file.error());
  if (auto done = sync(*file, from); !done) return done;
  if (std::rename(from.c_str(), to.c_str()) != 0) return failed("cannot rename to", to);
  return sync_folder_of(to);
}

Result<void> append(const std::string& path, std::string_view bytes, mode_t mode) {
  const bool is_new = ::access(path.c_str(), F_OK) != 0;
  const auto file = open_file(path, O_WRONLY | O_CREAT | O_APPEND, mode);
  if (!file) return tl::unexpected(file.error());
  struct stat before {};
  if (::fstat(file->get(), &before) != 0) return failed("cannot read", path);
  auto done = write_all(*file, bytes, path);
  if (done) done = sync(*file, path);
  if (done && is_new) done = sync_folder_of(path);
  if (done) return done;
  // Half a line must not stand before the next one; and a folder that could not be synced must be, the next time.
  if (is_new) {
    ::unlink(path.c_str());
  } else if (::ftruncate(file->get(), before.st_size) != 0) {
    done.error().doing += ", nor take back what was written to";
  }
  return done;
}

std::vector<std::string> whole_lines(const std::string& path) {
  const auto text = text_of(path);
  std::vector<std::string> lines;
  std::size_t at = 0;
  for (std::size_t end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    lines.push_back(text.substr(at, end - at));
  if (at < text.size() && ::truncate(path.c_str(), static_cast<off_t>(at)) != 0) lines.clear();
  return lines;
}

Result<void> make_folder(const std::string& folder, mode_t mode) {
  if (::mkdir(folder.c_str(), mode) != 0) {
    if (errno == EEXIST) return {};
    return failed("cannot make the folder", folder);
  }
  auto done = sync_folder_of(folder);
  if (!done) ::rmdir(folder.c_str());  // so that the next try syncs it
  return done;
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), &::closedir);
  if (!open) return names;
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::int64_t free_bytes(const std::string& folder) {
  struct statvfs info {};
  if (::statvfs(folder.c_str(), &info) != 0) return -1;
  return static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
}

}  // namespace torugart::disk
