#include "kiosk/archive/parts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace torugart::archive {

struct Sha256::Impl {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  bool good = false;
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
  impl_->good = impl_->context && EVP_DigestInit_ex(impl_->context.get(), EVP_sha256(), nullptr) == 1;
}
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
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

Error error_of(const disk::Failure& failure) {
  Error error{Error::Code::io, failure.doing + ": " + failure.reason(), failure.where,
              "Check the disk and its cables"};
  if (failure.full()) {
    error.code = Error::Code::disk_full;
    error.remedy = "Let the lane upload and free what the centre has received, or add a disk";
  } else if (failure.not_allowed()) {
    error.code = Error::Code::cannot_open;
    error.remedy = "Check that the folder exists and that this user may write in it";
  }
  return error;
}

Result<void> told(const disk::Result<void>& done) {
  if (!done) return tl::unexpected(error_of(done.error()));
  return {};
}

Error damaged(std::string_view where) {
  return {Error::Code::damaged, "the file has changed since it was written", std::string(where),
          "Keep it as it is, check the disk, and ask the centre for its copy"};
}

Result<Temp> make_temp(const std::string& folder) {
  static std::atomic<std::uint64_t> next{1};
  for (int tries = 0; tries < 1000; ++tries) {
    Temp temp{fmt::format("{}/{}-{}", folder, ::getpid(), next++), disk::File()};
    auto file = disk::open_file(temp.name, O_WRONLY | O_CREAT | O_EXCL, 0640);
    if (!file && file.error().number == EEXIST) continue;  // left by a process that had this id before
    if (!file) return tl::unexpected(error_of(file.error()));
    temp.file = std::move(*file);
    struct stat info {};
    // Taken away between open and lock by somebody who cleans up: another one.
    if (::flock(temp.file.get(), LOCK_EX | LOCK_NB) != 0 || ::fstat(temp.file.get(), &info) != 0 ||
        info.st_nlink == 0)
      continue;
    return temp;
  }
  return tl::unexpected(error_of({EEXIST, "cannot make a temporary file", folder}));
}

void remove_left_temps(const std::string& folder) {
  for (const std::string& entry : disk::names_in(folder)) {
    const std::string name = folder + "/" + entry;
    const auto file = disk::open_file(name, O_RDONLY);
    if (file && ::flock(file->get(), LOCK_EX | LOCK_NB) == 0) ::unlink(name.c_str());
  }
}

}  // namespace torugart::archive
