#include "kiosk/archive/archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>

#include "kiosk/archive/disk.h"

namespace torugart::archive {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

bool is_sha256(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(),
                                          [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Error refused(std::string what, std::string where) {
  return {Error::Code::refused, std::move(what), std::move(where), "Report this; nothing was changed"};
}

}  // namespace

struct Archive::Impl {
  std::string folder;
  Options options;
  std::shared_ptr<FileOps> ops;
  mutable std::mutex mutex;  // of the two figures, and of a put against a free of the same content
  std::int64_t stored_bytes = 0, files = 0;

  std::string temp_folder() const { return folder + "/tmp"; }
  std::string bucket(const std::string& sha256) const { return folder + "/files/" + sha256.substr(0, 2); }
  std::string file(const std::string& sha256) const { return bucket(sha256) + "/" + sha256; }
  std::string note(const std::string& sha256) const { return folder + "/freed/" + sha256; }

  Result<void> start();
  Result<void> room_for(std::int64_t bytes) const;
  Result<void> keep(const std::string& temp, const FileInfo& info);
  Error missing(const std::string& sha256) const;
};

Result<void> Archive::Impl::start() {
  for (const std::string& sub : {folder, folder + "/files", folder + "/tmp", folder + "/freed"})
    if (auto made = disk::make_folder(sub, *ops); !made) return made;
  disk::remove_left_temps(temp_folder());
  for (const std::string& bucket_name : disk::names_in(folder + "/files"))
    for (const std::string& name : disk::names_in(folder + "/files/" + bucket_name)) {
      struct stat info {};
      if (!is_sha256(name) || ::stat(file(name).c_str(), &info) != 0) continue;
      stored_bytes += info.st_size;
      ++files;
    }
  return {};
}

Result<void> Archive::Impl::room_for(std::int64_t bytes) const {
  const std::int64_t free = ops->free_bytes(folder);
  if (free < 0 || free - bytes >= options.reserve_bytes) return {};
  return tl::unexpected(Error{Error::Code::disk_full,
                              fmt::format("{} MB are free, of which {} MB are kept for the journal", free / 1'000'000,
                                          options.reserve_bytes / 1'000'000),
                              folder, "Let the lane upload and free what the centre has received, or add a disk"});
}

// Gives a finished temporary file its name. `temp` is gone afterwards, whatever happened.
Result<void> Archive::Impl::keep(const std::string& temp, const FileInfo& info) {
  const std::lock_guard lock(mutex);
  const std::string name = file(info.sha256);
  struct stat there {};
  // A file that is here already is written over: it may have been damaged since.
  const bool replaces = ::stat(name.c_str(), &there) == 0;
  auto done = disk::make_folder(bucket(info.sha256), *ops);
  if (done) done = disk::checked(ops->rename(temp, name), "cannot rename", name);
  if (!done) {
    ::unlink(temp.c_str());
    return done;
  }
  done = disk::checked(ops->sync_folder(bucket(info.sha256)), "cannot sync", bucket(info.sha256));
  if (!done) return done;
  stored_bytes += info.bytes - (replaces ? there.st_size : 0);
  if (!replaces) ++files;
  ::unlink(note(info.sha256).c_str());  // it is here again
  return {};
}

Error Archive::Impl::missing(const std::string& sha256) const {
  if (const auto text = disk::read_text(note(sha256)); !text.empty())
    return {Error::Code::freed, "the file was freed against receipt " + text, sha256,
            "The centre has it: ask there, by the receipt"};
  return {Error::Code::not_found, "there is no such file", sha256,
          "Look whether the archive is that of this journal"};
}

// ---- writing

struct Archive::Writer::Impl {
  Archive::Impl* archive = nullptr;
  disk::File file;
  std::string temp;
  FileInfo info;
  disk::Sha256 hash;
  bool finished = false;

  ~Impl() {
    if (!temp.empty() && !finished) ::unlink(temp.c_str());
  }
};

Archive::Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Archive::Writer::~Writer() = default;

Result<void> Archive::Writer::write(std::span<const std::uint8_t> bytes) {
  if (impl_->finished) return tl::unexpected(refused("the file is finished", impl_->temp));
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(kPiece, bytes.size()));
    if (auto room = impl_->archive->room_for(static_cast<std::int64_t>(piece.size())); !room) return room;
    if (auto done = disk::write_all(impl_->file, piece, impl_->temp); !done) return done;
    impl_->hash.add(piece);
    impl_->info.bytes += static_cast<std::int64_t>(piece.size());
    bytes = bytes.subspan(piece.size());
  }
  return {};
}

Result<FileInfo> Archive::Writer::finish() {
  if (impl_->finished) return tl::unexpected(refused("the file is finished", impl_->temp));
  impl_->info.sha256 = impl_->hash.hex();
  if (!is_sha256(impl_->info.sha256))
    return tl::unexpected(Error{Error::Code::io, "OpenSSL gives no SHA-256", impl_->temp, "Install OpenSSL again"});
  auto done = disk::checked(impl_->archive->ops->sync_file(impl_->file.get()), "cannot sync", impl_->temp);
  if (!done) return tl::unexpected(done.error());
  impl_->finished = true;  // keep() takes the temporary file
  if (done = impl_->archive->keep(impl_->temp, impl_->info); !done) return tl::unexpected(done.error());
  return impl_->info;
}

Result<std::unique_ptr<Archive::Writer>> Archive::begin(std::string media_type) {
  if (auto room = impl_->room_for(0); !room) return tl::unexpected(room.error());
  auto writer = std::make_unique<Writer::Impl>();
  writer->archive = impl_.get();
  writer->info.media_type = std::move(media_type);
  auto temp = disk::make_temp(impl_->temp_folder());
  if (!temp) return tl::unexpected(temp.error());
  writer->file = std::move(temp->file);
  writer->temp = std::move(temp->name);
  return std::unique_ptr<Writer>(new Writer(std::move(writer)));
}

Result<FileInfo> Archive::put(std::span<const std::uint8_t> bytes, std::string media_type) {
  if (auto room = impl_->room_for(static_cast<std::int64_t>(bytes.size())); !room)
    return tl::unexpected(room.error());
  auto writer = begin(std::move(media_type));
  if (!writer) return tl::unexpected(writer.error());
  if (auto done = (*writer)->write(bytes); !done) return tl::unexpected(done.error());
  return (*writer)->finish();
}

Result<FileInfo> Archive::put(std::string_view bytes, std::string media_type) {
  return put(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), std::move(media_type));
}

Result<FileInfo> Archive::put_file(const std::string& from, std::string media_type) {
  const disk::File source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (source.get() < 0 || ::fstat(source.get(), &info) != 0)
    return tl::unexpected(disk::error_of(errno, "cannot read", from));
  if (auto room = impl_->room_for(info.st_size); !room) return tl::unexpected(room.error());
  auto writer = begin(std::move(media_type));
  if (!writer) return tl::unexpected(writer.error());
  const auto copied =
      disk::read_pieces(source, from, [&](std::span<const std::uint8_t> piece) { return (*writer)->write(piece); });
  if (!copied) return tl::unexpected(copied.error());
  return (*writer)->finish();
}

// ---- reading

Result<std::vector<std::uint8_t>> Archive::get(const std::string& sha256) const {
  std::vector<std::uint8_t> bytes;
  if (!is_sha256(sha256)) return tl::unexpected(refused("this is not a SHA-256", sha256));
  const disk::File file(::open(impl_->file(sha256).c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT) return tl::unexpected(impl_->missing(sha256));
    return tl::unexpected(disk::error_of(errno, "cannot read", impl_->file(sha256)));
  }
  disk::Sha256 hash;
  const auto done = disk::read_pieces(file, impl_->file(sha256), [&](std::span<const std::uint8_t> piece) {
    hash.add(piece);
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    return Result<void>();
  });
  if (!done) return tl::unexpected(done.error());
  if (hash.hex() != sha256) return tl::unexpected(disk::damaged(impl_->file(sha256)));
  return bytes;
}

Result<FileInfo> Archive::check(const std::string& sha256) const {
  if (!is_sha256(sha256)) return tl::unexpected(refused("this is not a SHA-256", sha256));
  const disk::File file(::open(impl_->file(sha256).c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT) return tl::unexpected(impl_->missing(sha256));
    return tl::unexpected(disk::error_of(errno, "cannot read", impl_->file(sha256)));
  }
  FileInfo info{sha256, 0, {}};
  disk::Sha256 hash;
  const auto done = disk::read_pieces(file, impl_->file(sha256), [&](std::span<const std::uint8_t> piece) {
    hash.add(piece);
    info.bytes += static_cast<std::int64_t>(piece.size());
    return Result<void>();
  });
  if (!done) return tl::unexpected(done.error());
  if (hash.hex() != sha256) return tl::unexpected(disk::damaged(impl_->file(sha256)));
  return info;
}

bool Archive::has(const std::string& sha256) const {
  return !path(sha256).empty();
}

std::string Archive::path(const std::string& sha256) const {
  if (!is_sha256(sha256)) return {};
  std::string name = impl_->file(sha256);
  return ::access(name.c_str(), R_OK) == 0 ? name : std::string();
}

std::vector<std::string> Archive::list() const {
  std::vector<std::string> all;
  for (const std::string& bucket : disk::names_in(impl_->folder + "/files"))
    for (const std::string& name : disk::names_in(impl_->folder + "/files/" + bucket))
      if (is_sha256(name)) all.push_back(name);
  std::sort(all.begin(), all.end());
  return all;
}

// ---- freeing

Result<void> Archive::free_with_receipt(const std::string& sha256, const Receipt& receipt) {
  if (!is_sha256(sha256)) return tl::unexpected(refused("this is not a SHA-256", sha256));
  if (receipt.id.empty()) return tl::unexpected(refused("the receipt has no id", sha256));
  if (std::find(receipt.files.begin(), receipt.files.end(), sha256) == receipt.files.end())
    return tl::unexpected(refused("receipt " + receipt.id + " does not cover this file", sha256));
  const std::lock_guard lock(impl_->mutex);
  struct stat info {};
  if (::stat(impl_->file(sha256).c_str(), &info) != 0) return tl::unexpected(impl_->missing(sha256));
  // The note first: a file that is gone without one would look lost.
  const auto made = disk::make_temp(impl_->temp_folder());
  if (!made) return tl::unexpected(made.error());
  const std::string& temp = made->name;
  const std::span id(reinterpret_cast<const std::uint8_t*>(receipt.id.data()), receipt.id.size());
  auto done = disk::write_all(made->file, id, temp);
  if (done) done = disk::checked(impl_->ops->sync_file(made->file.get()), "cannot sync", temp);
  if (done) done = disk::checked(impl_->ops->rename(temp, impl_->note(sha256)), "cannot rename", impl_->note(sha256));
  if (done) done = disk::checked(impl_->ops->sync_folder(impl_->folder + "/freed"), "cannot sync", impl_->folder);
  if (!done) {
    ::unlink(temp.c_str());
    return done;
  }
  if (::unlink(impl_->file(sha256).c_str()) != 0)
    return tl::unexpected(disk::error_of(errno, "cannot remove", impl_->file(sha256)));
  impl_->stored_bytes -= info.st_size;
  --impl_->files;
  return {};
}

Space Archive::space() const {
  Space space;
  space.free_bytes = std::max<std::int64_t>(0, impl_->ops->free_bytes(impl_->folder));
  space.usable_bytes = std::max<std::int64_t>(0, space.free_bytes - impl_->options.reserve_bytes);
  const std::lock_guard lock(impl_->mutex);
  space.stored_bytes = impl_->stored_bytes;
  space.files = impl_->files;
  space.trucks = space.usable_bytes / std::max<std::int64_t>(1, impl_->options.typical_truck_bytes);
  return space;
}

Archive::Archive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Archive::~Archive() = default;

Result<std::unique_ptr<Archive>> Archive::open(const std::string& folder, Options options) {
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  impl->options = std::move(options);
  impl->ops = impl->options.ops ? impl->options.ops : std::make_shared<FileOps>();
  if (auto done = impl->start(); !done) return tl::unexpected(done.error());
  return std::unique_ptr<Archive>(new Archive(std::move(impl)));
}

Result<std::unique_ptr<Archive>> Archive::open(const std::string& folder) {
  return open(folder, Options());
}

}  // namespace torugart::archive
