#include "tests/support/file_calls.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace torugart::testing {
namespace {

using Kind = FileCall::Kind;

std::atomic<FileHook*> g_hook{nullptr};
thread_local bool t_inside = false;

class Inside {  // what the hook does is not shown to the hook
 public:
  Inside() { t_inside = true; }
  ~Inside() { t_inside = false; }
};

FileHook* hook() {
  return t_inside ? nullptr : g_hook.load(std::memory_order_acquire);
}

template <typename Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

std::string absolute(const char* path) {
  if (path[0] == '/') return path;
  char here[PATH_MAX] = "";
  return std::string(::getcwd(here, sizeof here) != nullptr ? here : "") + "/" + path;
}

std::string path_of(int fd) {
  char link[64], target[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = ::readlink(link, target, sizeof target);
  return size > 0 ? std::string(target, static_cast<std::size_t>(size)) : std::string();
}

// Asks the hook, makes the call, tells the hook. `make` gives what the call gave; `tell` may add to what after() sees.
template <typename Result, typename Make, typename Tell>
Result through(FileCall call, Result pretended, Make make, Tell tell) {
  FileHook* const to = hook();
  if (to == nullptr) return make();
  int answer = FileHook::kGo;
  {
    const Inside inside;
    const int kept = errno;
    if (!to->wants(call.path)) {
      errno = kept;
      t_inside = false;
      return make();
    }
    answer = to->before(call);
    errno = kept;
  }
  if (answer > 0) {
    errno = answer;
    return static_cast<Result>(-1);
  }
  const Result result = answer == FileHook::kPretend ? pretended : make();
  if (result != static_cast<Result>(-1)) {
    const Inside inside;
    const int kept = errno;
    tell(call, result);
    to->after(call);
    errno = kept;
  }
  return result;
}

constexpr auto kNothingToTell = [](FileCall&, auto) {};

FileCall of_fd(Kind kind, int fd) {
  FileCall call;
  call.kind = kind;
  call.fd = fd;
  if (hook() != nullptr) {
    const Inside inside;
    const int kept = errno;
    call.path = path_of(fd);
    errno = kept;
  }
  return call;
}

FileCall of_path(Kind kind, const char* path, const char* to = nullptr) {
  FileCall call;
  call.kind = kind;
  if (hook() != nullptr) {
    const Inside inside;
    call.path = absolute(path);
    if (to != nullptr) call.to = absolute(to);
  }
  return call;
}

int open_through(const char* name, const char* path, int flags, mode_t mode) {
  using Open = int (*)(const char*, int, ...);
  FileCall call = of_path(Kind::open, path);
  call.flags = flags;
  return through(
      std::move(call), 0, [&] { return real<Open>(name)(path, flags, mode); },
      [](FileCall& told, int fd) { told.fd = fd; });
}

template <typename Make>
ssize_t write_through(int fd, const void* bytes, std::size_t size, std::int64_t offset, Make make) {
  FileCall call = of_fd(Kind::write, fd);
  call.bytes = static_cast<const char*>(bytes);
  call.size = size;
  call.offset = offset;
  return through(std::move(call), static_cast<ssize_t>(size), make, [offset](FileCall& told, ssize_t written) {
    told.size = static_cast<std::size_t>(written);
    if (offset < 0) told.offset = ::lseek(told.fd, 0, SEEK_CUR) - written;
  });
}

template <typename Make>
int truncate_through(FileCall call, off_t size, Make make) {
  call.size = static_cast<std::size_t>(size);
  return through(std::move(call), 0, make, kNothingToTell);
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(arguments, unsigned)) : 0;
}

}  // namespace

void set_file_hook(FileHook* to) {
  g_hook.store(to, std::memory_order_release);
}

}  // namespace torugart::testing

using namespace torugart::testing;  // NOLINT(google-build-using-namespace): the names below must be the C library's

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_through("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_through("open64", path, flags, mode);
}

int close(int fd) {
  return through(
      of_fd(Kind::close, fd), 0, [&] { return real<int (*)(int)>("close")(fd); }, kNothingToTell);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  return write_through(fd, bytes, size, -1,
                       [&] { return real<ssize_t (*)(int, const void*, size_t)>("write")(fd, bytes, size); });
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  return write_through(fd, bytes, size, at, [&] {
    return real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite")(fd, bytes, size, at);
  });
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  return write_through(fd, bytes, size, at, [&] {
    return real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64")(fd, bytes, size, at);
  });
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  if (hook() == nullptr) return real<ssize_t (*)(int, const struct iovec*, int)>("writev")(fd, parts, count);
  std::string whole;
  for (int i = 0; i < count; ++i)
    whole.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  return write(fd, whole.data(), whole.size());
}

int ftruncate(int fd, off_t size) noexcept {
  return truncate_through(of_fd(Kind::truncate, fd), size,
                          [&] { return real<int (*)(int, off_t)>("ftruncate")(fd, size); });
}

int ftruncate64(int fd, off64_t size) noexcept {
  return truncate_through(of_fd(Kind::truncate, fd), size,
                          [&] { return real<int (*)(int, off64_t)>("ftruncate64")(fd, size); });
}

int truncate(const char* path, off_t size) noexcept {
  return truncate_through(of_path(Kind::truncate, path), size,
                          [&] { return real<int (*)(const char*, off_t)>("truncate")(path, size); });
}

int fsync(int fd) {
  return through(
      of_fd(Kind::sync, fd), 0, [&] { return real<int (*)(int)>("fsync")(fd); }, kNothingToTell);
}

int fdatasync(int fd) {
  return through(
      of_fd(Kind::sync, fd), 0, [&] { return real<int (*)(int)>("fdatasync")(fd); }, kNothingToTell);
}

int rename(const char* from, const char* to) noexcept {
  return through(
      of_path(Kind::rename, from, to), 0, [&] { return real<int (*)(const char*, const char*)>("rename")(from, to); },
      kNothingToTell);
}

int unlink(const char* path) noexcept {
  return through(
      of_path(Kind::remove, path), 0, [&] { return real<int (*)(const char*)>("unlink")(path); }, kNothingToTell);
}

int remove(const char* path) noexcept {
  return through(
      of_path(Kind::remove, path), 0, [&] { return real<int (*)(const char*)>("remove")(path); }, kNothingToTell);
}

int rmdir(const char* path) noexcept {
  return through(
      of_path(Kind::remove, path), 0, [&] { return real<int (*)(const char*)>("rmdir")(path); }, kNothingToTell);
}

int mkdir(const char* path, mode_t mode) noexcept {
  return through(
      of_path(Kind::make_folder, path), 0, [&] { return real<int (*)(const char*, mode_t)>("mkdir")(path, mode); },
      kNothingToTell);
}

int statvfs(const char* path, struct statvfs* info) noexcept {
  const int rc = real<int (*)(const char*, struct statvfs*)>("statvfs")(path, info);
  if (FileHook* const to = hook(); to != nullptr && rc == 0) {
    const Inside inside;
    const std::string folder = absolute(path);
    if (const auto free = to->wants(folder) ? to->free_bytes(folder) : std::nullopt)
      info->f_bavail = static_cast<fsblkcnt_t>(*free) / info->f_frsize;
  }
  return rc;
}

}  // extern "C"
