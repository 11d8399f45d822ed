// Opaque files by the SHA-256 of their content: x-ray images, plate crops, portal lines. The archive does not know
// what they are; the journal's FileRefs do.
//
// A file is there whole or not at all: it is written under a temporary name, synced, renamed, and the folder is
// synced. What put() has returned survives a power cut. Putting the same content twice keeps one file. get() hashes
// what it reads, so a file that has changed on the disk is an error, never an answer.
//
// Nothing is removed but by free_with_receipt(), and only with a receipt that names the file. A small note
// (`freed/<sha256>`) stays and says against which receipt it went.
//
// Space: new scans stop when less than one truck fits above `reserve_bytes` (Space::trucks; the lane's rule asks). What has
// begun by then may use the reserve, down to `journal_bytes`, which put() never touches, so that the journal on the same
// disk can always go on; below that it fails with disk_full before it writes.
//
// Sealed: with a key file, what is put is encrypted on its way to the disk (seal.h), and its name ends in ".sealed". What is
// there in the clear stays readable as it is. Hashes and sizes are those of the content, sealed or not.
//
// Threads: thread-safe. A Writer is thread-bound. Errors: values. Layout on disk: README.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace torugart::archive {

struct Error {
  enum class Code {
    cannot_open,  // no such folder, no permission
    disk_full,    // less than the reserve would be left
    io,           // the disk or the file system failed
    not_found,    // never put here
    freed,        // was here, and was freed against a receipt (named in `what`)
    damaged,      // the content does not have its hash any more
    no_key,       // it is sealed, and the key is not there or another one
    refused,      // a bad argument: not a SHA-256, a receipt that does not name the file
  };
  Code code = Code::io;
  std::string what;
  std::string where;
  std::string remedy;

  std::string text() const {
    return what + (where.empty() ? "" : " (" + where + ")") + (remedy.empty() ? "" : ". " + remedy);
  }
};

template <typename T>
using Result = tl::expected<T, Error>;

struct FileInfo {
  std::string sha256;  // lower-case hex, 64 digits
  std::int64_t bytes = 0;
  std::string media_type;  // as given to put()
};

// The centre's receipt, after its signature was checked by whoever hands it over.
struct Receipt {
  std::string id;
  std::vector<std::string> files;  // sha256 of the files that it covers
};

struct Space {
  std::int64_t free_bytes = 0;    // on the file system, for this user
  std::int64_t usable_bytes = 0;  // free less the reserve; 0 when below it
  std::int64_t trucks = 0;        // that still fit, at typical_truck_bytes each
  std::int64_t stored_bytes = 0;  // in this archive
  std::int64_t files = 0;
  bool known = false;  // the file system said how much is free
};

struct Options {
  std::int64_t reserve_bytes = std::int64_t{512} << 20;  // for what has begun when the disk is full
  std::int64_t journal_bytes = std::int64_t{64} << 20;   // of these; at most a quarter of them is taken
  std::string key_file;                                  // seal with the key in it; empty: in the clear
  bool may_make_key = true;                              // when it is not there and nothing is sealed yet
  std::int64_t typical_truck_bytes = std::int64_t{64} << 20;
};

class Archive {
 public:
  // Makes the folder when it is not there; removes what an earlier run left half-written.
  static Result<std::unique_ptr<Archive>> open(const std::string& folder, Options options);
  static Result<std::unique_ptr<Archive>> open(const std::string& folder);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  Result<FileInfo> put(std::span<const std::uint8_t> bytes, std::string media_type);
  Result<FileInfo> put(std::string_view bytes, std::string media_type);
  Result<FileInfo> put_file(const std::string& from, std::string media_type);  // copies; `from` stays

  // A file that is too big for memory, piece by piece. Destroyed without finish(): nothing is kept.
  class Writer {
   public:
    ~Writer();
    Result<void> write(std::span<const std::uint8_t> bytes);
    Result<FileInfo> finish();  // once

   private:
    friend class Archive;
    struct Impl;
    explicit Writer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };
  Result<std::unique_ptr<Writer>> begin(std::string media_type);

  Result<std::vector<std::uint8_t>> get(const std::string& sha256) const;  // checked against its hash
  bool has(const std::string& sha256) const;
  // Where its bytes lie, sealed or not. Empty when not here.
  std::string path(const std::string& sha256) const;

  // The content from any byte on; quick when each read goes on where the one before ended. Not checked against the hash:
  // see check(). Thread-bound.
  class Reader {
   public:
    ~Reader();
    std::int64_t bytes() const;  // the whole
    // `most` bytes, fewer at the end.
    Result<std::string> read(std::int64_t from, std::size_t most);

   private:
    friend class Archive;
    struct Impl;
    explicit Reader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };
  Result<std::unique_ptr<Reader>> open_file(const std::string& sha256) const;
  Result<FileInfo> check(const std::string& sha256) const;  // reads it through; media_type is empty
  std::vector<std::string> list() const;                    // sha256 of all files, ascending

  Result<void> free_with_receipt(const std::string& sha256, const Receipt& receipt);
  Space space() const;

 private:
  struct Impl;
  explicit Archive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::archive
