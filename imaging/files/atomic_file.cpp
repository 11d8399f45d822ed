#include "imaging/files/atomic_file.h"

#include <unistd.h>

#include <atomic>

#include <fmt/core.h>

#include "base/disk/disk.h"

namespace torugart::imaging::detail {
namespace {

tl::unexpected<Error> failed(std::string what, std::string where) {
  return fail(ErrorCode::write_failed, std::move(where), std::move(what), "check free space and permissions");
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
  std::error_code error;
  const std::uint64_t bytes = std::filesystem::file_size(temporary, error);
  if (error) return give_up(failed(error.message(), file.string()));
  if (const auto done = disk::put_in_place(temporary.string(), file.string()); !done)
    return give_up(failed(done.error().doing + ": " + done.error().reason(), done.error().where));
  return bytes;
}

}  // namespace torugart::imaging::detail
