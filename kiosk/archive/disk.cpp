#include "kiosk/archive/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace torugart::archive {

int FileOps::sync_file(int fd) {
  return ::fsync(fd) == 0 ? 0 : errno;
}

int FileOps::rename(const std::string& from, const std::string& to) {
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

int FileOps::sync_folder(const std::string& folder) {
  const disk::File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0) return errno;
  return ::fsync(file.get()) == 0 ? 0 : errno;
}

std::int64_t FileOps::free_bytes(const std::string& folder) {
  struct statvfs info {};
  if (::statvfs(folder.c_str(), &info) != 0) return -1;
  return static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
}

namespace disk {

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

struct Sha256::Impl {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  bool good = false;
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
  impl_->good = impl_->context && EVP_DigestInit_ex(impl_->context.get(), EVP_sha256(), nullptr) == 1;
}
Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::uint8_t> bytes) {
  impl_->good = impl_->good && EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()) == 1;
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (!impl_->good || EVP_DigestFinal_ex(impl_->context.get(), digest.data(), &size) != 1) return {};
  std::string out;
  for (unsigned int i = 0; i < size; ++i)
    out += fmt::format("{:02x}", digest[i]);
  return out;
}

Error error_of(int error_number, std::string_view doing, std::string_view where) {
  Error error;
  error.what = fmt::format("{}: {}", doing, std::strerror(error_number));
  error.where = where;
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      error.code = Error::Code::disk_full;
      error.remedy = "Let the lane upload and free what the centre has received, or add a disk";
      break;
    case ENOENT:
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOTDIR:
      error.code = Error::Code::cannot_open;
      error.remedy = "Check that the folder exists and that this user may write in it";
      break;
    default:
      error.code = Error::Code::io;
      error.remedy = "Check the disk and its cables";
  }
  return error;
}

Error damaged(std::string_view where) {
  return {Error::Code::damaged, "the file has changed since it was written", std::string(where),
          "Keep it as it is, check the disk, and ask the centre for its copy"};
}

Result<void> checked(int error_number, std::string_view doing, std::string_view where) {
  if (error_number != 0) return tl::unexpected(error_of(error_number, doing, where));
  return {};
}

Result<void> make_folder(const std::string& folder, FileOps& ops) {
  if (::mkdir(folder.c_str(), 0750) != 0) {
    if (errno == EEXIST) return {};
    return tl::unexpected(error_of(errno, "cannot make the folder", folder));
  }
  const auto slash = folder.rfind('/');
  const std::string parent = slash == std::string::npos ? "." : folder.substr(0, slash + 1);
  return checked(ops.sync_folder(parent), "cannot sync", parent);
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

Result<void> write_all(const File& file, std::span<const std::uint8_t> bytes, const std::string& where) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return tl::unexpected(error_of(errno, "cannot write", where));
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<Temp> make_temp(const std::string& folder) {
  static std::atomic<std::uint64_t> next{1};
  for (int tries = 0; tries < 1000; ++tries) {
    Temp temp{fmt::format("{}/{}-{}", folder, ::getpid(), next++), File()};
    temp.file = File(::open(temp.name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    if (temp.file.get() < 0 && errno == EEXIST) continue;  // left by a process that had this id before
    if (temp.file.get() < 0) return tl::unexpected(error_of(errno, "cannot write", temp.name));
    struct stat info {};
    // Taken away between open and lock by somebody who cleans up: another one.
    if (::flock(temp.file.get(), LOCK_EX | LOCK_NB) != 0 || ::fstat(temp.file.get(), &info) != 0 ||
        info.st_nlink == 0)
      continue;
    return temp;
  }
  return tl::unexpected(error_of(EEXIST, "cannot make a temporary file", folder));
}

void remove_left_temps(const std::string& folder) {
  for (const std::string& entry : names_in(folder)) {
    const std::string name = folder + "/" + entry;
    const File file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(name.c_str());
  }
}

std::string read_text(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return {};
  std::string text(4096, '\0');
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

Result<void> read_pieces(const File& file, const std::string& where,
                         const std::function<Result<void>(std::span<const std::uint8_t>)>& take) {
  std::vector<std::uint8_t> piece(std::size_t{1} << 20);
  for (;;) {
    const ssize_t size = ::read(file.get(), piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return tl::unexpected(error_of(errno, "cannot read", where));
    if (size == 0) return {};
    if (auto done = take(std::span(piece).first(static_cast<std::size_t>(size))); !done) return done;
  }
}

}  // namespace disk
}  // namespace torugart::archive
