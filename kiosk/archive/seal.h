// A file that only the holder of the archive's key can read: libsodium's secretstream (XChaCha20-Poly1305) over pieces of
// 64 KiB, under a key of its own that is wrapped (secretbox, XSalsa20-Poly1305) with the archive's. Internal to
// kiosk/archive; README.md has the bytes.
//
// Thread-bound.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kiosk/archive/archive.h"

namespace torugart::archive {

using KeyBytes = std::array<unsigned char, 32>;

// The key in a file: 64 hex digits, readable for its owner alone. Made when it is not there and `may_make` says so.
Result<KeyBytes> key_from_file(const std::string& path, bool may_make);

class Sealer {  // plain bytes in, sealed bytes out
 public:
  explicit Sealer(const KeyBytes& archive_key);
  ~Sealer();
  std::string head();                       // first
  std::string add(std::string_view bytes);  // what is ready
  std::string finish();                     // the rest; without it, the file is torn

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class Opener {  // sealed bytes in, plain bytes out
 public:
  explicit Opener(const KeyBytes& archive_key);
  ~Opener();
  // Empty `bytes`: the file has ended. Nothing: another key, or not what was sealed.
  std::optional<std::string> add(std::string_view bytes);
  bool finished() const;  // the last piece was read, and nothing came after it

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::int64_t sealed_size(std::int64_t plain);  // bytes on the disk
std::int64_t plain_size(std::int64_t sealed);  // −1: no sealed file has this size

}  // namespace torugart::archive
