#include "imaging/files/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/core.h>

namespace torugart::imaging::detail {
namespace {

tl::unexpected<Error> failed(const std::filesystem::path& file, const char* step) {
  return fail(ErrorCode::write_failed, file.string(), fmt::format("{}: {}", step, std::strerror(errno)),
              "check free space and permissions");
}

bool sync(const std::filesystem::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = ::fsync(fd) == 0;
  ::close(fd);
  return done;
}

}  // namespace

Result<std::uint64_t> write_atomically(const std::filesystem::path& file,
                                       const std::function<Result<void>(const std::filesystem::path&)>& write) {
  static std::atomic<unsigned> counter{0};
  // The ending stays: image libraries choose the format by it.
  const std::filesystem::path temporary =
      file.parent_path() /
      fmt::format(".{}.{}-{}{}", file.stem().string(), ::getpid(), counter++, file.extension().string());
  const auto give_up = [&temporary](tl::unexpected<Error> error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    return error;
  };
  if (auto written = write(temporary); !written) return give_up(tl::unexpected<Error>(std::move(written.error())));
  if (!sync(temporary, O_RDONLY)) return give_up(failed(file, "cannot be brought to the disk"));
  std::error_code error;
  const std::uint64_t bytes = std::filesystem::file_size(temporary, error);
  if (error) return give_up(failed(file, "cannot be measured"));
  if (std::rename(temporary.c_str(), file.c_str()) != 0) return give_up(failed(file, "cannot be named"));
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  if (!sync(folder, O_RDONLY | O_DIRECTORY)) return failed(folder, "cannot be brought to the disk");
  return bytes;
}

}  // namespace torugart::imaging::detail
