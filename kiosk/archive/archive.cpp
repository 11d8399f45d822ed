#include "kiosk/archive/archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <mutex>
#include <optional>

#include "kiosk/archive/parts.h"
#include "kiosk/archive/seal.h"

namespace torugart::archive {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::string_view kSealed = ".sealed";

bool is_sha256(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(),
                                          [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string plain_name(const std::string& name) {
  return name.ends_with(kSealed) ? name.substr(0, name.size() - kSealed.size()) : name;
}

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Error refused(std::string what, std::string where) {
  return {Error::Code::refused, std::move(what), std::move(where), "Report this; nothing was changed"};
}

}  // namespace

struct Archive::Impl {
  std::string folder;
  Options options;
  mutable std::mutex mutex;  // of the two figures, and of a put against a free of the same content
  std::int64_t stored_bytes = 0, files = 0;
  std::optional<KeyBytes> key;

  std::string temp_folder() const { return folder + "/tmp"; }
  std::string bucket(const std::string& sha256) const { return folder + "/files/" + sha256.substr(0, 2); }
  std::string file(const std::string& sha256) const { return bucket(sha256) + "/" + sha256; }
  std::string sealed(const std::string& sha256) const { return file(sha256) + std::string(kSealed); }
  std::string note(const std::string& sha256) const { return folder + "/freed/" + sha256; }

  Result<void> start();
  Result<void> take_key(bool has_sealed);
  std::int64_t floor() const { return std::min(options.journal_bytes, options.reserve_bytes / 4); }
  Result<void> room_for(std::int64_t bytes) const;
  Result<void> keep(const std::string& temp, const FileInfo& info);
  Error missing(const std::string& sha256) const;
  struct Opened {
    std::string name;
    disk::File bytes;
    std::unique_ptr<Opener> opener;  // when it is sealed
  };
  Result<Opened> open_it(const std::string& sha256) const;
  Result<void> read(const std::string& sha256, const std::function<void(std::string_view)>& take) const;
};

Result<void> Archive::Impl::start() {
  for (const std::string& sub : {folder, folder + "/files", folder + "/tmp", folder + "/freed"})
    if (auto made = disk::make_folder(sub); !made) return told(made);
  remove_left_temps(temp_folder());
  bool has_sealed = false;
  for (const std::string& bucket_name : disk::names_in(folder + "/files"))
    for (const std::string& name : disk::names_in(folder + "/files/" + bucket_name)) {
      struct stat info {};
      if (!is_sha256(plain_name(name)) || ::stat((folder + "/files/" + bucket_name + "/" + name).c_str(), &info) != 0)
        continue;
      stored_bytes += info.st_size;
      ++files;
      has_sealed = has_sealed || name.ends_with(kSealed);
    }
  return take_key(has_sealed);
}

// A key that is not there is made only for an archive that has nothing sealed: else the sealed files would be lost in silence.
Result<void> Archive::Impl::take_key(bool has_sealed) {
  if (options.key_file.empty()) return {};
  auto read = key_from_file(options.key_file, options.may_make_key && !has_sealed);
  if (!read) return tl::unexpected(read.error());
  key = *read;
  return {};
}

Result<void> Archive::Impl::room_for(std::int64_t bytes) const {
  const std::int64_t free = disk::free_bytes(folder);
  if (free < 0 || free - bytes >= floor()) return {};
  return tl::unexpected(Error{
      Error::Code::disk_full,
      fmt::format("{} MB are free, of which {} MB are kept for the journal", free / 1'000'000, floor() / 1'000'000),
      folder, "Let the lane upload and free what the centre has received, or add a disk"});
}

// Gives a finished temporary file its name. `temp` is gone afterwards, whatever happened.
Result<void> Archive::Impl::keep(const std::string& temp, const FileInfo& info) {
  const std::lock_guard lock(mutex);
  const std::string name = key ? sealed(info.sha256) : file(info.sha256);
  const std::string other = key ? file(info.sha256) : sealed(info.sha256);
  struct stat made {
  }, there{};
  // A file that is here already is written over: it may have been damaged since.
  const bool replaces = ::stat(name.c_str(), &there) == 0;
  auto done = disk::make_folder(bucket(info.sha256));
  if (done && ::stat(temp.c_str(), &made) != 0) done = tl::unexpected(disk::Failure{errno, "cannot read", temp});
  if (done) done = disk::put_in_place(temp, name);
  if (!done) {
    ::unlink(temp.c_str());
    if (!replaces) ::unlink(name.c_str());
    return told(done);
  }
  stored_bytes += made.st_size - (replaces ? there.st_size : 0);
  if (!replaces) ++files;
  if (::stat(other.c_str(), &there) == 0 && ::unlink(other.c_str()) == 0) {  // now in the form that is asked for
    stored_bytes -= there.st_size;
    --files;
  }
  ::unlink(note(info.sha256).c_str());  // it is here again
  return {};
}

Error Archive::Impl::missing(const std::string& sha256) const {
  if (const auto text = disk::text_of(note(sha256)); !text.empty())
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
  Sha256 hash;
  std::optional<Sealer> sealer;
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
    const std::string sealed = impl_->sealer ? impl_->sealer->add(text_of(piece)) : std::string();
    if (auto done = disk::write_all(impl_->file, impl_->sealer ? sealed : text_of(piece), impl_->temp); !done)
      return told(done);
    impl_->hash.add(text_of(piece));
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
  if (impl_->sealer)
    if (auto done = disk::write_all(impl_->file, impl_->sealer->finish(), impl_->temp); !done)
      return tl::unexpected(error_of(done.error()));
  impl_->finished = true;  // keep() takes the temporary file
  if (auto done = impl_->archive->keep(impl_->temp, impl_->info); !done) return tl::unexpected(done.error());
  return impl_->info;
}

Result<std::unique_ptr<Archive::Writer>> Archive::begin(std::string media_type) {
  if (auto room = impl_->room_for(0); !room) return tl::unexpected(room.error());
  auto writer = std::make_unique<Writer::Impl>();
  writer->archive = impl_.get();
  writer->info.media_type = std::move(media_type);
  auto temp = make_temp(impl_->temp_folder());
  if (!temp) return tl::unexpected(temp.error());
  writer->file = std::move(temp->file);
  writer->temp = std::move(temp->name);
  if (impl_->key) {
    writer->sealer.emplace(*impl_->key);
    if (auto done = disk::write_all(writer->file, writer->sealer->head(), writer->temp); !done)
      return tl::unexpected(error_of(done.error()));
  }
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
  return put(bytes_of(bytes), std::move(media_type));
}

Result<FileInfo> Archive::put_file(const std::string& from, std::string media_type) {
  const auto source = disk::open_file(from, O_RDONLY);
  if (!source) return tl::unexpected(error_of(source.error()));
  struct stat info {};
  if (::fstat(source->get(), &info) == 0)
    if (auto room = impl_->room_for(info.st_size); !room) return tl::unexpected(room.error());
  auto writer = begin(std::move(media_type));
  if (!writer) return tl::unexpected(writer.error());
  Result<void> written;
  const auto copied = disk::read_pieces(*source, from, [&](std::string_view piece) {
    written = (*writer)->write(bytes_of(piece));
    return written.has_value();
  });
  if (!written) return tl::unexpected(written.error());
  if (!copied) return tl::unexpected(error_of(copied.error()));
  return (*writer)->finish();
}

// ---- reading

Result<Archive::Impl::Opened> Archive::Impl::open_it(const std::string& sha256) const {
  if (!is_sha256(sha256)) return tl::unexpected(refused("this is not a SHA-256", sha256));
  for (const bool is_sealed : {false, true}) {
    Opened out;
    out.name = is_sealed ? sealed(sha256) : file(sha256);
    auto opened = disk::open_file(out.name, O_RDONLY);
    if (!opened && opened.error().number == ENOENT) continue;
    if (!opened) return tl::unexpected(error_of(opened.error()));
    out.bytes = std::move(*opened);
    if (is_sealed) {
      if (!key)
        return tl::unexpected(Error{Error::Code::no_key, "the file is sealed, and there is no key", out.name,
                                    "Name the archive's key in the configuration"});
      out.opener = std::make_unique<Opener>(*key);
    }
    return out;
  }
  return tl::unexpected(missing(sha256));
}

// The content in pieces, and at the end whether it was what its name says.
Result<void> Archive::Impl::read(const std::string& sha256, const std::function<void(std::string_view)>& take) const {
  auto opened = open_it(sha256);
  if (!opened) return tl::unexpected(opened.error());
  Sha256 hash;
  const auto content = [&](std::string_view piece) {
    hash.add(piece);
    take(piece);
  };
  bool good = true;
  const auto done = disk::read_pieces(opened->bytes, opened->name, [&](std::string_view piece) {
    if (!opened->opener) {
      content(piece);
      return true;
    }
    const auto plain = opened->opener->add(piece);
    if (plain) content(*plain);
    return good = plain.has_value();
  });
  if (!done) return told(done);
  if (good && opened->opener) {
    const auto rest = opened->opener->add({});
    good = rest.has_value() && opened->opener->finished();
    if (rest) content(*rest);
  }
  if (!good || hash.hex() != sha256) return tl::unexpected(damaged(opened->name));
  return {};
}

struct Archive::Reader::Impl {
  const Archive::Impl* archive = nullptr;
  std::string sha256;
  Archive::Impl::Opened file;
  std::int64_t bytes = 0;
  std::string ready;    // plain, sealed files only
  std::int64_t at = 0;  // of its first byte
  bool ended = false;

  Result<void> more();
};

// Sealed files: the next plain bytes, after those that are ready.
Result<void> Archive::Reader::Impl::more() {
  auto piece = disk::read_all(file.bytes, file.name, kPiece);
  if (!piece) return tl::unexpected(error_of(piece.error()));
  ended = piece->empty();
  const auto plain = file.opener->add(*piece);
  if (!plain || (ended && !file.opener->finished())) return tl::unexpected(damaged(file.name));
  ready += *plain;
  return {};
}

Archive::Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Archive::Reader::~Reader() = default;

std::int64_t Archive::Reader::bytes() const {
  return impl_->bytes;
}

Result<std::string> Archive::Reader::read(std::int64_t from, std::size_t most) {
  Impl& it = *impl_;
  if (from < 0 || from > it.bytes) return tl::unexpected(refused("there is no such byte", it.sha256));
  if (!it.file.opener) {
    if (::lseek(it.file.bytes.get(), from, SEEK_SET) < 0)
      return tl::unexpected(error_of({errno, "cannot read", it.file.name}));
    auto text = disk::read_all(it.file.bytes, it.file.name, most);
    if (!text) return tl::unexpected(error_of(text.error()));
    return std::move(*text);
  }
  if (from < it.at) {  // from the beginning again
    auto again = it.archive->open_it(it.sha256);
    if (!again) return tl::unexpected(again.error());
    it.file = std::move(*again);
    it.ready.clear();
    it.at = 0;
    it.ended = false;
  }
  for (;;) {
    const auto drop = std::min<std::int64_t>(from - it.at, std::ssize(it.ready));
    it.ready.erase(0, static_cast<std::size_t>(drop));
    it.at += drop;
    if (it.ended || (it.at == from && it.ready.size() >= most)) return it.ready.substr(0, most);
    if (auto done = it.more(); !done) return tl::unexpected(done.error());
  }
}

Result<std::unique_ptr<Archive::Reader>> Archive::open_file(const std::string& sha256) const {
  auto opened = impl_->open_it(sha256);
  if (!opened) return tl::unexpected(opened.error());
  struct stat info {};
  if (::fstat(opened->bytes.get(), &info) != 0) return tl::unexpected(error_of({errno, "cannot read", opened->name}));
  auto reader = std::make_unique<Reader::Impl>();
  reader->archive = impl_.get();
  reader->sha256 = sha256;
  reader->bytes = opened->opener ? plain_size(info.st_size) : info.st_size;
  if (reader->bytes < 0) return tl::unexpected(damaged(opened->name));
  reader->file = std::move(*opened);
  return std::unique_ptr<Reader>(new Reader(std::move(reader)));
}

Result<std::vector<std::uint8_t>> Archive::get(const std::string& sha256) const {
  std::vector<std::uint8_t> bytes;
  const auto done =
      impl_->read(sha256, [&](std::string_view piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); });
  if (!done) return tl::unexpected(done.error());
  return bytes;
}

Result<FileInfo> Archive::check(const std::string& sha256) const {
  FileInfo info{sha256, 0, {}};
  const auto done =
      impl_->read(sha256, [&](std::string_view piece) { info.bytes += static_cast<std::int64_t>(piece.size()); });
  if (!done) return tl::unexpected(done.error());
  return info;
}

bool Archive::has(const std::string& sha256) const {
  return !path(sha256).empty();
}

std::string Archive::path(const std::string& sha256) const {
  if (!is_sha256(sha256)) return {};
  for (const std::string& name : {impl_->file(sha256), impl_->sealed(sha256)})
    if (::access(name.c_str(), R_OK) == 0) return name;
  return {};
}

std::vector<std::string> Archive::list() const {
  std::vector<std::string> all;
  for (const std::string& bucket : disk::names_in(impl_->folder + "/files"))
    for (const std::string& name : disk::names_in(impl_->folder + "/files/" + bucket))
      if (is_sha256(plain_name(name))) all.push_back(plain_name(name));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// ---- freeing

Result<void> Archive::free_with_receipt(const std::string& sha256, const Receipt& receipt) {
  if (!is_sha256(sha256)) return tl::unexpected(refused("this is not a SHA-256", sha256));
  if (receipt.id.empty()) return tl::unexpected(refused("the receipt has no id", sha256));
  if (std::find(receipt.files.begin(), receipt.files.end(), sha256) == receipt.files.end())
    return tl::unexpected(refused("receipt " + receipt.id + " does not cover this file", sha256));
  const std::lock_guard lock(impl_->mutex);
  if (path(sha256).empty()) return tl::unexpected(impl_->missing(sha256));
  // The note first: a file that is gone without one would look lost.
  const auto made = make_temp(impl_->temp_folder());
  if (!made) return tl::unexpected(made.error());
  auto done = disk::write_all(made->file, receipt.id, made->name);
  if (done) done = disk::put_in_place(made->name, impl_->note(sha256));
  if (!done) {
    ::unlink(made->name.c_str());
    return told(done);
  }
  for (std::string name = path(sha256); !name.empty(); name = path(sha256)) {
    struct stat info {};
    if (::stat(name.c_str(), &info) != 0 || ::unlink(name.c_str()) != 0)
      return tl::unexpected(error_of({errno, "cannot remove", name}));
    impl_->stored_bytes -= info.st_size;
    --impl_->files;
  }
  return {};
}

Space Archive::space() const {
  Space space;
  const auto free = disk::free_bytes(impl_->folder);
  space.known = free >= 0;
  space.free_bytes = std::max<std::int64_t>(0, free);
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
  if (auto done = impl->start(); !done) return tl::unexpected(done.error());
  return std::unique_ptr<Archive>(new Archive(std::move(impl)));
}

Result<std::unique_ptr<Archive>> Archive::open(const std::string& folder) {
  return open(folder, Options());
}

}  // namespace torugart::archive
